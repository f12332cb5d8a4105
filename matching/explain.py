"""Why this driver, who else, why nobody, and what would help.

For each served ride the terms of its place on its shift, in seconds, and what the next drivers
would cost if the ride moved to them and everything else stayed. For each unserved ride the binding
reason and the cheapest relaxation. A relaxation is only named after it was applied and a plan that
serves the ride and loses no other was found and timed; shared rides are explained by the same
insertions, of a pickup and a drop-off next to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from matching import reach
from matching.problem import LARGEST, Problem, Ride, Shift
from matching.solo.timing import route_of
from matching.solution import Reason, Relaxation, Solution

NEXT_DRIVERS = 3
"""How many other drivers a proposal names."""
STEPS = (300, 600, 900, 1200, 1800, 2700, 3600)
"""By how many seconds windows, hours and limits are relaxed on trial, in turn."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another shift that could take the ride, everything else staying as it is."""

    shift: str
    driver: str
    extra_seconds: int
    """What the plan would cost more, in seconds; negative if less (then something else forbids
    it: a change from the plan people know, or a lock)."""
    change: bool
    """Whether it would be a change from the plan people know that the plan does not make."""


@dataclass(frozen=True, slots=True)
class Served:
    """The place of a served ride, in seconds of its shift's route."""

    ride: str
    shift: str
    driver: str
    empty_before_seconds: int
    """The drive to the pickup, from home or from the ride before."""
    loaded_seconds: int
    empty_after_seconds: int
    """The drive after the drop-off, home or to the next ride."""
    saved_seconds: int
    """The drive from before the ride to after it that the route does not make for its sake."""
    affinity_seconds: int
    extra_seconds: int
    """What serving it costs: the four terms together."""
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """An unserved ride: why, and what would help."""

    ride: str
    reason: Reason
    detail: str
    relax: Relaxation | None


@dataclass(frozen=True, slots=True)
class Explanations:
    """One explanation for each ride of the problem."""

    served: tuple[Served, ...]
    unserved: tuple[Missed, ...]


def explain(problem: Problem, solution: Solution) -> Explanations:
    """Why each ride of a checked plan is where it is."""
    desk = _Desk(problem, solution)
    served = tuple(_served(desk, ride) for ride in problem.rides if ride.id in desk.shift_of)
    unserved = tuple(
        Missed(entry.ride, entry.reason, entry.detail, entry.relax or relaxation(desk, entry.ride))
        for entry in solution.unserved
    )
    return Explanations(served, unserved)


def with_relaxations(problem: Problem, solution: Solution) -> Solution:
    """The same plan with the cheapest relaxation named for each unserved ride that has one."""
    desk = _Desk(problem, solution)
    unserved = tuple(
        replace(entry, relax=entry.relax or relaxation(desk, entry.ride))
        for entry in solution.unserved
    )
    return replace(solution, unserved=unserved)


def to_dict(explanations: Explanations) -> dict[str, Any]:
    """The explanations as JSON values."""
    return {
        "served": [asdict(entry) for entry in explanations.served],
        "unserved": [
            {
                "ride": entry.ride,
                "reason": entry.reason.value,
                "detail": entry.detail,
                "relax": None
                if entry.relax is None
                else {
                    name: value for name, value in asdict(entry.relax).items() if value is not None
                },
            }
            for entry in explanations.unserved
        ],
    }


class _Desk:
    """A plan laid open; a class because every question needs the same tables."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.rides: Mapping[str, Ride] = {ride.id: ride for ride in problem.rides}
        self.shifts: Mapping[str, Shift] = {shift.id: shift for shift in problem.shifts}
        self.shift_of = solution.shift_of()
        self.orders: dict[str, tuple[Ride, ...]] = {shift.id: () for shift in problem.shifts}
        for route in solution.routes:
            ids = dict.fromkeys(stop.ride for stop in route.stops)
            self.orders[route.shift] = tuple(self.rides[ride] for ride in ids)

    def driving(self, problem: Problem, shift: Shift, order: Sequence[Ride]) -> int:
        """Driving seconds of a route, one ride after the other."""
        if not order:
            return 0
        matrix, here, seconds = problem.travel_seconds, shift.start_place, 0
        for ride in order:
            seconds += matrix[here][ride.pickup_place]
            seconds += matrix[ride.pickup_place][ride.dropoff_place]
            here = ride.dropoff_place
        return seconds + matrix[here][shift.end_place]


def _served(desk: _Desk, ride: Ride) -> Served:
    problem, shift = desk.problem, desk.shifts[desk.shift_of[ride.id]]
    order = desk.orders[shift.id]
    place = order.index(ride)
    matrix = problem.travel_seconds
    before = order[place - 1].dropoff_place if place else shift.start_place
    after = order[place + 1].pickup_place if place + 1 < len(order) else shift.end_place
    to_pickup = matrix[before][ride.pickup_place]
    loaded = matrix[ride.pickup_place][ride.dropoff_place]
    onward = matrix[ride.dropoff_place][after]
    saved = matrix[before][after] if len(order) > 1 else 0
    wish = problem.affinity.get((ride.id, shift.driver), 0)
    rest = order[:place] + order[place + 1 :]
    extra = desk.driving(problem, shift, order) - desk.driving(problem, shift, rest) + wish
    return Served(
        ride=ride.id,
        shift=shift.id,
        driver=shift.driver,
        empty_before_seconds=to_pickup,
        loaded_seconds=loaded,
        empty_after_seconds=onward,
        saved_seconds=max(0, saved),
        affinity_seconds=wish,
        extra_seconds=extra,
        alternatives=_alternatives(desk, ride, shift, extra),
    )


def _alternatives(desk: _Desk, ride: Ride, shift: Shift, extra: int) -> tuple[Alternative, ...]:
    """The next drivers, the cheapest first; each driver once."""
    found: dict[str, Alternative] = {}
    for other in desk.problem.shifts:
        if other.driver == shift.driver:
            continue
        placed = _insertion(desk, desk.problem, other, ride)
        if placed is None:
            continue
        known = desk.problem.previous.get(ride.id)
        change = known == shift.id and other.id != known
        entry = Alternative(other.id, other.driver, placed - extra, change)
        if other.driver not in found or entry.extra_seconds < found[other.driver].extra_seconds:
            found[other.driver] = entry
    ranked = sorted(found.values(), key=lambda entry: (entry.extra_seconds, entry.shift))
    return tuple(ranked[:NEXT_DRIVERS])


def _insertion(desk: _Desk, problem: Problem, shift: Shift, ride: Ride) -> int | None:
    """The least cost of adding `ride` to the shift's route, in seconds; None if it cannot be."""
    if shift.driver in ride.excluded_drivers or reach.missing_needs(ride, shift):
        return None
    order = desk.orders[shift.id]
    now = desk.driving(problem, shift, order)
    costs = [
        desk.driving(problem, shift, longer) - now
        for place in range(len(order) + 1)
        if (longer := (*order[:place], ride, *order[place:]))
        and route_of(problem, shift, longer) is not None
    ]
    return min(costs) + problem.affinity.get((ride.id, shift.driver), 0) if costs else None


