"""The wall clock of a group across its changes, and the days that it makes."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from dispatch import clock

ZONE = ZoneInfo("America/Vancouver")
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)


def test_now_is_aware_and_whole():
    now = clock.now()
    assert now.tzinfo is UTC
    assert now.microsecond == 0


@pytest.mark.parametrize(
    ("day", "wall", "instant"),
    [
        (date(2027, 3, 9), time(10, 0), datetime(2027, 3, 9, 18, 0, tzinfo=UTC)),
        (date(2027, 7, 9), time(10, 0), datetime(2027, 7, 9, 17, 0, tzinfo=UTC)),
        (SPRING, time(2, 30), datetime(2027, 3, 14, 10, 30, tzinfo=UTC)),
        (AUTUMN, time(1, 30), datetime(2027, 11, 7, 8, 30, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "a time that is skipped", "a time that is shown twice"],
)
def test_a_wall_time_is_one_instant(day: date, wall: time, instant: datetime):
    assert clock.local_instant(day, wall, ZONE) == instant


def test_an_instant_belongs_to_the_day_on_the_groups_wall():
    late = datetime(2027, 3, 10, 7, 30, tzinfo=UTC)
    assert clock.local_day(late, ZONE) == date(2027, 3, 9)
    assert clock.local_day(late, ZoneInfo("UTC")) == date(2027, 3, 10)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (date(2027, 3, 9), 24), (AUTUMN, 25)])
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int):
    start, end = clock.day_bounds(day, ZONE)
    assert (end - start).total_seconds() == hours * 3600
    assert clock.local_day(start, ZONE) == day
    assert clock.local_day(end, ZONE) != day


@pytest.mark.parametrize("day", [date(2027, 3, 8), date(2027, 3, 11), date(2027, 3, 14)])
def test_a_week_goes_from_monday_to_sunday(day: date):
    assert clock.week_of(day) == (date(2027, 3, 8), date(2027, 3, 14))


@pytest.mark.parametrize(
    ("day", "last"), [(date(2027, 2, 9), 28), (date(2028, 2, 1), 29), (date(2027, 12, 31), 31)]
)
def test_a_month_ends_before_the_next_one_begins(day, last):
    assert clock.month_of(day) == (day.replace(day=1), day.replace(day=last))
