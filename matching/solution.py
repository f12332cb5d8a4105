"""A plan: which shift drives which ride when, how good that is, and how much of it is proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happens at a stop."""

    PICKUP = "pickup"
    DROPOFF = "dropoff"


class Reason(StrEnum):
    """Why a ride is unserved."""

    NO_COMPATIBLE_DRIVER = "no_compatible_driver"
    """No shift has the capacity and skills, or all that have are excluded."""
    NO_DRIVER_IN_TIME = "no_driver_in_time"
    """Compatible shifts exist, none of them at work in the ride's windows."""
    TOO_FAR = "too_far"
    """Compatible shifts are at work then, none can drive it within limits or get there in time."""
    UNREACHABLE = "unreachable"
    """There is no road between two of its places."""
    OUTWEIGHED = "outweighed"
    """Somebody could, but only by leaving rides worth at least as much unserved."""
    NOT_FOUND = "not_found"
    """The search ended before a place was found or ruled out."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One pickup or drop-off; `at` is the moment its service starts, in seconds."""

    ride: str
    kind: Kind
    at: int


@dataclass(frozen=True, slots=True)
class Route:
    """The ordered stops of one shift."""

    shift: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The cheapest change that would let a ride be served without losing another.

    Times are in seconds: a negative number moves the beginning (of the window, of the shift's
    hours) earlier by so much, a positive one moves the end later or the limit up. For loads and
    skills `name` says which one the ride would have to do with less of, `amount` how much less.
    """

    kind: str
    shifts: tuple[str, ...]
    seconds: int | None = None
    name: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Unserved:
    """A ride the plan leaves out, why, and what would help."""

    ride: str
    reason: Reason
    detail: str = ""
    relax: Relaxation | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What a plan is worth: more `priority` first, then fewer `changes`, then less cost."""

    priority: int
    changes: int
    cost_seconds: int

    def rank(self) -> tuple[int, int, int]:
        """A key that sorts better plans first."""
        return (-self.priority, self.changes, self.cost_seconds)


@dataclass(frozen=True, slots=True)
class Bound:
    """A proof of how good any plan could be.

    No plan serves more than `priority`; none with the plan's priority has fewer `changes`; none
    with its priority and changes costs less than `cost_seconds`. `proven` when all three meet
    the plan's objective.
    """

    priority: int
    changes: int
    cost_seconds: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan with its objective, its proof and the wall time it took, in seconds."""

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    objective: Objective
    bound: Bound | None = None
    seconds: float = 0.0

    def shift_of(self) -> Mapping[str, str]:
        """ride -> the shift that serves it."""
        return {stop.ride: route.shift for route in self.routes for stop in route.stops}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running search has come."""

    seconds: float
    """Wall time since the search began."""
    phase: str
    """What it is doing: one short word or two, for a person."""
    served: int
    objective: Objective
    bound: Bound | None
    """The proof so far; its parts only ever get tighter."""
    gap: float | None
    """Cost above its bound as a share of the bound, when the priority is already proven."""
    solution: Solution | None = None
    """The plan, checked, when it is better than the one reported before."""
