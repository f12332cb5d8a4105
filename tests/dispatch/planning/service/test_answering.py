"""The driver answers: yes opens the address and tells the family, no frees the ride."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Closed, Conflict, Forbidden, NotFound, Refused
from dispatch.notify.models import MessageKind
from dispatch.planning import service
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests.build import a_driver, driver_actor
from tests.dispatch.planning.service.world import PICKUP


def test_accepting_opens_the_home_for_the_groups_time(world):
    assignment = world.accepted()
    (grant,) = world.live_grants()
    assert grant.place_id == world.ride.pickup_place_id
    assert grant.starts_at == assignment.pickup_at - timedelta(hours=2)
    assert grant.ends_at == assignment.dropoff_at + timedelta(hours=1)


def test_the_family_is_told_only_once_the_driver_accepts(world):
    (assignment,) = world.approve()
    assert world.messages(MessageKind.RIDE_ACCEPTED) == []
    service.accept(world.session, world.marta, assignment, now=world.now)
    assert len(world.messages(MessageKind.RIDE_ACCEPTED)) == 1


def test_another_driver_cannot_answer_the_offer(world):
    (assignment,) = world.approve()
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(NotFound):
        service.accept(world.session, other, assignment, now=world.now)


def test_accepting_twice_says_so_and_opens_nothing_more(world):
    assignment = world.accepted()
    with pytest.raises(Conflict):
        service.accept(world.session, world.marta, assignment, now=world.now)
    assert len(world.live_grants()) == 1


def test_declining_an_offer_returns_the_ride_to_the_pool(world):
    (assignment,) = world.approve()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    assert (assignment.state, world.ride.state) == (AssignmentState.DECLINED, RideState.OPEN)


def test_giving_an_accepted_ride_back_closes_the_address_and_says_so(world):
    assignment = world.accepted()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_SEARCHING)) == 1


def test_who_said_no_is_not_asked_again_for_the_same_ride(world):
    (assignment,) = world.approve()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    again = world.propose(world.ride, world.driver)
    with pytest.raises(Refused, match="This driver said no to this ride"):
        world.approve(again)


def test_who_said_no_may_be_asked_once_more_by_somebody_who_can_talk(world):
    (assignment,) = world.approve()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    (again,) = world.assign(world.driver)
    assert again.state is AssignmentState.OFFERED


def test_an_offer_that_went_to_somebody_else_is_closed_kindly(world):
    (assignment,) = world.approve()
    world.assign(a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(Closed, match="Somebody else took this ride"):
        service.accept(world.session, world.marta, assignment, now=world.now)


def test_a_suspended_driver_cannot_answer(world):
    (assignment,) = world.approve()
    suspended = replace(world.marta, is_active=False)
    with pytest.raises(Forbidden):
        service.accept(world.session, suspended, assignment, now=world.now)


def test_a_waiting_driver_answers_for_both_ways(world):
    made = world.approve(world.propose_both_ways()[0])
    service.accept(world.session, world.marta, made[1], now=world.now)
    assert {one.state for one in made} == {AssignmentState.ACCEPTED}
    service.decline_offer(world.session, world.marta, made[0], now=world.now)
    assert {one.state for one in made} == {AssignmentState.DECLINED}
    assert world.live_grants() == []


def test_a_ride_under_way_cannot_be_given_back_by_a_form(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, at=PICKUP)
    with pytest.raises(Closed):
        service.decline_offer(world.session, world.marta, assignment, now=PICKUP)
    assert world.ride.state is RideState.ARRIVED
    assert len(world.live_grants()) == 1
