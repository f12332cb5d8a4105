"""Processes that are forked for a row: they open stores of their own, speak in lines, and end."""

import os
import signal
import time
import warnings
from collections.abc import Callable
from contextlib import suppress

Say = Callable[[str], None]
_PATIENCE = 60.0
"""Seconds that a process which has done everything waits to be killed."""


def said_by(work: Callable[[Say], None]) -> list[str]:
    """What a process says that carries out `work` to its end."""
    child, reading = _start(work, waits=False)
    with os.fdopen(reading) as pipe:
        words = pipe.read().splitlines()
    os.waitpid(child, 0)
    return words


def killed_after(
    seconds: float, work: Callable[[Say], None], *, lines: int
) -> tuple[list[str], bool]:
    """What a process says before it is killed, so long after so many lines; whether it was."""
    child, reading = _start(work, waits=True)
    with os.fdopen(reading) as pipe:
        words = [pipe.readline().strip() for _line in range(lines)]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        words += pipe.read().splitlines()
    _pid, status = os.waitpid(child, 0)
    return words, os.WIFSIGNALED(status)


def _start(work: Callable[[Say], None], *, waits: bool) -> tuple[int, int]:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The runner of the tests has a thread that waits for its next message and holds nothing.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reading)

        def say(word: str) -> None:
            os.write(writing, f"{word}\n".encode())

        with suppress(BaseException):
            try:
                work(say)
            except Exception as error:
                say(f"failed {type(error).__name__}")
            if waits:
                say("")
                time.sleep(_PATIENCE)
        os._exit(0)
    os.close(writing)
    return child, reading
