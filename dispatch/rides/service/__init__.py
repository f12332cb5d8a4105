"""Submitting requests, and moving rides on.

What touches an assignment is planning's: for the ride's side of it, it calls `move`, `cancel`,
`change_window`, `change_place` and `mark_ready`.
"""

from dispatch.rides.rules import Asked
from dispatch.rides.service.asking import RequestRefused, may_use, read_note, submit
from dispatch.rides.service.moving import (
    cancel,
    change_place,
    change_window,
    confirm,
    mark_ready,
    move,
    restore,
)

__all__ = [
    "Asked",
    "RequestRefused",
    "cancel",
    "change_place",
    "change_window",
    "confirm",
    "mark_ready",
    "may_use",
    "move",
    "read_note",
    "restore",
    "submit",
]
