"""From text to places: the seam that every geocoder goes through.

A geocoder is anything with the `geocode` method of geopy's. The one here finds the public places of
a group by name; `gazetteer`, any address of the imported map; `servers`, what a server knows, which
learns of it and is asked only by `finder`, when a person presses the button. What is found is
always confirmed by a person.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rapidfuzz import fuzz, process

from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.models import Place
from dispatch.places.sealed import Point

if TYPE_CHECKING:
    from geopy.location import Location

LEAST_SCORE = 72.0
"""Of 100. Below it two names have nothing to do with each other."""
MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Candidate:
    """A place that may be what was typed."""

    name: str
    point: Point
    match: MatchKind
    source: str
    """Which geocoder found it."""
    place: Place | None
    """The public place itself, where it is one of the group's."""


class Geocoder(Protocol):
    """The part of geopy's `Geocoder` that is used here."""

    def geocode(self, query: str, *, exactly_one: bool) -> "list[Location] | Location | None":
        """Where `query` may be; with `exactly_one` the best answer alone."""
        ...


class ByName:
    """Finds the places it was given by their names, forgiving case, accents and typing."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = [place for place in places if place.name and place.is_public]
        self._names = [plain(place.name or "") for place in self._places]

    def geocode(
        self, query: str, *, exactly_one: bool = True
    ) -> "list[Location] | Location | None":
        """Where `query` may be, the best first; None when nothing is like it."""
        wanted = plain(query)
        found = process.extract(
            wanted,
            self._names,
            scorer=fuzz.WRatio,
            limit=1 if exactly_one else MOST_CANDIDATES,
            score_cutoff=LEAST_SCORE,
        )
        answers = [self._location(index, name == wanted) for name, _score, index in found]
        if exactly_one:
            return answers[0] if answers else None
        return answers or None

    def _location(self, index: int, is_exact: bool) -> "Location":
        from geopy.location import Location  # it loads every geocoder there is: when one is asked

        place = self._places[index]
        match = MatchKind.EXACT if is_exact else MatchKind.SIMILAR
        raw = {"match": match.value, "place": place}
        return Location(place.name, place.coarse_point, raw)


def find(text: str, geocoders: Iterable[Geocoder]) -> list[Candidate]:
    """What `text` may mean, from the first of `geocoders` that knows anything."""
    if not text.strip():
        return []
    for geocoder in geocoders:
        found = geocoder.geocode(text, exactly_one=False)
        if found:
            source = type(geocoder).__name__
            return [_candidate(one, source) for one in found]
    return []


def plain(text: str) -> str:
    """`text` without case, accents, punctuation and double spaces: what names are compared by."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        character if character.isalnum() else " "
        for character in apart
        if not unicodedata.combining(character)
    )
    return " ".join(kept.split())


def _candidate(location: "Location", source: str) -> Candidate:
    raw = location.raw if isinstance(location.raw, dict) else {}
    point = (location.latitude, location.longitude)
    return Candidate(location.address, point, _kind_of(raw), source, raw.get("place"))


def _kind_of(raw: dict) -> MatchKind:
    try:
        return MatchKind(raw.get("match"))
    except ValueError:
        return MatchKind.SIMILAR
