"""What peers answer, the order of stops of each shift, and the plan that comes of it.

Some peers do not know every rule. A route that breaks one loses rides, the last first, until it
keeps them all; so a peer is measured by what a group could really use.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from matching import objective
from matching.problem import Problem, Ride, Shift
from matching.solution import Kind, Reason, Route, Solution, Stop, Unserved

Visit = tuple[str, Kind]
"""A ride, and which of its stops."""
Orders = Mapping[str, Sequence[Visit]]
"""shift -> its visits in order."""


def plan_of(problem: Problem, orders: Orders) -> Solution:
    """The plan that these orders make, without what breaks a rule; what is left is unserved."""
    shifts = {shift.id: shift for shift in problem.shifts}
    routes = [
        route
        for shift, visits in orders.items()
        if (route := route_of(problem, shifts[shift], visits)).stops
    ]
    served = {stop.ride for route in routes for stop in route.stops}
    unserved = tuple(
        Unserved(ride.id, Reason.NOT_FOUND) for ride in problem.rides if ride.id not in served
    )
    return Solution(tuple(routes), unserved, objective.objective_of(problem, routes))


def route_of(problem: Problem, shift: Shift, visits: Sequence[Visit]) -> Route:
    """The visits with their moments, or as many of them as the shift can drive."""
    rides = {ride.id: ride for ride in problem.rides}
    kept = list(visits)
    while kept:
        stops = [(rides[ride], kind) for ride, kind in kept]
        at = moments(problem, shift, stops)
        if at is not None:
            rows = zip(kept, at, strict=True)
            return Route(shift.id, tuple(Stop(*visit, moment) for visit, moment in rows))
        last = kept[-1][0]
        kept = [visit for visit in kept if visit[0] != last]
    return Route(shift.id, ())


def moments(problem: Problem, shift: Shift, stops: Sequence[tuple[Ride, Kind]]) -> list[int] | None:
    """The earliest starts of service in this order, in seconds, or None if a time rule forbids it.

    Bellman and Ford's longest paths over what each moment demands of another: leaving is moment
    0, being back the last.
    """
    places = [shift.start_place, *(_place(*stop) for stop in stops), shift.end_place]
    legs = [problem.travel_seconds[here][there] for here, there in itertools.pairwise(places)]
    driven = sum(legs)
    if min(legs) < 0 or driven > _or(shift.max_drive_seconds, driven):
        return None
    hours = (shift.earliest, shift.latest)
    windows = [hours, *(_window(*stop) for stop in stops), hours]
    demands = _demands(shift, stops, legs)
    at = [opens for opens, _ in windows]
    for _ in windows:
        for first, then, seconds in demands:
            at[then] = max(at[then], at[first] + seconds)
    settled = all(at[then] >= at[first] + seconds for first, then, seconds in demands)
    in_time = all(moment <= closes for moment, (_, closes) in zip(at, windows, strict=True))
    return at[1:-1] if settled and in_time else None


def _demands(
    shift: Shift, stops: Sequence[tuple[Ride, Kind]], legs: Sequence[int]
) -> list[tuple[int, int, int]]:
    """(i, j, s): moment j is at least s after moment i; s is negative for a limit."""
    service = [0] + [
        ride.board_seconds if kind is Kind.PICKUP else ride.alight_seconds for ride, kind in stops
    ]
    demands = [
        (k, k + 1, spent + leg) for k, (spent, leg) in enumerate(zip(service, legs, strict=True))
    ]
    if shift.max_duration_seconds is not None:
        demands.append((len(legs), 0, -shift.max_duration_seconds))
    pickup_at = {ride.id: k for k, (ride, kind) in enumerate(stops, 1) if kind is Kind.PICKUP}
    for k, (ride, kind) in enumerate(stops, 1):
        if kind is Kind.DROPOFF and ride.max_ride_seconds is not None and ride.id in pickup_at:
            longest = ride.max_ride_seconds + ride.board_seconds
            demands.append((k, pickup_at[ride.id], -longest))
    return demands


def _place(ride: Ride, kind: Kind) -> int:
    return ride.pickup_place if kind is Kind.PICKUP else ride.dropoff_place


def _window(ride: Ride, kind: Kind) -> tuple[int, int]:
    return ride.pickup_window if kind is Kind.PICKUP else ride.dropoff_window


def _or(limit: int | None, otherwise: int) -> int:
    return otherwise if limit is None else limit
