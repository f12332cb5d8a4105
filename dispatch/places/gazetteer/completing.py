"""What a line may become while it is still typed: a few lines to choose from, quickly."""

import re
import sqlite3
from collections.abc import Iterator

from dispatch.places.gazetteer import houses, numbers
from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.question import LONGEST
from dispatch.places.gazetteer.search import find
from dispatch.places.gazetteer.spelling import fold, street_words
from dispatch.places.gazetteer.store import Edition

SHORTEST = 3
"""Letters from which on anything is offered."""
_LAST = "\U0010ffff"
"""Behind every number in the one spelling."""
_READ = 120
"""Streets looked at for one beginning; those with most houses come first."""
_COUNTED_ON = 3
"""Streets on which a number is looked for between its neighbours, when none has it."""
_LEADING = re.compile(r"^(\d{1,6}(?:\s?-\s?\d{1,4})?[a-z]?)\s+(?=\S)", re.IGNORECASE)
_TRAILING = re.compile(r"^(.*?[^\W\d].*?)[\s,]+(\d{1,5}[a-z]?)$", re.IGNORECASE)
_HALF_ORDINAL = re.compile(r"(\d+)(?:s|st|n|nd|r|rd|t|th)")

_STREETS = """SELECT street.id, street_words.shown AS name, street.lat, street.lon,
    town.name AS town FROM street_words JOIN street ON street.id = street_words.street
    LEFT JOIN town ON town.id = street.town
    WHERE street_words MATCH ? ORDER BY street_words.rowid LIMIT ?"""
_HOUSES = """SELECT number, lat, lon, town.name AS town, postcode FROM address
    LEFT JOIN town ON town.id = address.town
    WHERE street = ? AND plain >= ? AND plain < ? ORDER BY length(plain), plain LIMIT 2"""
_PLACES = """SELECT place.name, lat, lon, town.name AS town FROM place_words
    JOIN place ON place.id = place_words.rowid LEFT JOIN town ON town.id = place.town
    WHERE place_words MATCH ? ORDER BY place_words.rowid LIMIT ?"""


def complete(edition: Edition, text: str, limit: int) -> list[Found]:
    """What the beginning `text` may become; with a slip in it, what it may mean."""
    line = " ".join(text[:LONGEST].split())
    if len(fold(line)) < SHORTEST:
        return []
    offered: dict[str, Found] = {}
    for number, street in _parts(line):
        for found in _offered(edition.database, number, street, limit):
            offered.setdefault(found.label, found)
        if len(offered) >= limit:
            break
    return list(offered.values())[:limit] or find(edition, line, limit)


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """The number and the beginning of the street, in English, in Spanish, and without a number."""
    leading, trailing = _LEADING.match(line), _TRAILING.match(line)
    if leading:
        yield leading[1], line[leading.end() :]
    elif trailing:
        yield trailing[2], trailing[1]
    if not leading:
        yield "", line


def _offered(database: sqlite3.Connection, number: str, street: str, limit: int) -> Iterator[Found]:
    asked = _query(street)
    if not asked:
        return
    rows = _streets(database, asked, _READ if number else limit)
    if not number:
        yield from _named(database, asked, rows, limit)
        return
    start = numbers.plain(number)
    some = False
    for row in rows:
        for house in database.execute(_HOUSES, (row["id"], start, start + _LAST)):
            some = True
            yield _on_record(row["name"], house)
    if not some:
        yield from _counted(database, rows[:_COUNTED_ON], number)


def _streets(database: sqlite3.Connection, asked: list[str], most: int) -> list[sqlite3.Row]:
    """The streets whose name has every word; where none has, those of a town that has the rest."""
    whole = " AND ".join(f"name : {term}" for term in asked)
    rows = database.execute(_STREETS, (whole, most)).fetchall()
    if rows or len(asked) < 2:
        return rows
    with_town = " AND ".join([f"name : {asked[0]}", *asked[1:]])
    return database.execute(_STREETS, (with_town, most)).fetchall()


def _on_record(street: str, house: sqlite3.Row) -> Found:
    return Found(
        MatchKind.EXACT,
        (house["lat"], house["lon"]),
        street,
        number=house["number"],
        town=house["town"] or "",
        postcode=house["postcode"],
    )


def _named(
    database: sqlite3.Connection, asked: list[str], streets: list[sqlite3.Row], limit: int
) -> Iterator[Found]:
    places = database.execute(_PLACES, (" AND ".join(asked), limit)).fetchall()
    kinds = ((MatchKind.STREET, streets[: limit - min(2, len(places))]), (MatchKind.PLACE, places))
    for kind, rows in kinds:
        for row in rows:
            town = row["town"] if row["town"] != row["name"] else ""
            yield Found(kind, (row["lat"], row["lon"]), row["name"], town=town or "")


def _counted(
    database: sqlite3.Connection, streets: list[sqlite3.Row], number: str
) -> Iterator[Found]:
    for row in streets:
        for house in houses.on_street(database, row["id"], number)[:1]:
            town = row["town"] or ""
            yield Found(house.kind, house.point, row["name"], number=number, town=town)


def _query(street: str) -> list[str]:
    """The words of `street` as terms for the index, the last one as a beginning."""
    raw = fold(street).split()
    words = street_words(street)
    if len(raw) != len(words):
        words = tuple(raw)
    asked = [_either(word, other) for word, other in zip(raw[:-1], words[:-1], strict=True)]
    if raw:
        half = _HALF_ORDINAL.fullmatch(raw[-1])
        asked.append(f'("{half[1] if half else raw[-1]}" * OR "{words[-1]}")')
    return asked


def _either(word: str, other: str) -> str:
    alone = "saint" if word == "st" else word
    return f'("{alone}" OR "{other}")'
