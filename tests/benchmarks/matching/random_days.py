"""`python -m tests.benchmarks.matching.random_days [N] [solo|pooled]`: N days against brute force.

Small random days with every kind of limit, on which somebody can be served or locks clash. One
ride at a time: each is solved as drawn and with all times longer. Shared rides: each is solved as
drawn, and half as many in streets without shorter detours, where no route may be listed, so that
column generation has to prove them. Served priority, changes and cost must be those of brute
force, and no bound may be above them.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from unittest import mock

from hypothesis import HealthCheck, assume, given, settings
from hypothesis.strategies import SearchStrategy

from matching import LocksClash, Objective, Problem, Solution, solve
from matching.check import violations
from matching.pooled import descent, proof, solve_pooled
from tests.matching import days
from tests.matching.pooled.brute import best_objective
from tests.matching.pooled.test_closing import days_in_a_grid

FACTORS = (1, 97)
SHORT = {"FIRST_ROUND": 300, "LONGEST_ROUND": 300, "PATIENCE": 1}
"""Searches of a few hundred iterations: days of three rides need no more."""


def each(examples: int, drawn: SearchStrategy[Problem], compare: Callable[[Problem], None]) -> None:
    """Compare that many random days, and say which is the smallest that differs."""
    given_days = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )(given(drawn)(compare))
    given_days()


def solo(examples: int) -> Counter[str]:
    """How many plans were compared, were proven, and had locks that clash."""
    count: Counter[str] = Counter()

    def compare(problem: Problem) -> None:
        best = days.brute_force(problem)
        assume(best is None or best.priority)
        for factor in FACTORS:
            day = days.scaled(problem, factor)
            scaled = best and replace(best, cost_seconds=best.cost_seconds * factor)
            judge(count, day, scaled, lambda day: solve(day, time_limit=60))

    each(examples, days.small_days(), compare)
    return count


def pooled(examples: int) -> Counter[str]:
    """The same for shared rides."""
    count: Counter[str] = Counter()

    def compare(problem: Problem) -> None:
        worth = best_objective(problem)
        best = worth and Objective(*worth)
        assume(best is None or best.priority)
        judge(count, problem, best, lambda day: solve_pooled(day, time.monotonic() + 60))

    with mock.patch.multiple(descent, **SHORT):
        each(examples, days.small_days(rides=3, shifts=2, pooling=True), compare)
        with mock.patch.object(proof, "catalogue_of", return_value=None):
            each(examples // 2, days_in_a_grid(), compare)
    return count


def judge(
    count: Counter[str],
    day: Problem,
    best: Objective | None,
    solver: Callable[[Problem], Solution],
) -> None:
    """Compare one plan and its bound with the best there is; `best` is None where locks clash."""
    count["compared"] += 1
    try:
        plan = solver(day)
    except LocksClash:
        assert best is None, day
        count["clashing"] += 1
        return
    assert violations(day, plan) == [], day
    assert plan.objective == best, day
    bound = plan.bound
    assert bound.priority >= best.priority, day
    assert bound.changes <= best.changes, day
    assert bound.cost_seconds <= best.cost_seconds, day
    count["proven"] += bound.proven
    count["leaving somebody out"] += bool(plan.unserved)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    for name in sys.argv[2:] or ["solo", "pooled"]:
        outcome = {"solo": solo, "pooled": pooled}[name](wanted)
        print(name, dict(outcome), flush=True)  # noqa: T201 - its answer
