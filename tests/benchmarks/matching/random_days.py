"""`python -m tests.benchmarks.matching.random_days [N]`: N small random days against brute force.

Each is solved as drawn and with long services; served priority, changes and cost must be those of
brute force, and the bound must meet them.
"""

import sys
from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from matching import LocksClash, solve
from tests.matching import days

FACTORS = (1, 97)


def compare(examples: int) -> dict[str, int]:
    """How many plans were compared, were proven, and had locks that clash."""
    count = {"compared": 0, "proven": 0, "clashing": 0}

    @settings(
        max_examples=examples, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(days.small_days())
    def one(problem):
        best = days.brute_force(problem)
        for factor in FACTORS:
            count["compared"] += 1
            try:
                plan = solve(days.scaled(problem, factor), time_limit=60)
            except LocksClash:
                assert best is None, problem
                count["clashing"] += 1
                continue
            assert plan.objective == replace(best, cost_seconds=best.cost_seconds * factor)
            count["proven"] += plan.bound is not None and plan.bound.proven

    one()
    return count


if __name__ == "__main__":
    print(compare(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))  # noqa: T201 - its answer
