"""Who rides: how many, on which child seats, with a wheelchair, and why, coarsely."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.words import fold, squash
from dispatch.rides.models import Purpose

_YES = frozenset(["yes", "y", "si", "s", "true", "x", "1", "needed", "wheelchair"])
_NO = frozenset(["no", "n", "none", "false", "0", "ninguna", "ninguno", "notneeded", "na"])
_NUMBER_WORDS = {
    "zero": 0, "cero": 0, "a": 1, "one": 1, "un": 1, "una": 1, "uno": 1, "two": 2, "dos": 2,
    "three": 3, "tres": 3, "four": 4, "cuatro": 4, "five": 5, "cinco": 5, "six": 6, "seis": 6,
}  # fmt: skip
_SEAT_KINDS = {
    "infant": (
        "infant", "infants", "baby", "babies", "newborn", "rear facing", "infant carrier", "bebe",
        "bebes", "recien nacido", "portabebe", "portabebes",
    ),
    "convertible": (
        "convertible", "convertibles", "toddler", "toddlers", "forward facing", "front facing",
        "harness", "convertible infantil",
    ),
    "booster": (
        "booster", "boosters", "backless booster", "high back booster", "elevador", "elevadores",
        "alzador", "alzadores",
    ),
}  # fmt: skip
_KIND_OF_SEAT = {name: kind for kind, names in _SEAT_KINDS.items() for name in names}
_SEAT_WORDS = re.compile(r"\b(?:seats?|car|child|sillas?|sillitas?|asientos?|de|para|x)\b")
_SEPARATORS = re.compile(r"[,;+/&]|\band\b|\by\b")
_PURPOSES = {
    Purpose.MEDICAL: "medical doctor dr clinic hospital health dentist therapy appointment"
    " medico medica doctora clinica salud dentista terapia",
    Purpose.SCHOOL: "school education class classes college daycare escuela colegio educacion clase"
    " guarderia",
    Purpose.WORK: "work job employment shift trabajo empleo",
    Purpose.LEGAL: "legal court lawyer attorney hearing corte juzgado abogado abogada tribunal"
    " audiencia",
    Purpose.FOOD: "food groceries grocery shopping shop supermarket foodbank comida compras mercado"
    " supermercado despensa alimentos",
    Purpose.OTHER: "other others otro otra otros varios",
}
_PURPOSE_OF = {word: purpose for purpose, words in _PURPOSES.items() for word in words.split()}


@dataclass(frozen=True)
class Party:
    """Those who ride together, and what they need in the car."""

    adults: int
    children: int
    child_seats: Mapping[str, int]
    """Seats the car must have, by kind: infant, convertible, booster."""
    wheelchair: bool

    @property
    def riders(self) -> int:
        """How many people sit in the car."""
        return self.adults + self.children


class SeatKindUnknown(Unreadable):
    """Child seats are asked for or offered, but not which kind."""


def read_count(cell: str, *, blank: int | None = 0) -> int:
    """A number of people, seats or rides; an empty cell is `blank`.

    Raises
        Unreadable: no whole number from 0 on, or an empty cell where `blank` is None.
    """
    text = fold(cell).removesuffix(".0")
    if text in ("", "-") and blank is not None:
        return blank
    if text in _NUMBER_WORDS:
        return _NUMBER_WORDS[text]
    if not re.fullmatch(r"[0-9]{1,4}", text):
        if not text:
            raise Unreadable(_("The number is missing; write it like 2."))
        raise Unreadable(_("%(cell)s is not a whole number; write it like 2.", cell=cell))
    return int(text)


def read_yes_no(cell: str) -> bool:
    """Whether a cell says yes; an empty one says no.

    Raises
        Unreadable: neither yes nor no.
    """
    word = squash(cell)
    if word in _YES:
        return True
    if not word or word in _NO:
        return False
    raise Unreadable(_("%(cell)s is neither yes nor no; write yes or leave it empty.", cell=cell))


def read_child_seats(cell: str) -> Mapping[str, int]:
    """How many child seats of each kind: "1 booster, 1 convertible"; kinds that are 0 are absent.

    Raises
        SeatKindUnknown: "yes" or "2". None is guessed: a wrong seat carries no child.
        Unreadable: a kind nobody knows.
    """
    if squash(cell) in _NO or not squash(cell):
        return {}
    seats: dict[str, int] = {}
    for part in _SEPARATORS.split(fold(cell)):
        kind, count = _seats(part, cell)
        if count:
            seats[kind] = seats.get(kind, 0) + count
    return seats


def _seats(part: str, cell: str) -> tuple[str, int]:
    """One kind and its number from "2 boosters", "booster seat", "2x convertible"."""
    match = re.match(r"\s*(\d+|[a-z]+(?=\s))?\s*x?\s*(.*)$", part)
    number, name = (match[1], match[2]) if match else (None, part)
    if number and not number.isdigit() and number not in _NUMBER_WORDS:
        number, name = None, part
    name = " ".join(_SEAT_WORDS.sub(" ", name.replace("-", " ")).split())
    count = 1 if number is None else int(number) if number.isdigit() else _NUMBER_WORDS[number]
    if name in _KIND_OF_SEAT:
        return _KIND_OF_SEAT[name], count
    if not name or name in _YES:
        raise SeatKindUnknown(
            _(
                "%(cell)s does not say which child seats;"
                " write the kind and number, like 1 infant, 1 convertible or 2 boosters.",
                cell=cell,
            )
        )
    raise Unreadable(
        _(
            "%(cell)s is not a kind of child seat;"
            " write it like 1 infant, 1 convertible or 2 boosters.",
            cell=cell,
        )
    )


def read_purpose(cell: str) -> Purpose | None:
    """The coarse purpose, or None when no known word is in the cell."""
    words = re.findall(r"\w+", fold(cell))
    found = {_PURPOSE_OF[word] for word in words if word in _PURPOSE_OF}
    return found.pop() if len(found) == 1 else None
