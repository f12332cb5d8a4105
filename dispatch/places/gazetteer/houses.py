"""A number on a street: the house on record, or where it must stand by its neighbours."""

import sqlite3
from dataclasses import dataclass
from itertools import product

from dispatch.places.gazetteer import numbers
from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.ground import along, at_metre, between, foot, metres, unpack
from dispatch.places.gazetteer.numbers import Number
from dispatch.places.sealed import Point

FARTHEST = 600.0
"""Metres between two neighbours between which a house is looked for."""
_BEND = 80.0
"""Metres between neighbours from which on the line of the street is followed, not the straight."""
_OFF_STREET = 80.0
_BEYOND = 12
"""How many numbers past the last one known a house may still be guessed."""
_BEYOND_METRES = 40.0


@dataclass(frozen=True)
class House:
    """Where a number is."""

    kind: MatchKind
    point: Point
    number: str
    town: int | None
    quarter: int | None
    postcode: str
    is_town_said: bool


def on_street(database: sqlite3.Connection, street: int, number: str) -> list[House]:
    """Where `number` is on the street of this id: houses on record, else one by counting.

    Several houses where the street runs through towns that number it anew. None if nothing is
    known near the number.
    """
    houses = """SELECT number, lat, lon, town, quarter, postcode, said FROM address
        WHERE street = ? AND plain = ? ORDER BY source DESC, id"""
    rows = database.execute(houses, (street, numbers.plain(number))).fetchall()
    if rows:
        return [
            _house(MatchKind.EXACT, (row["lat"], row["lon"]), row, row["number"]) for row in rows
        ]
    for parts in numbers.meanings(number):
        counted = _on_span(database, street, parts) or _among(database, street, parts)
        if counted is not None:
            return [_house(MatchKind.INTERPOLATED, *counted, number)]
    return []


def _house(kind: MatchKind, point: Point, row: sqlite3.Row, number: str) -> House:
    said = bool(row["said"])
    return House(kind, point, number, row["town"], row["quarter"], row["postcode"], said)


def _on_span(
    database: sqlite3.Connection, street: int, wanted: Number
) -> tuple[Point, sqlite3.Row] | None:
    """On a line of the map that says how its houses are numbered."""
    if wanted.block >= 0:
        return None
    spans = "SELECT low, high, step, line FROM span WHERE street = ? AND low <= ? AND high >= ?"
    for low, high, step, line in database.execute(spans, (street, wanted.value, wanted.value)):
        if (wanted.value - low) % step == 0:
            row = _nearest_row(database, street, wanted)
            if row is not None:
                return along(unpack(line), (wanted.value - low) / (high - low)), row
    return None


def _nearest_row(database: sqlite3.Connection, street: int, wanted: Number) -> sqlite3.Row | None:
    nearest = """SELECT * FROM address WHERE street = ? AND block = ?
        ORDER BY abs(value - ?), id LIMIT 1"""
    return database.execute(nearest, (street, wanted.block, wanted.value)).fetchone()


def _among(
    database: sqlite3.Connection, street: int, wanted: Number
) -> tuple[Point, sqlite3.Row] | None:
    """Between the two neighbours on its own side; past the last one; else across the street."""
    for parity in (wanted.value % 2, 1 - wanted.value % 2):
        below = _neighbours(database, street, wanted, parity, above=False)
        above = _neighbours(database, street, wanted, parity, above=True)
        pairs = sorted(product(below, above), key=lambda pair: pair[1]["value"] - pair[0]["value"])
        for lower, upper in pairs:
            if metres(_at(lower), _at(upper)) <= FARTHEST:
                return _counted(database, street, lower, upper, wanted), lower
        known = below or above
        if known and abs(known[0]["value"] - wanted.value) <= _BEYOND:
            return _beyond(known, wanted), known[0]
    return None


def _neighbours(
    database: sqlite3.Connection, street: int, wanted: Number, parity: int, *, above: bool
) -> list[sqlite3.Row]:
    upward = """SELECT * FROM address WHERE street = ? AND block = ? AND value >= ?
        AND value % 2 = ? ORDER BY value, id LIMIT 3"""
    downward = """SELECT * FROM address WHERE street = ? AND block = ? AND value <= ?
        AND value % 2 = ? ORDER BY value DESC, id LIMIT 3"""
    asked = (street, wanted.block, wanted.value, parity)
    return database.execute(upward if above else downward, asked).fetchall()


def _counted(
    database: sqlite3.Connection,
    street: int,
    lower: sqlite3.Row,
    upper: sqlite3.Row,
    wanted: Number,
) -> Point:
    """The point between two neighbours, along the street where they lie far apart."""
    one, other = _at(lower), _at(upper)
    gap = upper["value"] - lower["value"]
    share = (wanted.value - lower["value"]) / gap if gap else 0.5
    straight = between(one, other, share)
    if metres(one, other) < _BEND:
        return straight
    row = database.execute("SELECT line FROM street WHERE id = ?", (street,)).fetchone()
    line = unpack(row["line"])
    if len(line) < 2:
        return straight
    (start, off), (end, other_off) = foot(line, one), foot(line, other)
    if max(off, other_off) > _OFF_STREET or abs(end - start) > 1.6 * metres(one, other) + _BEND:
        return straight
    return _beside(line, (start, end), (one, other), share)


def _beside(
    line: list[Point], feet: tuple[float, float], ends: tuple[Point, Point], share: float
) -> Point:
    """A point as far from the street, and on the same side of it, as the two beside it."""
    start, end = feet
    on_line = at_metre(line, start + (end - start) * share)
    away = [
        (point[0] - base[0], point[1] - base[1])
        for point, base in zip(ends, (at_metre(line, start), at_metre(line, end)), strict=True)
    ]
    north, east = between(away[0], away[1], share)
    return on_line[0] + north, on_line[1] + east


def _beyond(known: list[sqlite3.Row], wanted: Number) -> Point:
    """A little past the last house, at the pace of the two before it."""
    last = _at(known[0])
    for before in known[1:]:
        gap = known[0]["value"] - before["value"]
        apart = metres(_at(before), last)
        if gap and 0 < apart < FARTHEST:
            pace = (wanted.value - known[0]["value"]) / gap
            most = _BEYOND_METRES / apart
            return between(last, _at(before), -max(-most, min(most, pace)))
    return last


def _at(row: sqlite3.Row) -> Point:
    return row["lat"], row["lon"]
