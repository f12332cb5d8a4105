"""From what was read to the finished file: streets kept apart, houses, crossings, places."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from dispatch.places.gazetteer import numbers, spans, tables
from dispatch.places.gazetteer.ground import (
    along,
    metres,
    square_of,
    squares_around,
    steps,
    unpack,
)
from dispatch.places.gazetteer.ground import pack as packed
from dispatch.places.gazetteer.joining import longest_line
from dispatch.places.gazetteer.spelling import fold
from dispatch.places.gazetteer.towns import Towns
from dispatch.places.sealed import Point

SAME_HOUSE = 60.0
"""Metres within which one number on one street is one house, entered twice."""
_SAME_CROSSING = 120.0
_SECOND_PARTS = 64


@dataclass
class _Street:
    """The houses and pieces of road that bear one name and hang together."""

    roads: list[tuple[str, list[Point]]] = field(default_factory=list)
    houses: list[tuple] = field(default_factory=list)

    def points(self) -> Iterator[Point]:
        for _name, line in self.roads:
            yield from steps(line)
        yield from ((row[4], row[5]) for row in self.houses)

    def name(self) -> str:
        names = [name for name, _line in self.roads] or [row[1] for row in self.houses]
        return max(Counter(names).items(), key=lambda item: (item[1], item[0]))[0]


class Builder:
    """Fills the finished tables of one new file from the staged ones."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.towns = Towns(database)
        self._street_at: dict[str, dict[int, int]] = {}
        self._count = 0

    def build(self, told: Callable[[float], None]) -> None:
        """Fill the tables; `told` hears how much of the streets is done, 0 to 1."""
        self._prefer_files()
        self.database.execute("CREATE INDEX raw_address_key ON raw_address (key)")
        self.database.execute("CREATE INDEX raw_road_key ON raw_road (key)")
        self._join_aliases()
        self.database.executemany("INSERT INTO town VALUES (?, ?, ?)", self.towns.rows())
        self._streets(told)
        self._aliases()
        self._crossings()
        spans.build(self.database, self.street_near)
        self._places()
        for statement in tables.INDEXES.split(";"):
            self.database.execute(statement)
        self._words()

    def _join_aliases(self) -> None:
        """Let houses whose street is written by its second name stand on the street itself."""
        self.database.execute("CREATE INDEX raw_alias_alias ON raw_alias (alias)")
        self.database.execute(
            """UPDATE raw_address SET key = (
                SELECT key FROM raw_alias WHERE alias = raw_address.key ORDER BY key LIMIT 1)
            WHERE key NOT IN (SELECT key FROM raw_road)
                AND key IN (SELECT alias FROM raw_alias)"""
        )

    def _prefer_files(self) -> None:
        """What an address file says of a street number replaces what the map says of it."""
        self.database.execute(
            "CREATE INDEX raw_address_file ON raw_address (key, number) WHERE source = 2"
        )
        self.database.execute(
            """DELETE FROM raw_address WHERE source = 1 AND EXISTS (
                SELECT 1 FROM raw_address AS file WHERE file.source = 2
                AND file.key = raw_address.key AND file.number = raw_address.number
                AND abs(file.lat - raw_address.lat) < 0.02
                AND abs(file.lon - raw_address.lon) < 0.03)"""
        )

    def _streets(self, told: Callable[[float], None]) -> None:
        keys = "SELECT key FROM raw_road UNION SELECT key FROM raw_address ORDER BY 1"
        every = [key for (key,) in self.database.execute(keys)]
        for done, key in enumerate(every):
            for street, squares in _apart(self._read(key)):
                self._save(key, street, squares)
            if done % _SECOND_PARTS == 0:
                told(done / len(every))

    def _read(self, key: str) -> _Street:
        roads = "SELECT name, line FROM raw_road WHERE key = ?"
        houses = """SELECT number, street, town, postcode, lat, lon, source FROM raw_address
            WHERE key = ?
            ORDER BY source DESC, iif(source = 2, -rowid, 0), ref IS NULL, lat, lon"""
        return _Street(
            [(name, unpack(line)) for name, line in self.database.execute(roads, (key,))],
            self.database.execute(houses, (key,)).fetchall(),
        )

    def _save(self, key: str, street: _Street, squares: set[int]) -> None:
        self._count += 1
        number = self._count
        line = longest_line([line for _name, line in street.roads])
        middle = along(line, 0.5) if line else _middle(list(street.points()))
        rows = list(_once(street.houses))
        placed = [self.towns.of(row[2], row[3], (row[4], row[5])) for row in rows]
        town, quarter = self.towns.near(middle)
        if placed:
            town = Counter(at[0] for at in placed).most_common(1)[0][0]
        self.database.execute(
            "INSERT INTO street VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, street.name(), town, quarter, *middle, len(rows), packed(line)),
        )
        self.database.execute("INSERT INTO spelling VALUES (?, ?, ?)", (key, street.name(), number))
        self.database.executemany(
            "INSERT INTO address VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_address(number, row, at) for row, at in zip(rows, placed, strict=True)],
        )
        self._street_at.setdefault(key, {}).update(dict.fromkeys(squares, number))

    def street_near(self, key: str, point: Point) -> int | None:
        """The street of this spelling that `point` lies on."""
        squares = self._street_at.get(key, {})
        return next(
            (squares[one] for one in squares_around(square_of(point)) if one in squares), None
        )

    def _aliases(self) -> None:
        rows = self.database.execute("SELECT DISTINCT alias, name, key FROM raw_alias").fetchall()
        self.database.executemany(
            "INSERT OR IGNORE INTO spelling VALUES (?, ?, ?)",
            [
                (alias, name, street)
                for alias, name, key in rows
                for street in set(self._street_at.get(key, {}).values())
            ],
        )

    def _crossings(self) -> None:
        """Where a point of the map belongs to streets of two names, once for each pair of them."""
        self.database.execute("CREATE INDEX raw_joint_ref ON raw_joint (ref)")
        shared = """SELECT ref, key, lat, lon FROM raw_joint WHERE ref IN (
            SELECT ref FROM raw_joint GROUP BY ref HAVING min(key) < max(key)) ORDER BY ref, key"""
        met: dict[tuple[int, int], list[Point]] = defaultdict(list)
        for _ref, rows in groupby(self.database.execute(shared), key=lambda row: row[0]):
            joined = list(rows)
            point = joined[0][2], joined[0][3]
            streets = {self.street_near(key, point) for _ref, key, _lat, _lon in joined}
            here = sorted(one for one in streets if one is not None)
            for one in here:
                for other in here:
                    known = met[one, other]
                    if one != other and not _is_near(point, known, _SAME_CROSSING):
                        known.append(point)
        self.database.executemany(
            "INSERT INTO crossing VALUES (?, ?, ?, ?)",
            ((*pair, *point) for pair, points in met.items() for point in points),
        )

    def _places(self) -> None:
        rows = self.database.execute(
            "SELECT DISTINCT name, kind, lat, lon FROM raw_place ORDER BY name, lat, lon"
        ).fetchall()
        kept: list[tuple] = []
        for name, kind, lat, lon in rows:
            twin = kept and kept[-1][0] == name and metres(kept[-1][4:6], (lat, lon)) < SAME_HOUSE
            if not twin:
                town, _quarter = self.towns.near((lat, lon))
                kept.append((name, fold(name), kind, town, lat, lon))
        self.database.executemany("INSERT INTO place VALUES (NULL, ?, ?, ?, ?, ?, ?)", kept)

    def _words(self) -> None:
        """The index of words, streets with most houses first: few rows are read for a prefix."""
        self.database.execute(
            """INSERT INTO street_words
                SELECT spelling.key, coalesce(town.key, '') || ' ' || coalesce(quarter.key, ''),
                spelling.name, street.id FROM street JOIN spelling ON spelling.street = street.id
                LEFT JOIN town ON town.id = street.town
                LEFT JOIN town AS quarter ON quarter.id = street.quarter
                ORDER BY street.houses DESC, street.id"""
        )
        self.database.execute("INSERT INTO place_words (rowid, words) SELECT id, key FROM place")


