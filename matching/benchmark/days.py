"""The table of a set of days: every plan checked, compared where it serves as much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from matching import files
from matching.benchmark import race
from matching.benchmark.orders import plan_of
from matching.benchmark.sheet import Sheet, gap_over, mean_of, percent
from matching.check import violations
from matching.cli import read_problem
from matching.problem import Problem
from matching.solution import Solution

HEAD = (
    *("instance", "solver", "served", "priority", "changes", "cost s", "gap to best", "bound"),
    *("gap to bound", "s", "CPU s", "MiB"),
)
SUMMARY = (
    *("solver", "instances", "served", "priority", "changes", "cost s"),
    *("mean gap to best (n)", "proven", "mean gap to bound (n)", "median s", "longest s"),
    *("most MiB", "rules broken"),
)
PEERS = ("ortools", "vroom")


@dataclass(frozen=True, slots=True)
class Result:
    """What one solver made of one day."""

    solver: str
    rides: int
    solution: Solution | None
    effort: race.Effort
    wrong: int
    """Rules that the plan breaks."""

    @property
    def rank(self) -> tuple[int, int, int] | None:
        """What plans are compared by; None for a plan nobody can use."""
        return self.solution.objective.rank() if self.solution and not self.wrong else None

    @property
    def gap_to_bound(self) -> float | None:
        """Cost above its bound as a share, where priority and changes are proven."""
        if self.rank is None or self.solution is None or self.solution.bound is None:
            return None
        worth, bound = self.solution.objective, self.solution.bound
        if (bound.priority, bound.changes) != (worth.priority, worth.changes):
            return None
        return gap_over(worth.cost_seconds, bound.cost_seconds)

    @property
    def is_proven(self) -> bool:
        """Whether nothing can be better."""
        bound = self.solution.bound if self.solution else None
        return self.rank is not None and bound is not None and bound.proven


def instances(name: str, data: Path) -> list[Path]:
    """The files of a set, in `data/days` or in `data` itself."""
    found = sorted((data / "days").glob(f"{name}-*.json*")) or sorted(data.glob(f"{name}-*.json*"))
    if not found:
        raise FileNotFoundError(f"no instances of {name} in {data}; name their folder by --data")
    return found


def sheet(*, time_limit: float, threads: int) -> Sheet:
    """The table of days."""
    limited = partial(results, time_limit=time_limit, threads=threads)
    return Sheet(HEAD, limited, rows, SUMMARY, summary)


def results(path: Path, *, time_limit: float, threads: int) -> list[Result]:
    """What ours and each peer make of the day in a file."""
    problem = read_problem(path)
    document, effort = race.ours(path, "problem", time_limit=time_limit, threads=threads)
    solution = None if document is None else files.solution_from_dict(document)
    found = [_checked(problem, "ours", solution, effort)]
    for name in PEERS:
        orders, effort = race.peer(name, problem, time_limit=time_limit)
        solution = plan_of(problem, orders) if orders else None
        found.append(_checked(problem, name, solution, effort))
    return found


def _checked(
    problem: Problem, solver: str, solution: Solution | None, effort: race.Effort
) -> Result:
    wrong = 0 if solution is None else len(violations(problem, solution))
    return Result(solver, len(problem.rides), solution, effort, wrong)


def rows(instance: str, of_one: list[Result]) -> Iterator[tuple[str, ...]]:
    """A row for each solver."""
    best = min((result.rank for result in of_one if result.rank is not None), default=None)
    for result in of_one:
        yield instance, *_cells(result, best)


def _cells(result: Result, best: tuple[int, int, int] | None) -> tuple[str, ...]:
    took = (f"{result.effort.seconds:.1f}", f"{result.effort.cpu:.1f}")
    took += (f"{result.effort.megabytes:.0f}",)
    if result.solution is None:
        return (result.solver, "no plan", *[""] * 6, *took)
    worth, bound = result.solution.objective, result.solution.bound
    proof = "none"
    if bound is not None:
        proof = f"{bound.priority}/{bound.changes}/{bound.cost_seconds}"
    served = f"{_served(result)}/{result.rides}"
    return (
        result.solver,
        served + (f" ({result.wrong} rules broken)" if result.wrong else ""),
        *(str(worth.priority), str(worth.changes), str(worth.cost_seconds)),
        percent(_gap(result, best)),
        "proven" if result.is_proven else proof,
        percent(result.gap_to_bound),
        *took,
    )


def _served(result: Result) -> int:
    return result.rides - len(result.solution.unserved) if result.solution else 0


def _gap(result: Result, best: tuple[int, int, int] | None) -> float | None:
    """Cost above the best plan of the run, where as much is served with as few changes."""
    if result.rank is None or best is None or result.rank[:2] != best[:2]:
        return None
    return gap_over(result.rank[2], best[2])


def summary(sets: list[list[Result]]) -> Iterator[tuple[str, ...]]:
    """A row for each solver over all instances; sums are over the plans it has."""
    for solver in ("ours", *PEERS):
        own = [result for of_one in sets for result in of_one if result.solver == solver]
        plans = [result for result in own if result.rank is not None]
        gaps = [
            gap
            for of_one in sets
            for result in of_one
            if result.solver == solver
            and (gap := _gap(result, min(r.rank for r in of_one if r.rank))) is not None
        ]
        to_bound = [result.gap_to_bound for result in own if result.gap_to_bound is not None]
        seconds = [result.effort.seconds for result in own]
        worths = [result.solution.objective for result in plans if result.solution]
        yield (
            solver,
            str(len(own)),
            f"{sum(map(_served, plans))}/{sum(result.rides for result in own)}",
            str(sum(worth.priority for worth in worths)),
            str(sum(worth.changes for worth in worths)),
            str(sum(worth.cost_seconds for worth in worths)),
            mean_of(gaps),
            f"{sum(result.is_proven for result in own)}/{len(own)}",
            mean_of(to_bound),
            f"{median(seconds):.2f}",
            f"{max(seconds):.2f}",
            f"{max(result.effort.megabytes for result in own):.0f}",
            str(sum(result.wrong for result in own)),
        )
