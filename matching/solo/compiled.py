"""How the hot loops are compiled, and where their machine code is kept.

Numba watches only the file of the function that Python calls, not those of the functions it calls
in turn. Machine code is therefore kept in a folder named after the content of all sources of this
package: a changed line never meets code compiled before it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numba

_HERE = Path(__file__).parent
_MARK = b"matching.solo.compiled"
"""Only sources that name this module can hold compiled functions."""


@cache
def _cache_folder() -> str:
    """The folder for machine code of exactly these sources."""
    digest = hashlib.sha256()
    for source in sorted(_HERE.glob("*.py")):
        text = source.read_bytes()
        if _MARK in text:
            digest.update(text)
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
    """Mark `function` as part of kernels: compiled into each kernel that calls it."""
    return numba.njit(function, nogil=True, error_model="numpy")


def merged(function: Callable) -> Callable:
    """Mark `function` as part of kernels whose calls would cost more than its work.

    It is merged into its callers before compilation: arguments that are tables of arrays would
    otherwise be copied for every call.
    """
    return numba.njit(function, nogil=True, error_model="numpy", inline="always")


def warm() -> None:
    """Compile every kernel once, on two cores, so that no later process has to."""
    from matching.solo import rehearsal

    # The compiler holds a lock of the whole process: beside each other means in another one.
    beside = "from matching.solo import rehearsal; rehearsal.better_a_small_day()"
    with subprocess.Popen([sys.executable, "-c", beside], cwd=_HERE.parent.parent) as search:  # noqa: S603
        rehearsal.solve_a_small_day()
        search.wait()
