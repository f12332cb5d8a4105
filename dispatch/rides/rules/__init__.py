"""What may be asked for, which days and times that means, and how a ride moves on."""

from dispatch.rides.rules.asking import CHILD_SEATS, Asked, mistakes, priority
from dispatch.rides.rules.moves import (
    CANCEL_REASONS,
    CANCELLABLE,
    CANCELLED_AT_DOOR,
    CHANGEABLE,
    DRIVER_STAYED_AWAY,
    MOVES,
    NO_SHOW_REASONS,
    UNDOES,
    is_legal,
    is_report,
    why_not,
)
from dispatch.rides.rules.series import Window, planned, service_days, waiting, window

__all__ = [
    "CANCELLABLE",
    "CANCELLED_AT_DOOR",
    "CANCEL_REASONS",
    "CHANGEABLE",
    "CHILD_SEATS",
    "DRIVER_STAYED_AWAY",
    "MOVES",
    "NO_SHOW_REASONS",
    "UNDOES",
    "Asked",
    "Window",
    "is_legal",
    "is_report",
    "mistakes",
    "planned",
    "priority",
    "service_days",
    "waiting",
    "why_not",
    "window",
]
