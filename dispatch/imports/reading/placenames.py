"""Public places by the names people give them; a chain's name means the branch nearest to home."""

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from dispatch.imports.reading.known import PlaceRow
from dispatch.imports.reading.words import fold, squash

_ACRONYM = re.compile(r"\s*\(([A-Z]{2,})\)\s*")
_SAINT = re.compile(r"\bst\.?(?=\s+\w)")
_PLAIN_WORDS = frozenset(
    ("the", "of", "and", "a", "an", "at", "in", "for", "de", "la", "el", "los", "del")
)


def name_key(name: str) -> str:
    """One spelling of a place's name: "St. Paul's Hospital" and "saint pauls hospital" are one."""
    return squash(_SAINT.sub("saint", _without_article(name)))


def _without_article(name: str) -> str:
    return re.sub(r"^the\s+", "", fold(name))


def _words(name: str) -> frozenset[str]:
    folded = _SAINT.sub("saint", fold(name).replace("'", ""))
    return frozenset(re.findall(r"\w+", folded)) - _PLAIN_WORDS


class PlaceNames:
    """Public places, found by name."""

    def __init__(self, places: Iterable[PlaceRow]) -> None:
        self._by_key: dict[str, list[PlaceRow]] = defaultdict(list)
        self._words: dict[str, frozenset[str]] = {}
        for place in places:
            for name in _names(place.name):
                key = name_key(name)
                self._by_key[key].append(place)
                self._words[key] = _words(name)

    def exact(self, typed: str) -> list[PlaceRow]:
        """The branches of the place called so; none when no place is."""
        return list(self._by_key.get(name_key(typed), ()))

    def similar(self, typed: str) -> list[list[PlaceRow]]:
        """The places that may be meant, each with its branches: by a slip of the keys, or in part.

        One answer is safe to take; several are to be named to the person who typed.
        """
        key = name_key(typed)
        distances = {
            known: OSA.distance(key, known, score_cutoff=_slips(key)) for known in self._by_key
        }
        near = {known: d for known, d in distances.items() if d <= _slips(key)}
        closest = min(near.values(), default=None)
        if closest is not None:
            return self._branches(known for known, d in near.items() if d == closest)
        words = _words(typed)
        if len(words) < 2:
            return []
        return self._branches(known for known, has in self._words.items() if words <= has)

    def _branches(self, keys: Iterable[str]) -> list[list[PlaceRow]]:
        found: list[list[PlaceRow]] = []
        for key in keys:
            if self._by_key[key] not in found:
                found.append(self._by_key[key])
        return found


def _names(name: str) -> list[str]:
    """A name, and its forms without and as the acronym: "Vancouver General Hospital (VGH)"."""
    match = _ACRONYM.search(name)
    return [name] if match is None else [name, _ACRONYM.sub(" ", name).strip(), match[1]]


def _slips(key: str) -> int:
    """How many slips of the keys are forgiven in a name: none in a short one."""
    return 0 if len(key) < 6 else 1 if len(key) < 12 else 2
