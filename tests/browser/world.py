"""A whole installation on this machine: keys, database, web server with two processes, a worker."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch import clock, config, installation
from dispatch.config import REPOSITORY, Settings
from dispatch.db.transactions import Database
from dispatch.people import service as people
from dispatch.policy.actor import SYSTEM

_HEALTHY_WITHIN = 60.0
_ENDS_WITHIN = 10.0
"""Seconds."""
_MATCH_SECONDS = 20
_ZONES = (
    "Pacific/Honolulu", "America/Vancouver", "America/Denver", "America/New_York",
    "America/Sao_Paulo", "Europe/London", "Africa/Johannesburg", "Asia/Karachi",
    "Asia/Bangkok", "Asia/Tokyo", "Pacific/Noumea", "Pacific/Auckland",
)  # fmt: skip
"""Around the world in steps of three hours at most."""
_numbers = count(1)


def zone_in_the_forenoon(now: datetime) -> str:
    """A zone in which the day is young at `now`: the rides of the next hours are all of one day.

    So nothing has to pretend that it is another time than it is.
    """
    return min(_ZONES, key=lambda name: abs(now.astimezone(ZoneInfo(name)).hour - 9))


@dataclass
class Installation:
    """A running installation, reached at `address`, with its database open on this side too."""

    address: str
    settings: Settings
    database: Database
    worker: "subprocess.Popen[bytes]"

    def invite_steward(self) -> tuple[str, str]:
        """A new steward, made as the command `init` does it; e-mail, and the code of the link."""
        email = f"steward{next(_numbers)}@example.org"
        with self.database.transaction() as session:
            _user, code = people.make_steward(session, SYSTEM, "Sam", email, "en", now=clock.now())
        return email, code

    @contextmanager
    def worker_resting(self) -> Iterator[None]:
        """Nobody takes up a match run while the block runs."""
        self.worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.worker.send_signal(signal.SIGCONT)


@contextmanager
def running(folder: Path) -> Iterator[Installation]:
    """A new installation in `folder`, ready to be used; its processes end with the block."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    settings = config.load(str(folder / "data"), base_url=address, match_seconds=_MATCH_SECONDS)
    database = installation.prepare(settings)
    # As the set-up does it: else the first match run would be spent on compiling the solvers.
    subprocess.run([sys.executable, "-m", "matching.compile"], cwd=REPOSITORY, check=True)
    environ = {
        **installation.environment(settings),
        "DISPATCH_MATCH_SECONDS": str(settings.match_seconds),
    }
    with ExitStack() as stack:
        stack.callback(_close, database)
        serving = installation.serving_command("127.0.0.1", port, workers=2)
        web = stack.enter_context(_process(serving, environ, folder / "web.log"))
        worker = stack.enter_context(
            _process(installation.working_command(), environ, folder / "worker.log")
        )
        _wait_until_healthy(port, web, folder / "web.log")
        yield Installation(address, settings, database, worker)


@contextmanager
def _process(
    command: list[str], environ: dict[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that runs until the block ends, by its own id; what it says is in `log`."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            env=environ,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_healthy(port: int, web: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + _HEALTHY_WITHIN
    while not _is_healthy(port):
        if web.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"the web server did not start:\n{log.read_text()}")
        time.sleep(0.05)


def _is_healthy(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/health")
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return asking.getsockname()[1]


def _close(database: Database) -> None:
    database.engine.dispose()
    database.vault.keys.close()
