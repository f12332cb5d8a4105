"""`python3 -m dispatch test`: every test on all cores, and at the end what was left out."""

import argparse
import os
import shutil
from pathlib import Path

import pytest

_MORE = """\
Everything else goes to pytest: paths, -k EXPRESSION, -x, --lf, -n 0 for a single process.
Tests that need PostgreSQL, Redis, Chromium or the shared data are left out where that is absent,
and the end of the run says so; with CI=true in the environment such a gap is a failure."""


_MEMORY = Path("/dev/shm")  # noqa: S108 only the tests' own folders are made there
_ROOM = 6 * 1024**3
"""Bytes that must be free there: a failed run leaves its folders behind."""


def memory() -> Path | None:
    """A folder in memory with room for databases, which wait for no disk there; if there is one."""
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if has_room else None


def work_in_memory() -> None:
    """Let the tests' folders lie in memory where there is room."""
    folder = memory()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def run(arguments: list[str]) -> int:
    """Run the tests that `arguments` choose, all without any; pytest's exit status."""
    parser = argparse.ArgumentParser(
        prog="python3 -m dispatch test",
        usage="%(prog)s [--data-dir DIR] [options and paths of pytest]",
        description="Run the project's tests.",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="taken as by every command, and left alone: each test makes its own data",
    )
    _, rest = parser.parse_known_args(arguments)
    os.chdir(Path(__file__).parents[1])
    work_in_memory()
    return int(pytest.main(["-n", "auto", "--dist", "loadgroup", *rest]))
