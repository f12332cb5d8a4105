"""Why this shift, who else could, and why nobody: a plan said in seconds.

For each served ride the terms of its cost and the three next best shifts, each with what the plan
would cost more if the ride were moved there and nothing else changed. For each unserved ride the
reason, and the relaxation that the plan carries or that a trial finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from matching import prune, relax
from matching.problem import Problem, Ride, Shift
from matching.solution import Kind, Reason, Relaxation, Route, Solution

ALTERNATIVES = 3
"""How many other shifts are named for a ride."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What serving a ride adds to the cost, in seconds."""

    before_seconds: int
    """The empty drive to its pickup."""
    loaded_seconds: int
    """The drive with the party."""
    after_seconds: int
    """The drive on from its drop-off, less the drive that the route has without the ride."""
    affinity_seconds: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another shift that could take the ride as the plan stands."""

    shift: str
    extra_seconds: int
    """What the plan would cost more; never negative in an optimal plan."""


@dataclass(frozen=True, slots=True)
class Served:
    """Why a ride is on its shift."""

    shift: str
    terms: Terms
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a ride is on none, and what would help."""

    reason: Reason
    detail: str
    relax: Relaxation | None


@dataclass(frozen=True, slots=True)
class Explanations:
    """One for each ride of the problem, by its id."""

    served: Mapping[str, Served]
    unserved: Mapping[str, LeftOut]


def explain(problem: Problem, solution: Solution) -> Explanations:
    """Explanations of a checked plan. Alternatives are named for plans without shared rides."""
    rides = {ride.id: ride for ride in problem.rides}
    routes = {shift.id: [] for shift in problem.shifts}
    for route in solution.routes:
        routes[route.shift] = _order(route, rides)
    served: dict[str, Served] = {}
    for shift in problem.shifts:
        for position, ride in enumerate(routes[shift.id]):
            served[ride.id] = _explain(problem, routes, shift, position)
    desk = relax.Desk(problem, solution)
    unserved = {
        one.ride: LeftOut(one.reason, one.detail, one.relax or relax.relaxation(desk, one.ride))
        for one in solution.unserved
    }
    return Explanations(served, unserved)


def to_dict(explanations: Explanations) -> dict[str, Any]:
    """The explanations as JSON values."""
    return {
        "served": {
            ride: {
                "shift": one.shift,
                "terms": {
                    "before_seconds": one.terms.before_seconds,
                    "loaded_seconds": one.terms.loaded_seconds,
                    "after_seconds": one.terms.after_seconds,
                    "affinity_seconds": one.terms.affinity_seconds,
                },
                "alternatives": [
                    {"shift": other.shift, "extra_seconds": other.extra_seconds}
                    for other in one.alternatives
                ],
            }
            for ride, one in explanations.served.items()
        },
        "unserved": {
            ride: {
                "reason": one.reason.value,
                "detail": one.detail,
                "relax": None if one.relax is None else _told(one.relax),
            }
            for ride, one in explanations.unserved.items()
        },
    }


def _told(relaxation: Relaxation) -> dict[str, Any]:
    told = asdict(relaxation) | {"shifts": list(relaxation.shifts)}
    return {name: value for name, value in told.items() if value is not None}


def _order(route: Route, rides: Mapping[str, Ride]) -> list[Ride]:
    return [rides[stop.ride] for stop in route.stops if stop.kind is Kind.PICKUP]


def _explain(
    problem: Problem, routes: Mapping[str, list[Ride]], shift: Shift, position: int
) -> Served:
    route = routes[shift.id]
    ride = route[position]
    terms = _terms(problem, shift, route[:position], ride, route[position + 1 :])
    alternatives: tuple[Alternative, ...] = ()
    if not problem.pooling and ride.id not in problem.locked:
        alternatives = _alternatives(problem, routes, shift, ride, _sum(terms))
    return Served(shift.id, terms, alternatives)


def _sum(terms: Terms) -> int:
    return (
        terms.before_seconds + terms.loaded_seconds + terms.after_seconds + terms.affinity_seconds
    )


