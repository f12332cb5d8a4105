"""What a reading puts into the form of a request, and how it is told to who pasted the message."""

import re
from collections.abc import Iterable
from datetime import time

from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_day
from dispatch.rides.models import Anchor, ReturnKind
from dispatch.rides.pasted.marks import even
from dispatch.rides.pasted.reading import Reading

_PHONE = re.compile(r"\+?\(?\d[\d ().-]{5,18}\d")


def numbers_in(text: str, known: Iterable[str]) -> list[str]:
    """Those of the `known` numbers of families that stand in `text`."""
    words = set(re.findall(r"\w+", even(text)))
    return [number for number in known if even(number) in words]


def phones_in(text: str) -> list[str]:
    """What looks like a phone number in `text`."""
    return _PHONE.findall(text)


def values(reading: Reading, usual_riders: int) -> dict[str, object]:
    """The fields of the form that the message fills; `usual_riders`: how many the form has."""
    filled: dict[str, object] = {
        "day": reading.on and reading.on.isoformat(),
        "weekdays": [str(day) for day in sorted(reading.weekdays)],
        "time": reading.at and f"{reading.at:%H:%M}",
        "anchor": reading.anchor and reading.anchor.value,
        "dropoff": reading.place,
        "return": reading.return_kind and reading.return_kind.value,
        "back": reading.return_at and f"{reading.return_at:%H:%M}",
        "adults": reading.adults,
        "children": reading.children,
        "wheelchair": reading.wheelchair or None,
        "purpose": reading.purpose and reading.purpose.value,
    }
    if reading.riders is not None and reading.riders != usual_riders:
        filled |= {"adults": reading.riders, "children": 0}
    return {name: value for name, value in filled.items() if value not in (None, [])}


def told(reading: Reading) -> list[str]:
    """What was understood, one phrase a thing, in the order of the form."""
    said = [
        reading.place,
        reading.on and say_day(reading.on),
        reading.weekdays and _("every week"),
        reading.at and _arrival(reading.at, reading.anchor),
        *_way_back(reading),
        reading.adults and ngettext("%(num)s adult", "%(num)s adults", reading.adults),
        reading.children and ngettext("%(num)s child", "%(num)s children", reading.children),
        reading.riders and ngettext("%(num)s rider", "%(num)s riders", reading.riders),
        reading.wheelchair and _("Wheelchair"),
    ]
    return [one for one in said if one]


def doubts(reading: Reading) -> list[str]:
    """What may have been meant otherwise, in words."""
    words = {
        "on": _("the day"),
        "at": _("whether the time is before or after noon"),
        "return_at": _("the time of the way back"),
    }
    return [word for name, word in words.items() if name in reading.doubtful]


def _arrival(at: time, anchor: Anchor | None) -> str:
    if anchor is Anchor.LEAVE_AT:
        return _("leave at %(time)s", time=f"{at:%H:%M}")
    return _("arrive by %(time)s", time=f"{at:%H:%M}")


def _way_back(reading: Reading) -> list[str]:
    if reading.return_kind is ReturnKind.FIXED and reading.return_at:
        return [_("back at %(time)s", time=f"{reading.return_at:%H:%M}")]
    words = {
        ReturnKind.NONE: _("No return"),
        ReturnKind.WAIT: _("Driver waits"),
        ReturnKind.WILL_CALL: _("Will-call"),
    }
    return [words[kind] for kind in words if kind is reading.return_kind]
