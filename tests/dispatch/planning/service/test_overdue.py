"""What should have happened and was not said: alarmed once, and ended when it settles itself."""

from datetime import timedelta

import pytest

from dispatch.people import alarms
from dispatch.planning import service
from dispatch.planning.models import TroubleKind
from dispatch.planning.service import overdue
from dispatch.rides.models import Leg, RideState
from tests.build import TEN, a_ride
from tests.dispatch.planning.service.world import PICKUP

SECOND = timedelta(seconds=1)


def said(world):
    """What the desk reads, with whose doing it is."""
    found = alarms.open_alarms(world.session, world.rosa)
    return [alarms.say(world.session, one) for one in found]


def watch(world, now):
    return overdue.watch(world.session, now=now)


def test_a_pickup_is_overdue_ten_minutes_after_its_minute_and_alarmed_once(world):
    assignment = world.accepted()
    due = PICKUP + overdue.PICKUP
    assert watch(world, due - SECOND) == 0
    assert [watch(world, due), watch(world, due + SECOND)] == [1, 0]
    (alarm,) = alarms.open_alarms(world.session, world.rosa)
    assert alarm.about_id == assignment.user_id
    number = world.ride.family.number
    assert said(world)[0].startswith(f"{number}: the pickup of ")
    assert said(world)[0].endswith(" is overdue. Call the driver.")
    assert number not in str(alarm.facts)
    assert alarms.ride_of(world.session, alarm) == world.ride.uid


def test_who_said_to_be_late_is_overdue_later(world):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.LATE, PICKUP, by=20)
    late = PICKUP + timedelta(minutes=20) + overdue.PICKUP
    assert [watch(world, late - SECOND), watch(world, late)] == [0, 1]


def test_the_alarm_ends_when_the_driver_is_there_after_all(world):
    assignment = world.accepted()
    watch(world, PICKUP + overdue.PICKUP)
    world.report(assignment, RideState.ARRIVED, at=PICKUP + overdue.PICKUP)
    assert len(said(world)) == 1
    watch(world, PICKUP + overdue.PICKUP + SECOND)
    assert said(world) == []


@pytest.mark.parametrize("last", [RideState.ARRIVED, RideState.ON_BOARD])
def test_a_party_that_is_not_out_of_the_car_in_time_is_alarmed_about(world, last):
    assignment = world.accepted()
    steps = (RideState.ARRIVED, RideState.ON_BOARD)
    world.report(assignment, *steps[: steps.index(last) + 1], at=PICKUP)
    due = assignment.dropoff_at + overdue.DROPOFF
    assert [watch(world, due - SECOND), watch(world, due)] == [0, 1]
    assert "nobody has said that they arrived" in said(world)[0]


def test_a_ride_given_back_is_overdue_for_nobody(world):
    assignment = world.accepted()
    watch(world, PICKUP + overdue.PICKUP)
    service.release(world.session, world.rosa, assignment, now=PICKUP + overdue.PICKUP)
    watch(world, PICKUP + overdue.PICKUP + SECOND)
    assert said(world) == []


def test_what_is_a_day_old_alarms_nobody(world):
    world.accepted()
    assert watch(world, PICKUP + timedelta(days=1, seconds=1)) == 0


@pytest.fixture
def way_back(world):
    """The way back of a party that was brought there, which wants a driver."""
    outbound = world.accepted()
    back = a_ride(
        world.session,
        world.group,
        family=world.ride.family,
        request=world.ride.request,
        leg=Leg.RETURN,
        outbound=world.ride,
        pickup_place=world.ride.dropoff_place,
        dropoff_place=world.ride.pickup_place,
        window_starts_at=TEN + timedelta(hours=1),
        window_ends_at=TEN + timedelta(hours=2),
    )
    steps = (RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE)
    assert watch(world, PICKUP) == 0
    world.report(outbound, *steps, at=PICKUP)
    return back


def test_a_party_without_a_way_back_is_alarmed_about_at_the_next_beat(world, way_back):
    assert watch(world, PICKUP + SECOND) == 1
    number, place = world.ride.family.number, way_back.pickup_place.shown_as
    assert said(world) == [f"{number} was brought to {place} and nobody has the way back."]
    (alarm,) = alarms.open_alarms(world.session, world.rosa)
    assert alarms.ride_of(world.session, alarm) == way_back.uid
    way_back.state = RideState.ACCEPTED
    world.session.flush()
    watch(world, PICKUP + 2 * SECOND)
    assert said(world) == []


def test_a_party_that_will_call_is_missed_once_it_has_called(world, way_back):
    way_back.state = RideState.WILL_CALL
    world.session.flush()
    assert watch(world, PICKUP + SECOND) == 0
    way_back.state = RideState.OPEN
    world.session.flush()
    assert watch(world, PICKUP + 2 * SECOND) == 1


def test_of_what_is_erased_an_alarm_says_no_more_than_its_kind(world):
    assignment = world.accepted()
    watch(world, PICKUP + overdue.PICKUP)
    (alarm,) = alarms.open_alarms(world.session, world.rosa)
    alarm.facts = {"about": str(alarm.uid)}
    assert alarms.say(world.session, alarm) == "A pickup is overdue."
    assert alarms.ride_of(world.session, alarm) is None
    assert assignment.is_live
