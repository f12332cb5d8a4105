"""Dates as people write them, and the order of day and month that one file keeps to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from statistics import median_low

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.words import fold

_MONTH_NAMES = (
    "january enero ene",
    "february febrero feb",
    "march marzo",
    "april abril abr",
    "may mayo",
    "june junio",
    "july julio",
    "august agosto ago",
    "september septiembre setiembre sept set",
    "october octubre",
    "november noviembre",
    "december diciembre dic",
)
_WEEKDAY_NAMES = (
    "monday lunes",
    "tuesday martes tues",
    "wednesday miercoles",
    "thursday jueves thur thurs",
    "friday viernes",
    "saturday sabado",
    "sunday domingo",
)
_FILLERS = frozenset({"de", "del", "el", "the", "of", "on", "dia"})
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NUMERIC = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?$")
_WORD = re.compile(r"[a-z]+|\d+(?:st|nd|rd|th|º|o|er|ro)?\b")
_SPREADSHEET_SERIAL = re.compile(r"^[3-6]\d{4}(\.\d+)?$")


def _by_name(names: Iterable[str], first: int) -> dict[str, int]:
    """Full names, their three-letter beginnings and the short forms listed, to their number."""
    return {
        short: number
        for number, many in enumerate(names, start=first)
        for name in many.split()
        for short in (name, name[:3])
    }


_MONTHS = _by_name(_MONTH_NAMES, 1)
# "mar" is March here: a weekday alone is no date, and beside a number the month is meant.
_WEEKDAYS = {name: n for name, n in _by_name(_WEEKDAY_NAMES, 0).items() if name not in _MONTHS}


class DayOrder(Enum):
    """Which comes first in 03/08."""

    MONTH_FIRST = "m/d"
    DAY_FIRST = "d/m"


@dataclass(frozen=True)
class DateHabit:
    """How one file writes its dates."""

    order: DayOrder | None
    """None: nothing decides, and a date that needs it is refused."""
    reference: date
    """A date without a year is the one closest to this."""


@dataclass(frozen=True)
class _Parts:
    """What a cell says before day and month are told apart; `numbers` are in the order written."""

    numbers: tuple[int, int]
    year: int | None
    weekday: int | None
    orders: tuple[DayOrder, ...]

    def on(self, order: DayOrder, reference: date) -> date | None:
        """The day meant under `order`, or None when the calendar has no such day."""
        month, day = self.numbers if order is DayOrder.MONTH_FIRST else self.numbers[::-1]
        years = (self.year,) if self.year else range(reference.year - 1, reference.year + 2)
        days = [made for year in years if (made := _make(year, month, day))]
        return min(days, key=lambda made: abs(made - reference), default=None)

    def readings(self, reference: date) -> dict[DayOrder, date]:
        """Every order that gives a day of the calendar, and of the weekday if one is written."""
        days = {order: self.on(order, reference) for order in self.orders}
        return {
            order: day
            for order, day in days.items()
            if day is not None and self.weekday in (None, day.weekday())
        }


def habit_of(cells: Iterable[str], *, today: date, usual: DayOrder | None = None) -> DateHabit:
    """How the file with these date cells writes its dates.

    The order of 03/08 is decided by the cells that can be read one way only (03/15); if there are
    none, by the order under which such cells fall among the file's other dates; then by `usual`,
    the group's own habit. If the file uses both, no order is decided.
    """
    known = [parts for cell in cells if (parts := _parts(cell)) is not None]
    firm = [day for parts in known if parts.year and (day := _only(parts, today))]
    # People ask for rides that are to come: without better evidence, "Mar 8" lies ahead,
    # at most a month behind.
    reference = median_low(firm) if firm else today + timedelta(days=150)
    open_ones = [parts for parts in known if len(parts.orders) > 1]
    return DateHabit(_order(open_ones, firm, reference, usual), reference)


def read_date(cell: str, habit: DateHabit) -> date:
    """The day a cell names.

    Raises
        Unreadable: no date, no day of the calendar, another weekday, or day and month undecided.
    """
    parts = _parts(cell)
    if parts is None:
        raise Unreadable(_no_date(cell))
    readings = parts.readings(habit.reference)
    days = set(readings.values())
    if len(days) == 1:
        return days.pop()
    if days:
        if habit.order is None:
            one, other = sorted(days)
            raise Unreadable(
                _(
                    "%(cell)s could be %(one)s or %(other)s; write it like %(one)s.",
                    cell=cell,
                    one=one.isoformat(),
                    other=other.isoformat(),
                )
            )
        return readings[habit.order]
    if any(parts.on(order, habit.reference) for order in parts.orders):
        raise Unreadable(
            _(
                "%(cell)s: the day of the week and the date do not agree in %(year)s; mend one.",
                cell=cell,
                year=parts.year or habit.reference.year,
            )
        )
    raise Unreadable(
        _("%(cell)s is not in the calendar: there is no such day in that month.", cell=cell)
    )


def _only(parts: _Parts, reference: date) -> date | None:
    days = set(parts.readings(reference).values())
    return days.pop() if len(days) == 1 else None


def _order(
    open_ones: list[_Parts], firm: list[date], reference: date, usual: DayOrder | None
) -> DayOrder | None:
    readings = [parts.readings(reference) for parts in open_ones]
    decided = {order for one in readings if len(one) == 1 for order in one}
    if decided:
        return decided.pop() if len(decided) == 1 else None
    undecided = [one for one in readings if len(set(one.values())) > 1]
    if firm and undecided:
        margin = timedelta(days=7)
        first, last = min(firm) - margin, max(firm) + margin
        fitting = [o for o in DayOrder if all(first <= one[o] <= last for one in undecided)]
        if len(fitting) == 1:
            return fitting[0]
    return usual


def _parts(cell: str) -> _Parts | None:
    text = fold(cell).rstrip(".")
    if match := _ISO.match(text) or _COMPACT.match(text):
        year, month, day = map(int, match.groups())
        return _Parts((month, day), year, None, (DayOrder.MONTH_FIRST,))
    weekday, rest = _leading_weekday(text)
    if match := _NUMERIC.match(rest):
        # With dots only countries that put the day first write dates.
        orders = (DayOrder.DAY_FIRST,) if match[2] == "." else tuple(DayOrder)
        return _Parts((int(match[1]), int(match[3])), _year(match[4]), weekday, orders)
    return _worded(rest, weekday)


def _leading_weekday(text: str) -> tuple[int | None, str]:
    first, _space, rest = text.partition(" ")
    first = first.rstrip(".,")
    if first in _WEEKDAYS or (first == "mar" and any(name in rest.split() for name in _MONTHS)):
        return _WEEKDAYS.get(first, 1), rest.strip(" ,")
    return None, text


def _worded(text: str, weekday: int | None) -> _Parts | None:
    """ "8 de marzo de 2027", "March 8th", "Mar 8, 2027": one month, a day, perhaps a year."""
    words = [word for word in _WORD.findall(text) if word not in _FILLERS]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [re.sub(r"\D", "", word) for word in words if word[0].isdigit()]
    if len(months) != 1 or len(words) != 1 + len(numbers):
        return None
    if len(numbers) == 2 and len(numbers[0]) == 4:
        numbers.reverse()
    if len(numbers) not in (1, 2) or len(numbers[0]) > 2:
        return None
    year = _year(numbers[1]) if len(numbers) == 2 else None
    return _Parts((months[0], int(numbers[0])), year, weekday, (DayOrder.MONTH_FIRST,))


def _year(digits: str | None) -> int | None:
    if not digits:
        return None
    return int(digits) + (2000 if len(digits) <= 2 else 0)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_date(cell: str) -> str:
    if not cell:
        return _("The date is missing; write it like 2027-03-08.")
    if _SPREADSHEET_SERIAL.match(cell):
        return _("%(cell)s is a spreadsheet's inner number; format the cell as a date.", cell=cell)
    return _("%(cell)s is not a date; write it like 2027-03-08.", cell=cell)
