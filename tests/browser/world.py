"""A whole installation on this machine: the demo, started as a newcomer starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch import clock
from dispatch.app import open_database
from dispatch.config import REPOSITORY
from dispatch.db.transactions import Database
from dispatch.demo import command
from dispatch.people.models import Group
from tests.services import demo

_ZONES = (
    "Pacific/Honolulu", "America/Vancouver", "America/Denver", "America/New_York",
    "America/Sao_Paulo", "Europe/London", "Africa/Johannesburg", "Asia/Karachi",
    "Asia/Bangkok", "Asia/Tokyo", "Pacific/Noumea", "Pacific/Auckland",
)  # fmt: skip
"""Around the world in steps of three hours at most."""


def zone_in_the_forenoon(now: datetime) -> str:
    """A zone in which the day is young at `now`: the rides of the next hours are all of one day.

    So nothing has to pretend that it is another time than it is.
    """
    return min(_ZONES, key=lambda name: abs(now.astimezone(ZoneInfo(name)).hour - 9))


@dataclass(frozen=True)
class Installation:
    """A running demo, reached at `address`, with its database open on this side too."""

    address: str
    database: Database
    worker: int
    """The worker's process."""
    printed: str
    """What the demo told whoever started it."""

    def email_of(self, name: str) -> str:
        """What somebody signs in with, as the demo printed it."""
        return re.search(rf"(\S+@example\.org)\s+{name}\b", self.printed)[1]

    @property
    def pass_phrase(self) -> str:
        """Of all the accounts that were printed."""
        return re.search(r"pass phrase of all of them: (.+)", self.printed)[1]

    def local_now(self, group: str) -> datetime:
        """This moment, where the group with this name is."""
        with self.database.transaction(reads_only=True) as session:
            found = session.scalars(select(Group).where(Group.name == group)).one()
            return clock.now().astimezone(found.zone)

    @contextmanager
    def worker_resting(self) -> Iterator[None]:
        """Nobody takes up a match run while the block runs."""
        os.kill(self.worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.worker, signal.SIGCONT)


@contextmanager
def running(folder: Path) -> Iterator[Installation]:
    """A new demo in `folder`, ready to be used; its processes end with the block.

    Raises
        RuntimeError: it did not start; the message is what it printed.
    """
    # As the set-up does it: else the first match run would be spent on compiling the solvers.
    subprocess.run([sys.executable, "-m", "matching.compile"], cwd=REPOSITORY, check=True)
    path = folder / "demo"
    with demo.a_demo(path, "--port", str(_free_port())) as (process, printed):
        if process.poll() is not None:
            raise RuntimeError(printed)
        address = f"http://127.0.0.1:{demo.port_of(printed)}"
        database = open_database(command.settings_of(str(path), address))
        try:
            yield Installation(address, database, demo.worker_of(process.pid), printed)
        finally:
            database.engine.dispose()
            database.vault.keys.close()


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return asking.getsockname()[1]