def relaxation(desk: _Desk, ride_id: str) -> Relaxation | None:
    """The smallest change that gives the ride a place in the plan as it stands, or None.

    Small shifts of its windows first, then longer hours and limits of a shift, then fewer needs.
    """
    ride = desk.rides[ride_id]
    for kind, seconds, shifts in _in_time(desk, ride):
        if shifts:
            return Relaxation(kind, tuple(shifts), seconds=seconds)
    for name, amount, shifts in _in_needs(desk, ride):
        if shifts:
            kind = "skills" if amount is None else "load"
            return Relaxation(kind, tuple(shifts), name=name, amount=amount)
    return None


def _in_time(desk: _Desk, ride: Ride) -> Iterator[tuple[str, int, list[str]]]:
    """Trials in rising order of seconds: (kind, seconds, shifts that then can)."""
    fitting = [
        shift
        for shift in desk.problem.shifts
        if shift.driver not in ride.excluded_drivers and not reach.missing_needs(ride, shift)
    ]
    for step in STEPS:
        for kind in ("pickup_window", "dropoff_window"):
            for seconds in (-step, step):
                moved = _moved(ride, kind, seconds)
                if moved is not None:
                    yield kind, seconds, _who_can(desk, fitting, moved)
        for kind, relaxed in (("shift_hours", _longer), ("max_drive_seconds", _further)):
            for seconds in (-step, step) if kind == "shift_hours" else (step,):
                able = [
                    shift.id
                    for shift in fitting
                    if (more := relaxed(shift, seconds)) is not None
                    and _insertion(desk, desk.problem, more, ride) is not None
                ]
                yield kind, seconds, able


def _in_needs(desk: _Desk, ride: Ride) -> Iterator[tuple[str, int | None, list[str]]]:
    """Trials with one need less: (name, by how much, shifts that then can)."""
    for name, amount in sorted(ride.load.items()):
        for less in range(1, amount + 1):
            lighter = replace(ride, load={**ride.load, name: amount - less})
            yield name, less, _who_can(desk, desk.problem.shifts, lighter)
    for skill in sorted(ride.skills):
        easier = replace(ride, skills=ride.skills - {skill})
        yield skill, None, _who_can(desk, desk.problem.shifts, easier)


def _who_can(desk: _Desk, shifts: Sequence[Shift], ride: Ride) -> list[str]:
    return [shift.id for shift in shifts if _insertion(desk, desk.problem, shift, ride) is not None]


def _moved(ride: Ride, kind: str, seconds: int) -> Ride | None:
    """The ride with one window opening earlier or closing later by `seconds`."""
    opens, closes = getattr(ride, kind)
    window = (opens + min(0, seconds), closes + max(0, seconds))
    if window[0] < 0 or window[1] > LARGEST:
        return None
    return replace(ride, **{kind: window})


def _longer(shift: Shift, seconds: int) -> Shift | None:
    earliest, latest = shift.earliest + min(0, seconds), shift.latest + max(0, seconds)
    if earliest < 0 or latest > LARGEST:
        return None
    return replace(shift, earliest=earliest, latest=latest)


def _further(shift: Shift, seconds: int) -> Shift | None:
    if shift.max_drive_seconds is None or shift.max_drive_seconds + seconds > LARGEST:
        return None
    return replace(shift, max_drive_seconds=shift.max_drive_seconds + seconds)
