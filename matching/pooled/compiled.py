"""How the hot loops of shared rides are compiled, and where the machine code is kept.

Numba watches only the file of the function that is called from Python, not the files of the
functions that it calls in turn. Machine code is therefore kept in a folder named after the
content of all source files of this package: a changed line never meets code compiled before it.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numba

_HERE = Path(__file__).parent


@cache
def _cache_folder() -> str:
    """The folder for machine code of exactly these sources."""
    digest = hashlib.sha256()
    for source in sorted(_HERE.glob("*.py")):
        digest.update(source.read_bytes())
    parent = _HERE / "__pycache__"
    if not os.access(parent if parent.exists() else _HERE, os.W_OK):
        parent = Path(tempfile.gettempdir()) / f"matching-{os.getuid()}"
    return str(parent / f"machine-code-{digest.hexdigest()[:16]}")


def kernel(function: Callable) -> Callable:
    """Compile `function` on its first call, or load what an earlier process compiled.

    For the few functions that Python calls. They release the interpreter lock.
    """
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _cache_folder()
    try:
        return numba.njit(function, cache=True, nogil=True, error_model="numpy")
    finally:
        numba.config.CACHE_DIR = before


def inner(function: Callable) -> Callable:
    """Mark `function` as part of kernels: compiled into each kernel that calls it.

    It must not allocate: reference counting is left out (`_nrt`), which would otherwise touch
    every array of its arguments on every call and takes longer than what most of them do.
    """
    return numba.njit(function, nogil=True, error_model="numpy", _nrt=False)


def tiny(function: Callable) -> Callable:
    """Mark `function` as part of kernels, to be pasted into its callers.

    Passing a dozen arrays costs more than what these functions do.
    """
    return numba.njit(function, nogil=True, error_model="numpy", forceinline=True)


def warm() -> None:
    """Compile everything once, so that no later process has to, and forget older machine code.

    Called at set-up; takes up to a minute the first time and a moment afterwards.
    """
    from matching.pooled import rehearsal

    present = Path(_cache_folder())
    for old in present.parent.glob("machine-code-*"):
        if old != present:
            shutil.rmtree(old, ignore_errors=True)
    rehearsal.solve_one_of_each()
