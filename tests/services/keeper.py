"""A server shared by all processes of one test run, ended when the last of them is gone.

Every process that uses the server holds a shared lock on one file; the operating system drops it
however the process ends. The keeper, a small process of its own, started the server and waits for
the exclusive lock: it gets it when nobody is left, ends the server and removes its files. So
nothing stays behind after the end of a run, Ctrl-C, or a kill.
"""

import fcntl
import importlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class ServerFailed(Exception):
    """The server did not start; with what it said."""


def folder_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this test run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def kept(folder: Path, server: str) -> Iterator[dict[str, str]]:
    """Use `server`, a module here with `serving()`; what that yields, e.g. its socket.

    Raises
        ServerFailed: it did not start.
    """
    with (folder / f"{server}.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        facts = folder / f"{server}.json"
        with (folder / f"{server}.starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not facts.exists():
                _start(folder, server, facts)
        yield json.loads(facts.read_text("utf-8"))


def _start(folder: Path, server: str, facts: Path) -> None:
    log = folder / f"{server}.log"
    anew = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    keeper = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", __name__, server, str(folder)],
        {**os.environ, "PYTHONPATH": str(ROOT)},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), anew, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    give_up_at = time.monotonic() + START_SECONDS
    while not facts.exists():
        ended, _ = os.waitpid(keeper, os.WNOHANG)
        if ended or time.monotonic() > give_up_at:
            raise ServerFailed(f"{server} did not start:\n{log.read_text('utf-8')}")
        time.sleep(0.02)


def keep(server: str, folder: Path) -> None:
    """Serve until nobody holds the lock any more."""
    os.setsid()  # so that Ctrl-C reaches the users, and the keeper only by their end
    facts = folder / f"{server}.json"
    serving = importlib.import_module(f"tests.services.{server}").serving
    with (folder / f"{server}.users").open("w") as users, serving() as known:
        part = facts.with_suffix(".part")
        part.write_text(json.dumps(known), "utf-8")
        part.replace(facts)
        fcntl.flock(users, fcntl.LOCK_EX)
        facts.unlink()


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
