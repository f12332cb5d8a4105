"""One server process: as an unprivileged user, in a folder of its own, until the block ends."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 30


@contextmanager
def home_of(name: str, user: str) -> Iterator[tuple[Path, dict[str, object]]]:
    """A new folder, and the arguments that make `subprocess` run as its owner.

    That is this user; where this user is root, whom servers refuse, it is `user`. The path is
    short, because it will hold a socket, whose path may have 107 bytes.
    """
    home = Path(tempfile.mkdtemp(prefix=f"dispatch-{name}-"))
    identity: dict[str, object] = {}
    if os.geteuid() == 0:
        owner = pwd.getpwnam(user)
        os.chown(home, owner.pw_uid, owner.pw_gid)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    try:
        yield home, identity
    finally:
        shutil.rmtree(home)


@contextmanager
def running(
    command: list[str],
    home: Path,
    identity: dict[str, object],
    *,
    is_ready: Callable[[], bool],
    end: signal.Signals,
) -> Iterator[None]:
    """Run the server `command` from when it `is_ready`; `end` is the signal that ends it."""
    with subprocess.Popen(command, cwd=home, stdin=subprocess.DEVNULL, **identity) as process:
        try:
            give_up_at = time.monotonic() + START_SECONDS
            while not is_ready():
                if process.poll() is not None or time.monotonic() > give_up_at:
                    raise SystemExit(f"{command[0]} did not get ready")
                time.sleep(0.02)
            yield
        finally:
            process.send_signal(end)
            process.wait()
