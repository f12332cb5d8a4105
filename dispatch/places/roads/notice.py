"""The private file by which processes share one engine: who holds its lock keeps the engine.

The system lets go of the lock when its holder ends, however that happens; so whoever finds the
lock free may take over, and what the file says holds only while somebody has the lock.
"""

import fcntl
import json
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Running:
    """An engine that answers."""

    port: int
    process: int
    mark: str
    """Of the files that it serves."""


def path_in(folder: Path) -> Path:
    """The file for this machine's own loopback.

    Another machine, or a container with a network of its own, may see the same folder: an engine
    there could not be reached.
    """
    network = os.stat("/proc/self/ns/net").st_ino
    return folder / f"engine-{socket.gethostname()}-{network}.lock"


class Notice:
    """The lock, held. A class because it holds the open file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> "Notice | None":
        """The lock, with the file emptied; None while another process has it."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        notice = cls(descriptor)
        notice.say(None)
        return notice

    def say(self, running: Running | None) -> None:
        """Tell others what runs now."""
        os.ftruncate(self._descriptor, 0)
        if running is not None:
            os.pwrite(self._descriptor, json.dumps(asdict(running)).encode(), 0)

    def close(self) -> None:
        """Let go of the lock."""
        self.say(None)
        os.close(self._descriptor)


def read(path: Path) -> Running | None:
    """What the holder of the lock says; None where nothing runs, or it is just being written."""
    try:
        return Running(**json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
