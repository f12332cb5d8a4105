"""Who may take a ride when: each obstacle is found, alone, and nothing else stands in the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.planning.facts import AskedRide, DriverDay, Needs, WayBack
from dispatch.planning.rules import WARNINGS, Obstacle, binding, extra_drive, in_fives, refusals
from tests.dispatch.planning.cases import (
    CLINIC,
    DRIVER,
    FAR,
    HOME,
    NEAR,
    NOWHERE,
    RIDE,
    TRAVEL,
    a_day,
    at,
    promised,
)

GOOD = at(9, 40)
"""Boarding 5 minutes and driving 10, so they arrive at 9:55."""


def obstacles(ride: AskedRide, driver: DriverDay, pickup_at=GOOD, **values) -> list[Obstacle]:
    facts = a_day(ride=ride, driver=driver, **values)
    return [one.obstacle for one in refusals(facts, ride, driver, pickup_at)]


def test_a_suitable_driver_at_a_good_time_meets_no_obstacle():
    assert obstacles(RIDE, DRIVER) == []


@pytest.mark.parametrize(
    ("driver", "obstacle"),
    [
        (replace(DRIVER, capacity={"seats": 1, "booster": 1}), Obstacle.CAR_TOO_SMALL),
        (replace(DRIVER, capacity={"seats": 4}), Obstacle.CAR_TOO_SMALL),
        (replace(DRIVER, skills=frozenset({"lang:en"})), Obstacle.SKILL_MISSING),
        (replace(DRIVER, rides_left=0), Obstacle.WEEK_IS_FULL),
        (replace(DRIVER, max_distance=4999), Obstacle.TOO_FAR_AWAY),
        (replace(DRIVER, max_drive=2399), Obstacle.TOO_MUCH_DRIVING),
        (replace(DRIVER, offered=()), Obstacle.NOT_OFFERED),
        (replace(DRIVER, offered=((at(9, 31), at(12)),)), Obstacle.NOT_OFFERED),
        (replace(DRIVER, offered=((at(8), at(10, 17)),)), Obstacle.NOT_OFFERED),
        (replace(DRIVER, committed=(promised(at(9, 30)),)), Obstacle.ELSEWHERE),
        (replace(DRIVER, elsewhere=((at(9, 50), at(10, 30)),)), Obstacle.ELSEWHERE),
    ],
)
def test_what_the_driver_lacks_is_the_one_obstacle(driver, obstacle):
    assert obstacles(RIDE, driver) == [obstacle]


@pytest.mark.parametrize(
    "driver",
    [
        replace(DRIVER, rides_left=1),
        replace(DRIVER, max_distance=5000),
        replace(DRIVER, max_drive=2400),
        replace(DRIVER, offered=((at(9, 30), at(10, 18)),)),
        replace(DRIVER, elsewhere=((at(9, 58), at(10, 30)),)),
    ],
)
def test_a_limit_that_is_just_kept_is_no_obstacle(driver):
    assert obstacles(RIDE, driver) == []


@pytest.mark.parametrize("minute", [14, 46])
def test_a_pickup_that_misses_the_window_is_refused(minute):
    assert obstacles(RIDE, DRIVER, at(9, minute)) == [Obstacle.OUTSIDE_WINDOW]


@pytest.mark.parametrize("minute", [15, 45])
def test_both_ends_of_the_window_are_inside(minute):
    assert obstacles(RIDE, DRIVER, at(9, minute)) == []


def test_a_driver_who_said_no_to_the_ride_is_told_apart_from_one_who_is_never_matched():
    assert obstacles(replace(RIDE, declined=frozenset({7})), DRIVER) == [Obstacle.SAID_NO]
    assert Obstacle.SAID_NO in WARNINGS
    assert Obstacle.NEVER not in WARNINGS


NEEDS = Needs({"seats": 2, "infant": 1}, frozenset({"wheelchair", "lang:es"}))
ALL = replace(
    DRIVER, capacity={"seats": 4, "infant": 1}, skills=frozenset({"wheelchair", "lang:es"})
)
SMALL = replace(ALL, capacity={"seats": 1, "infant": 1})
DEAF_TO_IT = replace(ALL, skills=frozenset({"wheelchair"}))
NO_CHAIR = replace(ALL, skills=frozenset({"lang:es"}))
NEITHER = replace(ALL, skills=frozenset())


@pytest.mark.parametrize(
    ("drivers", "names"),
    [
        ([ALL], []),
        ([SMALL, ALL], []),
        ([], []),
        ([SMALL], ["seats"]),
        ([NO_CHAIR, NEITHER], ["wheelchair"]),
        ([NEITHER], ["lang:es", "wheelchair"]),
        ([NO_CHAIR, DEAF_TO_IT], ["lang:es", "wheelchair"]),
        ([NO_CHAIR, DEAF_TO_IT, SMALL], ["seats", "lang:es", "wheelchair"]),
    ],
)
def test_what_keeps_every_driver_away_is_as_little_as_can_be(drivers, names):
    assert binding(NEEDS, drivers) == names


def test_a_pair_that_asked_never_to_meet_is_not_matched():
    assert obstacles(replace(RIDE, never=frozenset({7})), DRIVER) == [Obstacle.NEVER]


def test_a_place_without_a_road_is_said_first():
    assert obstacles(replace(RIDE, dropoff_place=NOWHERE), DRIVER) == [Obstacle.NO_ROAD]


@pytest.mark.parametrize("end", ["pickup_place", "dropoff_place"])
def test_a_place_far_from_any_road_is_told_from_one_that_no_road_joins(end):
    ride, travel = replace(RIDE, **{end: NOWHERE}), replace(TRAVEL, astray=frozenset({NOWHERE}))
    assert obstacles(ride, DRIVER, travel=travel) == [Obstacle.OFF_ROAD]


def test_a_way_back_far_from_any_road_counts_too():
    ride = replace(RIDE, way_back=WayBack(2, 1, CLINIC, NOWHERE, wait=600))
    travel = replace(TRAVEL, astray=frozenset({NOWHERE}))
    assert obstacles(ride, DRIVER, travel=travel) == [Obstacle.OFF_ROAD]


@pytest.mark.parametrize("end", ["start_place", "end_place"])
def test_a_driver_whom_no_road_joins_with_the_ride_is_not_said_to_lack_time(end):
    assert obstacles(RIDE, replace(DRIVER, **{end: NOWHERE})) == [Obstacle.CUT_OFF]


def test_a_pickup_sooner_than_the_lead_is_refused():
    assert obstacles(RIDE, DRIVER, not_before=at(9, 41)) == [Obstacle.IN_THE_PAST]


def test_an_earlier_ride_that_leaves_time_for_the_way_is_no_obstacle():
    # Done at 9:18 at the clinic, ten minutes from the pickup.
    assert obstacles(RIDE, replace(DRIVER, committed=(promised(at(9)),)), at(9, 28)) == []
    assert obstacles(RIDE, replace(DRIVER, committed=(promised(at(9)),)), at(9, 27)) == [
        Obstacle.ELSEWHERE
    ]


def test_a_ride_elsewhere_counts_with_its_way_there():
    early = replace(DRIVER, offered=((at(7), at(12)),))
    assert obstacles(RIDE, replace(early, committed=(promised(at(8, 30), FAR, FAR),))) == []
    assert obstacles(RIDE, replace(early, committed=(promised(at(9), FAR, FAR),))) == [
        Obstacle.ELSEWHERE
    ]


def test_a_driver_who_waits_is_taken_until_the_way_back_is_over():
    back = WayBack(2, 1, CLINIC, NEAR, wait=3600)
    ride = replace(RIDE, way_back=back)
    assert obstacles(ride, DRIVER) == []
    # Back at the family's at 11:10, home at 11:23.
    assert obstacles(ride, replace(DRIVER, offered=((at(8), at(11, 23)),))) == []
    assert obstacles(ride, replace(DRIVER, offered=((at(8), at(11, 22)),))) == [
        Obstacle.NOT_OFFERED
    ]
    assert obstacles(ride, replace(DRIVER, rides_left=1)) == [Obstacle.WEEK_IS_FULL]
    assert obstacles(ride, replace(DRIVER, committed=(promised(at(10, 30)),))) == [
        Obstacle.ELSEWHERE
    ]


def test_several_obstacles_are_said_at_once():
    poor = replace(DRIVER, capacity={"seats": 1}, skills=frozenset(), offered=())
    assert obstacles(RIDE, poor) == [
        Obstacle.CAR_TOO_SMALL,
        Obstacle.CAR_TOO_SMALL,
        Obstacle.SKILL_MISSING,
        Obstacle.NOT_OFFERED,
    ]


def test_a_ride_from_the_drivers_door_needs_no_way_there():
    ride = replace(RIDE, pickup_place=HOME, needs=Needs({"seats": 1}, frozenset()))
    facts = a_day(ride=ride, crow_metres={(HOME, HOME): 0.0, (HOME, NEAR): 0.0})
    assert refusals(facts, ride, DRIVER, at(9, 30)) == []


def test_the_minute_in_which_the_window_opens_can_be_taken():
    late = timedelta(seconds=20)
    ride = replace(RIDE, window=tuple(moment + late for moment in RIDE.window))
    assert obstacles(ride, DRIVER, at(9, 15)) == []
    assert obstacles(ride, DRIVER, at(9, 14)) == [Obstacle.OUTSIDE_WINDOW]


def test_what_a_driver_drives_more_is_the_way_there_with_them_and_home():
    facts = a_day()
    assert extra_drive(facts, RIDE, DRIVER, GOOD) == 600 + 600 + 1200


def test_who_comes_past_anyway_drives_less_for_it():
    busy = replace(DRIVER, committed=(promised(at(9)),))
    facts = a_day(driver=busy)
    assert extra_drive(facts, RIDE, busy, GOOD) == 600 + 600


def test_where_no_road_leads_nobody_drives_more():
    ride = replace(RIDE, pickup_place=NOWHERE)
    assert extra_drive(a_day(ride=ride), ride, DRIVER, GOOD) is None


def test_minutes_are_told_in_steps_of_five_and_never_below_none():
    assert [in_fives(seconds) for seconds in (-900, 0, 1, 300, 301)] == [0, 0, 5, 5, 10]
