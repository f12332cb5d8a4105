"""The demo as a newcomer types it, in a directory of its own, until the block ends."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALL = "import sys; from dispatch import cli; sys.exit(cli.main(['demo', *sys.argv[1:]]))"
_ENDS_WITHIN = 60.0
"""Seconds."""


@contextmanager
def a_demo(path: Path, *words: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A running demo in `path`, and what it printed until it said how to end it."""
    environ = {key: value for key, value in os.environ.items() if key != "DISPATCH_DATA"}
    process = subprocess.Popen(
        [sys.executable, "-c", CALL, "--data-dir", str(path), *words],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed = []
    try:
        for line in process.stdout:
            printed.append(line)
            if "Ctrl-C" in line:
                break
        yield process, "".join(printed)
    finally:
        process.terminate()
        process.communicate(timeout=_ENDS_WITHIN)


def port_of(printed: str) -> int:
    """Where it can be opened."""
    return int(re.search(r"http://127\.0\.0\.1:(\d+)", printed)[1])


def children_of(pid: int) -> list[int]:
    """The web server and the worker of the demo `pid`."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]


def worker_of(pid: int) -> int:
    """The worker alone, as soon as it has become one: a new process has its parent's words first.

    Raises
        TimeoutError: there is none.
    """
    until = time.monotonic() + _ENDS_WITHIN
    while time.monotonic() < until:
        for child in children_of(pid):
            if b"'worker'" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        time.sleep(0.05)
    raise TimeoutError(f"the demo {pid} has no worker")
