"""What a coordinator may type about runs and assignments, and what is wrong with it."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dispatch.planning import forms

VANCOUVER = ZoneInfo("America/Vancouver")
DAY = date(2027, 3, 9)
UID = UUID("6f1c8a52-0f0e-4a6f-9c39-7c7a3b0a2d11")
TYPED = {"driver": str(UID), "pickup_at": "13:10", "version": "4"}


def test_a_choice_is_a_driver_and_a_moment_of_the_rides_day():
    choice, errors = forms.parse_choice(TYPED, DAY, VANCOUVER)
    assert errors == {}
    assert choice == forms.Choice(UID, datetime(2027, 3, 9, 21, 10, tzinfo=UTC), 4)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"driver": ""}, {"driver"}),
        ({"driver": "7"}, {"driver"}),
        ({"pickup_at": "noon"}, {"pickup_at"}),
        ({"pickup_at": "24:10"}, {"pickup_at"}),
        ({"driver": "", "pickup_at": ""}, {"driver", "pickup_at"}),
    ],
)
def test_what_is_wrong_is_said_of_each_field(changed, wrong):
    choice, errors = forms.parse_choice(TYPED | changed, DAY, VANCOUVER)
    assert choice is None
    assert set(errors) == wrong


@pytest.mark.parametrize("text", [None, "", "tomorrow", "2027-02-30", "9.3.2027", "9999-12-31"])
def test_what_is_no_day_is_none(text):
    assert forms.parse_day(text) is None


def test_a_day_a_uid_and_a_time_are_read():
    assert forms.parse_day("2027-03-09") == DAY
    assert forms.parse_uid(str(UID)) == UID
    assert forms.parse_wall(" 07:05 ") == forms.parse_wall("7:05") == time(7, 5)


@pytest.mark.parametrize("text", [None, "", "12", "T12:10", "12:10+05:00", "12:10:59", "12:60"])
def test_what_is_no_time_on_a_clock_is_none(text):
    assert forms.parse_wall(text) is None


def test_a_moment_is_read_as_a_script_writes_it():
    told = forms.parse_moment("2027-03-09T17:40:00.000Z")
    assert told == datetime(2027, 3, 9, 17, 40, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "", "noon", "2027-03-09T17:40:00", "9999-12-31T00:00Z"])
def test_what_is_no_moment_anywhere_is_none(text):
    assert forms.parse_moment(text) is None


@pytest.mark.parametrize("text", [None, "", "12", "../etc"])
def test_what_is_no_uid_is_none(text):
    assert forms.parse_uid(text) is None


@pytest.mark.parametrize(
    "form", [{}, {"version": ""}, {"version": "-1"}, {"version": "latest"}, {"version": "9" * 5000}]
)
def test_a_form_that_does_not_say_its_version_is_stale(form):
    assert forms.parse_version(form) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"distance": "12", "minutes": "31"}, (12.0, 31)),
        ({"distance": " 12,5 ", "minutes": "0"}, (12.5, 0)),
        ({"distance": "999.9", "minutes": "999"}, (999.9, 999)),
    ],
)
def test_how_far_a_ride_was_is_read_as_people_write_it(typed, found):
    assert forms.parse_driven(typed) == (found, {})


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"distance", "minutes"}),
        ({"distance": "1000", "minutes": "5"}, {"distance"}),
        ({"distance": "1.25", "minutes": "5"}, {"distance"}),
        ({"distance": "nan", "minutes": "5"}, {"distance"}),
        ({"distance": "5", "minutes": "1.5"}, {"minutes"}),
        ({"distance": "5", "minutes": "٣"}, {"minutes"}),
    ],
)
def test_what_is_no_distance_or_no_minutes_is_said(typed, wrong):
    found, errors = forms.parse_driven(typed)
    assert (found, set(errors)) == (None, wrong)


@pytest.mark.parametrize(
    ("text", "month"), [("2027-03", date(2027, 3, 1)), ("2027-13", None), ("", None), (None, None)]
)
def test_a_month_is_read(text, month):
    assert forms.parse_month(text) == month
