"""The directory of a demo: made, recognised, locked while in use, erased; never one of others."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dispatch.config import DEMO_MARK

_LOCK = "demo.lock"


class NotADemo(Exception):
    """The directory holds something that no demo put there; the message says what to do."""


class AlreadyRunning(Exception):
    """A demo runs on this directory; the message is its address."""


class DemoDirectory:
    """Where one demo lives. A class because it is asked again and again about one path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._marker = path / DEMO_MARK

    @contextmanager
    def in_use(self, address: str) -> Iterator[None]:
        """Let no second demo run here meanwhile; whoever tries learns `address`.

        Raises
            NotADemo: something else is here.
            AlreadyRunning: a demo is.
        """
        self._require_ours()
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.path / _LOCK).open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise AlreadyRunning(lock.read().strip()) from error
            lock.truncate(0)
            lock.write(address)
            lock.flush()
            yield

    def made_at(self) -> datetime | None:
        """When the town was made; None where there is none yet, or only a part of one."""
        if not self._marker.exists():
            return None
        told = json.loads(self._marker.read_text())["made_at"]
        return None if told is None else datetime.fromisoformat(told)

    def begin(self) -> None:
        """Empty the directory of a demo, or of what a broken start left, and mark it as one.

        To be called while it is `in_use`.
        """
        for path in self.path.iterdir():
            if path.name == _LOCK:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        self._mark(None)

    def finish(self, made_at: datetime) -> None:
        """Note that the town is whole."""
        self._mark(made_at)

    def _mark(self, made_at: datetime | None) -> None:
        part = self._marker.with_suffix(".part")
        part.write_text(json.dumps({"made_at": made_at and made_at.isoformat()}))
        part.replace(self._marker)

    def _require_ours(self) -> None:
        if not self.path.exists() or self._marker.exists():
            return
        if any(path.name != _LOCK for path in self.path.iterdir()):
            raise NotADemo(
                f"{self.path} holds something that is no demo. "
                "Name another directory with --data-dir."
            )
