"""Solve a problem: the one door to every solver, and nothing leaves it unchecked."""

from __future__ import annotations

import time
from collections.abc import Callable

from matching import check, objective, prune
from matching.problem import Problem
from matching.solution import Progress, Reason, Route, Solution, Unserved


class LocksClash(ValueError):
    """Locks that only together cannot be kept."""

    def __init__(self, rides: tuple[str, ...]) -> None:
        self.rides = rides
        """The ids of a smallest set of locked rides that clash."""
        super().__init__(f"these locks cannot all be kept: {', '.join(rides)}")


class PlanWrong(RuntimeError):
    """A solver returned a plan that the checker refuses: a defect of the solver."""


def solve(
    problem: Problem,
    *,
    time_limit: float,
    seed: int = 0,
    threads: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """The best plan found within `time_limit` seconds, checked, with its proof.

    The same problem, seed and threads give the same plan if the search ends before the limit.

    Raises
        LocksClash: locks that cannot all be kept; names a smallest set of such rides.
        PlanWrong: the checker refuses the plan; no caller should see it.
    """
    began = time.monotonic()
    from matching.solo.insertion import insert_all
    from matching.solo.timing import route_of

    shifts = {shift.id: shift for shift in problem.shifts}
    rides = {ride.id: ride for ride in problem.rides}
    routes: list[Route] = []
    for shift, order in insert_all(problem).items():
        route = route_of(problem, shifts[shift], [rides[ride] for ride in order])
        if route is not None:
            routes.append(route)
    served = {stop.ride for route in routes for stop in route.stops}
    missed = tuple(ride for ride in problem.locked if ride not in served)
    if missed:
        raise LocksClash(missed)
    unserved = tuple(
        Unserved(ride.id, *(prune.obstacle(problem, ride) or (Reason.NOT_FOUND, "")))
        for ride in problem.rides
        if ride.id not in served
    )
    solution = Solution(
        tuple(routes),
        unserved,
        objective.objective_of(problem, routes),
        None,
        time.monotonic() - began,
    )
    wrong = check.violations(problem, solution)
    if wrong:
        raise PlanWrong("; ".join(wrong))
    return solution
