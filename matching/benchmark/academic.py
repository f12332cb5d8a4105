"""The tables of the academic files, against the best solutions known and the peers.

Peers read a file as a day in whole thousandths of its unit, legs rounded up and windows inwards,
so that what keeps their rules keeps the file's; distances are counted again in full.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from matching.benchmark import race
from matching.benchmark.orders import Orders, plan_of
from matching.benchmark.sheet import Sheet, gap_over, mean_of, percent
from matching.pooled.academic_check import check_file, distance_of
from matching.pooled.academic_network import READERS, Academic
from matching.problem import Problem, Ride, Shift

SETS = ("cordeau", "li-lim")
FEW_TASKS = 120
"""Files of the hundred-task family have up to this many node lines; larger ones are `large`."""
SCALE = 1000
"""Peers' whole units in one of the file's."""
VEHICLE_COST = 10**7
"""What a vehicle costs peers where few are wanted, in their units: more than any route is long."""
CLOSE = 0.005
"""Best known values are rounded: a distance within this much of one has reached it."""

HEAD = ("instance", "solver", "unserved", "vehicles", "distance", "best known", "gap", "s")
HEAD += ("CPU s", "rules broken")
SUMMARY = ("solver", "instances", "all served", "vehicles as best known", "mean gap (n)")
SUMMARY += ("largest gap", "best known reached", "median s", "longest s", "rules broken")

Best = tuple[int | None, float]
"""Vehicles, where they count, and distance."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one solver made of one file."""

    solver: str
    effort: race.Effort
    unserved: int = 0
    vehicles: int = 0
    distance: float = 0.0
    wrong: int = 0
    """Rules that the solution breaks."""
    best: Best | None = None
    is_there: bool = True
    """Whether there is a solution at all."""

    @property
    def is_whole(self) -> bool:
        """Whether every request is served and no rule broken."""
        return self.is_there and not self.unserved and not self.wrong

    @property
    def has_vehicles(self) -> bool:
        """Whether it needs no more vehicles than the best solution known, where they count."""
        if self.best is None or not self.is_whole:
            return False
        return self.best[0] is None or self.vehicles <= self.best[0]

    @property
    def gap(self) -> float | None:
        """Distance above the best solution known, for one with as few vehicles."""
        if self.best is None or not self.has_vehicles:
            return None
        if self.best[0] is not None and self.vehicles < self.best[0]:
            return None
        return gap_over(self.distance, self.best[1])

    @property
    def is_best(self) -> bool:
        """Whether it is as good as the best solution known, or better."""
        if self.best is None or not self.has_vehicles:
            return False
        fewer = self.best[0] is not None and self.vehicles < self.best[0]
        return fewer or self.distance <= self.best[1] + CLOSE


def instances(name: str, data: Path) -> list[Path]:
    """The files of a set, in the folder of its format in `data` or in `data` itself."""
    folder = "li-lim" if name.startswith("li-lim") else "cordeau"
    paths = sorted((data / folder).glob("*.txt")) or sorted(data.glob("*.txt"))
    found = [path for path in paths if _belongs(path, name)]
    if not found:
        raise FileNotFoundError(f"no instances of {name} in {data}; name their folder by --data")
    return found


def _belongs(path: Path, name: str) -> bool:
    """Whether a file is of that set, by its name or by how many nodes it has."""
    if name == "cordeau-ab":
        return path.name[:1] in "ab"
    if name == "cordeau-pr":
        return path.name[:1] in "Rp"
    few = sum(1 for line in path.read_text().splitlines() if line.strip()) <= FEW_TASKS
    return path.name[:1] == "l" and few == (name == "li-lim-100")


def sheet(name: str, paths: list[Path], *, time_limit: float, threads: int) -> Sheet:
    """The table of an academic set."""
    fmt = "li-lim" if name.startswith("li-lim") else "cordeau"
    best = _best_known(paths[0].parent / "best_known.csv")
    peers = tuple(race.PEERS) if fmt == "li-lim" else ("ortools", "vroom")
    limited = partial(
        results, fmt=fmt, best=best, peers=peers, time_limit=time_limit, threads=threads
    )
    return Sheet(HEAD, limited, rows, SUMMARY, partial(summary, solvers=("ours", *peers)))


