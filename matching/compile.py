"""`python -m matching.compile [pooled]`: at set-up, so that nobody waits for a compiler later.

Compiles the solvers' hot loops to machine code and, where that was not done at installation, the
libraries they need to byte code: both would otherwise be done in front of the first user. The
solver of shared rides is apart, because an application that shares none need not wait for it.
"""

from __future__ import annotations

import compileall
import importlib.util
import sys

_LIBRARIES = ("numba", "llvmlite", "numpy", "ortools")


def main(part: str) -> None:
    """Compile what is not compiled yet: `pooled` for shared rides, else everything but them."""
    if part == "pooled":
        from matching.pooled import compiled as pooled

        pooled.warm()
        return
    for name in _LIBRARIES:
        found = importlib.util.find_spec(name)
        for folder in (found.submodule_search_locations or ()) if found else ():
            compileall.compile_dir(folder, quiet=2, workers=0)
    from matching.solo import compiled as solo

    solo.warm()


if __name__ == "__main__":
    main("".join(sys.argv[1:]))
