"""What a typed line may mean, best first: every reading of it looked up, and doubt made plain."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from dispatch.places.gazetteer import houses
from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.ground import metres
from dispatch.places.gazetteer.likeness import SAME, likeness
from dispatch.places.gazetteer.question import Reading, readings
from dispatch.places.gazetteer.spelling import fold, street_words
from dispatch.places.gazetteer.store import Edition

APART = 60.0
"""Metres from which on two candidates are two places."""
LEAST = 60.0
"""Below this score a candidate has nothing to do with what was typed."""
_MOST_STREETS = 40
_RIVAL = 8.0
"""How much less alike another house may be and still be the one that was meant."""
_COUNTED, _NUMBER_UNKNOWN, _OTHER_TOWN, _OTHER_POSTCODE = 6.0, 18.0, 12.0, 8.0
_SAME_TOWN = _SAME_POSTCODE = 2.0
_TOWN_LIKE = 85.0


@dataclass(frozen=True)
class _Street:
    """A street that may be meant."""

    number: int
    name: str
    town: int | None
    quarter: int | None
    lat: float
    lon: float
    houses: int
    score: float


def find(edition: Edition, text: str, limit: int) -> list[Found]:
    """What `text` may mean, best first; empty if nothing is like it."""
    found: list[Found] = []
    for reading in readings(text, edition.towns):
        found.extend(_looked_up(edition, reading))
        if any(one.score >= SAME and one.kind is MatchKind.EXACT for one in found):
            break
    kept = _without_repeats(sorted(found, key=lambda one: -one.score))
    return _with_doubt([one for one in kept if one.score >= LEAST])[:limit]


def _looked_up(edition: Edition, reading: Reading) -> Iterator[Found]:
    if reading.crossed:
        yield from _crossings(edition, reading)
        return
    for street in streets(edition, reading.street):
        yield from _on(edition, street, reading)
    if not reading.number:
        yield from _places(edition, reading)


def streets(edition: Edition, typed: str) -> list[_Street]:
    """The streets whose name is like `typed`, the likest first."""
    words = street_words(typed)
    scores = edition.streets.like(typed)
    for key in _with_all_words(edition.database, words):
        scores.setdefault(key, likeness(words, tuple(key.split())))
    likest = sorted(scores.items(), key=lambda item: -item[1])[:_MOST_STREETS]
    return [street for key, score in likest if score for street in _called(edition, key, score)]


def _with_all_words(database: sqlite3.Connection, words: Iterable[str]) -> list[str]:
    query = " ".join(f'"{word}"' for word in words)
    if not query:
        return []
    rows = database.execute(
        """SELECT DISTINCT spelling.key FROM street_words JOIN spelling
            ON spelling.street = street_words.street WHERE street_words MATCH ? LIMIT 60""",
        (query,),
    )
    return [key for (key,) in rows]


def _called(edition: Edition, key: str, score: float) -> list[_Street]:
    rows = edition.database.execute(
        """SELECT id, spelling.name, town, quarter, lat, lon, houses, ? FROM spelling
            JOIN street ON street.id = spelling.street WHERE key = ?
            ORDER BY houses DESC, id LIMIT 60""",
        (score, key),
    )
    return [_Street(*row) for row in rows]


def _on(edition: Edition, street: _Street, reading: Reading) -> Iterator[Found]:
    """The number on one street, or the street where the number is not known."""
    database = edition.database
    found = houses.on_street(database, street.number, reading.number) if reading.number else []
    for house in found:
        town, quarter = _town(database, house.town), _town(database, house.quarter)
        change, contradicts = _fits(edition, reading, (town, quarter), house.postcode)
        counted = _COUNTED * (house.kind is MatchKind.INTERPOLATED)
        yield Found(
            house.kind,
            house.point,
            street.name,
            number=house.number,
            town=town,
            postcode=house.postcode,
            unit=reading.unit,
            score=street.score - counted + change,
            is_corrected=street.score < SAME,
            is_doubtful=contradicts and (house.is_town_said or change <= -_OTHER_TOWN * 2),
        )
    if not found:
        town, quarter = _town(database, street.town), _town(database, street.quarter)
        change, _contradicts = _fits(edition, reading, (town, quarter), "")
        yield Found(
            MatchKind.STREET,
            (street.lat, street.lon),
            street.name,
            town=town,
            unit=reading.unit,
            score=street.score - _NUMBER_UNKNOWN * bool(reading.number) + change,
            is_corrected=street.score < SAME,
        )


def _fits(
    edition: Edition, reading: Reading, towns: tuple[str, str], postcode: str
) -> tuple[float, bool]:
    """What town and postcode add to a score, and whether they speak against the candidate."""
    change, contradicts = 0.0, False
    if reading.town:
        like = max(fuzz.ratio(reading.town, fold(town)) for town in towns)
        if like >= _TOWN_LIKE:
            change += _SAME_TOWN
        elif reading.town in edition.towns:
            change, contradicts = change - _OTHER_TOWN, True
    if reading.postcode and postcode:
        if fold(postcode).replace(" ", "")[:5] == reading.postcode[:5]:
            change += _SAME_POSTCODE
        else:
            change, contradicts = change - _OTHER_POSTCODE, True
    return change, contradicts


def _town(database: sqlite3.Connection, number: int | None) -> str:
    row = database.execute("SELECT name FROM town WHERE id = ?", (number,)).fetchone()
    return row[0] if row else ""


def _crossings(edition: Edition, reading: Reading) -> Iterator[Found]:
    one, other = (streets(edition, typed)[:20] for typed in (reading.street, reading.crossed))
    asked = "SELECT lat, lon FROM crossing WHERE one = ? AND other = ?"
    for first in one:
        for second in other:
            for lat, lon in edition.database.execute(asked, (first.number, second.number)):
                towns = (
                    _town(edition.database, first.town),
                    _town(edition.database, first.quarter),
                )
                change, _contradicts = _fits(edition, reading, towns, "")
                score = min(first.score, second.score)
                yield Found(
                    MatchKind.CROSSING,
                    (lat, lon),
                    f"{first.name} & {second.name}",
                    town=towns[0],
                    score=score + change,
                    is_corrected=score < SAME,
                )


def _places(edition: Edition, reading: Reading) -> Iterator[Found]:
    """Named places that are like the whole line."""
    words = tuple(fold(reading.street).split())
    scores = {key: likeness(words, tuple(key.split())) for key in _places_with(edition, words)}
    scores.update(edition.places.like(reading.street))
    for key, score in sorted(scores.items(), key=lambda item: -item[1])[:_MOST_STREETS]:
        rows = edition.database.execute(
            "SELECT name, town, lat, lon FROM place WHERE key = ? ORDER BY id LIMIT 10", (key,)
        )
        for name, town_id, lat, lon in rows:
            town = _town(edition.database, town_id)
            change, _contradicts = _fits(edition, reading, (town, town), "")
            yield Found(
                MatchKind.PLACE,
                (lat, lon),
                name,
                town=town if town != name else "",
                score=score - 1 + change,
                is_corrected=score < SAME,
            )


def _places_with(edition: Edition, words: tuple[str, ...]) -> list[str]:
    query = " ".join(f'"{word}"' for word in words)
    if not query:
        return []
    rows = edition.database.execute(
        """SELECT DISTINCT place.key FROM place_words JOIN place ON place.id = place_words.rowid
            WHERE place_words MATCH ? LIMIT 20""",
        (query,),
    )
    return [key for (key,) in rows]


def _without_repeats(found: list[Found]) -> list[Found]:
    """`found` without what a better reading has said already."""
    kept: list[Found] = []
    for one in found:
        same = [other for other in kept if one.name == other.name and one.town == other.town]
        says_less = same and one.kind is MatchKind.STREET and not one.number
        if not says_less and not any(metres(one.point, other.point) < APART for other in same):
            kept.append(one)
    return kept


def _with_doubt(found: list[Found]) -> list[Found]:
    """Only what nothing else rivals stays exact."""
    return [_doubted(one) if _is_rivalled(one, found) else one for one in found]


def _doubted(one: Found) -> Found:
    kind = MatchKind.STREET if one.kind is MatchKind.EXACT else one.kind
    return replace(one, kind=kind, is_doubtful=True)


def _is_rivalled(one: Found, found: list[Found]) -> bool:
    if one.is_doubtful:
        return True
    least = one.score - (_RIVAL if one.is_corrected else 0.0)
    return any(
        other.score >= least and metres(one.point, other.point) > APART
        for other in found
        if other is not one
    )
