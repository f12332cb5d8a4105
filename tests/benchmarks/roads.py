"""How quick the road engine is: `python -m tests.benchmarks.roads EXTRACT... [--points 500]`.

For each extract: building the engine's files, the whole import (addresses, roads and base map),
matrices between made-up points within its frame, and ways through four of them; with the most
memory that all processes of an import, or the engine, held.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dispatch.config import load
from dispatch.places import editions
from dispatch.places.gazetteer.extract import frame_of
from dispatch.places.roads import programs
from dispatch.places.roads.by_road import ByRoad
from dispatch.places.roads.engine import Engine
from dispatch.places.sealed import Point
from tests.benchmarks.pages import percentile

TIMES = 7
WAYS = 200
SEED = 20261123
BUILD = """
import pathlib, sys
from dispatch.places.roads import building
building.build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), lambda step, share: None)
"""
IMPORT = """
import sys
from dispatch import cli
sys.exit(cli.main(["places", "import", sys.argv[1], "--data-dir", sys.argv[2]]))
"""
LOOK = 0.2
"""Seconds between two looks at how much memory is held."""


def measured(script: str, *words: Path) -> str:
    """Seconds that a script takes, and the most MiB that it and its children held together."""
    began, worked, most = time.monotonic(), worked_by_children(), 0.0
    command = [sys.executable, "-c", script, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(held_by, family_of(process.pid))))
            time.sleep(LOOK)
    if process.returncode:
        raise SystemExit(f"That failed with status {process.returncode}.")
    seconds, work = time.monotonic() - began, worked_by_children() - worked
    return f"{seconds:.1f} s ({work:.1f} s of work), at most {most:.0f} MiB"


def worked_by_children() -> float:
    """CPU seconds of every process that was waited for: what a busy machine does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def worked_by(process: int) -> float:
    """CPU seconds of a running process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family_of(process: int) -> set[int]:
    """A process and all that come from it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
    family = {process}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def held_by(process: int, line: str = "VmRSS") -> float:
    """MiB that a process holds, or ever held with `VmHWM`."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    return sum(int(one.split()[1]) for one in lines if one.startswith(line)) / 1024


def points_in(extract: Path, number: int) -> list[Point]:
    """Points all over the middle half of what the extract covers."""
    frame, chance = frame_of(extract), random.Random(SEED)  # noqa: S311 -- no secret
    if frame is None:
        raise SystemExit(f"{extract.name} does not say what it covers.")
    high, wide = frame.north - frame.south, frame.east - frame.west
    return [
        (
            frame.south + high * chance.uniform(0.25, 0.75),
            frame.west + wide * chance.uniform(0.25, 0.75),
        )
        for _ in range(number)
    ]


def timed(does: Callable[[], object]) -> float:
    """Seconds."""
    began = time.monotonic()
    does()
    return time.monotonic() - began


def matrices(data: Path, points: list[Point]) -> Iterator[str]:
    """Matrices and ways, asked for as the program does; each matrix by somebody who knows none."""
    settings = load(str(data))
    owner = Engine(data, found) if (found := programs.find(None)) else None
    if owner is None:
        raise SystemExit("The road engine is not installed.")
    try:
        running = owner.running()
        worked = worked_by(running.process)
        took = [timed(lambda: ByRoad(settings).matrix(points)) for _ in range(TIMES)]
        work = (worked_by(running.process) - worked) / TIMES
        matrix = ByRoad(settings).matrix(points)
        held = held_by(running.process, "VmHWM")
        spread = f"{min(took):.2f} to {max(took):.2f}"
        yield (
            f"matrix {len(points)} x {len(points)}: median {statistics.median(took):.2f} s of "
            f"{TIMES} ({spread}; {work:.2f} s of work), at most {held:.0f} MiB in the engine; "
            f"{len(matrix.astray)} points off the road, {len(matrix.unreachable())} pairs without "
            f"a road; {matrix.basis.value}"
        )
        roads, chance = ByRoad(settings), random.Random(SEED)  # noqa: S311 -- no secret
        ways = [timed(lambda: roads.legs(chance.sample(points, 4))) for _ in range(WAYS)]
        yield (
            f"a way through four points: median {statistics.median(ways) * 1000:.1f} ms, "
            f"p99 {percentile(ways, 0.99) * 1000:.1f} ms of {WAYS}"
        )
    finally:
        owner.end()


def of_extract(extract: Path, number: int) -> Iterator[str]:
    """All lines about one extract."""
    with tempfile.TemporaryDirectory() as folder:
        took = measured(BUILD, extract, Path(folder) / "roads")
        size = sum(path.stat().st_size for path in (Path(folder) / "roads").iterdir()) / 2**20
        yield f"roads alone: {took}; {size:.0f} MiB of files"
        data = Path(folder) / "data"
        data.mkdir()
        took = measured(IMPORT, extract, data)
        made = sorted(path.name for path in editions.current(data).iterdir())
        yield f"whole import: {took} ({', '.join(made)})"
        yield from matrices(data, points_in(extract, number))


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extracts", type=Path, nargs="+", metavar="EXTRACT")
    parser.add_argument("--points", type=int, default=500)
    wanted = parser.parse_args()
    for extract in wanted.extracts:
        for line in of_extract(extract, wanted.points):
            print(f"{extract.name}: {line}", flush=True)  # noqa: T201 -- its answer


if __name__ == "__main__":
    main()
