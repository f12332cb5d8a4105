"""What a driver could do, by areas alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.claims import rules
from dispatch.planning.facts import DriverDay
from dispatch.rides.models import Anchor, Leg, Ride, RideState
from tests.build import TEN

SECOND = timedelta(seconds=1)
DRIVER = DriverDay(
    driver_id=7,
    version=1,
    start_place=1,
    end_place=1,
    offered=((TEN, TEN + timedelta(hours=1)),),
    capacity={"seats": 4},
    skills=frozenset(),
    max_drive=None,
    rides_left=None,
    max_distance=None,
)


def a_way_back(**values: object) -> Ride:
    return Ride(
        **{
            "state": RideState.OPEN,
            "leg": Leg.RETURN,
            "with_outbound": False,
            "anchor": Anchor.LEAVE_AT,
            "window_starts_at": TEN,
            "window_ends_at": TEN + timedelta(minutes=30),
            "adults": 1,
            "children": 0,
            "child_seats": {},
            "wheelchair": False,
            "language": None,
            **values,
        }
    )


@pytest.mark.parametrize(
    "values",
    [
        {"state": RideState.OFFERED},
        {"leg": Leg.OUTBOUND},
        {"with_outbound": True},
        {"window_starts_at": None, "window_ends_at": None},
    ],
)
def test_only_a_way_back_that_nobody_has_may_be_claimed(values):
    assert rules.may_be_claimed(a_way_back(), TEN - timedelta(hours=1))
    assert not rules.may_be_claimed(a_way_back(**values), TEN - timedelta(hours=1))


def test_neither_at_the_last_minute_nor_weeks_ahead():
    ends = TEN + timedelta(minutes=30)
    assert not rules.may_be_claimed(a_way_back(), ends - rules.LEAD)
    assert rules.may_be_claimed(a_way_back(), ends - rules.LEAD - SECOND)
    assert not rules.may_be_claimed(a_way_back(), ends - rules.AHEAD)
    assert rules.may_be_claimed(a_way_back(), ends - rules.AHEAD + SECOND)


@pytest.mark.parametrize(
    ("driver", "suits"),
    [
        (DRIVER, True),
        (replace(DRIVER, capacity={"seats": 0}), False),
        (replace(DRIVER, rides_left=0), False),
        (replace(DRIVER, max_distance=2000), False),
        (replace(DRIVER, max_distance=3000), True),
        (replace(DRIVER, offered=()), False),
        (replace(DRIVER, offered=((TEN, TEN + timedelta(minutes=19)),)), False),
        (replace(DRIVER, offered=((TEN, TEN + timedelta(minutes=20)),)), True),
        (replace(DRIVER, offered=((TEN + timedelta(hours=1), TEN + timedelta(hours=3)),)), False),
    ],
)
def test_car_hours_and_distance_have_to_fit(driver, suits):
    assert rules.suits(a_way_back(), driver, 20, 2500.0) is suits


def test_without_a_time_nothing_fits():
    ride = a_way_back(window_starts_at=None, window_ends_at=None)
    assert not rules.suits(ride, DRIVER, 20, 0.0)
