"""What a person typed into a form, made into values, with a sentence for what cannot be one."""

import enum
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.places.sealed import Address, Point
from dispatch.places.words import SEAT_WORDS

MOST_NAME = 80
MOST_LINE = 120
MOST_NOTES = 1000
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")
_DEGREES = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d{1,12})?")
_NUMBER = re.compile(r"(\D*)(\d{1,9})")
Choice = TypeVar("Choice", bound=enum.Enum)


class Typed:
    """One form that was sent. Gathers in `errors` what is wrong with it: {field: sentence}."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def line(self, name: str, *, most: int = MOST_LINE, missing: str = "") -> str:
        """One line of text; `missing` is the sentence for an empty one, if it may not be."""
        text = " ".join(_printable(self.form.get(name, "")).split())
        return self._text(name, text, most, missing)

    def notes(self, name: str) -> str:
        """Several lines of text."""
        text = _printable(self.form.get(name, "")).replace("\r\n", "\n").strip()
        return self._text(name, text, MOST_NOTES, "")

    def yes(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.form.get(name))

    def number(self, name: str, *, least: int, most: int, blank: int | None = None) -> int | None:
        """A whole number; `blank` for an empty field."""
        text = self.form.get(name, "").strip()
        if not text:
            return blank
        value = int(text) if re.fullmatch(r"\d{1,6}", text) else None
        if value is None or not least <= value <= most:
            self.errors[name] = _(
                "Write a whole number from %(least)s to %(most)s.", least=least, most=most
            )
            return blank
        return value

    def choice(self, name: str, of: type[Choice], missing: str) -> Choice | None:
        """One of the values of an enum; `missing` is the sentence for none of them."""
        try:
            return of(self.form.get(name, ""))
        except ValueError:
            self.errors[name] = missing
            return None

    def day(self, name: str, missing: str = "") -> date | None:
        """A calendar day as browsers send it: 2027-03-09."""
        text = self.form.get(name, "").strip()
        if not text:
            if missing:
                self.errors[name] = missing
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = _("Write the day as year-month-day: 2027-03-09.")
            return None

    def minute(self, name: str, *, is_end: bool = False) -> int | None:
        """Minutes after midnight; None for an empty field. As an end, 00:00 is 24:00."""
        text = self.form.get(name, "").strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})[:.h](\d{2})(?::\d{2})?", text)
        hour, minute = (int(found[1]), int(found[2])) if found else (99, 99)
        if minute > 59 or hour > 24 or (hour == 24 and (minute or not is_end)):
            self.errors[name] = _("Write the time as hours and minutes: 08:30.")
            return None
        return 24 * 60 if is_end and hour == minute == 0 else hour * 60 + minute

    def seats(self) -> dict[str, int]:
        """How many child seats of each kind, from fields named after the kinds."""
        counts = {kind: self.number(kind, least=0, most=9, blank=0) for kind in SEAT_WORDS}
        return {kind: count for kind, count in counts.items() if count}

    def uid(self, name: str) -> UUID | None:
        """The id that a choice of rows sends; None for none or for no id."""
        try:
            return UUID(self.form.get(name, ""))
        except ValueError:
            return None

    def language(self, name: str) -> str:
        """The code of a spoken language."""
        code = self.form.get(name, "").strip()
        if not LANGUAGE_CODE.fullmatch(code):
            self.errors[name] = _("Choose a language.")
        return code

    def degrees(self, name: str) -> float | None:
        """One coordinate, with a point or a comma; the range is judged with the whole point."""
        text = self.form.get(name, "").strip()
        if not text:
            self.errors[name] = _("Drop a pin on the map, or write the coordinate.")
            return None
        if not _DEGREES.fullmatch(text):
            self.errors[name] = _("Write it in degrees: 49.2711.")
            return None
        return float(text.replace(",", ".").replace("−", "-"))

    def point(self, latitude: str, longitude: str) -> Point | None:
        """Two coordinates."""
        found = self.degrees(latitude), self.degrees(longitude)
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def address(self, prefix: str) -> tuple[Address, Point] | None:
        """A private address from the fields of `places/fields.html`."""
        line = self.line(f"{prefix}line", missing=_("Write the number and the street."))
        address = Address(
            line=line,
            unit=self.line(f"{prefix}unit", most=40),
            town=self.line(f"{prefix}town", most=MOST_NAME),
            directions=self.line(f"{prefix}directions", most=300),
        )
        point = self.point(f"{prefix}lat", f"{prefix}lon")
        return None if point is None or not line else (address, point)

    def _text(self, name: str, text: str, most: int, missing: str) -> str:
        if not text and missing:
            self.errors[name] = missing
        if len(text) > most:
            self.errors[name] = ngettext(
                "At most %(most)s characters; this is one too many.",
                "At most %(most)s characters; these are %(num)s too many.",
                len(text) - most,
                most=most,
            )
        return text


def _printable(text: str) -> str:
    # Directions of writing and emoji joiners (Cf) are text; bells, nulls and half pairs are not.
    return "".join(
        character
        for character in text
        if character in "\n\t\r" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def next_number(taken: Iterable[str], first: str) -> str:
    """A free number in the manner of the highest one taken: F118 after F117; `first` if none is."""
    numbers = [
        (int(found[2]), found[1], len(found[2])) for found in map(_NUMBER.fullmatch, taken) if found
    ]
    if not numbers:
        return first
    highest, letters, digits = max(numbers)
    return f"{letters}{highest + 1:0{digits}d}"
