"""Making the geocoder's file: from an extract, or from an address file and what was there."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.places.editions import Told
from dispatch.places.gazetteer import extract, frame, sheet, tables
from dispatch.places.gazetteer.building import Builder
from dispatch.places.gazetteer.extract import BadExtract
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.gazetteer.staging import Staging

_COPY = {
    "raw_address": "INSERT INTO raw_address SELECT * FROM old.raw_address",
    "raw_road": "INSERT INTO raw_road SELECT * FROM old.raw_road",
    "raw_alias": "INSERT INTO raw_alias SELECT * FROM old.raw_alias",
    "raw_joint": "INSERT INTO raw_joint SELECT * FROM old.raw_joint",
    "raw_place": "INSERT INTO raw_place SELECT * FROM old.raw_place",
    "raw_border": "INSERT INTO raw_border SELECT * FROM old.raw_border",
    "raw_span": "INSERT INTO raw_span SELECT * FROM old.raw_span",
    "water": "INSERT INTO water SELECT * FROM old.water",
}


@dataclass
class Report:
    """What an import brought."""

    houses: int
    streets: int
    crossings: int
    places: int
    notes: list[str] = field(default_factory=list)
    """What is missing, and what works in spite of it."""

    def lines(self) -> list[str]:
        """For the terminal."""
        counts = (
            f"{self.houses:,} addresses, {self.streets:,} streets, {self.crossings:,} crossings, "
            f"{self.places:,} named places can be found."
        )
        return [counts, *self.notes]


def take_extract(source: Path, target: Path, told: Told, *, old: Path) -> Report:
    """Make the file `target` from an extract and the addresses of address files in `old`.

    Raises
        BadExtract: `source` cannot be used; says why.
    """

    def read(staging: Staging) -> tuple[Frame | None, list[str]]:
        kept = _carry_over(old, staging, whole=False)
        covered = extract.read(source, staging, _reading(source, told))
        covered = covered or _extent(staging.database)
        return _around(covered, kept), _missing(staging, source.name)

    return _build(target, told, read)


def add_sheet(source: Path, target: Path, told: Told, *, old: Path) -> Report:
    """Make the file `target` from everything in `old` and an address file.

    Raises
        BadExtract: `source` cannot be used; says why.
    """

    def read(staging: Staging) -> tuple[Frame | None, list[str]]:
        kept = _carry_over(old, staging, whole=True)
        reading = sheet.read(source, staging, _reading(source, told))
        notes = [f"{reading.taken:,} rows of {source.name} were taken."]
        if reading.left_out:
            notes += [f"{reading.left_out:,} rows were left out:", *reading.why]
        return _around(reading.frame, kept), notes

    return _build(target, told, read)


def _reading(source: Path, told: Told) -> Callable[[int], None]:
    return lambda _number: told(f"Reading {source.name}", None)


def _build(
    target: Path, told: Told, read: Callable[[Staging], tuple[Frame | None, list[str]]]
) -> Report:
    staging = Staging(target)
    try:
        covered, notes = read(staging)
        told("Sorting streets and houses", 0.0)
        Builder(staging.database).build(lambda share: told("Sorting streets and houses", share))
        report = _report(staging.database, notes)
        _note_facts(staging.database, covered)
        staging.database.execute("COMMIT")
    finally:
        staging.close()
    return report


def _around(one: Frame | None, other: Frame | None) -> Frame | None:
    return one.with_(other) if one and other else one or other


def _carry_over(old: Path, staging: Staging, *, whole: bool) -> Frame | None:
    """Copy from the old file what stays; the frame of it."""
    if not old.exists():
        return None
    database = staging.database
    database.execute("COMMIT")
    try:
        database.execute("ATTACH ? AS old", (f"{old}",))
        return _copy(database, whole=whole)
    except sqlite3.DatabaseError:
        return None  # a damaged file is replaced by the fresh one
    finally:
        database.execute("BEGIN")


def _copy(database: sqlite3.Connection, *, whole: bool) -> Frame | None:
    database.execute("BEGIN")
    facts = dict(database.execute("SELECT name, value FROM old.fact").fetchall())
    if facts.get("format") != tables.FORMAT:
        covered = None
    elif whole:
        for statement in _COPY.values():
            database.execute(statement)
        covered = frame.from_text(facts["frame"]) if "frame" in facts else None
    else:
        database.execute(f"{_COPY['raw_address']} WHERE source = 2")
        covered = _extent(database)
    database.execute("COMMIT")
    database.execute("DETACH old")
    return covered


def _extent(database: sqlite3.Connection) -> Frame | None:
    edges = """SELECT min(lat), min(lon), max(lat), max(lon) FROM (
        SELECT lat, lon FROM raw_address UNION ALL SELECT lat, lon FROM raw_joint
        UNION ALL SELECT lat, lon FROM raw_place)"""
    row = database.execute(edges).fetchone()
    return None if row[0] is None else Frame(*row)


def _missing(staging: Staging, name: str) -> list[str]:
    """What an extract lacks, in sentences.

    Raises
        BadExtract: it has nothing that can be found.
    """
    counts = staging.counts
    if not (counts["raw_address"] or counts["raw_road"] or counts["raw_place"]):
        raise BadExtract(f"{name} has no addresses, no named streets and no named places.")
    notes = []
    if not counts["raw_address"]:
        notes.append(
            "The extract has no house numbers. Streets, crossings and named places are found; for "
            "house numbers, import an address file (CSV: number, street, city, postcode, lon, lat)."
        )
    if staging.cut_roads:
        every = counts["raw_road"] + staging.cut_roads
        notes.append(
            f"{staging.cut_roads:,} of {every:,} named pieces of streets were left out: the "
            "extract has not all of their points."
        )
    if not counts["raw_road"]:
        notes.append(
            "The extract has no named streets. Addresses and named places are found; crossings "
            "are not, and houses between known numbers are placed on a straight line."
        )
    return notes


def _report(database: sqlite3.Connection, notes: list[str]) -> Report:
    counts = database.execute(
        """SELECT (SELECT count(*) FROM address), (SELECT count(*) FROM street),
            (SELECT count(*) FROM crossing WHERE one < other), (SELECT count(*) FROM place)"""
    ).fetchone()
    return Report(*counts, notes)


def _note_facts(database: sqlite3.Connection, covered: Frame | None) -> None:
    facts = {"format": tables.FORMAT}
    if covered:
        facts["frame"] = covered.text()
    database.executemany("INSERT INTO fact VALUES (?, ?)", facts.items())
