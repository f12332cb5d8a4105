"""When a driver can drive: hours of a weekday, and days away."""

import re
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from dispatch.i18n import gettext as _
from dispatch.imports.reading.dates import DateHabit, read_date
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.times import ClockTime, read_clock
from dispatch.imports.reading.words import fold, squash


@dataclass(frozen=True)
class Hours:
    """From `start` to `end` of one local day."""

    start: time
    end: time


ALL_DAY = Hours(time(7), time(21))
"""What "all day" means: nobody offers the night by these words."""
MORNING = Hours(time(8), time(12))
AFTERNOON = Hours(time(12), time(17))
EVENING = Hours(time(17), time(21))

_NAMED = {
    ALL_DAY: "allday wholeday anytime any always todoeldia tododia siempre cualquierhora",
    MORNING: "morning mornings inthemorning am manana mananas porlamanana porlasmananas",
    AFTERNOON: "afternoon afternoons intheafternoon pm tarde tardes porlatarde porlastardes",
    EVENING: "evening evenings intheevening night nights noche noches porlanoche porlasnoches",
}
_BY_NAME = {word: hours for hours, words in _NAMED.items() for word in words.split()}
_NONE = frozenset((
    "no", "none", "never", "off", "na", "nothing", "unavailable", "notavailable",
    "nodisponible", "nunca",
))  # fmt: skip
_AFTER = re.compile(
    r"^(?:after|from|since|desde|despues de|a partir de)\s+(?:las? )?(.+?)(?: on(?:wards?)?)?$"
)
_BEFORE = re.compile(r"^(?:before|until|till?|up to|hasta|antes de)\s+(?:las? )?(.+)$")
_BETWEEN = re.compile(
    r"^(?:between |from |desde |de |entre )?(?:las? )?(.+?)"
    r"\s*(?:-| to | until | till | a | hasta | and | y )\s*(?:las? )?(.+)$"
)
_UNMARKED = re.compile(r"^[1-9]\d?(?:[:.]\d{2})?$")
_PM = re.compile(r"p\.?\s?m\.?$")
_PARTS = re.compile(r"\s*[,;]\s*|\s+(?:and|y)\s+(?=\d+\S*\s*-)")


def read_hours(cell: str) -> tuple[Hours, ...]:
    """The hours one weekday's cell offers, in order; none for an empty cell.

    Raises
        Unreadable: no hours, an end before the start, or hours that overlap.
    """
    if not squash(cell) or squash(cell) in _NONE:
        return ()
    hours = sorted((_hours(part, cell) for part in _PARTS.split(fold(cell)) if part), key=_start)
    for before, after in pairwise(hours):
        if after.start < before.end:
            raise Unreadable(_("%(cell)s: the hours overlap; write them as one.", cell=cell))
    return tuple(hours)


def is_vague(cell: str) -> bool:
    """Whether the cell says its hours in words ("mornings", "after 4") and not by two times."""
    text = fold(cell)
    return squash(text) in _BY_NAME or bool(_AFTER.match(text) or _BEFORE.match(text))


def _start(hours: Hours) -> time:
    return hours.start


def _hours(text: str, cell: str) -> Hours:
    if squash(text) in _BY_NAME:
        return _BY_NAME[squash(text)]
    if match := _BETWEEN.match(text):
        return _between(match[1], match[2], cell)
    if match := _AFTER.match(text):
        return _within(_daytime(match[1], cell), ALL_DAY.end, cell)
    if match := _BEFORE.match(text):
        return _within(ALL_DAY.start, _daytime(match[1], cell), cell)
    raise Unreadable(_no_hours(cell))


def _between(first: str, second: str, cell: str) -> Hours:
    """Two times; a missing am or pm is the one that gives hours of a day.

    "8-12" stays as written, "1-5" is the afternoon, "5-9" the evening, "9-5" crosses noon, and in
    "2-6pm" both are pm unless that would turn them around ("9-1pm").
    """
    start, end = _clock(first, cell), _clock(second, cell)
    starts, ends = _meanings(start, first), _meanings(end, second)
    if max(start.at.hour, end.at.hour) > 12 and len(ends) > 1:
        # Somebody who writes 17 counts to 24 and does not mean 21 by 9.
        starts, ends = starts[:1], ends[:1]
    if _UNMARKED.match(first) and _PM.search(second):
        starts = [*starts[1:], *starts[:1]]
    written = [Hours(a, b) for a in starts for b in ends if a < b]
    daytime = [h for h in written if ALL_DAY.start <= h.start and h.end <= ALL_DAY.end]
    for hours in (*daytime, *written):
        return hours
    raise Unreadable(_("%(cell)s ends before it starts; write it like 9:00-13:00.", cell=cell))


