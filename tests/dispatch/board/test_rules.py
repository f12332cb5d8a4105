"""The axis of the day: which hours it shows, and in which column a moment stands."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.board.rules import LIVE, ORDER, Axis, axis_for
from dispatch.rides.models import RideState

ZERO = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)
USUAL = Axis(ZERO, 6, 16)


def at(hour: int, minute: int = 0) -> datetime:
    return ZERO + timedelta(hours=hour, minutes=minute)


def test_an_empty_day_shows_the_usual_hours():
    assert axis_for(ZERO, []) == USUAL


@pytest.mark.parametrize(
    ("moments", "start", "end"),
    [
        ([at(9), at(21, 59)], 6, 22),
        ([at(5, 50)], 5, 22),
        ([at(22, 5)], 6, 23),
        ([at(23, 30), at(24, 10)], 6, 24),
        ([at(-1)], 0, 22),
    ],
)
def test_the_axis_grows_to_hold_every_moment_of_the_day(moments, start, end):
    axis = axis_for(ZERO, moments)
    assert (axis.start, axis.start + axis.hours) == (start, end)


@pytest.mark.parametrize(
    ("moment", "column"),
    [
        (at(6), 0),
        (at(6, 4), 0),
        (at(6, 5), 1),
        (at(12), 72),
        (at(21, 59), 191),
        (at(5), 0),
        (at(23), 191),
    ],
)
def test_a_moment_stands_in_its_five_minutes_or_at_the_edge(moment, column):
    assert USUAL.column(moment) == column


def test_a_block_is_as_long_as_it_lasts():
    assert USUAL.span(at(9), at(9, 30)) == {"s": 36, "n": 6}


def test_a_block_of_a_moment_can_still_be_seen():
    assert USUAL.span(at(9), at(9, 1)) == {"s": 36, "n": 1}


def test_every_state_of_a_ride_has_its_group_in_the_list():
    assert {state.value for state in RideState} <= set(ORDER)
    assert set(LIVE) <= set(ORDER)


def test_what_needs_a_coordinator_stands_first():
    assert ORDER.index("unserved") < ORDER.index("proposed") < ORDER.index("accepted")
    assert ORDER[-1] == "cancelled"
