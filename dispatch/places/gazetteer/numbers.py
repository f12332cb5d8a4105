"""House numbers: what is typed as one, and where it stands among its neighbours."""

import re
from dataclasses import dataclass

_PARTS = re.compile(r"(?:(\d{1,5})\s*[-–]\s*)?(\d{1,6})\s*(.*)", re.DOTALL)
_BEFORE = re.compile(
    r"^(?:#\s*\w+|(?:suite|unit|apt|studio)\s*#?\s*\w+)[\s,-]+(?=\d)", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*[;,]\s*")


@dataclass(frozen=True)
class Number:
    """A house number, taken apart."""

    block: int
    """What stands before a hyphen, as the 99 of 99-10; -1 without one."""
    value: int
    rest: str
    """A letter or a half behind it."""


def plain(text: str) -> str:
    """`text` in the one spelling in which numbers are compared: 99-10 and 9910 are the same."""
    return "".join(character for character in text.casefold() if character.isalnum())


def apart(text: str) -> Number | None:
    """The parts of a house number; None if it has no digits in front."""
    found = _PARTS.match(text.strip())
    if not found:
        return None
    return Number(int(found[1]) if found[1] else -1, int(found[2]), plain(found[3]))


def meanings(text: str) -> list[Number]:
    """What a typed number may be: 9910 is itself, or 99-10 without its hyphen."""
    parts = apart(text)
    if parts is None:
        return []
    if parts.block >= 0 or parts.value < 100:
        return [parts]
    return [parts, Number(parts.value // 100, parts.value % 100, parts.rest)]


def written(text: str) -> list[str]:
    """The numbers that one tag of a map means: "12;14" are two, "#3 120" is one with a unit."""
    bare = _BEFORE.sub("", text.strip())
    return [one for one in _BETWEEN.split(bare) if one and one[0].isdigit() and len(one) <= 12]
