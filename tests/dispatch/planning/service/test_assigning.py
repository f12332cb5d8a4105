"""Giving a ride to a driver by hand: once, by the rules, and nothing is lost by a refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import NotFound, Refused, Stale
from dispatch.notify.models import MessageKind
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests.build import a_driver, a_group
from tests.dispatch.planning.service.world import PICKUP


def test_moving_an_accepted_ride_closes_the_address_for_the_first_driver(world):
    first = world.accepted()
    (second,) = world.assign(a_driver(world.session, world.group, name="Yusuf"))
    assert first.state is AssignmentState.RELEASED
    assert second.state is AssignmentState.OFFERED
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_a_refused_move_leaves_the_ride_where_it_was(world):
    first = world.accepted()
    small = a_driver(world.session, world.group, name="Yusuf", seats=1)
    with pytest.raises(Refused, match="2 seats"):
        world.assign(small)
    world.session.expire_all()
    assert first.state is AssignmentState.ACCEPTED
    assert len(world.live_grants()) == 1


def test_a_form_made_before_a_change_is_told_and_changes_nothing(world):
    with pytest.raises(Stale):
        world.assign(world.driver, version=world.ride.version + 1)
    assert world.ride.state is RideState.OPEN


def test_a_form_that_was_sent_twice_asks_the_driver_once(world):
    (first,) = world.assign(world.driver)
    (again,) = world.assign(world.driver)
    assert again is first
    assert world.messages(MessageKind.RIDE_WITHDRAWN) == []


def test_a_driver_of_another_group_of_the_same_coordinator_is_not_there(world):
    other = a_group(world.session, name="Elsewhere")
    world.rosa = replace(world.rosa, coordinates=frozenset({world.group.id, other.id}))
    with pytest.raises(NotFound):
        world.assign(a_driver(world.session, other, name="Yusuf"))


def test_the_same_driver_may_be_given_another_time(world):
    world.accepted()
    (moved,) = world.assign(world.driver, pickup_at=PICKUP + timedelta(minutes=5))
    assert moved.pickup_at == PICKUP + timedelta(minutes=5)
    assert moved.state is AssignmentState.OFFERED


def test_a_time_outside_what_was_asked_is_refused_with_the_window(world):
    with pytest.raises(Refused, match=r"between \d\d:\d\d and \d\d:\d\d"):
        world.assign(world.driver, pickup_at=PICKUP + timedelta(hours=3))
