"""How far drivers drove: estimated from areas until a driver corrects it, summed by month."""

import csv
import io
from datetime import timedelta

import pytest

from dispatch.places.roads import metres_between
from dispatch.planning import driven, service
from dispatch.rides.models import RideState
from tests.build import DAY, a_coordinator, a_driver, a_group, driver_actor
from tests.dispatch.planning.service.world import PICKUP, World

ALL_THE_WAY = (RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE)


@pytest.fixture
def world(any_session, now):
    """A ride whose driver said yes."""
    return World(any_session, now)


@pytest.fixture
def done(world):
    """The ride, driven."""
    assignment = world.accepted()
    world.report(assignment, *ALL_THE_WAY, at=PICKUP + timedelta(minutes=5))
    return assignment


def test_the_estimate_is_of_areas_in_whole_kilometres(world, done):
    found = driven.driven_by(done, world.group)
    ends = world.ride.pickup_place.coarse_point, world.ride.dropoff_place.coarse_point
    assert found.is_estimate
    assert found.metres % 1000 == 0
    assert abs(found.metres - metres_between(*ends) * 1.35) <= 1000
    whole = done.dropoff_at - done.pickup_at
    assert found.minutes == whole // timedelta(minutes=1) - world.group.board_minutes > 0


def test_what_the_driver_says_stands_in_its_place(world, done):
    service.correct_driven(world.session, world.marta, done, metres=12_345, minutes=31, now=PICKUP)
    found = driven.driven_by(done, world.group)
    assert (found.metres, found.minutes, found.is_estimate) == (12_345, 31, False)


def test_where_nobody_came_nothing_is_estimated(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.NO_SHOW, at=PICKUP)
    found = driven.driven_by(assignment, world.group)
    assert (found.metres, found.minutes, found.is_estimate) == (0, 0, True)


def test_a_ride_is_corrected_for_two_weeks_once_it_is_over(world, done):
    assert driven.may_correct(done, DAY)
    assert driven.may_correct(done, DAY + timedelta(days=14))
    assert not driven.may_correct(done, DAY + timedelta(days=15))
    done.state = done.state.ACCEPTED
    assert not driven.may_correct(done, DAY)


def test_a_driver_sees_the_own_rides_alone(world, done):
    (mine,) = driven.own_driven(world.session, world.marta, world.group)
    assert mine.assignment is done
    other = driver_actor(a_driver(world.session, world.group))
    assert driven.own_driven(world.session, other, world.group) == []


def test_a_month_sums_up_each_driver_for_the_own_desk_alone(world, done):
    (month,) = driven.months_of(world.session, world.rosa, world.group, DAY)
    assert (month.number, month.month) == (world.driver.number, DAY.replace(day=1))
    assert (month.rides, month.estimated) == (1, 1)
    assert driven.months_of(world.session, world.rosa, world.group, DAY.replace(month=4)) == []
    stranger = a_coordinator(world.session, a_group(world.session))
    assert driven.months_of(world.session, stranger, world.group, DAY) == []


@pytest.mark.parametrize("number", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_taken_for_a_formula(number):
    month = driven.MonthOfDriver(number, DAY.replace(day=1), 2, 16_093, 45, 1)
    head, row = csv.reader(io.StringIO(driven.sheet_of([month], uses_miles=True)))
    assert row == [f"'{number}", "2027-03", "2", "10.0", "45", "1"]
    assert "Miles" in head


def test_an_ordinary_number_stays_as_it_is():
    assert driven.plain("D7") == "D7"


@pytest.mark.parametrize(("uses_miles", "metres"), [(True, 16_093), (False, 10_000)])
def test_distances_go_both_ways(uses_miles, metres):
    assert driven.metres_of(10.0, uses_miles=uses_miles) == metres
    assert driven.distance_in(metres, uses_miles=uses_miles) == 10.0
