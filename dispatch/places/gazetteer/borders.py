"""The borders of towns and quarters: which of them a point lies within.

Thousands of points are asked about, and a border has thousands of corners. So its edges lie in
rows, as the squares of the ground do, and of a whole square one point is asked unless a border
cuts it.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dispatch.places.gazetteer.areas import BorderKind
from dispatch.places.gazetteer.ground import column_of, row_of, unpack
from dispatch.places.sealed import Point

Edge = tuple[Point, Point]
_COARSE = 25
"""Rows and columns of squares to a field of the index: eleven kilometres."""


@dataclass
class Border:
    """The border of one town or quarter."""

    town: int
    kind: BorderKind
    is_known: bool
    """Whether addresses or the map's own point for it say that it is a town."""
    size: float = 0.0
    """Of the rectangle around it, square degrees."""
    rows: dict[int, list[Edge]] = field(default_factory=lambda: defaultdict(list))

    @property
    def rank(self) -> tuple[int, bool, float]:
        """Of several around a point the one with the highest rank is meant."""
        return self.kind, self.is_known, -self.size

    def add(self, ring: Sequence[Point]) -> None:
        """Add a closed line."""
        for one, other in pairwise(ring):
            low, high = sorted((row_of(one[0]), row_of(other[0])))
            for row in range(low, high + 1):
                self.rows[row].append((one, other))

    def holds(self, point: Point) -> bool:
        """Whether `point` lies within."""
        lat, lon = point
        inside = False
        for one, other in self.rows.get(row_of(lat), ()):
            if (one[0] > lat) != (other[0] > lat):
                share = (lat - one[0]) / (other[0] - one[0])
                inside ^= lon < one[1] + share * (other[1] - one[1])
        return inside

    def cuts(self, row: int, column: int) -> bool:
        """Whether the line may run through this square."""
        return any(
            min(column_of(one[1]), column_of(other[1])) <= column
            and column <= max(column_of(one[1]), column_of(other[1]))
            for one, other in self.rows.get(row, ())
        )


class Borders:
    """The borders of one file."""

    def __init__(
        self,
        database: sqlite3.Connection,
        place: Callable[[str, BorderKind], tuple[int, bool] | None],
    ) -> None:
        """`place`: the number of a town by its name, and whether it is known to be one."""
        self._fields: dict[tuple[int, int], list[Border]] = defaultdict(list)
        columns = "area, name, kind, line, south, west, north, east"
        found: dict[int, Border] = {}
        for area, name, kind, line, *frame in database.execute(
            f"SELECT {columns} FROM raw_border ORDER BY area"  # noqa: S608 -- these very columns
        ):
            if area not in found:
                placed = place(name, BorderKind(kind))
                if placed is None:
                    continue
                found[area] = Border(placed[0], BorderKind(kind), placed[1], _size(*frame))
                for one in _fields(*frame):
                    self._fields[one].append(found[area])
            found[area].add(unpack(line))
        self.towns = frozenset(one.town for one in found.values())
        """What has a border, and so ends at it."""

    def around(self, point: Point, *, quarters: bool) -> int | None:
        """The town that `point` lies in, or the quarter; None outside of every border."""
        holding = [
            one
            for one in self._near(point)
            if (one.kind is BorderKind.QUARTER) is quarters and one.holds(point)
        ]
        return max(holding, key=lambda one: one.rank).town if holding else None

    def cut(self, point: Point) -> bool:
        """Whether the square of `point` may belong to two of them."""
        row, column = row_of(point[0]), column_of(point[1])
        return any(one.cuts(row, column) for one in self._near(point))

    def _near(self, point: Point) -> list[Border]:
        return self._fields.get((row_of(point[0]) // _COARSE, column_of(point[1]) // _COARSE), [])


def _size(south: float, west: float, north: float, east: float) -> float:
    return (north - south) * (east - west)


def _fields(south: float, west: float, north: float, east: float) -> Iterator[tuple[int, int]]:
    for row in range(row_of(south) // _COARSE, row_of(north) // _COARSE + 1):
        for column in range(column_of(west) // _COARSE, column_of(east) // _COARSE + 1):
            yield row, column
