"""What may be asked for, which days and times that means, and how a ride moves on."""

from dispatch.rides.rules.asking import CHILD_SEATS, Asked, mistakes, priority
from dispatch.rides.rules.moves import (
    CANCEL_REASONS,
    CANCELLABLE,
    CHANGEABLE,
    MOVES,
    UNDOES,
    is_legal,
    is_report,
    why_not,
)
from dispatch.rides.rules.series import Window, planned, service_days, waiting, window

__all__ = [
    "CANCELLABLE",
    "CANCEL_REASONS",
    "CHANGEABLE",
    "CHILD_SEATS",
    "MOVES",
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
