"""Planted faults that no test can notice because they change nothing, each with the reason."""

EXPLAINED: dict[str, str] = {}
"""By the words of `rows.mutation`: function, the line that went, the line that came."""
