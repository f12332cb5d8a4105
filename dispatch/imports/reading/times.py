"""Times of day as people write them."""

import re
from dataclasses import dataclass
from datetime import time

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.words import fold

_NAMED = {
    "noon": time(12),
    "midday": time(12),
    "12 noon": time(12),
    "mediodia": time(12),
    "medio dia": time(12),
    "12 mediodia": time(12),
    "midnight": time(0),
    "medianoche": time(0),
    "media noche": time(0),
}
_LEADING = re.compile(r"^(?:at|a las?|las?|alas|about|around|approx\.?|ca\.?|~)\s*")
_HALVES = (
    (re.compile(r"\s*(?:a\.?\s?m\.?|de la manana|por la manana|in the morning)$"), " am"),
    (re.compile(r"\s*(?:p\.?\s?m\.?|de la tarde|por la tarde|in the afternoon)$"), " pm"),
    (re.compile(r"\s*(?:de la noche|por la noche|in the evening)$"), " evening"),
)
_CLOCK = re.compile(
    r"^(?P<hour>\d{1,2})(?:\s?[:.h]\s?(?P<minute>\d{2})(?::00)?|\s?h(?:rs?|s)?)?"
    r"(?:\s?(?:h|hrs?|hs))?(?: (?P<half>am|pm|evening))?$"
)
_COMPACT = re.compile(
    r"^(?P<hour>\d{1,2})(?P<minute>\d{2})(?:\s?h(?:rs?|s)?)?(?: (?P<half>am|pm|evening))?$"
)
_EARLY = range(1, 7)
"""Hours that without "am" or "pm" are as likely meant for the afternoon."""


@dataclass(frozen=True)
class ClockTime:
    """A time as written; `other` is the same hour twelve hours later when both are plausible."""

    at: time
    other: time | None = None


def read_clock(cell: str) -> ClockTime:
    """The time a cell names, and its second meaning if it has one.

    "15", "13h45", "2.30 pm", "1530", "noon", "a las 3 de la tarde" have one meaning, "3:00" has
    two: few drive to a clinic at three in the morning, but an airport is another matter. "03:00",
    with its zero, is a 24-hour clock.

    Raises
        Unreadable: not a time of day.
    """
    text = _plain(cell)
    if text in _NAMED:
        return ClockTime(_NAMED[text])
    match = _CLOCK.match(text) or _COMPACT.match(text)
    if match is None:
        raise Unreadable(_no_time(cell))
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = match["half"]
    if hour > 23 or minute > 59 or (half == "am" and hour > 12):
        raise Unreadable(_no_time(cell))
    if half is not None:
        return ClockTime(time(_on_24(hour, half), minute))
    if hour in _EARLY and not match["hour"].startswith("0"):
        return ClockTime(time(hour, minute), time(hour + 12, minute))
    return ClockTime(time(hour, minute))


def read_time(cell: str) -> time:
    """The one time a cell names.

    Raises
        Unreadable: not a time of day, or "3:00" that may be night or afternoon.
    """
    clock = read_clock(cell)
    if clock.other is not None:
        raise Unreadable(
            _(
                "%(cell)s could be night or afternoon; write %(early)s or %(late)s.",
                cell=cell,
                early=f"{clock.at:%H:%M}",
                late=f"{clock.other:%H:%M}",
            )
        )
    return clock.at


def _plain(cell: str) -> str:
    text = _LEADING.sub("", fold(cell).replace("o'clock", "").replace("en punto", "").strip())
    for pattern, half in _HALVES:
        text, changed = pattern.subn(half, text)
        if changed:
            break
    return text.strip()


def _on_24(hour: int, half: str) -> int:
    if half == "evening" and hour == 12:
        return 0
    if hour == 12:
        return 0 if half == "am" else 12
    return hour if half == "am" or hour > 12 else hour + 12


def _no_time(cell: str) -> str:
    if not cell:
        return _("The time is missing; write it like 14:30.")
    return _("%(cell)s is not a time; write it like 14:30.", cell=cell)
