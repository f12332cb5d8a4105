"""Rows of drivers."""

from datetime import date, time

import pytest

from dispatch.imports.reading.availability import Away, Hours
from dispatch.imports.reading.outcome import NoteKind
from tests.dispatch.imports.reading.sheets import drivers, notes, sentences


def test_a_week_with_limits_and_days_away_is_read():
    (outcome,) = drivers(
        {"Mon": "8-12", "Tue": "after 4", "Max min/day": "120", "Away": "9-12 Mar 2027"}
    )
    driver = outcome.value
    assert driver.weekly == {
        0: (Hours(time(8), time(12)),),
        1: (Hours(time(16), time(21)),),
    }
    assert driver.away == (Away(date(2027, 3, 9), date(2027, 3, 12)),)
    assert (driver.most_drive_minutes, driver.most_rides_week) == (120, None)


def test_a_vague_word_is_told_with_its_meaning():
    (outcome,) = drivers({"Mon": "mornings", "Tue": "mornings"})
    assert notes(outcome) == ["mornings read as 08:00-12:00."]


def test_child_seats_of_unknown_kind_are_not_counted_and_to_be_asked_for():
    (outcome,) = drivers({"Car seats": "2"})
    assert outcome.value.child_seats == {}
    assert NoteKind.CONFIRM in {note.kind for note in outcome.notes}


def test_a_driver_without_hours_is_taken_and_told():
    (outcome,) = drivers({"Mon": ""})
    assert notes(outcome) == ["No hours are offered; nothing is proposed to this driver."]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Email": "luz"}, "not a mail address"),
        ({"Email": ""}, "mail address is missing"),
        ({"Driver": ""}, "name is missing"),
        ({"Home": ""}, "home is missing"),
        ({"Seats": ""}, "seats for riders is missing"),
        ({"Seats": "0"}, "not between 1 and 20"),
        ({"Seats": "many"}, "not a whole number"),
        ({"Mon": "17-9"}, "ends before it starts"),
        ({"Away": "12-9 Mar"}, "ends before it begins"),
        ({"Car seats": "rocket"}, "not a kind of child seat"),
        ({"Languages": "Elvish"}, "not a language"),
    ],
)
def test_a_row_that_cannot_be_read_says_what_to_mend(change: dict[str, str], said: str):
    (outcome,) = drivers(change)
    assert len(sentences(outcome)) == 1
    assert said in sentences(outcome)[0]


def test_one_mail_address_is_one_driver():
    _first, second = drivers({}, {"Driver": "Mei", "Email": "LUZ@example.org"})
    assert sentences(second) == ["The same as row 2; remove one of the two."]