def _meanings(clock: ClockTime, text: str) -> list[time]:
    """The time as written, and twelve hours later where nothing says which half of the day."""
    if not _UNMARKED.match(text) or not 1 <= clock.at.hour < 12:
        return [clock.at]
    return [clock.at, clock.at.replace(hour=clock.at.hour + 12)]


def _daytime(text: str, cell: str) -> time:
    clock = _clock(text, cell)
    return clock.at if clock.other is None else clock.other


def _within(start: time, end: time, cell: str) -> Hours:
    if start >= end:
        raise Unreadable(
            _("%(cell)s leaves no time of the day; write it like 18:00-22:00.", cell=cell)
        )
    return Hours(start, end)


def _clock(text: str, cell: str) -> ClockTime:
    try:
        return read_clock(text)
    except Unreadable as unreadable:
        raise Unreadable(_no_hours(cell)) from unreadable


def _no_hours(cell: str) -> str:
    return _("%(cell)s is not hours of a day; write it like 9:00-13:00 or all day.", cell=cell)


@dataclass(frozen=True)
class Away:
    """Days on which a driver does not drive, both included."""

    first_on: date
    last_on: date


_RANGE_WORDS = re.compile(r"\s+(?:to|until|till|through|hasta|al|a)\s+|\s+-+\s+|\s*–\s*|\.\.+")
_DAYS_THEN_MONTH = re.compile(r"^(\d{1,2})\s*-\s*(\d{1,2})\s+(\D.*)$")
_MONTH_THEN_DAYS = re.compile(r"^(\D+?)\s*(\d{1,2})\s*-\s*(\d{1,2})\b(.*)$")
_SLASHED = re.compile(r"^(\d{1,2}/\d{1,2}(?:/\d{2,4})?)-(\d{1,2}/\d{1,2}(?:/\d{2,4})?)$")
# "Mar 9-12, 2027" is one stretch, "2027-03-09, 2027-03-11" are two days.
_STRETCHES = re.compile(r"\s*;\s*|\s*,\s*(?!\s*\d{4}\b(?![-/.]\d))|\s+(?:and|y|&)\s+")


def read_away(cell: str, habit: DateHabit) -> tuple[Away, ...]:
    """The days away a cell names, in order; none for an empty cell.

    Raises
        Unreadable: a date that cannot be read, or a stretch that ends before it begins.
    """
    if not squash(cell) or squash(cell) in _NONE:
        return ()
    return tuple(_away(stretch, habit) for stretch in _STRETCHES.split(cell.strip()) if stretch)


def dates_in_away(cell: str) -> tuple[str, ...]:
    """The single dates written in a cell of days away: what tells how a file writes dates."""
    stretches = _STRETCHES.split(cell.strip())
    return tuple(end for stretch in stretches if stretch for end in _ends(stretch))


def _away(stretch: str, habit: DateHabit) -> Away:
    ends = _ends(stretch)
    last = read_date(ends[-1], habit)
    # A first day without its year lies in the year of the last one.
    first = read_date(ends[0], DateHabit(habit.order, last))
    if last < first:
        raise Unreadable(_("%(cell)s ends before it begins; mend one of the dates.", cell=stretch))
    return Away(first, last)


def _ends(stretch: str) -> tuple[str, ...]:
    """One date, or the first and the last: "9-12 Mar" becomes "9 Mar" and "12 Mar"."""
    text = re.sub(r"^(?:from|del?|desde|el)\s+", "", stretch.strip(), flags=re.IGNORECASE)
    if match := _DAYS_THEN_MONTH.match(text):
        return f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"
    if match := _MONTH_THEN_DAYS.match(text):
        return f"{match[1]} {match[2]}{match[4]}", f"{match[1]} {match[3]}{match[4]}"
    if match := _SLASHED.match(text):
        return match[1], match[2]
    ends = _RANGE_WORDS.split(text)
    if len(ends) == 2 and re.fullmatch(r"\d{1,2}", ends[0]):
        # "del 9 al 12 de marzo": the month stands once, after the last day.
        return f"{ends[0]} {re.sub(r'^[0-9]+', '', ends[1])}", ends[1]
    return tuple(ends) if len(ends) == 2 else (text,)
