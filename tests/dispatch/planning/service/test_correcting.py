"""Only its driver says how far a ride was, and not for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.planning import service
from dispatch.policy import Action
from dispatch.rides.models import RideState
from tests.build import a_driver, driver_actor
from tests.dispatch.planning.service.world import PICKUP

SAID = {"metres": 9_000, "minutes": 20}


@pytest.fixture
def done(world):
    """The ride, driven."""
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE, at=PICKUP)
    return assignment


def test_it_is_kept_and_on_record(world, done):
    service.correct_driven(world.session, world.marta, done, **SAID, now=PICKUP)
    assert (done.driven_metres, done.driven_minutes) == (9_000, 20)
    world.session.commit()
    found = select(AuditEvent).where(AuditEvent.action == Action.CORRECT_DRIVEN.value)
    assert world.session.scalars(found).one().ride_uid == world.ride.uid


def test_after_two_weeks_it_stays_what_it_was(world, done):
    late = PICKUP + timedelta(days=15)
    with pytest.raises(Conflict, match="two weeks"):
        service.correct_driven(world.session, world.marta, done, **SAID, now=late)
    assert done.driven_metres is None


def test_a_ride_to_come_has_no_length_yet(world):
    with pytest.raises(Conflict):
        service.correct_driven(world.session, world.marta, world.accepted(), **SAID, now=PICKUP)


def test_nobody_else_says_it(world, done):
    other = driver_actor(a_driver(world.session, world.group))
    for actor, refusal in ((other, NotFound), (world.rosa, Forbidden)):
        with pytest.raises(refusal):
            service.correct_driven(world.session, actor, done, **SAID, now=PICKUP)
    assert done.driven_metres is None
