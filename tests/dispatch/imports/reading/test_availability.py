"""When a driver can drive."""

from datetime import date

import pytest

from dispatch.imports.reading.availability import read_away, read_hours
from dispatch.imports.reading.dates import DateHabit, DayOrder
from dispatch.imports.reading.outcome import Unreadable

HABIT = DateHabit(DayOrder.MONTH_FIRST, date(2027, 3, 8))


@pytest.mark.parametrize(
    ("cell", "spans"),
    [
        ("", ""), ("no", ""), ("all day", "07:00-21:00"), ("todo el día", "07:00-21:00"),
        ("8-12", "08:00-12:00"), ("13-17", "13:00-17:00"), ("1-5", "13:00-17:00"),
        ("9-5", "09:00-17:00"), ("5-9", "17:00-21:00"), ("6-10", "06:00-10:00"),
        ("8am-6pm", "08:00-18:00"), ("noon-5pm", "12:00-17:00"), ("2-6pm", "14:00-18:00"),
        ("9-1pm", "09:00-13:00"), ("after 4", "16:00-21:00"), ("until 3pm", "07:00-15:00"),
        ("mornings", "08:00-12:00"), ("por las tardes", "12:00-17:00"),
        ("9:00-13:00", "09:00-13:00"), ("de 9 a 13", "09:00-13:00"),
        ("14-18, 8-12", "08:00-12:00 14:00-18:00"),
    ],
)  # fmt: skip
def test_the_hours_of_a_weekday_are_read(cell: str, spans: str):
    assert " ".join(f"{h.start:%H:%M}-{h.end:%H:%M}" for h in read_hours(cell)) == spans


@pytest.mark.parametrize("cell", ["17-9", "x", "after 22", "8-12, 11-15", "25-27", "maybe"])
def test_hours_that_cannot_be_are_refused(cell: str):
    with pytest.raises(Unreadable):
        read_hours(cell)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("", []),
        ("Mar 10", [(10, 10)]),
        ("9-12 Mar", [(9, 12)]),
        ("Mar 9-12, 2027", [(9, 12)]),
        ("2027-03-09 to 2027-03-11", [(9, 11)]),
        ("2027-03-09, 2027-03-11", [(9, 9), (11, 11)]),
        ("2027-03-09,2027-03-11 to 2027-03-12", [(9, 9), (11, 12)]),
        ("2027/03/09, 2027.03.11", [(9, 9), (11, 11)]),
        ("Mar 9, 2027, Mar 11, 2027", [(9, 9), (11, 11)]),
        ("3/9-3/12", [(9, 12)]),
        ("del 9 al 12 de marzo", [(9, 12)]),
        ("Mar 10, Mar 12; 14-15 March", [(10, 10), (12, 12), (14, 15)]),
    ],
)
def test_days_away_are_read(cell: str, days: list[tuple[int, int]]):
    assert [(a.first_on.day, a.last_on.day) for a in read_away(cell, HABIT)] == days
    assert {a.first_on.replace(day=1) for a in read_away(cell, HABIT)} <= {date(2027, 3, 1)}


def test_days_away_over_the_new_year_begin_in_the_old_one():
    (away,) = read_away("Dec 30 to Jan 2", HABIT)
    assert away.first_on < away.last_on
    assert (away.last_on - away.first_on).days == 3


@pytest.mark.parametrize("cell", ["12-9 Mar", "Mar 32", "sometime"])
def test_days_away_that_cannot_be_are_refused(cell: str):
    with pytest.raises(Unreadable):
        read_away(cell, HABIT)
