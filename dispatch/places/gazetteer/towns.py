"""Which town a house belongs to, where the map does not say it at the house."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from dispatch.places.gazetteer.areas import BorderKind
from dispatch.places.gazetteer.borders import Borders
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
_FORMAL = re.compile(
    r"^(?:city|town|township|village|municipality|municipio|ayuntamiento|ciudad|villa) (?:of|de) "
    r"|(?: city| town| township| village| municipality)$"
)
"""What a border's name has more than people say: "New York City", "Municipio de Ada"."""

TownId = int | None


@dataclass(frozen=True)
class Middle:
    """Where the map writes the name of a town or a quarter."""

    point: Point
    reach: int
    """Metres."""
    town: int
    within: TownId = None
    """The town whose border it lies within: it does not reach beyond."""


class Towns:
    """The towns of one file, and where they lie."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.names: list[str] = []
        self._ids: dict[str, int] = {}
        self._near: dict[int, tuple[TownId, TownId]] = {}
        self._nearest_to: dict[tuple[int, TownId], tuple[TownId, TownId]] = {}
        self._by_postcode: dict[str, TownId] = {}
        self._gather(database)
        self._borders = Borders(database, self._place_border)
        self._middles = self._on_their_side(self._middles)
        self._quarters = self._on_their_side(self._quarters)

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
        """The town and the quarter by their borders, else whose middle lies nearest."""
        square = square_of(point)
        if square in self._near:
            return self._near[square]
        within = self._borders.around(point, quarters=False)
        quarter = self._borders.around(point, quarters=True)
        nearest = self._middle_near(square, point, within)
        town = nearest[0] if within is None else within
        quarter = nearest[1] if quarter is None else quarter
        found = (town if town is not None else quarter, quarter)
        if not self._borders.cut(point):
            self._near[square] = found
        return found

    def rows(self) -> Iterable[tuple[int, str, str]]:
        """The towns as rows of the table `town`."""
        return ((number, name, fold(name)) for number, name in enumerate(self.names, 1))

    def _middle_near(self, square: int, point: Point, within: TownId) -> tuple[TownId, TownId]:
        """The town and the quarter within whose reach the square lies, on its side of borders."""
        key = square, within
        if key not in self._nearest_to:
            self._nearest_to[key] = (
                _nearest(point, self._middles, within),
                _nearest(point, self._quarters, within),
            )
        return self._nearest_to[key]

    def _on_their_side(self, middles: list[Middle]) -> list[Middle]:
        """The middles with the border that each lies within; what has its own ends there."""
        return [
            replace(one, within=self._borders.around(one.point, quarters=False))
            for one in middles
            if one.town not in self._borders.towns
        ]

    def _place_border(self, name: str, kind: BorderKind) -> tuple[int, bool] | None:
        """The town of a border, and whether it is known as one otherwise; None for no town."""
        if kind is BorderKind.REGION:
            known = self._known.get(fold(name))
            return None if known is None else (known, True)
        for spelling in (fold(name), _FORMAL.sub("", fold(name))):
            if spelling in self._known:
                return self._known[spelling], True
        return self._add(name), False

    def _gather(self, database: sqlite3.Connection) -> None:
        self._middles = self._places(database, _REACH)
        self._known = dict(self._ids)
        self._quarters = self._places(database, _QUARTER_REACH)
        count = "SELECT town, count(*) FROM raw_address WHERE town <> '' GROUP BY town"
        folded: dict[str, Counter[str]] = defaultdict(Counter)
        for name, houses in database.execute(count):
            folded[fold(name)][name] += houses
        most_first = sorted(folded.items(), key=lambda item: (-item[1].total(), item[0]))
        for key, spellings in most_first:
            self._add_spelling(key, spellings)
            if key in self._ids:
                self._known[key] = self._ids[key]
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

    def _places(self, database: sqlite3.Connection, reach: dict[str, int]) -> list[Middle]:
        rows = database.execute("SELECT name, kind, lat, lon FROM raw_place ORDER BY name, lat")
        return [
            Middle((lat, lon), reach[kind], self._add(name))
            for name, kind, lat, lon in rows
            if kind in reach
        ]


def _nearest(point: Point, middles: list[Middle], within: TownId) -> TownId:
    shares = (
        (metres(point, one.point) / one.reach, one.town) for one in middles if one.within == within
    )
    return next((town for share, town in [min(shares, default=(2.0, 0))] if share <= 1), None)
