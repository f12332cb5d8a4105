"""Which squares make one cell: neighbours are joined until a cell is wide and full enough.

A cell hides a home among the addresses around it. Where the imported map knows fewer than `least`
of them in a cell, or the cell is only a few squares, it becomes a part of the nearest one, until
every cell has as many. Nothing private has a part in it: the same map gives the same cells.
"""

import heapq
import math
import sqlite3
import threading
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from dispatch.places import cells
from dispatch.places.cells import Square
from dispatch.places.roads import metres_between
from dispatch.places.sealed import Point

LEAST = 5
"""Known addresses in a cell, unless a setting says more."""
LEAST_SQUARES = 4
"""Of a cell that has others next to it: the middle of fewer is too near to most doors in it."""
FEWEST_STREETS = 0.05
"""Share of the streets with a known address, below which the map does not tell where homes are."""
MOST_SQUARES = 40
"""Of one cell: a place without neighbours for hours is not joined any further."""
_REACHES = (1, 2, 4, 8, 16, 32, 64)
"""Squares to each side in which a neighbour is looked for, one after the other."""
_NEXT_TO = (1, 2)
"""The same for a cell that is full enough: two villages are no one place."""
_TABLE = "CREATE TABLE square (lat REAL NOT NULL, lon REAL NOT NULL, code TEXT NOT NULL)"
"""A row for each square with an address, by its middle."""
_STREETS = "SELECT count(*), (SELECT count(DISTINCT street) FROM address) FROM street"
_INDEX = "CREATE INDEX square_lat ON square (lat, lon)"
_NEAR = "SELECT lat, lon, code FROM square WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"


class CellsOfMap:
    """The cells of the map in use. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._seen: tuple[int, int] | None = None

    def code_at(self, point: Point) -> str:
        """The code of the cell that `point` falls into.

        Where the map knows no address, that is the nearest cell in which it knows some; without a
        map every block of squares is a cell.
        """
        middle = cells.middle_of(cells.square_of(point))
        with self._lock:
            database = self._opened()
            found = _nearest(database, middle) if database else None
        return found or cells.block_of(point)

    def _opened(self) -> sqlite3.Connection | None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        seen = (stat.st_ino, stat.st_mtime_ns)
        if seen != self._seen:
            if self._database:
                self._database.close()
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._seen = seen
        return self._database


def write(path: Path, least: int) -> str:
    """Put the cells into the geocoder's file at `path`, from the addresses in it; what to say.

    A map on which hardly a street has an address does not tell where few people live: with it, as
    without a map, every block of squares is a cell.
    """
    with closing(sqlite3.connect(path)) as database, database:
        known = Counter(
            cells.square_of(point) for point in database.execute("SELECT lat, lon FROM address")
        )
        streets, addressed = database.execute(_STREETS).fetchone()
        is_telling = addressed >= FEWEST_STREETS * streets
        codes = joined(known, least) if is_telling else {}
        database.execute(_TABLE)
        rows = ((*cells.middle_of(square), code) for square, code in codes.items())
        database.executemany("INSERT INTO square VALUES (?, ?, ?)", rows)
        database.execute(_INDEX)
    if is_telling:
        return f"{len(set(codes.values())):,} cells, each with {least} known addresses or more."
    return (
        f"Only {addressed:,} of {streets:,} streets have a known address: cells are squares of two "
        "kilometres, however few homes are in them. An address file would tell more."
    )


def joined(known: dict[Square, int], least: int) -> dict[Square, str]:
    """The code of the cell of each square; `known` counts the addresses in each.

    The emptiest cell is joined first, with the one that has the square nearest to its own.
    """
    joining = _Joining(known)
    waiting = [
        (number, square) for square, number in known.items() if joining.is_small(square, least)
    ]
    heapq.heapify(waiting)
    while waiting:
        number, one = heapq.heappop(waiting)
        if joining.count.get(one) != number:
            continue  # it is a part of another by now, or has grown
        other = joining.neighbour(one, _REACHES if number < least else _NEXT_TO)
        if other is not None:
            joining.join(one, other)
            if joining.is_small(one, least):
                heapq.heappush(waiting, (joining.count[one], one))
    codes = {one: cells.code_for(sorted(squares)) for one, squares in joining.parts.items()}
    return {square: codes[joining.head[square]] for square in known}


class _Joining:
    """Squares by the cell that they are in so far; a cell is called by one of its squares."""

    def __init__(self, known: dict[Square, int]) -> None:
        self.count = dict(known)
        self.parts = {square: [square] for square in known}
        self.head = {square: square for square in known}
        self._columns: dict[int, list[int]] = defaultdict(list)
        for row, column in sorted(known):
            self._columns[row].append(column)

    def is_small(self, one: Square, least: int) -> bool:
        """Whether the cell `one` has to grow."""
        return self.count[one] < least or len(self.parts[one]) < LEAST_SQUARES

    def join(self, one: Square, other: Square) -> None:
        """Let the cell `other` be a part of `one`."""
        for square in self.parts[other]:
            self.head[square] = one
        self.parts[one] += self.parts.pop(other)
        self.count[one] += self.count.pop(other)

    def neighbour(self, one: Square, reaches: tuple[int, ...]) -> Square | None:
        """The nearest cell that fits; None where there is none within so many squares."""
        own = self.parts[one]
        for reach in reaches:
            near = (
                (metres_between(cells.middle_of(square), cells.middle_of(other)), other)
                for square in own
                for other in self._around(square, reach)
                if self.head[other] != one
                and len(self.parts[self.head[other]]) + len(own) <= MOST_SQUARES
            )
            found = min(near, default=None)
            if found is not None:
                return self.head[found[1]]
        return None

    def _around(self, square: Square, reach: int) -> Iterator[Square]:
        """The squares with addresses up to `reach` squares away to each side."""
        longitude = cells.middle_of(square)[1]
        for row in range(square[0] - reach, square[0] + reach + 1):
            columns = self._columns.get(row)
            if columns:
                middle = math.floor(longitude / cells.column_degrees(row))
                first = bisect_left(columns, middle - reach)
                for column in columns[first : bisect_right(columns, middle + reach)]:
                    yield row, column


def _nearest(database: sqlite3.Connection, middle: Point) -> str | None:
    """The code of the cell that has the square with this middle, or else the nearest one to it."""
    wide = cells.column_degrees(cells.square_of(middle)[0])
    for reach in (0.25, *_REACHES):
        high = reach * cells.ROW_DEGREES
        frame = (middle[0] - high, middle[0] + high)
        frame += (middle[1] - reach * wide, middle[1] + reach * wide)
        rows = database.execute(_NEAR, frame).fetchall()
        if rows:
            return min((metres_between(middle, (lat, lon)), code) for lat, lon, code in rows)[1]
    return None
