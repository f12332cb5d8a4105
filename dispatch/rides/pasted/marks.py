"""The things of a message one after another: words that are known, numbers, times, days, ends."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

from dispatch.places.geocode import plain
from dispatch.rides.pasted.vocabulary import Sense, Value, Word, phrases

_TOKEN = re.compile(
    r"""
    (?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)
    | (?P<hour>\d{1,2})[:h](?P<minute>\d\d)\b
    | (?P<one>\d{1,2})[/-](?P<other>\d{1,2})\b
    | (?P<end>[.!?;\n])
    | \d+
    | [^\W\d]+
    | ,
    """,
    re.VERBOSE,
)
_POINTS = re.compile(r"\b([ap])\s?\.\s?m\b\.?")
""" "a.m." has points that end no sentence. """


@dataclass(frozen=True)
class Mark:
    """One thing of a text. A word that nobody knows has none of these."""

    sense: Sense | None = None
    value: Value = None
    number: int | None = None
    clock: time | None = None
    is_exact: bool = False
    """Whether the time is written as on a clock of 24 hours."""
    day: date | tuple[int, int] | None = None
    """A date; or two numbers of which one is the month."""
    is_end: bool = False


NOTHING = Mark()


def even(text: str) -> str:
    """`text` without case and accents, its punctuation kept: times and days are written with it."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in apart if not unicodedata.combining(one))


def without(text: str, name: str) -> str | None:
    """The even `text` with a gap where it names `name`; None where it does not."""
    words = plain(name).split()
    if not words:
        return None
    named = r"\W+".join(map(re.escape, words))
    rest, times = re.subn(rf"\b{named}\b", ";", text)
    return rest if times else None


def marked(text: str) -> list[Mark]:
    """The marks of an even `text`; of the phrases that fit at a place, the longest."""
    found = list(_TOKEN.finditer(_POINTS.sub(r"\1m", text)))
    words = tuple(match[0] for match in found)
    known = phrases()
    longest = max(map(len, known))
    marks, at = [], 0
    while at < len(words):
        lengths = range(min(longest, len(words) - at), 0, -1)
        length = next((one for one in lengths if words[at : at + one] in known), 0)
        mark = _of_word(known[words[at : at + length]]) if length else _of_piece(found[at])
        if mark.sense is not Sense.FILLER:
            marks.append(mark)
        at += max(length, 1)
    return marks


def _of_word(word: Word) -> Mark:
    if word.sense is Sense.NUMBER and isinstance(word.value, int):
        return Mark(number=word.value)
    return Mark(sense=word.sense, value=word.value)


def _of_piece(piece: re.Match[str]) -> Mark:
    if piece["year"]:
        return Mark(day=_date(int(piece["year"]), int(piece["month"]), int(piece["day"])))
    if piece["hour"]:
        return _of_clock(piece["hour"], piece["minute"])
    if piece["one"]:
        return Mark(day=(int(piece["one"]), int(piece["other"])))
    if piece["end"]:
        return Mark(is_end=True)
    return Mark(number=int(piece[0])) if piece[0].isdecimal() and len(piece[0]) < 5 else NOTHING


def _of_clock(hour: str, minute: str) -> Mark:
    if int(hour) > 23 or int(minute) > 59:
        return NOTHING
    is_exact = hour.startswith("0") or int(hour) > 12
    return Mark(clock=time(int(hour), int(minute)), is_exact=is_exact)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
