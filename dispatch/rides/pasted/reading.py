"""From the text of a message to what a request would hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from dispatch.rides.models import Anchor, Purpose, ReturnKind
from dispatch.rides.pasted.marks import NOTHING, Mark, even, marked, without
from dispatch.rides.pasted.vocabulary import Sense

MOST_CHARACTERS = 4_000
MOST_RIDERS = 20
_AS_WRITTEN = range(7, 13)
"""Hours that mean what they say; 1 to 6 are more often in the afternoon."""
_COUNTED = {Sense.ADULTS, Sense.CHILDREN, Sense.RIDERS, Sense.MONTH, Sense.ORDINAL}
"""What follows a number that is no time."""
_TELLING = {Sense.BACK, Sense.LEAVE, Sense.FETCH}
_BEFORE_HOURS = {Sense.AT, *_TELLING}
_PARTS_OF_DAYS = {Sense.MORNING, Sense.AFTERNOON}
_HOURS_SAID = range(1, 13)
_PARTS_OF_HOURS = {Sense.HALF: 30, Sense.QUARTER: 15, Sense.QUARTER_TO: -15}


@dataclass
class Reading:
    """What was understood; None and empty where nothing was said about it."""

    on: date | None = None
    weekdays: set[int] = field(default_factory=set)
    """Of a ride every week: 0, Monday, to 6."""
    at: time | None = None
    anchor: Anchor | None = None
    place: str | None = None
    return_kind: ReturnKind | None = None
    return_at: time | None = None
    adults: int | None = None
    children: int | None = None
    riders: int | None = None
    """How many in all, where adults and children were not told apart."""
    wheelchair: bool = False
    purpose: Purpose | None = None
    doubtful: set[str] = field(default_factory=set)
    """The names of what may be meant otherwise."""


@dataclass(frozen=True)
class _Spoken:
    """A time as it was written, and of how many marks."""

    hour: int
    minute: int
    is_exact: bool = False
    length: int = 1


@dataclass(frozen=True)
class _Hour:
    """A time with what was said of it."""

    at: time
    is_sure: bool
    said: Sense | None
    """BACK, LEAVE, FETCH, or nothing."""


def read(text: str, *, today: date, places: Iterable[str], month_first: bool) -> Reading:
    """What the message `text` asks for.

    Args
        today: what "tomorrow" is counted from.
        places: the names of the public places that may be meant.
        month_first: whether 3/9 is the ninth of March.
    """
    found = Reading()
    rest = even(text[:MOST_CHARACTERS])
    for name in sorted(places, key=len, reverse=True):
        gap = without(rest, name)
        if gap is not None:
            found.place, rest = name, gap
            break
    marks = [*marked(rest), NOTHING, NOTHING]
    _read_days(marks, found, today, month_first=month_first)
    _read_times(marks, found)
    _read_party(marks, found)
    for mark in marks:
        if isinstance(mark.value, Purpose):
            found.purpose = found.purpose or mark.value
        elif isinstance(mark.value, ReturnKind) and found.return_kind is None:
            found.return_kind = mark.value
    return found


def _read_days(marks: Sequence[Mark], found: Reading, today: date, *, month_first: bool) -> None:
    """The first day that is named; a weekday beside it has to agree."""
    days = _days(marks, found, today, month_first=month_first)
    weekdays = [
        mark.value for mark in marks if mark.sense is Sense.WEEKDAY and isinstance(mark.value, int)
    ]
    if any(mark.sense is Sense.EVERY for mark in marks):
        found.weekdays = set(weekdays)
    elif weekdays and not days:
        days = [today + timedelta(days=(weekdays[0] - today.weekday() - 1) % 7 + 1)]
    elif weekdays and days[0].weekday() not in weekdays:
        found.doubtful.add("on")
    if len({*days}) > 1:
        found.doubtful.add("on")
    found.on = days[0] if days else None


def _days(marks: Sequence[Mark], found: Reading, today: date, *, month_first: bool) -> list[date]:
    """Every day that is named otherwise than by its weekday."""
    days: list[date | None] = []
    for before, mark, after in zip([NOTHING, *marks], marks, marks[1:], strict=False):
        if mark.sense is Sense.AHEAD and isinstance(mark.value, int):
            days.append(today + timedelta(days=mark.value))
        elif isinstance(mark.day, date):
            days.append(mark.day)
        elif mark.day is not None:
            days.append(_of_pair(mark.day, found, today, month_first=month_first))
        elif mark.number is not None and (month := _month_at(before, after)):
            days.append(_next(today, mark.number, month))
        elif mark.number is not None and _is_day_of_month(before, after):
            days.append(_next(today, mark.number))
    return [day for day in days if day is not None]


def _of_pair(
    pair: tuple[int, int], found: Reading, today: date, *, month_first: bool
) -> date | None:
    """ "3/9" as the message's language has it, unless only the other way is a day at all."""
    day, month = reversed(pair) if month_first else pair
    usual, other = _next(today, day, month), _next(today, month, day)
    if usual is not None and other is not None and usual != other:
        found.doubtful.add("on")
    return usual or other


