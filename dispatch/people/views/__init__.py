"""The pages of this room."""

from dispatch.people.views import (
    account,
    door,
    emergencies,
    enrolling,
    groups,
    locking,
    proofs,
    pushing,
    watch,
)
from dispatch.people.views.room import blueprint

__all__ = [
    "account",
    "blueprint",
    "door",
    "emergencies",
    "enrolling",
    "groups",
    "locking",
    "proofs",
    "pushing",
    "watch",
]