def _apart(whole: _Street) -> Iterator[tuple[_Street, set[int]]]:
    """The parts of `whole` that do not hang together: streets of one name in different towns."""
    squares = {square_of(point) for point in whole.points()}
    group_of: dict[int, int] = {}
    groups: list[set[int]] = []
    for start in sorted(squares):
        if start not in group_of:
            groups.append(set())
            _spread(start, squares, len(groups) - 1, group_of, groups)
    parts = [_Street() for _group in groups]
    for name, line in whole.roads:
        parts[group_of[square_of(line[0])]].roads.append((name, line))
    for row in whole.houses:
        parts[group_of[square_of((row[4], row[5]))]].houses.append(row)
    return ((part, group) for part, group in zip(parts, groups, strict=True) if any(part.points()))


def _spread(
    start: int, squares: set[int], number: int, group_of: dict[int, int], groups: list[set[int]]
) -> None:
    waiting = [start]
    group_of[start] = number
    while waiting:
        square = waiting.pop()
        groups[number].add(square)
        for other in squares_around(square):
            if other in squares and other not in group_of:
                group_of[other] = number
                waiting.append(other)


def _once(rows: list[tuple]) -> Iterator[tuple]:
    """`rows` without houses that were entered twice."""
    kept: dict[str, list[Point]] = defaultdict(list)
    for row in rows:
        known, point = kept[numbers.plain(row[0])], (row[4], row[5])
        if not _is_near(point, known, SAME_HOUSE):
            known.append(point)
            yield row


def _address(street: int, row: tuple, at: tuple[int | None, int | None, bool]) -> tuple:
    number, _street, _town, postcode, lat, lon, source = row
    parts = numbers.apart(number) or numbers.Number(-1, -1, "")
    plain, square = numbers.plain(number), square_of((lat, lon))
    key = (street, number, plain, parts.block, parts.value, postcode, *at)
    return (*key, lat, lon, source, square)


def _is_near(point: Point, known: list[Point], most: float) -> bool:
    return any(metres(point, other) < most for other in known)


def _middle(points: list[Point]) -> Point:
    return min(points, key=lambda one: sum(metres(one, other) for other in points[:50]))
