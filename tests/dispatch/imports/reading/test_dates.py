"""Dates as people write them."""

from datetime import date

import pytest

from dispatch.imports.reading.dates import DateHabit, DayOrder, habit_of, read_date
from dispatch.imports.reading.outcome import Unreadable

TODAY = date(2026, 11, 22)
MONDAY = date(2027, 3, 8)
HABIT = DateHabit(DayOrder.MONTH_FIRST, MONDAY)


def _refusal(cell: str, habit: DateHabit = HABIT) -> str:
    with pytest.raises(Unreadable) as refusal:
        read_date(cell, habit)
    return refusal.value.sentence


@pytest.mark.parametrize(
    "cell",
    [
        "2027-03-08", "2027/3/8", "20270308", "2027-03-08 00:00:00", "03/08/2027", "3/8/27", "3/8",
        "08.03.2027", "Mar 8", "March 8th, 2027", "8 Mar 2027", "Monday 8 March", "Mon, Mar 8",
        "Mon 3/8", "8 de marzo", "lunes 8 marzo", "lunes, 8 de marzo de 2027", "LUNES 8 MARZO",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: str):
    assert read_date(cell, HABIT) == MONDAY


def test_mar_before_a_month_is_tuesday():
    assert read_date("mar 9 marzo", HABIT) == date(2027, 3, 9)


def test_a_weekday_that_disagrees_is_refused():
    assert "do not agree in 2027" in _refusal("Tuesday 8 March")


@pytest.mark.parametrize("cell", ["2027-02-30", "Feb 30", "31/31/2027", "2027-13-01"])
def test_a_day_that_no_calendar_has_is_refused(cell: str):
    assert "not in the calendar" in _refusal(cell)


@pytest.mark.parametrize("cell", ["", "next week", "Monday", "46454", "8", "March", "8 9 March 27"])
def test_what_is_no_date_is_refused_with_an_example(cell: str):
    assert "date" in _refusal(cell)


def test_a_cell_that_can_be_read_one_way_decides_for_its_file():
    assert habit_of(["03/08/2027", "03/15/2027"], today=TODAY).order is DayOrder.MONTH_FIRST
    assert habit_of(["03/08/2027", "15/03/2027"], today=TODAY).order is DayOrder.DAY_FIRST
    assert habit_of(["08/03/2027", "lun 08/03/2027"], today=TODAY).order is DayOrder.DAY_FIRST


def test_dates_beside_each_other_decide_before_the_groups_habit():
    habit = habit_of(["03/08/2027", "2027-03-09"], today=TODAY, usual=DayOrder.DAY_FIRST)
    assert read_date("03/08/2027", habit) == MONDAY


def test_the_groups_habit_decides_where_the_file_does_not():
    habit = habit_of(["03/08/2027"], today=TODAY, usual=DayOrder.DAY_FIRST)
    assert read_date("03/08/2027", habit) == date(2027, 8, 3)


def test_a_file_that_uses_both_orders_decides_nothing():
    cells = ["03/15/2027", "15/03/2027", "03/08/2027"]
    habit = habit_of(cells, today=TODAY, usual=DayOrder.DAY_FIRST)
    assert "could be 2027-03-08 or 2027-08-03" in _refusal("03/08/2027", habit)
    assert read_date("03/15/2027", habit) == date(2027, 3, 15)


def test_a_missing_year_is_that_of_the_files_other_dates():
    habit = habit_of(["2029-03-01", "Mar 8"], today=TODAY)
    assert read_date("Mar 8", habit) == date(2029, 3, 8)


def test_a_missing_year_lies_ahead_when_the_file_has_no_other():
    habit = habit_of(["Mar 8", "Oct 30"], today=date(2027, 9, 20))
    assert read_date("Mar 8", habit) == date(2028, 3, 8)
    assert read_date("Oct 30", habit) == date(2027, 10, 30)
