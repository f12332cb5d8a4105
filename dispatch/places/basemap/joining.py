"""Pieces of one street, joined end to end where it goes straightest on.

A map has a piece for each bridge, lane and crossing. A name is written along one line: along a
short piece it would not fit.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from dispatch.places.gazetteer.ground import pack, unpack

Spot = tuple[float, float]
"""Longitude and latitude, as in a tile."""
_SHARPEST = math.radians(100)
"""A sharper turn is the corner of a block, where the name begins anew."""


@dataclass
class Pieces:
    """The pieces of every street, by what they have in common; packed, as a state has millions."""

    _by_street: dict[Hashable, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def add(self, street: Hashable, line: list[Spot]) -> None:
        """One piece; `street` is all that makes two pieces one street."""
        self._by_street[street].append(pack(line))

    def joined(self) -> Iterator[tuple[Hashable, list[Spot]]]:
        """The lines of every street, as long as they go."""
        for street, packed in self._by_street.items():
            for line in join([unpack(one) for one in packed]):
                yield street, line


def join(lines: list[list[Spot]]) -> list[list[Spot]]:
    """`lines` joined where one ends at exactly the spot where another begins or ends."""
    if len(lines) == 1:
        return lines
    ends: dict[Spot, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        ends[line[0]].add(number)
        ends[line[-1]].add(number)
    left, joined = dict(enumerate(lines)), []
    while left:
        number, line = left.popitem()
        _forget(ends, number, line)
        for _side in range(2):
            line = _prolonged(line, left, ends)
            line.reverse()
        joined.append(line)
    return joined


def _prolonged(
    line: list[Spot], left: dict[int, list[Spot]], ends: dict[Spot, set[int]]
) -> list[Spot]:
    """A line that goes on at its end as far as there are pieces, which are taken out of `left`."""
    line = list(line)
    while found := _straightest(line, left, ends):
        number, onward = found
        _forget(ends, number, left.pop(number))
        line += onward[1:]
    return line


def _straightest(
    line: list[Spot], left: dict[int, list[Spot]], ends: dict[Spot, set[int]]
) -> tuple[int, list[Spot]] | None:
    best, found = _SHARPEST, None
    for number in ends[line[-1]]:
        piece = left[number]
        onward = piece if piece[0] == line[-1] else piece[::-1]
        turn = _turn(line[-2], line[-1], onward[1])
        if turn < best:
            best, found = turn, (number, onward)
    return found


def _forget(ends: dict[Spot, set[int]], number: int, line: list[Spot]) -> None:
    for spot in (line[0], line[-1]):
        ends[spot].discard(number)


def _turn(before: Spot, here: Spot, after: Spot) -> float:
    flat = math.cos(math.radians(here[1]))
    came = math.atan2(here[1] - before[1], (here[0] - before[0]) * flat)
    goes = math.atan2(after[1] - here[1], (after[0] - here[0]) * flat)
    return abs(math.remainder(goes - came, math.tau))
