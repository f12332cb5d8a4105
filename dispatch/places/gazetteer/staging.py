"""The new file while it is read into: rows as they come, written in handfuls."""

import enum
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.places.gazetteer import numbers, tables
from dispatch.places.gazetteer.ground import pack
from dispatch.places.gazetteer.spelling import street_words
from dispatch.places.sealed import Point

_HANDFUL = 5_000
_INTO = {
    "raw_address": "INSERT INTO raw_address VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "raw_road": "INSERT INTO raw_road VALUES (?, ?, ?)",
    "raw_alias": "INSERT INTO raw_alias VALUES (?, ?, ?)",
    "raw_joint": "INSERT INTO raw_joint VALUES (?, ?, ?, ?)",
    "raw_place": "INSERT INTO raw_place VALUES (?, ?, ?, ?)",
    "raw_span": "INSERT INTO raw_span VALUES (?, ?, ?, ?)",
    "raw_border": "INSERT INTO raw_border VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "water": "INSERT INTO water VALUES (?, ?, ?, ?, ?, ?)",
}


class Source(enum.IntEnum):
    """Where an address comes from; the higher one wins over the lower."""

    MAP = 1
    FILE = 2
    """An address file, as counties publish them."""


@dataclass
class Staging:
    """A new file, open for what is read; nobody uses it yet."""

    path: Path
    database: sqlite3.Connection = field(init=False)
    counts: dict[str, int] = field(init=False)
    """Rows by table."""
    cut_roads: int = 0
    """Pieces of streets that were left out, because points of them are not in the extract."""

    def __post_init__(self) -> None:
        self.database = sqlite3.connect(self.path, isolation_level=None)
        self.database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072;"
            "PRAGMA temp_store = FILE; BEGIN;"
        )
        for script in (tables.STAGING, tables.FINISHED):
            for statement in script.split(";"):
                self.database.execute(statement)
        self.counts = dict.fromkeys(_INTO, 0)
        self._waiting: dict[str, list[tuple]] = {table: [] for table in _INTO}
        self._areas = 0

    def address(
        self,
        street: str,
        number: str,
        point: Point,
        *,
        town: str = "",
        postcode: str = "",
        source: Source = Source.MAP,
        ref: int | None = None,
    ) -> None:
        """One house; several where `number` holds several."""
        key = " ".join(street_words(street))
        for one in numbers.written(number) if key else ():
            row = (key, street.strip(), one, _town(town), postcode.strip(), *point, source, ref)
            self._put("raw_address", row)

    def road(self, names: Sequence[str], line: Sequence[Point], refs: Sequence[int]) -> None:
        """A piece of a street with all its names, the one on its signs first."""
        key = " ".join(street_words(names[0]))
        if not key:
            return
        self._put("raw_road", (key, names[0].strip(), pack(line)))
        for name in names[1:]:
            alias = " ".join(street_words(name))
            if alias and alias != key:
                self._put("raw_alias", (alias, name.strip(), key))
        for ref, point in zip(refs, line, strict=True):
            self._put("raw_joint", (ref, key, *point))

    def place(self, name: str, kind: str, point: Point) -> None:
        """A town, a clinic, a shop: anything with a name."""
        self._put("raw_place", (name.strip(), kind, *point))

    def span(self, rule: str, street: str, refs: Sequence[int], line: Sequence[Point]) -> None:
        """A line along which houses are numbered by `rule`: even, odd, all or a step."""
        listed = ",".join(map(str, refs))
        self._put("raw_span", (rule, street, listed, pack(line)))

    def water(self, rings: Sequence[Sequence[Point]]) -> None:
        """The shores of a lake or a wide river, those of its islands too."""
        for row in self._rings(rings):
            self._put("water", row)

    def border(self, name: str, kind: int, rings: Sequence[Sequence[Point]]) -> None:
        """The border of a town or a quarter; `kind` is one of `BorderKind`."""
        for row in self._rings(rings):
            self._put("raw_border", (name.strip(), kind, *row))

    def _rings(self, rings: Sequence[Sequence[Point]]) -> Iterator[tuple]:
        """A row for each closed line of one area, with the rectangle around all of them."""
        self._areas += 1
        lats, lons = zip(*(point for ring in rings for point in ring), strict=True)
        for ring in rings:
            yield self._areas, pack(ring), min(lats), min(lons), max(lats), max(lons)

    def settle(self) -> None:
        """Write what still waits."""
        for table in _INTO:
            self._write(table)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def _put(self, table: str, row: tuple) -> None:
        waiting = self._waiting[table]
        waiting.append(row)
        if len(waiting) >= _HANDFUL:
            self._write(table)

    def _write(self, table: str) -> None:
        waiting = self._waiting[table]
        self.database.executemany(_INTO[table], waiting)
        self.counts[table] += len(waiting)
        waiting.clear()


def _town(text: str) -> str:
    return text.partition(",")[0].strip()
