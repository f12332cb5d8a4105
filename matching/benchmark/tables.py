"""The table of one set, ours beside the peers, with what it was measured on."""

from __future__ import annotations

import os
import platform
import time
from importlib import metadata
from pathlib import Path

from matching.benchmark import academic, days
from matching.benchmark.sheet import say

PACKAGES = ("ortools", "numba", "pyvroom", "pyvrp")


def run(name: str, data: Path, *, time_limit: float, threads: int) -> int:
    """Print the table of set `name`; `data` holds `days/`, `cordeau/` and `li-lim/`, or the files.

    Raises
        FileNotFoundError: it holds none of that set.
    """
    if name.startswith(academic.SETS):
        paths = academic.instances(name, data)
        sheet = academic.sheet(name, paths, time_limit=time_limit, threads=threads)
    else:
        paths = days.instances(name, data)
        sheet = days.sheet(time_limit=time_limit, threads=threads)
    say(_conditions(name, time_limit, threads), "")
    sheet.print(paths)
    return 0


def _conditions(name: str, time_limit: float, threads: int) -> str:
    """What a reader needs to know to measure the same."""
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    cores, load = os.cpu_count(), os.getloadavg()[0]
    machine = f"{platform.machine()}, {cores} cores, load {load:.1f} at the start"
    python = f"Python {platform.python_version()}"
    limits = f"{time_limit:g} s, {threads} thread(s)"
    return f"{name}, {limits}; {time.strftime('%Y-%m-%d')}; {machine}; {python}; " + ", ".join(
        versions
    )