def _best_known(path: Path) -> dict[str, Best]:
    """The best solutions known by name of their instance; none where there is no such table."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as table:
        return {
            row["instance"]: (int(row["vehicles"]), float(row["distance"]))
            if "vehicles" in row
            else (None, float(row["best"]))
            for row in csv.DictReader(table)
        }


def results(
    path: Path,
    *,
    fmt: str,
    best: Mapping[str, Best],
    peers: tuple[str, ...],
    time_limit: float,
    threads: int,
) -> list[Result]:
    """What ours and each peer make of a file."""
    known = best.get(path.stem)
    document, effort = race.ours(path, fmt, time_limit=time_limit, threads=threads)
    found = [_checked(path, fmt, "ours", document, effort, known)]
    file = READERS[fmt](path)
    problem = as_day(file)
    cost = VEHICLE_COST if file.fewest_vehicles else 0
    for name in peers:
        orders, effort = race.peer(name, problem, time_limit=time_limit, vehicle_cost=cost)
        document = _document(path, fmt, file, problem, orders) if orders else None
        found.append(_checked(path, fmt, name, document, effort, known))
    return found


def as_day(file: Academic) -> Problem:
    """The file in thousandths, its rides called by their numbers and its vehicles too."""
    net, n = file.net, len(file.net.need)

    def limit(value: float) -> int | None:
        scaled = math.floor(value * SCALE)
        return scaled if scaled <= 10**9 else None

    def window(node: int) -> tuple[int, int]:
        opens, closes = net.opens[node] * SCALE, net.closes[node] * SCALE
        return math.ceil(opens - 1e-6), math.floor(closes + 1e-6)

    travel = tuple(tuple(math.ceil(leg * SCALE - 1e-6) for leg in row) for row in net.leg.tolist())
    shifts = tuple(
        Shift(
            id=str(v),
            driver=str(v),
            start_place=int(net.start[v]),
            end_place=int(net.end[v]),
            earliest=math.ceil(net.hours[v, 0] * SCALE),
            latest=math.floor(net.hours[v, 1] * SCALE),
            capacity={"load": int(net.capacity[v, 0])},
            max_duration_seconds=limit(net.duration_limit[v]),
        )
        for v in range(len(net.start))
    )
    rides = tuple(
        Ride(
            id=str(r),
            pickup_place=r,
            dropoff_place=n + r,
            pickup_window=window(r),
            dropoff_window=window(n + r),
            board_seconds=math.ceil(net.service[r] * SCALE),
            alight_seconds=math.ceil(net.service[n + r] * SCALE),
            load={"load": int(net.need[r, 0])},
            max_ride_seconds=limit(net.ride_limit[r]),
        )
        for r in range(n)
    )
    return Problem(travel, shifts, rides, pooling=True)


def _document(
    path: Path, fmt: str, file: Academic, problem: Problem, orders: Orders
) -> dict[str, object]:
    """A peer's answer in the form of a file's solution."""
    n = len(problem.rides)
    plan = plan_of(problem, orders)
    routes = [
        [int(file.names[int(stop.ride) + (n if stop.kind == "dropoff" else 0)]) for stop in stops]
        for stops in (route.stops for route in plan.routes)
    ]
    unserved = [int(file.names[int(one.ride)]) for one in plan.unserved]
    return {"routes": routes, "unserved": unserved, "cost": distance_of(path, fmt, routes)}


def _checked(
    path: Path, fmt: str, solver: str, document: object, effort: race.Effort, best: Best | None
) -> Result:
    if not isinstance(document, dict):
        return Result(solver, effort, best=best, is_there=False)
    return Result(
        solver=solver,
        effort=effort,
        unserved=len(document.get("unserved", [])),
        vehicles=sum(1 for route in document["routes"] if route),
        distance=document["cost"],
        wrong=len(check_file(path, fmt, document)),
        best=best,
    )


def rows(instance: str, of_one: list[Result]) -> Iterator[tuple[str, ...]]:
    """A row for each solver."""
    for result in of_one:
        known = ""
        if result.best is not None:
            vehicles, distance = result.best
            known = f"{distance:.2f}" if vehicles is None else f"{vehicles} / {distance:.2f}"
        took = (f"{result.effort.seconds:.1f}", f"{result.effort.cpu:.1f}")
        if not result.is_there:
            yield (instance, result.solver, "no plan", "", "", known, "", *took, "")
            continue
        found = (str(result.unserved), str(result.vehicles), f"{result.distance:.2f}")
        gap = percent(result.gap)
        yield (instance, result.solver, *found, known, gap, *took, str(result.wrong))


def summary(sets: list[list[Result]], *, solvers: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A row for each solver over all files."""
    for solver in solvers:
        own = [result for of_one in sets for result in of_one if result.solver == solver]
        gaps = [result.gap for result in own if result.gap is not None]
        seconds = [result.effort.seconds for result in own]
        yield (
            solver,
            str(len(own)),
            str(sum(result.is_whole for result in own)),
            str(sum(result.has_vehicles for result in own)),
            mean_of(gaps),
            percent(max(gaps, default=None)),
            str(sum(result.is_best for result in own)),
            f"{median(seconds):.2f}",
            f"{max(seconds):.2f}",
            str(sum(result.wrong for result in own)),
        )
