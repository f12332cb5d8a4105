"""The one engine of a data directory: run by whichever process needs it first, used by all."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.places import editions
from dispatch.places.roads import notice
from dispatch.places.roads.files import FOLDER, files_in
from dispatch.places.roads.keeper import STARTS_WITHIN, Keeper
from dispatch.places.roads.notice import Notice, Running
from dispatch.places.roads.programs import Programs

WAITS = STARTS_WITHIN + 2.0
"""For an engine that starts, here or in another process."""
RESTS = 30.0
"""After an engine would not start: meanwhile nobody waits for it."""
GONE = 2.0
"""How long one that was said to be gone is not believed to be there."""
_PAUSE = 0.02
"""Seconds, all of them."""


class NoEngine(Exception):
    """None runs, and none can be started now."""


@dataclass
class Engine:
    """Finds the engine that runs for `data_dir`, or runs it. Safe to use from several threads."""

    data_dir: Path
    programs: Programs
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _keeper: Keeper | None = None
    _rests_until: float = 0.0

    @property
    def folder(self) -> Path:
        """Where the files of the edition in use stand."""
        return editions.current(self.data_dir) / FOLDER

    def running(self, *, gone: Running | None = None) -> Running:
        """The engine that serves the present map, started if need be; not the one that is `gone`.

        Raises
            NoEngine: there is none.
        """
        with self._lock:
            began = time.monotonic()
            while self._rests_until < time.monotonic() < began + WAITS:
                files = files_in(self.folder)
                if files is None:
                    raise NoEngine("there is no map with roads")
                self._take_over()
                found = notice.read(self._path)
                is_back = found != gone or time.monotonic() > began + GONE
                if found is not None and found.mark == files.mark and is_back:
                    return found
                time.sleep(_PAUSE)
            self._rests_until = max(self._rests_until, began + RESTS)
        raise NoEngine("the road engine does not start")

    def end(self) -> None:
        """Let go of an engine that this process runs."""
        with self._lock:
            keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.end()

    @property
    def _path(self) -> Path:
        return notice.path_in(self.data_dir / editions.PLACES)

    def _take_over(self) -> None:
        """Run the engine if no process does."""
        before = self._keeper
        if before is not None and before.is_alive:
            return
        self._keeper = None
        if before is not None and before.has_given_up:
            self._rests_until = time.monotonic() + RESTS
            return
        held = Notice.take(self._path)
        if held is not None:
            self._keeper = Keeper(self.programs, self.folder, held)
