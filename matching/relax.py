"""What would help a ride that nobody takes: the cheapest relaxation, tried before it is named.

A relaxation is named only after it was applied and a timed route was found that takes the ride in
and keeps every ride the plan serves. It leaves the plan as it is otherwise, so where it names
nothing, moving other rides about might still make room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from matching import reach
from matching.problem import LARGEST, Problem, Ride, Shift
from matching.solo.timing import route_of
from matching.solution import Relaxation, Solution

STEPS = (300, 600, 900, 1200, 1800, 2700, 3600)
"""By how many seconds windows, hours and limits are relaxed on trial, in turn."""


class Desk:
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


def _insertion(desk: Desk, problem: Problem, shift: Shift, ride: Ride) -> int | None:
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


def relaxation(desk: Desk, ride_id: str) -> Relaxation | None:
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


def _in_time(desk: Desk, ride: Ride) -> Iterator[tuple[str, int, list[str]]]:
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


def _in_needs(desk: Desk, ride: Ride) -> Iterator[tuple[str, int | None, list[str]]]:
    """Trials with one need less: (name, by how much, shifts that then can)."""
    for name, amount in sorted(ride.load.items()):
        for less in range(1, amount + 1):
            lighter = replace(ride, load={**ride.load, name: amount - less})
            yield name, less, _who_can(desk, desk.problem.shifts, lighter)
    for skill in sorted(ride.skills):
        easier = replace(ride, skills=ride.skills - {skill})
        yield skill, None, _who_can(desk, desk.problem.shifts, easier)


def _who_can(desk: Desk, shifts: Sequence[Shift], ride: Ride) -> list[str]:
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
