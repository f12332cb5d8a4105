"""Solve and check the academic instances of Cordeau and of Li and Lim.

A solution is `{"routes": [[node, ...], ...], "cost": 591.2}` with the file's own node numbers,
depot left out; for Cordeau's files `"unserved"` lists the pickup nodes of requests left out.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matching.pooled.academic_check import check_file
from matching.pooled.academic_network import READERS, Academic, InvalidFile
from matching.pooled.descent import Descent
from matching.pooled.fleet import FIRST_ATTEMPT, fewest
from matching.solution import Objective, Progress

__all__ = ["InvalidFile", "check_file", "solve_file"]

CLOSING_SECONDS = 0.08
"""Kept back from the limit for writing the plan down; a fiftieth of it at most."""

LONGEST_ATTEMPT = 160_000
"""Iterations spent at most, after a round of annealing, on a plan with one vehicle less."""

SILENCE_SECONDS, HAND_OVER_SECONDS = 1.0, 0.2
"""Between two reports of progress, and between two plans handed over, at least."""


@dataclass
class _Report:
    """Tells the caller about the best plan; a class because it holds when it last did.

    Every request counts 1 as priority, and distances are rounded to whole numbers.
    """

    academic: Academic
    on_progress: Callable[[Progress], None] | None
    on_plan: Callable[[dict[str, Any]], None] | None
    began: float
    progress_at: float = -SILENCE_SECONDS
    plan_at: float = -HAND_OVER_SECONDS
    rank: tuple[int, int, float] = (2**31, 0, 0.0)
    """Of the plan last handed over."""

    def __call__(self, descent: Descent) -> None:
        now = time.monotonic()
        if self.on_progress is not None and now - self.progress_at >= SILENCE_SECONDS:
            self.progress_at = now
            self.on_progress(self._progress(descent, now - self.began))
        if self.on_plan is None or now - self.plan_at < HAND_OVER_SECONDS:
            return
        vehicles = int((descent.best.size > 2).sum()) if self.academic.fewest_vehicles else 0
        rank = (descent.missing(), vehicles, descent.best_score)
        if rank < self.rank:
            self.plan_at, self.rank = now, rank
            self.on_plan(_solution(self.academic, descent))

    def _progress(self, descent: Descent, seconds: float) -> Progress:
        best = descent.best
        served = len(best.shift_of) - descent.missing()
        worth = Objective(served, 0, round(float(best.cost.sum())))
        return Progress(
            seconds, f"{int((best.size > 2).sum())} vehicles", served, worth, None, None
        )


def solve_file(
    path: str | Path,
    fmt: str,
    time_limit: float,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    on_plan: Callable[[dict[str, Any]], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """The best plan found for an academic file within `time_limit` seconds of this call.

    `fmt` is `cordeau` (least distance, every request served) or `li-lim` (fewest vehicles, then
    least distance). Better plans are handed to `on_plan` as they are found, a few times a second
    at most. The same seed gives the same plan if the search ends before the limit.

    Raises
        InvalidFile: the file does not follow its format.
        OSError: it cannot be read.
    """
    began = time.monotonic()
    academic = READERS[fmt](Path(path))
    report = _Report(academic, on_progress, on_plan, began)
    descent = Descent(
        academic.net,
        seed=seed,
        deadline=began + time_limit - min(CLOSING_SECONDS, time_limit / 50),
        all_served=True,
        should_stop=should_stop or (lambda: False),
        on_tick=report,
    )
    report(descent)
    if academic.fewest_vehicles:
        descent = _fewest_then_shortest(descent)
    else:
        for _ in descent.rounds():
            pass
    return _solution(academic, descent)


def _fewest_then_shortest(descent: Descent) -> Descent:
    """Fewer vehicles first and, as long as time is left, between rounds of annealing."""
    descent = fewest(descent)
    rounds, length = descent.rounds(), FIRST_ATTEMPT
    while next(rounds, False):
        fewer = fewest(descent, length)
        length = min(2 * length, LONGEST_ATTEMPT)
        if fewer is not descent:
            descent, rounds, length = fewer, fewer.rounds(), FIRST_ATTEMPT
    return descent


def _solution(academic: Academic, descent: Descent) -> dict[str, Any]:
    """The best plan under the file's own node numbers."""
    best, leg = descent.best, academic.net.leg
    routes, cost = [], 0.0
    for v in np.flatnonzero(best.size > 2):
        stops = best.stops[v, : best.size[v]]
        cost += float(leg[stops[:-1], stops[1:]].sum())
        routes.append([int(name) for name in academic.names[stops[1:-1]]])
    solution: dict[str, Any] = {"routes": routes, "cost": cost}
    unserved = np.flatnonzero(best.shift_of < 0)
    if academic.must_serve_all or len(unserved):
        solution["unserved"] = [int(name) for name in academic.names[unserved]]
    return solution
