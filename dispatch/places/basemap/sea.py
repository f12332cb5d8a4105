"""The sea, which no extract holds as an area: shores joined and closed along the extract's edge.

A shore has land to its left and water to its right. Inside the frame of the extract, each piece of
shore runs from one spot on the frame to another; going round the frame from where a piece ends,
with the water to the right, one comes to where another begins.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatch.places.basemap.joining import Spot

Ring = list[Spot]
_NEAR = 0.05
"""Share of the frame's shorter side: a shore that ends so near to the frame was cut off at it."""


@dataclass(frozen=True)
class Box:
    """The frame of an extract, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, spot: Spot) -> bool:
        """Whether `spot` lies inside or on the edge."""
        return self.west <= spot[0] <= self.east and self.south <= spot[1] <= self.north

    def pushed_out(self, spot: Spot) -> Spot | None:
        """The spot on the edge next to `spot`; None where the edge is far."""
        near = min(self.east - self.west, self.north - self.south) * _NEAR
        x, y = spot
        away, where = min(
            (x - self.west, (self.west, y)), (self.east - x, (self.east, y)),
            (y - self.south, (x, self.south)), (self.north - y, (x, self.north)),
        )  # fmt: skip
        return where if away <= near else None

    def round_at(self, spot: Spot) -> float:
        """How far `spot` of the edge is, counted clockwise from the south-west corner: 0 to 4."""
        x, y = spot
        across = (x - self.west) / (self.east - self.west)
        up = (y - self.south) / (self.north - self.south)
        sides = (
            (abs(across), up), (abs(up - 1), 1 + across), (abs(across - 1), 3 - up),
            (abs(up), 4 - across),
        )  # fmt: skip
        return min(sides)[1]

    def corners(self, start: float, end: float) -> Ring:
        """The corners on the way clockwise from `start` to `end`."""
        end = end if end > start else end + 4
        return [self._corner(number % 4) for number in range(math.floor(start) + 1, math.ceil(end))]

    def _corner(self, number: int) -> Spot:
        return (
            (self.west, self.south), (self.west, self.north), (self.east, self.north),
            (self.east, self.south),
        )[number]  # fmt: skip


def areas_of(shores: Sequence[Ring], box: Box) -> list[list[Ring]]:
    """The water behind `shores` within `box`: areas of an outer ring and those of its islands.

    Nothing where there is no shore, or where a shore ends in the middle: what is behind it then
    is not known.
    """
    pieces: list[Ring] = []
    outer: list[Ring] = []
    islands: list[Ring] = []
    for line in chained(shores):
        if line[0] == line[-1] and all(map(box.holds, line)):
            (islands if _is_land(line) else outer).append(line)
            continue
        found = list(_inside(line, box))
        if None in found:
            return []
        pieces += found
    rings = _closed(pieces, box)
    if rings is None:
        return []
    outer += rings
    if islands and not outer:
        corner = (box.west, box.south)
        outer = [[corner, *box.corners(0.0, 4.0), corner]]
    return [[ring, *(one for one in islands if _holds(ring, one[0]))] for ring in outer]


def chained(lines: Sequence[Ring]) -> list[Ring]:
    """`lines` in one piece where one ends at the spot where another begins."""
    following = {line[0]: line for line in lines}
    lasts = {line[-1] for line in lines}
    firsts = [line for line in lines if line[0] not in lasts]
    found = []
    for start in [*firsts, *lines]:
        if following.get(start[0]) is not start:
            continue
        chain = list(following.pop(start[0]))
        while chain[-1] in following:
            chain += following.pop(chain[-1])[1:]
        found.append(chain)
    return found


def _inside(line: Ring, box: Box) -> Iterator[Ring | None]:
    """The parts of `line` inside, each from edge to edge; None for one that ends in the middle."""
    parts: list[Ring] = []
    for one, other in pairwise(line):
        cut = _cut(one, other, box)
        if cut is None:
            continue
        if parts and parts[-1][-1] == cut[0]:
            parts[-1].append(cut[1])
        else:
            parts.append([cut[0], cut[1]])
    if len(parts) > 1 and parts[-1][-1] == parts[0][0]:
        parts[0] = parts.pop()[:-1] + parts[0]
    for part in parts:
        start, end = box.pushed_out(part[0]), box.pushed_out(part[-1])
        yield [start, *part, end] if start and end else None


def _cut(one: Spot, other: Spot, box: Box) -> tuple[Spot, Spot] | None:
    """What of the straight line lies inside, after Liang and Barsky."""
    begin, end = 0.0, 1.0
    x, y = other[0] - one[0], other[1] - one[1]
    for step, room in (
        (-x, one[0] - box.west), (x, box.east - one[0]),
        (-y, one[1] - box.south), (y, box.north - one[1]),
    ):  # fmt: skip
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            begin = max(begin, room / step)
        else:
            end = min(end, room / step)
    if begin >= end:
        return None
    first = one if begin == 0 else (one[0] + x * begin, one[1] + y * begin)
    last = other if end == 1 else (one[0] + x * end, one[1] + y * end)
    return first, last


def _closed(pieces: list[Ring], box: Box) -> list[Ring] | None:
    """The rings that `pieces` make with the edge; None where ends and beginnings do not alternate,
    so that a piece must be missing.
    """
    begins = {box.round_at(piece[0]): number for number, piece in enumerate(pieces)}
    ends = {box.round_at(piece[-1]): number for number, piece in enumerate(pieces)}
    marks = sorted([(at, True) for at in begins] + [(at, False) for at in ends])
    if len(marks) != 2 * len(pieces) or any(a[1] == b[1] for a, b in pairwise(marks)):
        return None
    rings, left = [], set(range(len(pieces)))
    while left:
        first = number = left.pop()
        ring: Ring = []
        while True:
            ring += pieces[number]
            end = box.round_at(pieces[number][-1])
            begin = min((at for at in begins if at > end), default=min(begins))
            ring += box.corners(end, begin)
            number = begins[begin]
            if number == first:
                break
            left.discard(number)
        rings.append([*ring, ring[0]])
    return rings


def _is_land(ring: Ring) -> bool:
    """Whether a closed shore goes round land, which lies to its left."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0


def _holds(ring: Ring, spot: Spot) -> bool:
    inside = False
    for one, other in pairwise(ring):
        if (one[1] > spot[1]) != (other[1] > spot[1]):
            share = (spot[1] - one[1]) / (other[1] - one[1])
            inside ^= spot[0] < one[0] + share * (other[0] - one[0])
    return inside
