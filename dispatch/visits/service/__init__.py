"""Use cases: codes of families, opening the own page with one, and withdrawing."""

from dispatch.visits.service.codes import end_codes, end_phone, give_code
from dispatch.visits.service.entering import enter, find_phone, leave, touch
from dispatch.visits.service.own_rides import cancel, confirm, mark_ready
from dispatch.visits.service.withdrawing import withdraw

__all__ = [
    "cancel",
    "confirm",
    "end_codes",
    "end_phone",
    "enter",
    "find_phone",
    "give_code",
    "leave",
    "mark_ready",
    "touch",
    "withdraw",
]
