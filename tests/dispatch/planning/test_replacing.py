"""A ride that lost its driver: which they are, and who comes next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.planning import replacing, service
from dispatch.rides.models import RideState
from tests.build import TEN, a_coordinator, a_group
from tests.dispatch.planning.cases import DRIVER, FAR, RIDE, a_day, at
from tests.dispatch.planning.service.world import World

SOON = TEN - timedelta(hours=2)
GOOD = at(9, 40)


@pytest.fixture
def world(any_session, now):
    """A ride whose driver said yes."""
    return World(any_session, now)


def lost(world, at=SOON, actor=None):
    return replacing.lost_rides(world.session, actor or world.rosa, world.group, now=at)


def test_a_ride_is_lost_from_the_moment_its_driver_gives_it_back(world):
    assignment = world.accepted()
    assert lost(world) == []
    service.decline_offer(world.session, world.marta, assignment, now=SOON)
    assert lost(world) == [world.ride]
    stranger = a_coordinator(world.session, a_group(world.session))
    assert lost(world, actor=stranger) == []


def test_a_ride_that_nobody_ever_had_is_open_and_not_lost(world):
    world.session.flush()
    assert world.ride.state is RideState.OPEN
    assert lost(world) == []


def test_what_is_taken_back_is_lost_if_the_driver_had_said_yes(world):
    (offer,) = world.approve()
    service.release(world.session, world.rosa, offer, now=SOON)
    assert lost(world) == [], "nobody had it yet"
    (again,) = world.assign(world.driver)
    service.accept(world.session, world.marta, again, now=SOON)
    service.release(world.session, world.rosa, again, now=SOON)
    assert lost(world) == [world.ride]


def test_only_the_next_hours_are_urgent(world):
    service.decline_offer(world.session, world.marta, world.accepted(), now=world.now)
    first = world.ride.window_starts_at
    assert lost(world, first - replacing.SOON) == []
    assert lost(world, first - replacing.SOON + timedelta(seconds=1)) == [world.ride]
    assert lost(world, TEN + timedelta(minutes=29)) == [world.ride]
    assert lost(world, TEN + timedelta(minutes=30)) == []


def test_of_two_ways_with_a_waiting_driver_one_is_looked_for(world):
    world.proposal.state = world.proposal.state.SUPERSEDED
    first, _second = world.propose_both_ways()
    made = world.approve(first)
    service.decline_offer(world.session, world.marta, made[0], now=SOON)
    assert lost(world) == [first.ride]


def test_who_drives_least_for_it_is_asked_first_and_three_at_most():
    far = [
        replace(DRIVER, driver_id=number, start_place=FAR, end_place=FAR) for number in (1, 2, 3)
    ]
    facts = a_day(drivers=(*far, DRIVER))
    found = replacing.next_best(facts, [GOOD])
    assert [one.driver_id for one in found] == [7, 1, 2]
    assert found[0].pickup_at == GOOD
    assert [one.extra_minutes for one in found[:2]] == [40, 100]


def test_who_cannot_said_no_or_has_it_is_not_asked():
    facts = a_day(ride=replace(RIDE, declined=frozenset({7})))
    assert replacing.next_best(facts, [GOOD]) == []
    assert replacing.next_best(a_day(), [GOOD], but_for=7) == []
    assert replacing.next_best(a_day(driver=replace(DRIVER, skills=frozenset())), [GOOD]) == []


def test_the_first_minute_that_suits_is_taken():
    early = at(8, 1)
    (one,) = replacing.next_best(a_day(), [early, GOOD])
    assert one.pickup_at == GOOD
    assert replacing.next_best(a_day(), [early]) == []
