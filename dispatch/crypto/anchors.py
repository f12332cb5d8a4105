"""Anchors: a file outside the database and its backups that only grows.

It says how long the log was at a moment, and which keys were destroyed. So a log whose end was cut
off is noticed, and a key store that was put back from before an erasure forgets again. Each line
is JSON with a proof that only this installation can make; it names nobody.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

_TAIL = 16_384
"""Bytes in which the newest line about the log almost always is."""


class Kind(Enum):
    """What a line is about."""

    LOG = "log"
    """The log had so many rows, and its last one this seal."""
    DESTROYED = "destroyed"
    """The keys of the owner with this mark were destroyed."""
    RESTORED = "restored"
    """The database was put back from a backup whose log was so long."""


@dataclass(frozen=True)
class Anchor:
    """One line."""

    kind: Kind
    at: datetime
    position: int = 0
    """Of the last row of the log."""
    mark: bytes = b""
    """The seal of that row; the mark of an owner."""


class Anchors:
    """The file of one installation. A class because it knows where it is and how to prove lines."""

    def __init__(self, path: Path, key: Callable[[], bytes]) -> None:
        self.path = path
        self._key = key

    def add(self, *fresh: Anchor) -> None:
        """Write lines at the end; they are on disk when it returns."""
        text = "".join(
            f"{json.dumps({**_told(one), 'proof': self._proof(one)})}\n" for one in fresh
        )
        self._append(text.encode())

    def read(self) -> list[Anchor]:
        """Every line whose proof is right, in the order of writing."""
        return self._proven(self._lines())

    def newest_of_log(self) -> Anchor | None:
        """The last line about how long the log was; looked for at the end of the file first."""
        for size in (_TAIL, None):
            lines = self._lines(size)
            found = [one for one in self._proven(lines) if one.kind is not Kind.DESTROYED]
            if found:
                return found[-1]
        return None

    def untrue(self) -> int:
        """How many lines prove nothing: somebody else wrote or changed them."""
        lines = self._lines()
        return len(lines) - len(self._proven(lines))

    def take_in(self, text: bytes) -> None:
        """Add the lines of another copy of the file, from a backup, that this one does not have."""
        known = set(self._lines())
        fresh = [line for line in text.splitlines() if line.strip() and line not in known]
        if fresh:
            self._append(b"".join(line + b"\n" for line in fresh))

    def contents(self) -> bytes:
        """The whole file, for a backup."""
        return self.path.read_bytes() if self.path.exists() else b""

    def marks(self) -> set[bytes]:
        """The marks of all owners whose keys were destroyed."""
        return {one.mark for one in self.read() if one.kind is Kind.DESTROYED}

    def _append(self, content: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(_after_a_torn_line(self.path) + content)
            file.flush()
            os.fsync(file.fileno())

    def _lines(self, last: int | None = None) -> list[bytes]:
        """The lines that are not empty; only those in the `last` bytes."""
        if last is None or not self.path.exists():
            return [line for line in self.contents().splitlines() if line.strip()]
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - last))
            return [line for line in file.read().splitlines() if line.strip()]

    def _proven(self, lines: Iterable[bytes]) -> list[Anchor]:
        found = []
        for line in lines:
            try:
                told = json.loads(line)
                one = _anchor(told)
                proof = str(told["proof"])
            except (ValueError, KeyError, TypeError):
                continue
            if hmac.compare_digest(proof.encode(), self._proof(one).encode()):
                found.append(one)
        return found

    def _proof(self, one: Anchor) -> str:
        told = json.dumps(_told(one)).encode()
        return hmac.new(self._key(), told, hashlib.sha256).hexdigest()


def _told(one: Anchor) -> dict[str, object]:
    return {
        "at": one.at.isoformat(),
        "kind": one.kind.value,
        "mark": one.mark.hex(),
        "position": one.position,
    }


def _anchor(told: dict[str, object]) -> Anchor:
    return Anchor(
        kind=Kind(told["kind"]),
        at=datetime.fromisoformat(str(told["at"])),
        position=int(str(told["position"])),
        mark=bytes.fromhex(str(told["mark"])),
    )


def _after_a_torn_line(path: Path) -> bytes:
    """What ends a line that a crash left unfinished: the next one stands for itself."""
    content = path.read_bytes()
    return b"\n" if content and not content.endswith(b"\n") else b""
