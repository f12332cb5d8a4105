"""Lines of the map that say how the houses along them are numbered (`addr:interpolation`)."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import pairwise

from dispatch.places.gazetteer import numbers
from dispatch.places.gazetteer.ground import pack, unpack
from dispatch.places.gazetteer.spelling import street_words
from dispatch.places.sealed import Point

_STEPS = {"all": 1, "odd": 2, "even": 2}
_LONGEST = 2_000
"""Numbers on one line; more is a slip."""

StreetNear = Callable[[str, Point], int | None]


def build(database: sqlite3.Connection, street_near: StreetNear) -> None:
    """Fill `span` from `raw_span`: one row for each stretch between two numbered points."""
    database.execute("CREATE INDEX raw_address_ref ON raw_address (ref) WHERE ref IS NOT NULL")
    rows = database.execute("SELECT rule, street, refs, line FROM raw_span").fetchall()
    for rule, street, refs, line in rows:
        step = int(rule) if rule.isdecimal() else _STEPS.get(rule, 0)
        if step:
            for key, low, high, part in _stretches(database, refs, unpack(line)):
                named = " ".join(street_words(street)) or key
                number = street_near(named, part[0]) or street_near(key, part[0])
                if number is not None:
                    row = (number, low, high, step, pack(part))
                    database.execute("INSERT INTO span VALUES (?, ?, ?, ?, ?)", row)


def _stretches(
    database: sqlite3.Connection, refs: str, line: list[Point]
) -> Iterator[tuple[str, int, int, list[Point]]]:
    known = []
    for index, ref in enumerate(refs.split(",")):
        house = "SELECT key, number FROM raw_address WHERE ref = ?"
        key, number = database.execute(house, (int(ref),)).fetchone() or ("", "")
        parts = numbers.apart(number)
        if parts and parts.block < 0:
            known.append((index, key, parts.value))
    for (start, key, first), (end, _key, last) in pairwise(known):
        part = line[start : end + 1]
        if len(part) > 1 and 0 < abs(last - first) <= _LONGEST:
            yield key, min(first, last), max(first, last), part if first < last else part[::-1]
