"""From the arrays of a search to a plan with ids, moments and reasons."""

from collections.abc import Collection

import numpy as np

from matching import objective, prune
from matching.pooled.partition import Routes
from matching.pooled.schedule import Plan
from matching.problem import Problem, Ride
from matching.solution import Bound, Kind, Reason, Route, Solution, Stop, Unserved


def routes_of(plan: Plan) -> Routes:
    """The routes of a plan that have stops, as arrays."""
    used = np.flatnonzero(plan.size > 2)
    sizes = plan.size[used] - 2
    firsts = np.concatenate([[0], np.cumsum(sizes)])[: len(used)].astype(np.int64)
    stops = [plan.stops[v, 1 : plan.size[v] - 1] for v in used]
    return used, firsts, sizes, np.concatenate([*stops, np.zeros(0, np.int64)])


def timetable(problem: Problem, plan: Plan) -> tuple[Route, ...]:
    """The routes with the earliest moment of each stop."""
    n = len(problem.rides)
    routes = []
    for v in np.flatnonzero(plan.size > 2):
        stops = []
        for k in range(1, int(plan.size[v]) - 1):
            node = int(plan.stops[v, k])
            kind = Kind.PICKUP if node < n else Kind.DROPOFF
            at = round(float(plan.early[v, k]))
            stops.append(Stop(problem.rides[node % n].id, kind, at))
        routes.append(Route(problem.shifts[int(v)].id, tuple(stops)))
    return tuple(routes)


def solution_of(
    problem: Problem,
    plan: Plan,
    bound: tuple[int, int, int] | None,
    seconds: float,
    drivable: Collection[str] | None = None,
) -> Solution:
    """The plan as a solution; `bound` holds most priority, fewest changes, least cost.

    `drivable` names the rides that are on some possible route, where that is known.
    """
    routes = timetable(problem, plan)
    worth = objective.objective_of(problem, routes)
    served = {stop.ride for route in routes for stop in route.stops}
    proof = None
    if bound is not None:
        met = bound == (worth.priority, worth.changes, worth.cost_seconds)
        proof = Bound(*bound, proven=met)
    priority_proven = bound is not None and bound[0] == worth.priority
    unserved = tuple(
        _unserved(problem, ride, priority_proven, drivable)
        for ride in problem.rides
        if ride.id not in served
    )
    return Solution(routes, unserved, worth, proof, seconds)


def _unserved(
    problem: Problem, ride: Ride, proven: bool, drivable: Collection[str] | None
) -> Unserved:
    found = prune.obstacle(problem, ride)
    if found is not None:
        return Unserved(ride.id, *found)
    if drivable is not None and ride.id not in drivable:
        detail = "no route that keeps the limits of its driver takes it"
        return Unserved(ride.id, Reason.TOO_FAR, detail)
    if proven:
        detail = "taking it would leave rides unserved that are worth at least as much"
        return Unserved(ride.id, Reason.OUTWEIGHED, detail)
    return Unserved(ride.id, Reason.NOT_FOUND, "the search ended before a place was found")
