"""Days and windows of a series, through both changes of the clock in four zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.rides.models import Anchor, Leg, ReturnKind
from dispatch.rides.rules import planned, service_days, waiting, window
from tests.dispatch.rides.asked import asked_for

VANCOUVER = ZoneInfo("America/Vancouver")
ZONES = [
    VANCOUVER,
    ZoneInfo("Europe/Madrid"),
    ZoneInfo("America/Phoenix"),
    ZoneInfo("Australia/Lord_Howe"),
]
a_day = st.dates(date(2026, 1, 1), date(2028, 12, 31))
a_wall = st.times().map(lambda wall: wall.replace(second=0, microsecond=0, fold=0))
"""As it is typed: nobody says which showing of a repeated hour is meant."""
a_zone = st.sampled_from(ZONES)
some_weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def shows(instant, day, wall, zone):
    """Whether a clock in `zone` shows `wall` on `day` at `instant`."""
    local = instant.astimezone(zone)
    return (local.date(), local.time()) == (day, wall)


def exists(day, wall, zone):
    """Whether a clock in `zone` ever shows `wall` on `day`, by looking at every minute."""
    midnight = datetime.combine(day, time(0), UTC) - timedelta(hours=15)
    return any(shows(midnight + timedelta(minutes=n), day, wall, zone) for n in range(54 * 60))


def test_a_single_day_is_its_only_day():
    assert service_days(date(2027, 3, 9), date(2027, 3, 9), [], []) == [date(2027, 3, 9)]


def test_a_series_has_its_weekdays_without_its_exceptions():
    days = service_days(date(2027, 3, 1), date(2027, 3, 12), [0, 3], [date(2027, 3, 8)])
    assert days == [date(2027, 3, 1), date(2027, 3, 4), date(2027, 3, 11)]


@given(a_day, st.integers(0, 200), some_weekdays, st.frozensets(a_day, max_size=5))
def test_a_series_holds_exactly_the_days_that_were_asked_for(first, length, weekdays, except_on):
    last = first + timedelta(days=length)
    days = service_days(first, last, weekdays, except_on)
    assert days == sorted(set(days))
    for n in range(-3, length + 4):
        day = first + timedelta(days=n)
        wanted = 0 <= n <= length and day.weekday() in weekdays and day not in except_on
        assert (day in days) == wanted


@given(a_day, a_wall, st.integers(0, 240), a_zone)
@example(date(2027, 3, 14), time(2, 30), 30, VANCOUVER)
@example(date(2027, 11, 7), time(1, 30), 30, VANCOUVER)
@example(date(2027, 10, 3), time(2, 15), 30, ZONES[3])
def test_a_window_ends_or_begins_at_the_time_on_the_wall(day, wall, flexible, zone):
    early, arrive = window(Anchor.ARRIVE_BY, day, wall, flexible, zone)
    leave, late = window(Anchor.LEAVE_AT, day, wall, flexible, zone)
    assert arrive == leave
    assert arrive - early == late - leave == timedelta(minutes=flexible)
    if not shows(arrive, day, wall, zone):
        assert not exists(day, wall, zone)


@given(a_day, st.integers(0, 181), some_weekdays, a_wall, a_zone)
def test_every_day_of_a_series_keeps_its_wall_time(first, length, weekdays, wall, zone):
    asked = asked_for(on=first, until=first + timedelta(days=length), weekdays=weekdays, at=wall)
    for ride in planned(asked, zone):
        local = ride.window[1].astimezone(zone)
        assert local.date() == ride.service_on
        skipped = timedelta(hours=local.hour - wall.hour, minutes=local.minute - wall.minute)
        assert skipped in (timedelta(0), timedelta(minutes=30), timedelta(hours=1))


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        # 14 March 2027, 02:00 becomes 03:00 in Vancouver: 02:30 does not exist.
        (date(2027, 3, 13), time(2, 30), datetime(2027, 3, 13, 10, 30, tzinfo=UTC)),
        (date(2027, 3, 14), time(2, 30), datetime(2027, 3, 14, 10, 30, tzinfo=UTC)),
        (date(2027, 3, 14), time(10, 0), datetime(2027, 3, 14, 17, 0, tzinfo=UTC)),
        # 7 November 2027, 02:00 becomes 01:00: 01:30 is shown twice, the first time is meant.
        (date(2027, 11, 7), time(1, 30), datetime(2027, 11, 7, 8, 30, tzinfo=UTC)),
        (date(2027, 11, 7), time(10, 0), datetime(2027, 11, 7, 18, 0, tzinfo=UTC)),
    ],
)
def test_the_change_of_the_clock_moves_the_instant_not_the_wall_time(day, wall, utc):
    assert window(Anchor.LEAVE_AT, day, wall, 0, VANCOUVER) == (utc, utc)


def test_half_an_hour_is_skipped_on_lord_howe():
    _leave, late = window(Anchor.LEAVE_AT, date(2027, 10, 3), time(2, 15), 0, ZONES[3])
    assert late.astimezone(ZONES[3]).time() == time(2, 45)


def test_a_waiting_driver_leaves_again_that_long_after_the_arrival():
    ten = datetime(2027, 3, 9, 18, 0, tzinfo=UTC)
    quarter = timedelta(minutes=15)
    assert waiting((ten, ten + quarter), 45) == (ten + 3 * quarter, ten + 4 * quarter)


@pytest.mark.parametrize(
    ("kind", "legs"),
    [(ReturnKind.NONE, 1), (ReturnKind.FIXED, 2), (ReturnKind.WAIT, 2), (ReturnKind.WILL_CALL, 2)],
)
def test_every_kind_of_return_but_none_makes_a_second_ride(kind, legs):
    asked = asked_for(return_kind=kind, return_at=time(12, 0), wait_minutes=30)
    rides = list(planned(asked, VANCOUVER))
    assert [ride.leg for ride in rides] == [Leg.OUTBOUND, Leg.RETURN][:legs]


def test_a_will_call_has_no_window():
    _out, back = planned(asked_for(return_kind=ReturnKind.WILL_CALL), VANCOUVER)
    assert back.window is None


@given(a_day, a_wall, a_wall, st.integers(0, 240), a_zone)
@example(date(2027, 3, 14), time(2, 45), time(3, 15), 0, VANCOUVER)
def test_nobody_leaves_again_before_the_arrival(day, wall, back_at, flexible, zone):
    if back_at <= wall:
        wall, back_at = back_at, wall
    asked = asked_for(
        on=day,
        at=wall,
        return_kind=ReturnKind.FIXED,
        return_at=back_at,
        return_flexible_minutes=flexible,
    )
    out, back = planned(asked, zone)
    assert out.window[1] <= back.window[0] <= back.window[1]
    assert back.window[1] - back.window[0] == timedelta(minutes=flexible)
