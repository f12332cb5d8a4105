"""How like two names of streets are, and which of many are like a typed one."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dispatch.places.gazetteer.spelling import (
    Words,
    fold,
    has_kind,
    street_words,
    with_ordinals,
    without_directions,
    without_kind,
    written_short,
)

SAME = 100.0
KIND_LEFT_OUT = 96.0
KIND_UNKNOWN_HERE = 93.0
DIRECTION_LEFT_OUT = 91.0
ONE_SLIP = 88.0
PART = 80.0
OTHER_KIND = 78.0
OTHER_DIRECTION = 72.0
EACH_SLIP = 6.0
OTHER_DIGITS = 9.0
"""217 for 218 is another street sooner than a slip."""
_MOST = 30


class Spellings:
    """The names of one file, in the one spelling, kept in memory to find those like another."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        words = [tuple(key.split()) for key in self.keys]
        self._whole = ["".join(one) for one in words]
        self._without_kind = ["".join(without_kind(one)) for one in words]
        self._in_full = ["".join(with_ordinals(one)) for one in words]
        self._in_short = ["".join(written_short(one)) for one in words]

    def like(self, typed: str) -> dict[str, float]:
        """The names that `typed` may mean, slips forgiven, each with how like it is."""
        words, letters = street_words(typed), fold(typed).replace(" ", "")
        sought = (
            (self._whole, "".join(words)),
            (self._without_kind, "".join(without_kind(words))),
            (self._in_full, letters),
            (self._in_short, letters),
        )
        found = {
            index
            for names, text in sought
            for _name, _slips, index in process.extract(
                text, names, scorer=OSA.distance, score_cutoff=slips_forgiven(text), limit=_MOST
            )
        }
        scores = {self.keys[index]: self._score(index, words, letters) for index in found}
        return {key: score for key, score in scores.items() if score}

    def _score(self, index: int, words: Words, letters: str) -> float:
        by_words = likeness(words, tuple(self.keys[index].split()))
        as_written = (self._in_full[index], self._in_short[index])
        by_letters = (_by_letters(letters, name, ONE_SLIP) for name in as_written)
        return max(by_words, *by_letters)


def slips_forgiven(text: str) -> int:
    """How many letters of `text` may be wrong, missing or swapped."""
    return 0 if len(text) < 3 else 1 if len(text) < 7 else 2 if len(text) < 14 else 3


def likeness(typed: Words, known: Words) -> float:
    """How like the street `known` is what was typed, 100 for the same; 0 for nothing of it."""
    if typed == known:
        return SAME
    short, known_short = without_kind(typed), without_kind(known)
    if short == known_short:
        if not has_kind(typed):
            return KIND_LEFT_OUT
        return OTHER_KIND if has_kind(known) else KIND_UNKNOWN_HERE
    bare, known_bare = without_directions(short), without_directions(known_short)
    scores = [_by_letters("".join(typed), "".join(known), ONE_SLIP)]
    if bare == known_bare:
        same_kind = short == typed or typed[-1] == known[-1] or typed[0] == known[0]
        left_out = bare == short
        scores.append((DIRECTION_LEFT_OUT if left_out else OTHER_DIRECTION) - 4 * (not same_kind))
    if not has_kind(typed):
        scores.append(_by_letters("".join(short), "".join(known_short), ONE_SLIP - 2))
    if len(typed) < len(known) and set(typed) <= set(known):
        scores.append(PART - 2 * (len(known) - len(typed)))
    return max(scores)


def _by_letters(typed: str, known: str, one_slip: float) -> float:
    most = slips_forgiven(typed)
    distance = OSA.distance(typed, known, score_cutoff=most)
    if distance > most:
        return 0.0
    other_digits = OTHER_DIGITS * (_digits(typed) != _digits(known))
    return one_slip + EACH_SLIP - EACH_SLIP * max(distance, 0.5) - other_digits


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
