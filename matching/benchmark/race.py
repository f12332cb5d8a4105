"""Let ours and a peer have the same time, each in a process of its own, and see what it takes."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from matching.benchmark.orders import Orders
from matching.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
OVERTIME = 30.0
"""Seconds a solver may run over its limit before it is ended; the table says how long it took."""

PEERS = {"ortools": "routing", "vroom": "vroom_peer", "pyvrp": "pyvrp_peer"}
"""Name in the table -> the module beside this one."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What an answer took."""

    seconds: float
    """Of wall time, interpreter start and imports included."""
    cpu: float
    """Seconds."""
    megabytes: float
    """Of memory at most, all at once in one process."""


def ours(path: Path, fmt: str, *, time_limit: float, threads: int) -> tuple[object, Effort]:
    """The document that `python -m matching solve` writes for a file; None if it wrote none."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plan.json"
        command = [sys.executable, "-m", "matching", "solve", str(path), "--format", fmt]
        command += ["--time-limit", str(time_limit), "--threads", str(threads), "--out", str(out)]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)  # noqa: S603 ours
        late = threading.Timer(time_limit + OVERTIME, process.kill)
        late.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        answer = json.loads(out.read_text("utf-8")) if out.exists() else None
    return answer, _effort(seconds, used)


def peer(
    name: str, problem: Problem, *, time_limit: float, vehicle_cost: int = 0
) -> tuple[Orders | None, Effort]:
    """What a peer answers; None where it fails or is far too late."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    work = partial(_work, name, problem, time_limit, vehicle_cost)
    began = time.monotonic()
    child = context.Process(target=_send, args=(work, there), daemon=True)
    child.start()
    there.close()
    try:
        orders, effort = here.recv() if here.poll(time_limit + OVERTIME) else (None, None)
    except EOFError:
        orders, effort = None, None
    finally:
        seconds = time.monotonic() - began
        child.kill()
        child.join()
        here.close()
    return orders, Effort(seconds, *(effort or (0.0, 0.0)))


def _work(name: str, problem: Problem, time_limit: float, vehicle_cost: int) -> Orders:
    module = import_module(f"matching.benchmark.{PEERS[name]}")
    return module.orders(problem, time_limit, vehicle_cost=vehicle_cost)


def _send(work: Callable[[], Orders], line: Connection) -> None:
    """In the child: the answer, and what it took."""
    orders = work()
    effort = _effort(0.0, resource.getrusage(resource.RUSAGE_SELF))
    line.send((orders, (effort.cpu, effort.megabytes)))


def _effort(seconds: float, used: resource.struct_rusage) -> Effort:
    return Effort(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