def _month_at(before: Mark, after: Mark) -> int | None:
    """The month that stands beside a number: "12 de marzo", "March 12"."""
    for beside in (after, before):
        if beside.sense is Sense.MONTH and isinstance(beside.value, int):
            return beside.value
    return None


def _is_day_of_month(before: Mark, after: Mark) -> bool:
    return after.sense is Sense.ORDINAL or (
        before.sense is Sense.ON and after.sense not in _COUNTED | _PARTS_OF_DAYS
    )


def _next(today: date, day: int, month: int | None = None) -> date | None:
    """The next such day, today among them; None if there is none."""
    for ahead in range(366):
        at = today + timedelta(days=ahead)
        if at.day == day and month in (None, at.month):
            return at
    return None


def _read_times(marks: Sequence[Mark], found: Reading) -> None:
    """The time of the way there, and that of the way back."""
    hours = _hours(marks)
    there = next((one for one in hours if one.said is not Sense.BACK), None)
    if there is not None:
        rest = hours[hours.index(there) + 1 :]
        found.at = there.at
        is_fetched = there.said in (Sense.LEAVE, Sense.FETCH)
        found.anchor = Anchor.LEAVE_AT if is_fetched else Anchor.ARRIVE_BY
        found.doubtful |= set() if there.is_sure else {"at"}
    else:
        rest = hours
    back = next((one for one in hours if one.said is Sense.BACK), None)
    back = back or next((one for one in rest if one.said is Sense.FETCH), None)
    if back is None:
        return
    found.return_kind, found.return_at = ReturnKind.FIXED, back.at
    found.doubtful |= set() if back.is_sure else {"return_at"}


def _hours(marks: Sequence[Mark]) -> list[_Hour]:
    """The times of the text in their sequence."""
    hours: list[_Hour] = []
    said: Sense | None = None
    part: Sense | None = None
    at, last = 0, len(marks) - 3
    while at <= last:
        mark = marks[at]
        spoken = _spoken(marks[at - 1] if at else NOTHING, mark, marks[at + 1])
        at += spoken.length if spoken else 1
        if spoken is not None:
            if marks[at].sense in _PARTS_OF_DAYS:
                part = marks[at].sense
            hours.append(_of_day(spoken, part, said))
            said = part = None
        elif mark.sense in _TELLING:
            said = mark.sense
        elif mark.sense in _PARTS_OF_DAYS:
            part = mark.sense
        elif mark.is_end:
            said = part = None
    return hours


def _spoken(before: Mark, mark: Mark, after: Mark) -> _Spoken | None:
    """The time that begins at `mark`, if one does."""
    number = mark.number or 0
    if mark.sense is Sense.NOON:
        return _Spoken(12, 0, is_exact=True)
    if mark.clock is not None:
        return _Spoken(mark.clock.hour, mark.clock.minute, is_exact=mark.is_exact)
    if mark.sense in _PARTS_OF_HOURS and after.number in _HOURS_SAID:
        return _shifted(after.number, mark.sense)
    if number in _HOURS_SAID and after.sense in _PARTS_OF_HOURS:
        return _shifted(number, after.sense)
    if Sense.MONTH in (before.sense, after.sense):
        return None
    if after.sense in _PARTS_OF_DAYS and 100 <= number < 1_300 and number % 100 < 60:
        return _Spoken(number // 100, number % 100)
    is_told = before.sense in _BEFORE_HOURS and after.sense not in _COUNTED
    if 1 <= number <= 23 and (is_told or after.sense in _PARTS_OF_DAYS):
        return _Spoken(number, 0, is_exact=number > 12)
    return None


def _shifted(hour: int, sense: Sense) -> _Spoken:
    minute = hour * 60 + _PARTS_OF_HOURS[sense]
    return _Spoken(minute // 60, minute % 60, length=2)


def _of_day(spoken: _Spoken, part: Sense | None, said: Sense | None) -> _Hour:
    """The time of the day; without a word about the part of the day, one of working hours."""
    hour = spoken.hour
    is_later = part is Sense.AFTERNOON or (part is None and hour not in _AS_WRITTEN)
    if hour < 12 and is_later and not spoken.is_exact:
        hour += 12
    is_sure = spoken.is_exact or part is not None or hour in _AS_WRITTEN
    return _Hour(time(hour, spoken.minute), is_sure, said)


def _read_party(marks: Sequence[Mark], found: Reading) -> None:
    """How many ride, if it is said in numbers."""
    for before, mark, after in zip([NOTHING, *marks], marks, marks[1:], strict=False):
        if mark.sense is Sense.WHEELCHAIR:
            found.wheelchair = True
        elif mark.number is None or mark.number > MOST_RIDERS:
            continue
        elif after.sense is Sense.ADULTS:
            found.adults = mark.number
        elif after.sense is Sense.CHILDREN:
            found.children = mark.number
        elif Sense.RIDERS in (before.sense, after.sense):
            found.riders = mark.number
