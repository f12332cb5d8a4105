"""What may be asked for, and the sentence for what may not."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.rides.models import Anchor, Purpose, ReturnKind
from dispatch.rides.rules import mistakes, priority
from dispatch.rides.rules.asking import likely_return
from tests.dispatch.rides.asked import asked_for, somewhere

ZONE = ZoneInfo("America/Vancouver")
NOW = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
TUESDAYS = frozenset({1})


def wrong(**values):
    return mistakes(asked_for(**values), zone=ZONE, most_seats=6, now=NOW)


def test_an_ordinary_request_is_right():
    assert wrong() == {}


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"on": date(2027, 3, 7)}, "day", "7 March 2027 is over. Choose a day from today on."),
        ({"on": date(1, 1, 1)}, "day", "1 January 1 is over. Choose a day from today on."),
        ({"on": date(9999, 12, 31)}, "day", "31 December 9999 is more than a year away."),
        (
            {"on": date(2027, 3, 8), "at": time(8, 59)},
            "time",
            "08:59 has passed already; it is 09:00 now.",
        ),
        (
            {"return_kind": ReturnKind.FIXED, "return_at": time(9, 15)},
            "back",
            "09:15 is before they arrive at 10:00. Did you mean 10:15?",
        ),
        (
            {"at": time(10, 30), "return_kind": ReturnKind.FIXED, "return_at": time(10, 15)},
            "back",
            "10:15 is before they arrive at 10:30. Did you mean 11:15?",
        ),
        (
            {
                "anchor": Anchor.LEAVE_AT,
                "return_kind": ReturnKind.FIXED,
                "return_at": time(2, 0),
            },
            "back",
            "02:00 is before they set out at 10:00. Did you mean 14:00?",
        ),
        ({"return_kind": ReturnKind.FIXED}, "back", "At what time do they leave again?"),
        ({"flexible_minutes": -1}, "flexible", "A window cannot close before it opens."),
        (
            {"flexible_minutes": 241},
            "flexible",
            "A time may be flexible by 240 minutes at most.",
        ),
        (
            {"adults": 4, "children": 5},
            "adults",
            "9 riders fit into no car: the largest takes 6. Enter two requests.",
        ),
        ({"adults": 0}, "adults", "Somebody has to sit in the car."),
        ({"adults": 3, "children": -1}, "adults", "Somebody has to sit in the car."),
        (
            {"children": 1, "child_seats": {"booster": 1, "infant": 1}},
            "seats",
            "These are more child seats than children.",
        ),
        ({"child_seats": {"throne": 1}}, "seats", "There is no such child seat."),
        ({"notes": "a" * 10_000}, "notes", "This note has 10000 characters; 1000 fit."),
        (
            {"weekdays": TUESDAYS},
            "until",
            "Until when? Give the last day of the series.",
        ),
        (
            {"weekdays": TUESDAYS, "until": date(2027, 3, 8)},
            "until",
            "The series ends before it begins, on 9 March 2027.",
        ),
        (
            {"weekdays": TUESDAYS, "until": date(2027, 9, 7)},
            "until",
            "A series lasts 26 weeks at most: until 6 September 2027.",
        ),
        (
            {
                "weekdays": frozenset(range(7)),
                "until": date(2027, 8, 1),
                "return_kind": ReturnKind.WILL_CALL,
            },
            "until",
            "These are 292 rides; one request may have 200. End the series earlier.",
        ),
        (
            {"weekdays": frozenset({0}), "until": date(2027, 3, 14)},
            "weekdays",
            "No day is left: none of these weekdays is in the series.",
        ),
        (
            {
                "weekdays": TUESDAYS,
                "until": date(2027, 4, 1),
                "except_on": frozenset({date(2027, 3, 10)}),
            },
            "except_on",
            "10 March 2027 is not a day of this series.",
        ),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence_beside_its_field(values, field, sentence):
    assert wrong(**values) == {field: sentence}


@pytest.mark.parametrize("minutes", [0, 4, 241])
def test_a_driver_waits_neither_a_moment_nor_the_whole_day(minutes):
    assert list(wrong(return_kind=ReturnKind.WAIT, wait_minutes=minutes)) == ["wait"]


def test_a_ride_goes_somewhere_else():
    place = somewhere()
    assert list(wrong(pickup=place, dropoff=place)) == ["dropoff"]


def test_a_series_may_last_twenty_six_weeks():
    assert wrong(weekdays=TUESDAYS, until=date(2027, 9, 6)) == {}


def test_several_mistakes_are_told_at_once():
    assert set(wrong(on=date(2027, 3, 1), adults=0, notes="a" * 2000)) == {"day", "adults", "notes"}


def test_a_note_may_be_of_any_script():
    assert wrong(notes="عربة أطفال 🚗 " * 40) == {}


@pytest.mark.parametrize(
    ("at", "back", "meant"),
    [
        (time(10, 30), time(10, 15), time(11, 15)),
        (time(10, 30), time(10, 30), time(11, 30)),
        (time(10, 30), time(9, 40), time(11, 40)),
        (time(10, 30), time(2, 0), time(14, 0)),
        (time(15, 0), time(2, 0), time(16, 0)),
        (time(23, 30), time(23, 0), None),
    ],
)
def test_a_likely_return_is_offered(at, back, meant):
    assert likely_return(at, back) == meant


@given(st.times(), st.times())
def test_what_is_offered_instead_is_right(at, back):
    at, back = (wall.replace(second=0, microsecond=0) for wall in (at, back))
    meant = likely_return(at, min(at, back))
    assert meant is None or meant > at


def test_a_doctor_and_a_judge_come_first():
    assert priority(Purpose.MEDICAL) == priority(Purpose.LEGAL) > priority(Purpose.FOOD)
