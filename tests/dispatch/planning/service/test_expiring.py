"""Offers that nobody answers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.notify import deliveries
from dispatch.notify.channels import MAIL
from dispatch.notify.models import DeliveryState, MessageKind
from dispatch.people import alarms
from dispatch.people.models import Alarm
from dispatch.planning import service
from dispatch.planning.models import AssignmentState, MatchRun
from dispatch.planning.service import expiring
from dispatch.rides.models import RideState
from tests.build import DAY
from tests.dispatch.notify.waiting import deliveries_of, with_mail
from tests.dispatch.planning.service.world import PICKUP

SECOND = timedelta(seconds=1)


def expire(world, after):
    return expiring.expire(world.session, enqueue=lambda _uid: None, now=world.now + after)


def test_after_its_time_the_ride_is_open_and_everybody_knows(world):
    (offer,) = world.approve()
    assert expire(world, expiring.WAITS) == 1
    assert (offer.state, offer.answered_at) == (AssignmentState.DECLINED, None)
    assert world.ride.state is RideState.OPEN
    (told,) = world.messages(MessageKind.RIDE_WITHDRAWN)
    assert told.user_id == world.driver.user_id
    (alarm,) = world.session.scalars(select(Alarm))
    assert alarms.say(world.session, alarm) == (
        "A driver did not answer in time: one ride looks for somebody else."
    )
    run = world.session.scalars(select(MatchRun).where(MatchRun.is_repair)).one()
    assert run.service_on == DAY
    assert expire(world, expiring.WAITS) == 0


def test_nobody_writes_to_who_never_answered(world):
    with_mail(world.session)
    (offer,) = world.approve()
    assert len(deliveries_of(world.session, offer)) == 1
    expire(world, expiring.WAITS)
    assert world.messages(MessageKind.RIDE_WITHDRAWN)
    later = world.now + expiring.WAITS + timedelta(days=1)
    assert deliveries.claim(world.session, MAIL, now=later) is None
    assert [one.state for one in deliveries_of(world.session, offer)] == [DeliveryState.WITHDRAWN]


def test_until_then_it_waits(world):
    (offer,) = world.approve()
    assert expire(world, expiring.WAITS - SECOND) == 0
    assert offer.state is AssignmentState.OFFERED


@pytest.mark.parametrize(
    ("before_pickup", "offered_before", "ends"),
    [
        (expiring.NEAR, expiring.LEAST, True),
        (expiring.NEAR + SECOND, expiring.LEAST, False),
        (expiring.NEAR, expiring.LEAST - SECOND, False),
        (timedelta(minutes=20), timedelta(minutes=30), True),
    ],
)
def test_near_the_pickup_it_waits_for_a_quarter_of_an_hour(
    world, before_pickup, offered_before, ends
):
    (offer,) = world.approve()
    now = PICKUP - before_pickup
    offer.approved_at = now - offered_before
    assert expire(world, now - world.now) == int(ends)


def test_both_ways_of_a_waiting_driver_end_together(world):
    first, _second = world.propose_both_ways()
    made = world.approve(first)
    assert expire(world, expiring.WAITS) == 2
    assert {one.state for one in made} == {AssignmentState.DECLINED}


def test_an_answered_offer_stays(world):
    assignment = world.accepted()
    assert expire(world, expiring.WAITS) == 0
    assert assignment.state is AssignmentState.ACCEPTED


def test_the_driver_may_be_asked_again_by_hand(world):
    world.approve()
    expire(world, expiring.WAITS)
    world.now += expiring.WAITS
    assert world.assign(world.driver)[0].state is AssignmentState.OFFERED


def test_an_answer_that_comes_too_late_is_told_so(world):
    (offer,) = world.approve()
    expire(world, expiring.WAITS)
    with pytest.raises(Exception, match="Somebody else took this ride"):
        service.accept(world.session, world.marta, offer, now=world.now)
