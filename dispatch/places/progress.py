"""How far an import is, on the terminal: a bar where the share is known, else seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from dispatch.places.editions import Told

PATIENCE = 2.0
"""Seconds that pass in silence; where no terminal is, a line comes as seldom."""
_WIDTH = 30


class Progress:
    """Hears what an import does and writes it to `stream`: one line, written over and over.

    Where `stream` is no terminal, each report is a line of its own.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._begun = self._said = clock()
        self._has_said = False

    def told(self, step: str, share: float | None) -> None:
        """Say that `step` goes on, of which `share` is done."""
        moment = self._clock()
        pause = 0.1 if self._stream.isatty() else PATIENCE
        if moment - self._begun < PATIENCE or moment - self._said < pause:
            return
        self._said = moment
        seconds = f"{moment - self._begun:.0f} s"
        if share is None:
            self._write(f"{step} ... {seconds}")
        else:
            bar = "#" * round(share * _WIDTH)
            self._write(f"{step} [{bar:<{_WIDTH}}] {share:4.0%} {seconds}")

    def ended(self) -> None:
        """Leave the line, so that the next words begin on a fresh one."""
        if self._has_said and self._stream.isatty():
            self._stream.write("\n")

    def _write(self, line: str) -> None:
        self._has_said = True
        self._stream.write(f"\r\033[K{line}" if self._stream.isatty() else f"{line}\n")
        self._stream.flush()


class Together:
    """Joins what several threads tell into one line, and tells it on."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._steps: dict[object, str] = {}

    @contextmanager
    def part(self) -> Iterator[Told]:
        """What one of them tells; it is over with the block."""
        key = object()

        def tell(step: str, share: float | None) -> None:
            with self._lock:
                self._steps[key] = step if share is None else f"{step} {share:.0%}"
                self._told(", ".join(self._steps.values()), None)

        try:
            yield tell
        finally:
            with self._lock:
                self._steps.pop(key, None)
