"""Academic files, solved in a process of their own with a deadline that holds whatever happens.

As for a day (`apart`), every better plan is handed over as it is found; when the solver is late
or gone, the last one is the answer.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from matching.apart import GRACE, LOOK, messages, way_to_start
from matching.solution import Progress


@dataclass(frozen=True, slots=True)
class _Ended:
    """The last message of a solver: its plan, or why the file was refused."""

    plan: dict[str, Any] | None
    refusal: str = ""


def solve_file(
    path: Path,
    fmt: str,
    *,
    time_limit: float,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """The best plan found for a `cordeau` or `li-lim` file within `time_limit` seconds.

    Raises
        ValueError: the file cannot be read, or does not follow its format.
    """
    began = time.monotonic()
    context = multiprocessing.get_context(way_to_start())
    here, there = context.Pipe(duplex=False)
    task = (there, path, fmt, max(LOOK, time_limit - GRACE), seed)
    child = context.Process(target=_work, args=task, daemon=True)
    child.start()
    there.close()
    try:
        plan = _follow(here, began + time_limit, on_progress)
    finally:
        child.kill()
        child.join()
        here.close()
    return _nothing(path, fmt) if plan is None else plan


def _work(line: Connection, path: Path, fmt: str, time_limit: float, seed: int) -> None:
    """The child: solve, and send progress, better plans and at last the answer."""
    from matching.pooled import academic

    try:
        plan = academic.solve_file(
            path, fmt, time_limit, seed, on_progress=line.send, on_plan=line.send
        )
        line.send(_Ended(plan))
    except (OSError, ValueError) as error:
        line.send(_Ended(None, str(error)))


def _follow(
    line: Connection, deadline: float, on_progress: Callable[[Progress], None] | None
) -> dict[str, Any] | None:
    """Listen until the answer comes, time is up or the child is gone; the last plan heard of."""
    last: dict[str, Any] | None = None
    for message in messages(line, deadline):
        if isinstance(message, _Ended):
            if message.refusal:
                raise ValueError(message.refusal)
            return message.plan
        if isinstance(message, Progress):
            if on_progress is not None:
                on_progress(message)
        else:
            last = message
    return last


def _nothing(path: Path, fmt: str) -> dict[str, Any]:
    """The plan that serves nobody, where there was no time for a better one.

    Reads the file for itself: loading a solver would take longer than is left.
    """
    lines = [line.split() for line in path.read_text().splitlines()]
    rows = [words for words in lines[1:] if words]
    if fmt == "cordeau":
        pickups = list(range(1, (len(rows) - 1) // 2 + 1))
    else:
        pickups = [int(words[0]) for words in rows if float(words[8]) > 0]
    return {"routes": [], "cost": 0.0, "unserved": pickups}
