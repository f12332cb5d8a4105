"""`python -m matching.compile [pooled]`: at set-up, so that nobody waits for a compiler later.

Compiles the solvers' hot loops to machine code and, where that was not done at installation, the
libraries they need to byte code: both would otherwise be done in front of the first user. The
solver of shared rides is apart, because an application that shares none need not wait for it.
"""

from __future__ import annotations

import compileall
import importlib.util
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_LIBRARIES = ("numba", "llvmlite", "numpy", "ortools")


def main(part: str) -> None:
    """Compile what is not compiled yet: `pooled` for shared rides, else everything but them."""
    if part == "pooled":
        _warm_pooled()
        return
    for name in _LIBRARIES:
        found = importlib.util.find_spec(name)
        for folder in (found.submodule_search_locations or ()) if found else ():
            compileall.compile_dir(folder, quiet=2, workers=0)
    _warm_solo()


def _warm_solo() -> None:
    """Compile every kernel of one ride at a time, on two cores."""
    from matching.compiled import forget_older
    from matching.solo import rehearsal

    forget_older(_HERE / "solo")
    # The compiler holds a lock of the whole process: beside each other means in another one.
    beside = "from matching.solo import rehearsal; rehearsal.better_a_small_day()"
    with subprocess.Popen([sys.executable, "-c", beside], cwd=_HERE.parent) as search:  # noqa: S603
        rehearsal.solve_a_small_day()
        search.wait()


def _warm_pooled() -> None:
    """Compile every kernel of shared rides: up to a minute the first time."""
    from matching.compiled import forget_older
    from matching.pooled import rehearsal

    forget_older(_HERE / "pooled")
    rehearsal.solve_one_of_each()


if __name__ == "__main__":
    main("".join(sys.argv[1:]))
