"""Finding a private address while a form is filled in: what the fields may mean, and the pin.

Everything here works from what was posted, keeps nothing and writes no log. A candidate only fills
fields; it is the person who looks at the pin and saves.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict

from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.places.gazetteer.found import Found
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.gazetteer.words import say_how_found, say_pin_trouble
from dispatch.places.sealed import Point

if TYPE_CHECKING:
    from dispatch.places.finder import Finder, Looked
    from dispatch.places.gazetteer.geocoder import Gazetteer

FIND, TAKE = "find", "take"
"""The buttons: look for the address with this prefix; fill its fields with this candidate."""
SHORTEST = 3
_PREFIX = re.compile(r"(?:[a-z]{1,12}-)?")
_FIELDS = ("line", "unit", "town", "lat", "lon")


class PinRefused(Refused):
    """A pin that cannot be right, or that has to be confirmed."""

    def __init__(self, trouble: PinTrouble, prefix: str) -> None:
        super().__init__(say_pin_trouble(trouble))
        self.prefix = prefix
        """Of the fields of its address."""
        self.may_be_meant = trouble is not PinTrouble.SWAPPED
        """Whether it would be taken once somebody confirms it."""


@dataclass(frozen=True)
class Choice:
    """A candidate as the form offers it."""

    words: str
    """The address on one line."""
    kind: str
    """How sure it is, in words."""
    fills: str
    """What the fields become, for the button: JSON of prefix and values."""


@dataclass(frozen=True)
class Answer:
    """What is shown below the fields of one address."""

    prefix: str
    choices: list[Choice] = field(default_factory=list)
    sentence: str = ""
    values: MultiDict[str, str] = field(default_factory=MultiDict)
    """What the fields of the form hold now."""


def answer(form: MultiDict[str, str], finder: "Callable[[], Finder]") -> Answer | None:
    """What comes of a form that was sent by one of the buttons; None for any other button.

    `finder` is made only where there is something to look for.
    """
    if TAKE in form:
        return _taken(form)
    prefix = form.get(FIND)
    if prefix is None or not _PREFIX.fullmatch(prefix):
        return None
    looked = finder().find(typed(form, prefix))
    return Answer(prefix, _choices(form, prefix, looked.found), _sentence(looked), form)


def suggest(form: Mapping[str, str], known: "Gazetteer") -> Answer:
    """What the fields may become while they are typed into."""
    prefix = prefix_of(form, "line")
    text = typed(form, prefix)
    found = known.complete(text) if len(text) >= SHORTEST else []
    return Answer(prefix, _choices(form, prefix, found))


def look_at_pin(form: Mapping[str, str], known: "Gazetteer") -> Answer:
    """What is wrong with a pin that was just dropped; else the address nearest to it."""
    prefix = prefix_of(form, "lat")
    point = _point(form, prefix)
    if point is None:
        return Answer(prefix)
    trouble = known.trouble_with(point)
    if trouble is not None:
        return Answer(prefix, sentence=say_pin_trouble(trouble))
    near = known.nearest(point)
    if near is None or form.get(f"{prefix}line", "").strip():
        return Answer(prefix)
    words = _("The known address nearest to the pin. The pin stays where it is.")
    return Answer(prefix, [Choice(near.label, words, _fills(form, prefix, near, point))])


def check_pin(form: Mapping[str, str], prefix: str, known: "Gazetteer") -> None:
    """Return if the pin of an address that is to be saved can be right.

    One in water or outside of the known map is right once somebody confirmed that it is meant.

    Raises
        PinRefused: it cannot be right.
    """
    point = _point(form, prefix)
    trouble = known.trouble_with(point) if point else None
    if trouble is None:
        return
    refused = PinRefused(trouble, prefix)
    if not (refused.may_be_meant and form.get(f"{prefix}far_is_meant")):
        raise refused


def prefix_of(form: Mapping[str, str], name: str) -> str:
    """What stands before `name` in the fields of the address that was sent."""
    found = (key.removesuffix(name) for key in form if key.endswith(name))
    return next((prefix for prefix in found if _PREFIX.fullmatch(prefix)), "")


def typed(form: Mapping[str, str], prefix: str) -> str:
    """The address as it stands in its fields, on one line."""
    parts = (form.get(f"{prefix}{name}", "").strip() for name in ("line", "town"))
    return ", ".join(filter(None, parts))


def _sentence(looked: "Looked") -> str:
    if looked.silent:
        return _("%(server)s did not answer. Drop the pin by hand.", server=looked.silent)
    if looked.found:
        return ""
    return _("Nothing that is known here is like it. Drop the pin by hand.")


def _choices(form: Mapping[str, str], prefix: str, found: list[Found]) -> list[Choice]:
    return [
        Choice(one.label, say_how_found(one), _fills(form, prefix, one, one.point)) for one in found
    ]


def _fills(form: Mapping[str, str], prefix: str, found: Found, point: Point) -> str:
    values = {"lat": f"{point[0]:.6f}", "lon": f"{point[1]:.6f}"}
    if f"{prefix}town" in form:
        values |= {"line": found.line, "town": found.town}
        values |= {"unit": found.unit} if found.unit else {}
    else:  # the address of a public place is one line
        values["line"] = ", ".join(filter(None, (found.line, found.unit, found.town)))
    return json.dumps({"prefix": prefix, "values": values}, ensure_ascii=False)


def _taken(form: MultiDict[str, str]) -> Answer | None:
    """The form with the fields of a candidate filled in; None for a button nobody offered."""
    try:
        chosen = json.loads(form[TAKE])
        prefix, values = chosen["prefix"], dict(chosen["values"])
    except (ValueError, TypeError, KeyError):
        return None
    if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix):
        return None
    filled = form.copy()
    for name in _FIELDS:
        if name in values:
            filled[f"{prefix}{name}"] = str(values[name])
    said = _("Look at the pin before you save: it has to stand at the door.")
    return Answer(prefix, sentence=said, values=filled)


def _point(form: Mapping[str, str], prefix: str) -> Point | None:
    try:
        lat, lon = (
            float(form.get(f"{prefix}{name}", "").strip().replace(",", "."))
            for name in ("lat", "lon")
        )
    except ValueError:
        return None
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) else None
