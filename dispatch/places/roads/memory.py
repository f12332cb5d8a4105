"""Matrices that were asked for lately, in memory alone, for a short while.

A decision about one ride asks for points that the page before had asked for too. Points are known
by a digest under a key of this process, so that what is kept here holds no coordinates.
"""

import os
import struct
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from dispatch.places.roads.matrix import Basis, Matrix
from dispatch.places.sealed import Point

MOST_PAIRS = 2_000_000
"""Of all matrices together: 8 MB."""
KEPT = 600.0
"""Seconds."""


@dataclass(frozen=True)
class _Kept:
    edition: str
    rows: dict[bytes, int]
    seconds: list[array]
    basis: Basis
    astray: frozenset[bytes]
    until: float

    @property
    def pairs(self) -> int:
        return len(self.seconds) ** 2


class Memory:
    """The matrices used last. Safe to use from several threads."""

    def __init__(self, most: int = MOST_PAIRS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._key = os.urandom(32)
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._number = 0

    def find(self, edition: str, points: Sequence[Point]) -> Matrix | None:
        """The matrix of `points`, if one of `edition` is known that holds them all."""
        wanted = [self._digest(point) for point in points]
        with self._lock:
            self._forget_old()
            for number in reversed(self._kept):
                one = self._kept[number]
                if one.edition == edition and all(digest in one.rows for digest in wanted):
                    self._kept.move_to_end(number)
                    return _part(one, wanted)
        return None

    def keep(self, edition: str, points: Sequence[Point], matrix: Matrix) -> None:
        """Remember `matrix`, and forget what was used longest ago if there is no room."""
        digests = [self._digest(point) for point in points]
        made = _Kept(
            edition,
            {digest: row for row, digest in enumerate(digests)},
            [array("i", row) for row in matrix.seconds],
            matrix.basis,
            frozenset(digests[index] for index in matrix.astray),
            self._clock() + KEPT,
        )
        with self._lock:
            self._forget_old()
            self._number += 1
            self._kept[self._number] = made
            while sum(one.pairs for one in self._kept.values()) > self._most:
                self._kept.popitem(last=False)

    def _forget_old(self) -> None:
        now = self._clock()
        for number in [number for number, one in self._kept.items() if one.until <= now]:
            del self._kept[number]

    def _digest(self, point: Point) -> bytes:
        return blake2b(struct.pack("dd", *point), key=self._key, digest_size=16).digest()


def _part(kept: _Kept, wanted: list[bytes]) -> Matrix:
    picked = [kept.rows[digest] for digest in wanted]
    return Matrix(
        [[kept.seconds[i][j] for j in picked] for i in picked],
        kept.basis,
        frozenset(index for index, digest in enumerate(wanted) if digest in kept.astray),
    )
