"""What a driver offers on a day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.drivers.models import (
    Credential,
    CredentialKind,
    DatedAvailability,
    DayOff,
    Driver,
    DriverState,
    WeeklyAvailability,
)
from dispatch.drivers.rules import has_own_hours, merge, overlapping, shifts_on

VANCOUVER = ZoneInfo("America/Vancouver")
TUESDAY = date(2027, 3, 9)
SPRING = date(2027, 3, 14)
"""The Sunday on which 02:00 becomes 03:00."""
AUTUMN = date(2027, 11, 7)
"""The Sunday on which 02:00 becomes 01:00."""


def a_driver(**values):
    driver = Driver(state=DriverState.ACTIVE)
    for name, value in values.items():
        setattr(driver, name, value)
    return driver


def weekly(day, *ranges):
    return [
        WeeklyAvailability(weekday=day.weekday(), starts_minute=start, ends_minute=end)
        for start, end in ranges
    ]


def dated(day, *ranges):
    return [
        DatedAvailability(on=day, starts_minute=start, ends_minute=end) for start, end in ranges
    ]


def offered(driver, day):
    """Shifts as (start, hours)."""
    return [
        (one.starts_at, (one.ends_at - one.starts_at) / timedelta(hours=1))
        for one in shifts_on(driver, day, VANCOUVER)
    ]


def test_the_week_says_when():
    driver = a_driver(weekly=weekly(TUESDAY, (8 * 60, 12 * 60), (13 * 60, 17 * 60)))
    assert offered(driver, TUESDAY) == [
        (datetime(2027, 3, 9, 16, tzinfo=UTC), 4),
        (datetime(2027, 3, 9, 21, tzinfo=UTC), 4),
    ]
    assert offered(driver, TUESDAY + timedelta(days=1)) == []


def test_a_date_replaces_the_week_on_that_date_only():
    driver = a_driver(
        weekly=weekly(TUESDAY, (8 * 60, 12 * 60)), dated=dated(TUESDAY, (18 * 60, 20 * 60))
    )
    assert offered(driver, TUESDAY) == [(datetime(2027, 3, 10, 2, tzinfo=UTC), 2)]
    assert [hours for _start, hours in offered(driver, TUESDAY + timedelta(days=7))] == [4]


@pytest.mark.parametrize("day", [TUESDAY, TUESDAY + timedelta(days=2)])
def test_a_day_off_beats_both(day):
    off = DayOff(first_on=TUESDAY, last_on=TUESDAY + timedelta(days=2))
    driver = a_driver(
        weekly=weekly(TUESDAY, (480, 720)), dated=dated(day, (480, 720)), days_off=[off]
    )
    assert offered(driver, day) == []


def test_after_the_last_day_off_the_week_holds_again():
    off = DayOff(first_on=TUESDAY - timedelta(days=3), last_on=TUESDAY - timedelta(days=1))
    driver = a_driver(weekly=weekly(TUESDAY, (480, 720)), days_off=[off])
    assert len(offered(driver, TUESDAY)) == 1


def test_a_paused_driver_offers_nothing():
    driver = a_driver(state=DriverState.PAUSED, weekly=weekly(TUESDAY, (480, 720)))
    assert offered(driver, TUESDAY) == []


def test_papers_are_good_through_their_last_day():
    paper = Credential(kind=CredentialKind.INSURANCE, expires_on=TUESDAY)
    driver = a_driver(weekly=weekly(TUESDAY, (480, 720)), credentials=[paper])
    assert len(offered(driver, TUESDAY)) == 1
    assert offered(driver, TUESDAY + timedelta(days=7)) == []


def test_touching_and_overlapping_hours_become_one_shift():
    driver = a_driver(weekly=weekly(TUESDAY, (780, 1020), (480, 720), (720, 800)))
    assert offered(driver, TUESDAY) == [(datetime(2027, 3, 9, 16, tzinfo=UTC), 9)]


@pytest.mark.parametrize(("day", "hours"), [(TUESDAY, 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_whole_day_is_as_long_as_the_day_is(day, hours):
    assert [length for _s, length in offered(a_driver(weekly=weekly(day, (0, 1440))), day)] == [
        hours
    ]


def test_nine_stays_nine_on_both_sides_of_a_clock_change():
    for day, utc_hour in ((SPRING, 16), (AUTUMN, 17), (SPRING - timedelta(days=7), 17)):
        driver = a_driver(weekly=weekly(day, (9 * 60, 10 * 60)))
        assert offered(driver, day) == [
            (datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC), 1)
        ]


def test_hours_that_the_spring_change_skips_are_no_hours():
    driver = a_driver(weekly=weekly(SPRING, (2 * 60, 3 * 60)))
    assert offered(driver, SPRING) == []
    around = a_driver(weekly=weekly(SPRING, (1 * 60, 4 * 60)))
    assert [hours for _start, hours in offered(around, SPRING)] == [2]


def test_hours_around_the_autumn_change_are_an_hour_longer():
    driver = a_driver(weekly=weekly(AUTUMN, (0, 3 * 60)))
    assert [hours for _start, hours in offered(driver, AUTUMN)] == [4]


def test_merging_changes_nothing_that_lies_apart():
    assert merge([(600, 700), (100, 200)]) == [(100, 200), (600, 700)]
    assert merge([(100, 300), (150, 200), (300, 310)]) == [(100, 310)]


def test_touching_is_no_overlap():
    assert overlapping([(600, 700), (480, 600)]) is None
    assert overlapping([(600, 700), (480, 601)]) == ((480, 601), (600, 700))
    assert overlapping([(480, 720), (480, 720)]) == ((480, 720), (480, 720))


def test_hours_of_a_day_alone_are_its_own():
    driver = a_driver(weekly=weekly(TUESDAY, (480, 720)), dated=dated(TUESDAY, (480, 720)))
    assert has_own_hours(driver, TUESDAY)
    assert not has_own_hours(driver, TUESDAY + timedelta(days=7))
