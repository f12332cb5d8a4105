"""What a peer answers becomes a plan that keeps every rule of time."""

from dataclasses import replace

import pytest

from matching.benchmark.orders import moments, plan_of, route_of
from matching.check import violations
from matching.problem import NO_ROAD, Problem, Ride, Shift
from matching.solution import Kind

ROADS = ((0, 100, 200), (100, 0, 150), (200, 150, 0))
UP, DOWN = Kind.PICKUP, Kind.DROPOFF


def a_day(pooling=True, **limits):
    """Two rides from place 1 to place 2 and a shift that begins and ends at place 0."""
    rides = tuple(
        Ride(f"r{k}", 1, 2, (1000 * k, 1000 * k + 500), (1000 * k, 1000 * k + 900), 10, 20)
        for k in (1, 2)
    )
    return Problem(ROADS, (Shift("s", "d", 0, 0, 0, 4000, **limits),), rides, pooling=pooling)


IN_TURN = [("r1", UP), ("r1", DOWN), ("r2", UP), ("r2", DOWN)]


def test_an_order_that_keeps_all_rules_is_the_plan():
    day = a_day()
    plan = plan_of(day, {"s": IN_TURN})
    assert violations(day, plan) == []
    assert [stop.at for stop in plan.routes[0].stops] == [1000, 1160, 2000, 2160]
    assert plan.unserved == ()


def test_a_route_that_is_too_long_loses_its_last_ride():
    day = a_day(max_duration_seconds=900)
    plan = plan_of(day, {"s": IN_TURN})
    assert violations(day, plan) == []
    assert [one.ride for one in plan.unserved] == ["r2"]


def test_a_route_that_drives_too_far_loses_its_last_ride():
    day = a_day(max_drive_seconds=450)
    assert len(route_of(day, day.shifts[0], IN_TURN).stops) == 2


def test_nothing_is_left_of_a_route_that_no_one_can_drive():
    day = a_day(max_drive_seconds=449)
    assert route_of(day, day.shifts[0], IN_TURN).stops == ()


def test_a_leg_without_road_is_no_leg():
    day = a_day()
    cut = replace(day, travel_seconds=((0, NO_ROAD, 200), *ROADS[1:]))
    first = [(cut.rides[0], UP), (cut.rides[0], DOWN)]
    assert moments(day, day.shifts[0], first) is not None
    assert moments(cut, cut.shifts[0], first) is None


@pytest.mark.parametrize(("longest", "there"), [(160, True), (159, False)])
def test_a_shared_ride_lasts_no_longer_than_it_may(longest, there):
    roads = ((0, 100, 200), (100, 0, 150), (200, 150, 0))
    rides = (
        Ride("r1", 1, 2, (1000, 1000), (1000, 9000), 10, 20, max_ride_seconds=longest),
        Ride("r2", 1, 2, (1000, 2000), (1000, 9000), 10, 20),
    )
    day = Problem(roads, (Shift("s", "d", 0, 0, 0, 9000),), rides, pooling=True)
    stops = [(rides[0], UP), (rides[1], UP), (rides[0], DOWN), (rides[1], DOWN)]
    assert (moments(day, day.shifts[0], stops) is not None) == there
