"""Solve a problem: the one door to every solver, and nothing leaves it unchecked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from matching import check
from matching.problem import Problem
from matching.solution import Bound, Objective, Progress, Solution


class LocksClash(ValueError):
    """Locks that only together cannot be kept."""

    def __init__(self, rides: tuple[str, ...]) -> None:
        self.rides = rides
        """The ids of a set of locked rides that clash, none of which can be left out."""
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
    The solvers work on one core; `threads` is taken as leave, not as an order.

    Raises
        LocksClash: locks that cannot all be kept; names a set of such rides.
        PlanWrong: the checker refuses the plan; no caller should see it.
    """
    if not problem.rides:
        return Solution((), (), Objective(0, 0, 0), Bound(0, 0, 0, proven=True))
    began = time.monotonic()
    ear = _Ear(problem, began, on_progress)
    deadline = began + time_limit
    if problem.pooling:
        from matching.pooled import solve_pooled

        return _checked(problem, solve_pooled(problem, deadline, seed, on_progress, should_stop))
    from matching.solo.solver import RidesClash, solve_solo

    try:
        solution = solve_solo(
            problem, deadline=deadline, seed=seed, report=ear.hear, should_stop=should_stop
        )
    except RidesClash as clash:
        raise LocksClash(clash.rides) from clash
    return _checked(problem, solution)


def _checked(problem: Problem, solution: Solution) -> Solution:
    wrong = check.violations(problem, solution)
    if wrong:
        raise PlanWrong("; ".join(wrong[:5]))
    return solution


@dataclass(slots=True)
class _Ear:
    """Hears the solver and tells the caller; a class because it knows the last plan told."""

    problem: Problem
    began: float
    on_progress: Callable[[Progress], None] | None
    best: tuple[int, int, int] | None = None

    def hear(self, solution: Solution, phase: str) -> None:
        """Pass progress on; a better plan only after the checker has seen it."""
        if self.on_progress is None:
            return
        seconds = time.monotonic() - self.began
        better = self.best is None or solution.objective.rank() < self.best
        if better:
            self.best = solution.objective.rank()
            _checked(self.problem, solution)
        self.on_progress(
            Progress(
                seconds=seconds,
                phase=phase,
                served=len(self.problem.rides) - len(solution.unserved),
                objective=solution.objective,
                bound=solution.bound,
                gap=_gap(solution.objective.cost_seconds, solution.bound),
                solution=replace(solution, seconds=seconds),
            )
        )


def _gap(cost: int, bound: Bound | None) -> float | None:
    """Cost above its bound as a share of the bound; None where the bound says nothing of it."""
    if bound is None or bound.cost_seconds <= 0:
        return 0.0 if bound is not None and bound.cost_seconds == cost else None
    return (cost - bound.cost_seconds) / bound.cost_seconds
