"""Solve in a process of its own, with a deadline that holds whatever the solver does.

Compiled solvers hold the interpreter, can overrun their limit and can crash. Here every better
plan is handed over as soon as the checker has seen it; when the solver is late or gone, the last
one handed over is the answer.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from matching.problem import Problem
from matching.solution import Objective, Progress, Reason, Solution, Unserved
from matching.solving import LocksClash, solve

GRACE = 0.25
"""Seconds that the solver is to end before the deadline, so that its plan can be handed over."""
LOOK = 0.1
"""Seconds between two looks at the clock and at whoever may ask to stop."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last message of a solver: its plan, or the rides whose locks clash, or its failure."""

    solution: Solution | None = None
    clash: tuple[str, ...] = ()
    failure: str = ""


def way_to_start() -> str:
    """How the child begins: a copy of this process is quickest, and hangs if solvers ran in it.

    Their libraries keep threads of their own, which a copy does not have although it believes so.
    """
    solvers_ran = any(name in sys.modules for name in ("ortools", "numba"))
    copies = "fork" in multiprocessing.get_all_start_methods()
    return "fork" if copies and not solvers_ran else "spawn"


def solve_apart(
    problem: Problem,
    *,
    time_limit: float,
    seed: int = 0,
    threads: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """As `solve`, in a child process; returns within `time_limit` seconds with the best plan.

    Where the solver failed before it had any plan, all rides are unserved.

    Raises
        LocksClash: locks that cannot all be kept, or were not brought together in time.
    """
    began = time.monotonic()
    context = multiprocessing.get_context(way_to_start())
    here, there = context.Pipe(duplex=False)
    child = context.Process(
        target=_work, args=(there, problem, time_limit - GRACE, seed, threads), daemon=True
    )
    child.start()
    there.close()
    try:
        return _follow(here, problem, began + time_limit, on_progress, should_stop)
    finally:
        child.kill()
        child.join()
        here.close()


def _work(line: Connection, problem: Problem, time_limit: float, seed: int, threads: int) -> None:
    """The child: solve, and send every better plan and at last the answer."""
    try:
        answer = Ended(
            solve(
                problem,
                time_limit=time_limit,
                seed=seed,
                threads=threads,
                on_progress=line.send,
            )
        )
    except LocksClash as clash:
        answer = Ended(clash=clash.rides)
    except Exception as failure:  # whatever it was, the parent has a plan to save
        answer = Ended(failure=f"{type(failure).__name__}: {failure}")
    line.send(answer)


def messages(
    line: Connection, deadline: float, should_stop: Callable[[], bool] | None = None
) -> Iterator[Any]:
    """What a child sends, until it is gone, the clock reaches `deadline` or somebody says stop."""
    while time.monotonic() < deadline and not (should_stop is not None and should_stop()):
        if not line.poll(max(0.0, min(LOOK, deadline - time.monotonic()))):
            continue
        try:
            yield line.recv()
        except EOFError:
            return


def _follow(
    line: Connection,
    problem: Problem,
    deadline: float,
    on_progress: Callable[[Progress], None] | None,
    should_stop: Callable[[], bool] | None,
) -> Solution:
    """Listen until the answer comes, time is up, somebody asks to stop, or the child is gone."""
    last: Solution | None = None
    for message in messages(line, deadline, should_stop):
        if isinstance(message, Ended):
            if message.clash:
                raise LocksClash(message.clash)
            return message.solution or last or _nothing(problem)
        last = message.solution or last
        if on_progress is not None:
            on_progress(message)
    return last or _nothing(problem)


def _nothing(problem: Problem) -> Solution:
    """The plan that serves nobody, where there was no time or luck for a better one."""
    if problem.locked:
        raise LocksClash(tuple(problem.locked))
    unserved = tuple(
        Unserved(ride.id, Reason.NOT_FOUND, "the search ended before any plan was found")
        for ride in problem.rides
    )
    return Solution((), unserved, Objective(0, len(problem.previous), 0))


def with_seconds(solution: Solution, seconds: float) -> Solution:
    """The same plan, saying that it took `seconds`."""
    return replace(solution, seconds=seconds)
