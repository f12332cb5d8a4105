"""Which town a house belongs to, where the map does not say it at the house."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from dispatch.places.gazetteer.ground import metres, square_of
from dispatch.places.gazetteer.spelling import fold
from dispatch.places.sealed import Point

_REACH = {"place=city": 15_000, "place=town": 6_000, "place=village": 3_000, "place=hamlet": 1_500}
"""How many metres around its middle a town of each kind reaches."""
_QUARTER_REACH = dict.fromkeys(
    ("place=suburb", "place=neighbourhood", "place=quarter", "place=borough"), 2_500
)
_SAME = 88.0
"""Of 100: from here on, two names of towns are one, misspelt."""
_FEWEST = 2
"""Houses that name a town before it counts as one."""

TownId = int | None


class Towns:
    """The towns of one file, and where they lie."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.names: list[str] = []
        self._ids: dict[str, int] = {}
        self._near: dict[int, tuple[TownId, TownId]] = {}
        self._by_postcode: dict[str, TownId] = {}
        self._gather(database)

    def named(self, name: str) -> TownId:
        """The town called `name`."""
        return self._ids.get(fold(name))

    def of(self, town: str, postcode: str, point: Point) -> tuple[TownId, TownId, bool]:
        """The town of a house, its quarter, and whether the town is known and no guess.

        The town is the written one, else that of its postcode, else the nearest.
        """
        near, quarter = self.near(point)
        written = self.named(town)
        if written is None:
            written = self._by_postcode.get(postcode)
        return (near if written is None else written), quarter, written is not None

    def near(self, point: Point) -> tuple[TownId, TownId]:
        """The town and the quarter whose middle lies nearest, within their reach."""
        square = square_of(point)
        if square not in self._near:
            town = self._nearest(point, self._middles)
            quarter = self._nearest(point, self._quarters)
            self._near[square] = (town if town is not None else quarter, quarter)
        return self._near[square]

    def rows(self) -> Iterable[tuple[int, str, str]]:
        """The towns as rows of the table `town`."""
        return ((number, name, fold(name)) for number, name in enumerate(self.names, 1))

    def _gather(self, database: sqlite3.Connection) -> None:
        self._middles = self._places(database, _REACH)
        self._quarters = self._places(database, _QUARTER_REACH)
        count = "SELECT town, count(*) FROM raw_address WHERE town <> '' GROUP BY town"
        folded: dict[str, Counter[str]] = defaultdict(Counter)
        for name, houses in database.execute(count):
            folded[fold(name)][name] += houses
        most_first = sorted(folded.items(), key=lambda item: (-item[1].total(), item[0]))
        for key, spellings in most_first:
            self._add_spelling(key, spellings)
        pairs = """SELECT postcode, town, count(*) AS houses FROM raw_address
            WHERE town <> '' AND postcode <> '' GROUP BY postcode, town ORDER BY houses"""
        for postcode, name, _houses in database.execute(pairs):
            self._by_postcode[postcode] = self.named(name)

    def _add_spelling(self, key: str, spellings: Counter[str]) -> None:
        like = process.extractOne(key, list(self._ids), scorer=fuzz.ratio, score_cutoff=_SAME)
        if like and not any(character.isdigit() for character in key):
            self._ids[key] = self._ids[like[0]]
        elif spellings.total() >= _FEWEST and key:
            self._add(spellings.most_common(1)[0][0])

    def _add(self, name: str) -> int:
        key = fold(name)
        if key not in self._ids:
            self.names.append(name)
            self._ids[key] = len(self.names)
        return self._ids[key]

    def _places(
        self, database: sqlite3.Connection, reach: dict[str, int]
    ) -> list[tuple[Point, int, int]]:
        rows = database.execute("SELECT name, kind, lat, lon FROM raw_place ORDER BY name, lat")
        return [
            ((lat, lon), reach[kind], self._add(name))
            for name, kind, lat, lon in rows
            if kind in reach
        ]

    def _nearest(self, point: Point, middles: list[tuple[Point, int, int]]) -> TownId:
        shares = ((metres(point, middle) / reach, town) for middle, reach, town in middles)
        return next((town for share, town in [min(shares, default=(2.0, 0))] if share <= 1), None)
