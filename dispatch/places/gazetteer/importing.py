"""Importing a file: read beside the one in use, then put in its place, whole or not at all."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.places.gazetteer import extract, frame, sheet, tables
from dispatch.places.gazetteer.building import Builder
from dispatch.places.gazetteer.extract import BadExtract
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.gazetteer.staging import Staging

Told = Callable[[str, float | None], None]
"""Hears what is done now, and how much of it: 0 to 1, or None where nobody can say."""

_COPY = {
    "raw_address": "INSERT INTO raw_address SELECT * FROM old.raw_address",
    "raw_road": "INSERT INTO raw_road SELECT * FROM old.raw_road",
    "raw_alias": "INSERT INTO raw_alias SELECT * FROM old.raw_alias",
    "raw_joint": "INSERT INTO raw_joint SELECT * FROM old.raw_joint",
    "raw_place": "INSERT INTO raw_place SELECT * FROM old.raw_place",
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


def import_file(source: Path, target: Path, told: Told) -> Report:
    """Make the file `target` from the extract or address file `source`.

    An extract replaces what earlier extracts brought and leaves the addresses of address files;
    an address file is added to what is there. While it works, and if it fails, the old file
    stays in use.

    Raises
        BadExtract: `source` cannot be used; says why.
    """
    if not source.is_file():
        raise BadExtract(f"There is no file {source}.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(target), _beside(target) as fresh:
        staging = Staging(fresh)
        try:
            covered, notes = _staged(source, target, staging, told)
            told("Sorting streets and houses", 0.0)
            Builder(staging.database).build(lambda share: told("Sorting streets and houses", share))
            report = _report(staging.database, notes)
            _note_facts(staging.database, covered)
            staging.database.execute("COMMIT")
        finally:
            staging.close()
        _put_in_place(fresh, target)
    return report


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Keep a second import waiting outside."""
    with target.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadExtract("Another import is under way; wait for it to end.") from None
        yield


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file to fill, removed if it did not take the place of `target`."""
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    try:
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _staged(
    source: Path, target: Path, staging: Staging, told: Told
) -> tuple[Frame | None, list[str]]:
    """Read `source`, and what of the old file stays; the frame they cover, and notes."""

    def seen(number: int) -> None:
        told(f"Reading {source.name}", None)

    is_sheet = source.suffix.lower() in (".csv", ".tsv", ".txt")
    old = _carry_over(target, staging, whole=is_sheet)
    if not is_sheet:
        covered = extract.read(source, staging, seen) or _extent(staging.database)
        return _around(covered, old), _missing(staging, source.name)
    reading = sheet.read(source, staging, seen)
    notes = [f"{reading.taken:,} rows of {source.name} were taken."]
    if reading.left_out:
        notes += [f"{reading.left_out:,} rows were left out:", *reading.why]
    return _around(reading.frame, old), notes


def _around(one: Frame | None, other: Frame | None) -> Frame | None:
    return one.with_(other) if one and other else one or other


def _carry_over(target: Path, staging: Staging, *, whole: bool) -> Frame | None:
    """Copy from the old file what stays; the frame of it."""
    if not target.exists():
        return None
    database = staging.database
    database.execute("COMMIT")
    try:
        database.execute("ATTACH ? AS old", (f"{target}",))
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
