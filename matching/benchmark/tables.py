"""A table of one set: ours and the peers', instance by instance, every plan checked."""

from __future__ import annotations

import multiprocessing
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from multiprocessing.connection import Connection
from pathlib import Path

from matching import objective
from matching.apart import solve_apart
from matching.check import violations
from matching.cli import read_problem
from matching.problem import Problem
from matching.solo.timing import route_of
from matching.solution import Reason, Route, Solution, Unserved

ACADEMIC = ("cordeau", "li-lim")
OVERTIME = 30.0
"""Seconds a peer may run over its limit before it is ended; the table says how long it took."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one solver made of one instance."""

    solver: str
    solution: Solution | None
    seconds: float
    wrong: int
    """Rules that the plan breaks."""


def run(name: str, data: Path, *, time_limit: float, threads: int) -> int:
    """Print the table of set `name`; `data` holds `days/`, `cordeau/` and `li-lim/`."""
    if name.startswith(ACADEMIC):
        from matching.benchmark import academic

        return academic.run(name, data, time_limit=time_limit, threads=threads)
    files = sorted((data / "days").glob(f"{name}-*.json.gz")) or sorted(
        data.glob(f"{name}-*.json*")
    )
    if not files:
        raise FileNotFoundError(f"no instances of {name} in {data}; name their folder by --data")
    _print(_conditions(time_limit, threads))
    _print("| instance | solver | served | priority | changes | cost s | gap to best | bound | s |")
    _print("|---|---|---|---|---|---|---|---|---|")
    for path in files:
        problem = read_problem(path)
        results = list(_results(problem, time_limit, threads))
        best = min(
            (r.solution.objective.rank() for r in results if r.solution and not r.wrong),
            default=None,
        )
        for result in results:
            _print(_row(path.name.split(".")[0], problem, result, best))
    return 0


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _conditions(time_limit: float, threads: int) -> str:
    versions = []
    for package in ("ortools", "numba", "pyvroom", "pyvrp"):
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    today = time.strftime("%Y-%m-%d")
    return f"{today}, {machine}, {', '.join(versions)}; {time_limit:g} s, {threads} thread(s)\n"


def _results(problem: Problem, time_limit: float, threads: int) -> list[Result]:
    began = time.monotonic()
    ours = solve_apart(problem, time_limit=time_limit, threads=threads)
    results = [_checked(problem, "ours", ours, time.monotonic() - began)]
    peers: list[tuple[str, Callable[[Connection], None]]] = [
        ("ortools", partial(_ortools, problem, time_limit))
    ]
    if not problem.pooling:
        peers.append(("vroom", partial(_vroom, problem, time_limit)))
    for name, work in peers:
        began = time.monotonic()
        routes = _in_child(work, time_limit + OVERTIME)
        solution = None if routes is None else _plan(problem, routes)
        results.append(_checked(problem, name, solution, time.monotonic() - began))
    return results


def _ortools(problem: Problem, time_limit: float, line: Connection) -> None:
    from matching.benchmark import routing

    line.send(routing.routes(problem, time_limit))


def _vroom(problem: Problem, time_limit: float, line: Connection) -> None:
    from matching.benchmark import vroom_peer

    rides = {ride.id: ride for ride in problem.rides}
    shifts = {shift.id: shift for shift in problem.shifts}
    routes = []
    for shift, order in vroom_peer.orders(problem, time_limit).items():
        kept = [rides[ride] for ride in order]
        route = route_of(problem, shifts[shift], kept)
        while route is None and len(kept) > 1:
            kept.pop()
            route = route_of(problem, shifts[shift], kept)
        routes += [route] if route is not None else []
    line.send(routes)


def _in_child(work: Callable[[Connection], None], seconds: float) -> list[Route] | None:
    """What `work` sends, from a process that is ended when it is late."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=work, args=(there,), daemon=True)
    child.start()
    there.close()
    try:
        return here.recv() if here.poll(seconds) else None
    except EOFError:
        return None
    finally:
        child.kill()
        child.join()


def _plan(problem: Problem, routes: list[Route]) -> Solution:
    served = {stop.ride for route in routes for stop in route.stops}
    unserved = tuple(
        Unserved(ride.id, Reason.NOT_FOUND) for ride in problem.rides if ride.id not in served
    )
    return Solution(tuple(routes), unserved, objective.objective_of(problem, routes))


def _checked(problem: Problem, solver: str, solution: Solution | None, seconds: float) -> Result:
    wrong = 0 if solution is None else len(violations(problem, solution))
    return Result(solver, solution, seconds, wrong)


def _row(instance: str, problem: Problem, result: Result, best: tuple[int, int, int] | None) -> str:
    plan = result.solution
    if plan is None:
        return f"| {instance} | {result.solver} | no plan | | | | | | {result.seconds:.1f} |"
    value = plan.objective
    gap = ""
    if best is not None and value.rank()[:2] == best[:2] and best[2] > 0:
        gap = f"{100 * (value.cost_seconds - best[2]) / best[2]:.2f} %"
    bound = "none"
    if plan.bound is not None:
        parts = (plan.bound.priority, plan.bound.changes, plan.bound.cost_seconds)
        bound = "proven" if plan.bound.proven else "{}/{}/{}".format(*parts)
    served = f"{len(problem.rides) - len(plan.unserved)}/{len(problem.rides)}"
    if result.wrong:
        served += f" ({result.wrong} rules broken)"
    return (
        f"| {instance} | {result.solver} | {served} | {value.priority} | {value.changes} "
        f"| {value.cost_seconds} | {gap} | {bound} | {result.seconds:.1f} |"
    )
