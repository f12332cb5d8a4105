"""`python -m matching.compile`: done once at set-up, so that nobody waits for a compiler later.

Compiles the solvers' hot loops to machine code and, where that was not done at installation, the
libraries they need to byte code: both would otherwise be done in front of the first user.
"""

from __future__ import annotations

import compileall
import importlib.util

_LIBRARIES = ("numba", "llvmlite", "numpy", "ortools")


def main() -> None:
    """Compile everything that is not compiled yet."""
    for name in _LIBRARIES:
        found = importlib.util.find_spec(name)
        for folder in (found.submodule_search_locations or ()) if found else ():
            compileall.compile_dir(folder, quiet=2, workers=0)
    from matching.pooled import compiled as pooled
    from matching.solo import compiled as solo

    solo.warm()
    pooled.warm()


if __name__ == "__main__":
    main()
