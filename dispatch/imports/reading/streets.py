"""Taking a written address apart: unit, house number, street, town."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby

from dispatch.imports.reading.words import fold

DIRECTIONS = {
    "n": "north", "s": "south", "e": "east", "w": "west",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
}  # fmt: skip
_DIRECTIONS = DIRECTIONS | {full: full for full in DIRECTIONS.values()}
_TYPES = {
    "street": "str", "avenue": "ave av aven avn", "drive": "dr drv", "road": "rd",
    "boulevard": "blvd boul", "lane": "ln", "place": "pl", "court": "ct crt", "crescent": "cres cr",
    "highway": "hwy", "terrace": "terr ter", "square": "sq", "parkway": "pkwy", "circle": "cir",
    "trail": "trl", "way": "", "mall": "", "alley": "", "mews": "", "walk": "", "close": "",
    "gardens": "gdns", "grove": "", "row": "", "wharf": "", "crossing": "",
}  # fmt: skip
_TYPE_OF = {short: full for full, many in _TYPES.items() for short in (full, *many.split())}
STREET_TYPES = frozenset(_TYPES)
_NUMBER_WORDS = dict(
    zip(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        range(1, 13),
        strict=True,
    )
)
_UNIT_WORD = (
    r"(?:apartment|apartamento|apto?|unit|unidad|suite|ste|studio|room|rm|flat"
    r"|depto|departamento|dpto|piso)"
)
_BASEMENT = r"(?:bsmt|basement|sotano)"
_TRAILING_UNIT = re.compile(
    rf"(?:^|\s+|(?<=\w)(?=#))(?P<unit>{_BASEMENT}\s+{_UNIT_WORD}\b\.?\s*#?\s*\w+|{_UNIT_WORD}\b\.?\s*#?\s*\w+"
    rf"|#\s*\w+|{_BASEMENT}(?:\s+#?\w+)?|penthouse|ph\s*\d*|(?:upper|lower|main)\s+floor)\s*$"
)
_HEAD = re.compile(
    rf"^(?P<word>{_UNIT_WORD}\b\.?\s*#?|#|u(?=\d))?\s*(?P<one>\d+[a-z]?)(?![a-z\d])"
    rf"(?:\s*(?P<mark>[-/;,&])\s*(?P<two>\d+[a-z]?)(?![a-z\d])|\s+(?P<next>\d+[a-z]?)(?![a-z\d])(?=\s+[a-z])(?!\s+(?:ave?|avenue|st|street)\b))?"
    rf"\s+(?P<name>[a-z].*|\d+(?:st|nd|rd|th)?\b.*)$"
)
_POSTCODE = re.compile(r"(?:\b(?:bc\s+)?[a-z]\d[a-z]\s?\d[a-z]\d|\b\d{5}(?:-\d{4})?)\s*$")
_REGIONS = frozenset(
    ["bc b.c. british columbia canada", "usa", "bc canada", "british columbia", "canada", "bc"]
)
_RANGE_AT_MOST = 100
"""Two numbers further apart are no range of one building but a unit and a number."""


@dataclass(frozen=True)
class WrittenAddress:
    """An address taken apart; `numbers` has two when a building has two (2400/2420)."""

    numbers: tuple[str, ...] = field(repr=False)
    street: str = field(repr=False)
    """In the one spelling of `street_key`."""
    unit: str | None = field(default=None, repr=False)
    town: str | None = field(default=None, repr=False)
    """Folded, as `town_key` gives it; None when none was written."""
    is_range: bool = False
    """Whether the numbers between the two belong to the building as well."""


def town_key(town: str) -> str:
    """One spelling of a town: without province, country and the word "city"."""
    words = re.sub(r"[.,]", " ", fold(town)).split()
    while len(words) > 1 and words[-1] in ("bc", "canada", "city"):
        words.pop()
    return " ".join(words)


def street_key(text: str) -> str:
    """One spelling of a street: directions and types in full and in place, ordinals as "4th".

    "W 4th Ave." and "West 4 Avenue" are "west 4th avenue"; "29th Avenue East" is
    "east 29th avenue"; "St Catherines St" is "saint catherines street".
    """
    words = [word for word in re.sub(r"[.,]", " ", fold(text)).split() if word]
    # "1295 Richards" in one column and "Richards Street" in the next say the name twice.
    words = [word for word, _same in groupby(words)]
    if len(words) > 2 and words[-1] in _DIRECTIONS and words[0] not in _DIRECTIONS:
        words = [words[-1], *words[:-1]]
    last = len(words) - 1
    if last > 1 and words[last] in _DIRECTIONS:
        words[last] = _DIRECTIONS[words[last]]
        last -= 1
    if last > 0 and words[0] in _DIRECTIONS:
        words[0] = _DIRECTIONS[words[0]]
    if last > 0:
        words[last] = "street" if words[last] == "st" else _TYPE_OF.get(words[last], words[last])
    return " ".join(_in_full(word) for word in words)


def _in_full(word: str) -> str:
    if word == "st":
        return "saint"
    number = _NUMBER_WORDS.get(word)
    if number is None:
        match = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", word)
        if match is None:
            return word
        number = int(match[1])
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def take_apart(text: str, towns: Collection[str] = ()) -> WrittenAddress | None:
    """The parts of a written address, or None when there is no house number with a street.

    `towns` are the keys of towns known, to tell a town from the end of a street's name.
    """
    segments = [segment for part in fold(text).split(",") if (segment := part.strip())]
    units: list[str] = []
    town: str | None = None
    head: re.Match[str] | None = None
    # From the end: what follows the street is a unit, a town or a region; what precedes it, a unit.
    while segments:
        segment = _POSTCODE.sub("", segments.pop()).strip()
        segment = _without_unit(segment, units)
        if not segment or segment in _REGIONS:
            continue
        head = _HEAD.match(segment)
        if head is not None:
            break
        town = town_key(segment)
    if head is None:
        return None
    units.extend(reversed(segments))
    return _written(head, units, town, towns)


def _without_unit(segment: str, units: list[str]) -> str:
    match = _TRAILING_UNIT.search(segment)
    if match is None:
        return segment
    units.append(" ".join(match["unit"].split()))
    return segment[: match.start()].strip()


def _written(
    head: re.Match[str], units: list[str], town: str | None, towns: Collection[str]
) -> WrittenAddress:
    one, two, mark = head["one"], head["two"] or head["next"], head["mark"]
    unit_first = head["word"] is not None
    numbers: tuple[str, ...] = (one,)
    is_range = False
    if two is not None:
        if not unit_first and mark in ("/", ";", "&"):
            numbers = (one, two)
        elif not unit_first and mark == "-" and _is_range(one, two):
            numbers, is_range = (one, two), True
        elif not unit_first and mark == "-" and len(two) <= 2 < len(one):
            units.append(two)
        else:
            numbers = (two,)
            units.append(one)
    name = head["name"]
    key = street_key(name)
    for known in sorted(towns, key=len, reverse=True):
        # "Hastings St. Vancouver": the town without a comma.
        if key.endswith(f" {known}") and key != known:
            key = street_key(name[: len(fold(name)) - len(known)].rstrip(" ."))
            town = town or known
            break
    return WrittenAddress(numbers, key, _unit(units), town, is_range)


def _is_range(one: str, two: str) -> bool:
    if not (one.isdigit() and two.isdigit()) or len(one) != len(two):
        return False
    return 0 < int(two) - int(one) <= _RANGE_AT_MOST and (int(two) - int(one)) % 2 == 0


def _unit(units: list[str]) -> str | None:
    """Units found, in one spelling: "#10", "apt 10" and "unit 10" are all "10"."""
    plain = [re.sub(rf"^{_UNIT_WORD}\b\.?\s*#?\s*|^#\s*", "", unit).strip() for unit in units]
    words = " ".join(f"{unit}," for unit in plain if unit).rstrip(",").split(" ")
    return (
        " ".join(w.upper() if re.fullmatch(r"[a-z]?\d+[a-z]?,?", w) else w for w in words) or None
    )
