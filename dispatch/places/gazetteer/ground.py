"""Lines and squares on the ground: small arithmetic with latitudes and longitudes, in degrees."""

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dispatch.places.sealed import Point

DEGREE_METRES = 111_195.0
"""Of latitude."""
SQUARE = 0.004
"""Degrees to a side of the grid: about 440 m from south to north."""
_COLUMNS = 100_000


def metres(one: Point, other: Point) -> float:
    """As the crow flies; for points that are near each other."""
    east = (other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(other[0] - one[0], east) * DEGREE_METRES


def square_of(point: Point) -> int:
    """The number of the square that `point` lies in; its neighbours are one more or less, and
    `row_of_squares` more or less.
    """
    return row_of(point[0]) * _COLUMNS + column_of(point[1])


def row_of(latitude: float) -> int:
    """The row of squares, counted from the south pole."""
    return math.floor((latitude + 90) / SQUARE)


def column_of(longitude: float) -> int:
    """The column of squares, counted eastwards."""
    return math.floor((longitude + 180) / SQUARE)


def squares_around(square: int, reach: int = 1) -> list[int]:
    """`square` and those around it, up to `reach` squares away."""
    span = range(-reach, reach + 1)
    return [square + row * _COLUMNS + column for row in span for column in span]


def pack(points: Sequence[Point]) -> bytes:
    """A line as it is stored."""
    return array("d", [degrees for point in points for degrees in point]).tobytes()


def unpack(line: bytes) -> list[Point]:
    """A line as it was before `pack`."""
    flat = array("d", line)
    return list(zip(flat[::2], flat[1::2], strict=True))


def between(one: Point, other: Point, share: float) -> Point:
    """The point `share` of the way from `one` to `other`; beyond them outside of 0 to 1."""
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)


def along(line: Sequence[Point], share: float) -> Point:
    """The point `share` of the way along `line`."""
    lengths = [metres(a, b) for a, b in pairwise(line)]
    left = sum(lengths) * share
    for index, length in enumerate(lengths):
        if left <= length and length:
            return between(line[index], line[index + 1], left / length)
        left -= length
    return line[-1]


def steps(line: Sequence[Point]) -> Iterator[Point]:
    """The points of `line`, and more between those that lie farther apart than half a square."""
    for one, other in pairwise(line):
        pieces = 1 + int(max(abs(one[0] - other[0]), abs(one[1] - other[1])) / (SQUARE / 2))
        yield from (between(one, other, piece / pieces) for piece in range(pieces))
    yield from line[-1:]


def foot(line: Sequence[Point], point: Point) -> tuple[float, float]:
    """Where `point` stands beside `line`: metres from its start, and metres off it."""
    best, gone = (0.0, math.inf), 0.0
    for start, end in pairwise(line):
        length = metres(start, end)
        share = _part(start, end, point)
        off = metres(point, between(start, end, share))
        if off < best[1]:
            best = (gone + length * share, off)
        gone += length
    return best


def at_metre(line: Sequence[Point], wanted: float) -> Point:
    """The point `wanted` metres from the start of `line`."""
    whole = sum(metres(a, b) for a, b in pairwise(line))
    return along(line, min(1.0, wanted / whole)) if whole else line[0]


def holds(line: Sequence[Point], point: Point) -> bool:
    """Whether `point` lies inside the closed `line`."""
    lat, lon = point
    inside = False
    for one, other in pairwise(line):
        if (one[0] > lat) != (other[0] > lat):
            share = (lat - one[0]) / (other[0] - one[0])
            inside ^= lon < one[1] + share * (other[1] - one[1])
    return inside


def area_holds(rings: Iterable[Sequence[Point]], point: Point) -> bool:
    """Whether `point` lies inside the area that `rings` bound; a ring inside another is a hole."""
    inside = False
    for ring in rings:
        inside ^= holds(ring, point)
    return inside


def _part(start: Point, end: Point, point: Point) -> float:
    flat = math.cos(math.radians(point[0]))
    north, east = end[0] - start[0], (end[1] - start[1]) * flat
    square = north * north + east * east
    if not square:
        return 0.0
    along_it = (point[0] - start[0]) * north + (point[1] - start[1]) * flat * east
    return min(1.0, max(0.0, along_it / square))
