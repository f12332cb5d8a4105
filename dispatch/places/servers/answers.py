"""What the three programs answer, in the words of our own search: candidates with their kind.

Each program describes a candidate in its own way; the fields read here are those of Nominatim's
search (`format=json&addressdetails=1`), of Photon's GeoJSON and of Pelias's.
"""

import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.geocoding_server import Dialect
from dispatch.places.gazetteer import numbers
from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.question import readings
from dispatch.places.gazetteer.spelling import street_words

if TYPE_CHECKING:
    from geopy.location import Location

_LONGEST = 120
"""Characters of a name."""
_FRAME = 0.00005
"""Degrees from a point to the edges of the frame around it."""
_TOWNS = ("city", "town", "village", "hamlet", "municipality", "suburb")
Facts = Mapping[str, object]


@dataclass(frozen=True)
class _Told:
    """What a program tells about a candidate."""

    number: str
    street: str
    name: str
    town: str
    postcode: str
    kind: MatchKind
    """What it is where there is no number; with one, whether the number was counted."""


def found_in(dialect: Dialect, locations: "list[Location]", asked: str) -> list[Found]:
    """The candidates of an answer; those that lie nowhere or have no name are left out."""
    candidates = (_found(_READERS[dialect], one, asked) for one in locations)
    return [one for one in candidates if one is not None]


def _found(read: Callable[[Facts], _Told], location: "Location", asked: str) -> Found | None:
    point = location.latitude, location.longitude
    told = read(location.raw if isinstance(location.raw, Mapping) else {})
    name = told.street if told.number else (told.name or told.street)
    if not name or not all(map(math.isfinite, point)):
        return None
    kind = told.kind
    if told.number and kind is not MatchKind.INTERPOLATED:
        kind = MatchKind.EXACT
    typed = readings(asked, frozenset())
    words, plain = street_words(name), numbers.plain(told.number)
    return Found(
        kind,
        point,
        name,
        number=told.number,
        town=told.town if told.town != name else "",
        postcode=told.postcode,
        unit=next((one.unit for one in typed if one.unit), ""),
        is_corrected=not any(street_words(one.street) == words for one in typed),
        is_doubtful=bool(plain) and not any(numbers.plain(one.number) == plain for one in typed),
    )


def _nominatim(raw: Facts) -> _Told:
    address = _facts(raw, "address")
    kind = MatchKind.STREET if raw.get("class") == "highway" else MatchKind.PLACE
    if raw.get("osm_type") == "way" and _is_framed_point(raw):
        kind = MatchKind.INTERPOLATED  # the way is the line that the house was counted along
    name = _text(raw, "name") or _text(raw, "display_name").partition(",")[0]
    town = next(filter(None, (_text(address, one) for one in _TOWNS)), "")
    number, street = _text(address, "house_number"), _text(address, "road")
    return _Told(number if street else "", street, name, town, _text(address, "postcode"), kind)


def _is_framed_point(raw: Facts) -> bool:
    """Whether a candidate has no extent of its own: Nominatim draws a frame around its point."""
    box = raw.get("boundingbox")
    if not isinstance(box, list) or len(box) != 4:
        return False
    try:
        south, north, west, east = map(float, box)
        lat, lon = float(str(raw.get("lat"))), float(str(raw.get("lon")))
    except (TypeError, ValueError):
        return False
    away = (lat - south, north - lat, lon - west, east - lon)
    return all(abs(one - _FRAME) < _FRAME / 100 for one in away)


def _photon(raw: Facts) -> _Told:
    facts = _facts(raw, "properties")
    is_street = facts.get("type") == "street" or facts.get("osm_key") == "highway"
    number, street = _text(facts, "housenumber"), _text(facts, "street")
    return _Told(
        number if street else "",
        street,
        _text(facts, "name"),
        _text(facts, "city") or _text(facts, "locality"),
        _text(facts, "postcode"),
        MatchKind.STREET if is_street else MatchKind.PLACE,
    )


_LAYERS = {"street": MatchKind.STREET, "intersection": MatchKind.CROSSING}


def _pelias(raw: Facts) -> _Told:
    facts = _facts(raw, "properties")
    number, street = _text(facts, "housenumber"), _text(facts, "street")
    kind = _LAYERS.get(_text(facts, "layer"), MatchKind.PLACE)
    if "interpolated" in (facts.get("match_type"), facts.get("accuracy")):
        kind = MatchKind.INTERPOLATED
    town = _text(facts, "locality") or _text(facts, "localadmin")
    name, postcode = _text(facts, "name"), _text(facts, "postalcode")
    return _Told(number if street else "", street, name, town, postcode, kind)


_READERS = {Dialect.NOMINATIM: _nominatim, Dialect.PHOTON: _photon, Dialect.PELIAS: _pelias}


def _facts(raw: Facts, name: str) -> Facts:
    inner = raw.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _text(facts: Facts, name: str) -> str:
    """A field as one line of text that can be shown; empty for anything else."""
    value = facts.get(name)
    if not isinstance(value, str | int):
        return ""
    line = " ".join(str(value).split())
    return "".join(one for one in line if unicodedata.category(one)[0] != "C")[:_LONGEST]
