"""What a message asks for that somebody pasted: a day, times, a place, a way back, who rides.

Nothing is stored and nothing is decided: it fills the form in, and a person reads it before saving.
"""

from dispatch.rides.pasted.reading import Reading, read

__all__ = ["Reading", "read"]
