"""What each driver offers on a day, and what of it is promised already."""

from datetime import timedelta

import pytest

from dispatch import clock
from dispatch.people.models import UserState
from dispatch.planning.driver_days import committed_of, driver_days
from dispatch.planning.models import Assignment, AssignmentState
from tests.build import DAY, TEN, a_driver, a_group, a_ride
from tests.dispatch.planning.service.world import PICKUP, World


@pytest.fixture
def world(session, now):
    return World(session, now)


def day_of(world, driver=None, on=DAY):
    world.session.flush()
    bounds = clock.day_bounds(on, world.group.zone)
    found = driver_days(world.session, world.group, on, bounds)
    return next(one for one in found if one.driver_id == (driver or world.driver).id)


def test_a_driver_offers_its_hours_its_car_and_its_languages(world):
    world.driver.wheelchair = True
    day = day_of(world)
    ((begins, ends),) = day.offered
    assert (begins, ends - begins) == (TEN - timedelta(hours=3), timedelta(hours=14))
    assert day.capacity == {"seats": 4, "booster": 2}
    assert day.skills == {"lang:en", "lang:es", "wheelchair"}


def test_limits_are_in_the_matchers_units(world):
    assert (day_of(world).max_drive, day_of(world).max_distance) == (None, None)
    world.driver.max_drive_minutes, world.driver.max_distance_km = 90, 12
    assert (day_of(world).max_drive, day_of(world).max_distance) == (5400, 12000)


def test_a_suspended_driver_offers_nothing_and_keeps_its_promises(world):
    world.approve()
    world.driver.user.state = UserState.SUSPENDED
    day = day_of(world)
    assert day.offered == ()
    assert [one.ride_id for one in day.committed] == [world.ride.id]


def test_a_promise_holds_the_ride_its_times_and_its_needs(world):
    (made,) = world.approve()
    (promise,) = day_of(world).committed
    assert promise == committed_of(made)
    assert (promise.pickup_at, promise.busy_until) == (PICKUP, made.busy_until)
    assert promise.needs.load == {"seats": 2}


@pytest.mark.parametrize("state", [AssignmentState.DECLINED, AssignmentState.RELEASED])
def test_what_was_given_back_is_promised_no_more(world, state):
    (made,) = world.approve()
    made.state = state
    assert day_of(world).committed == ()


def test_rides_of_the_week_use_up_its_limit(world):
    world.driver.max_rides_week = 3
    assert day_of(world).rides_left == 3
    world.approve()
    assert day_of(world).rides_left == 2
    assert day_of(world, on=DAY + timedelta(days=1)).rides_left == 2
    assert day_of(world, on=DAY + timedelta(days=7)).rides_left == 3


def test_a_limit_that_was_lowered_later_is_never_negative(world):
    world.approve()
    world.driver.max_rides_week = 0
    assert day_of(world).rides_left == 0


def test_who_drives_in_two_groups_has_one_body(world):
    session = world.session
    elsewhere = a_group(session, name="Elsewhere")
    twin = a_driver(session, elsewhere, user=world.driver.user)
    session.add(
        Assignment(
            group_id=elsewhere.id,
            ride=a_ride(session, elsewhere),
            driver=twin,
            user_id=twin.user_id,
            state=AssignmentState.ACCEPTED,
            pickup_at=PICKUP,
            dropoff_at=TEN,
            busy_until=TEN + timedelta(minutes=3),
            approved_at=world.now,
        )
    )
    day = day_of(world)
    assert day.committed == ()
    assert day.elsewhere == ((PICKUP, TEN + timedelta(minutes=3)),)


def test_a_promise_of_another_day_takes_no_time_of_this_one(world):
    world.approve()
    assert day_of(world, on=DAY + timedelta(days=1)).committed == ()


def test_only_the_drivers_in_question_are_read(world):
    other = a_driver(world.session, world.group)
    bounds = clock.day_bounds(DAY, world.group.zone)
    only = frozenset({other.id})
    found = driver_days(world.session, world.group, DAY, bounds, only=only)
    assert [one.driver_id for one in found] == [other.id]


def test_what_was_driven_in_four_weeks_and_what_four_weeks_offer(world):
    (made,) = world.approve()
    made.state = AssignmentState.COMPLETED
    made.pickup_at, made.dropoff_at, made.busy_until = (
        PICKUP - timedelta(days=20) + timedelta(minutes=minutes) for minutes in (0, 20, 25)
    )
    day = day_of(world)
    assert (day.drove_lately, day.usually_offers) == (1500, 4 * 7 * 14 * 3600)
    assert day_of(world, on=DAY + timedelta(days=9)).drove_lately == 0


def test_what_is_only_promised_was_not_driven(world):
    world.approve()
    assert day_of(world, on=DAY + timedelta(days=1)).drove_lately == 0