def _terms(
    problem: Problem, shift: Shift, before: Sequence[Ride], ride: Ride, after: Sequence[Ride]
) -> Terms:
    """What `ride` adds between the rides before and after it; a shift without any costs nothing."""
    matrix = problem.travel_seconds
    start = before[-1].dropoff_place if before else shift.start_place
    end = after[0].pickup_place if after else shift.end_place
    without = matrix[start][end] if before or after else 0
    return Terms(
        before_seconds=matrix[start][ride.pickup_place],
        loaded_seconds=matrix[ride.pickup_place][ride.dropoff_place],
        after_seconds=matrix[ride.dropoff_place][end] - without,
        affinity_seconds=problem.affinity.get((ride.id, shift.driver), 0),
    )


def _alternatives(
    problem: Problem, routes: Mapping[str, list[Ride]], chosen: Shift, ride: Ride, now: int
) -> tuple[Alternative, ...]:
    """The next best shifts: the cheapest insertions first, until enough of them can be driven."""
    priced = []
    for shift in problem.shifts:
        if shift.id == chosen.id or not prune.compatible(ride, shift):
            continue
        route = routes[shift.id]
        for position in range(len(route) + 1):
            terms = _terms(problem, shift, route[:position], ride, route[position:])
            priced.append((_sum(terms) - now, shift.id, position, shift))
    found: dict[str, int] = {}
    for extra, name, position, shift in sorted(priced, key=lambda one: one[:3]):
        if len(found) == ALTERNATIVES:
            break
        route = routes[name]
        if name not in found and can_drive(
            problem, shift, [*route[:position], ride, *route[position:]]
        ):
            found[name] = extra
    return tuple(Alternative(name, extra) for name, extra in found.items())


def can_drive(problem: Problem, shift: Shift, route: Sequence[Ride]) -> bool:
    """Whether `shift` can drive `route` one ride at a time, in this order, within its limits."""
    matrix = problem.travel_seconds
    if shift.max_rides is not None and len(route) > shift.max_rides:
        return False
    at, place, drive = shift.earliest, shift.start_place, 0
    for ride in route:
        leg = matrix[place][ride.pickup_place]
        loaded = matrix[ride.pickup_place][ride.dropoff_place]
        if leg < 0 or loaded < 0:
            return False
        pickup = max(at + leg, ride.pickup_window[0])
        limit = ride.max_ride_seconds
        if limit is not None:
            # Boarding later instead of sitting in the car before the drop-off opens.
            pickup = max(pickup, ride.dropoff_window[0] - ride.board_seconds - limit)
        dropoff = max(pickup + ride.board_seconds + loaded, ride.dropoff_window[0])
        if pickup > ride.pickup_window[1] or dropoff > ride.dropoff_window[1]:
            return False
        if limit is not None and loaded > limit:
            return False
        at, place, drive = dropoff + ride.alight_seconds, ride.dropoff_place, drive + leg + loaded
    home = matrix[place][shift.end_place]
    if home < 0 or at + home > shift.latest:
        return False
    if shift.max_drive_seconds is not None and drive + home > shift.max_drive_seconds:
        return False
    if shift.max_duration_seconds is None:
        return True
    return at + home - _latest_departure(problem, shift, route, at) <= shift.max_duration_seconds


def _latest_departure(problem: Problem, shift: Shift, route: Sequence[Ride], end: int) -> int:
    """The last moment to leave home such that the last alighting is over at `end`."""
    matrix = problem.travel_seconds
    over = end
    for number, ride in reversed(list(enumerate(route))):
        loaded = matrix[ride.pickup_place][ride.dropoff_place]
        dropoff = min(over - ride.alight_seconds, ride.dropoff_window[1])
        pickup = min(dropoff - loaded - ride.board_seconds, ride.pickup_window[1])
        place = route[number - 1].dropoff_place if number else shift.start_place
        over = pickup - matrix[place][ride.pickup_place]
    return over
