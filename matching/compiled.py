"""How the hot loops are compiled, and where their machine code is kept.

Numba watches only the file of the function that Python calls, not those of the functions it calls
in turn. Machine code is therefore kept in a folder named after the content of the sources it is
made of, one for each solver: a changed line never meets code compiled before it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numba

_MARK = "matching.compiled"
"""Only sources that name this module hold compiled functions."""
_FOLDERS = "machine-code-"


def kernel(function: Callable) -> Callable:
    """Compile `function` on its first call, or load what an earlier process compiled.

    For the few functions that Python calls. They release the interpreter lock.
    """
    package = Path(sys.modules[function.__module__].__file__ or "").parent
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_folder(package))
    try:
        return numba.njit(function, cache=True, nogil=True, error_model="numpy")
    finally:
        numba.config.CACHE_DIR = before


def inner(function: Callable) -> Callable:
    """Mark `function` as part of kernels: compiled into each kernel that calls it.

    It must neither allocate nor return arrays: reference counting is left out (`_nrt`), which
    would otherwise touch every array of its arguments on every call and takes longer than what
    most of these functions do.
    """
    return numba.njit(function, nogil=True, error_model="numpy", _nrt=False)


def tiny(function: Callable) -> Callable:
    """Mark `function` as part of kernels, to be pasted as machine code into its callers.

    Passing a dozen arrays costs more than what these functions do.
    """
    return numba.njit(function, nogil=True, error_model="numpy", forceinline=True)


def merged(function: Callable) -> Callable:
    """Mark `function` as part of kernels, to be merged into its callers before compilation.

    For what allocates, and for what is called with tables of arrays that would otherwise be
    copied for every call.
    """
    return numba.njit(function, nogil=True, error_model="numpy", inline="always")


def forget_older(package: Path) -> None:
    """Remove machine code made of other versions of a package's sources."""
    present = _folder(package)
    for folder in present.parent.glob(f"{_FOLDERS}*"):
        if folder != present:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def _folder(package: Path) -> Path:
    """The folder for machine code of exactly the present sources of a package."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in _sources(package):
        digest.update(source.encode("utf-8"))
    parent = package / "__pycache__"
    if not os.access(parent if parent.exists() else package, os.W_OK):
        # A service that may not write here has a folder of its own, which outlives it.
        kept = os.environ.get("CACHE_DIRECTORY") or tempfile.gettempdir()
        parent = Path(kept) / f"matching-{os.getuid()}" / package.name
    return parent / f"{_FOLDERS}{digest.hexdigest()[:16]}"


def _sources(package: Path) -> list[str]:
    """The texts that machine code depends on: with compiled functions, or constants of theirs."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(package.glob("*.py"))}
    compiled = [text for text in texts.values() if _MARK in text]
    return [
        text
        for stem, text in texts.items()
        if _MARK in text or any(f".{stem} import " in other for other in compiled)
    ]
