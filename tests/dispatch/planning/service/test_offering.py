"""Asking a driver: checked by the rules, both ways or neither, and no address before the yes."""

import pytest
from sqlalchemy import select

from dispatch.errors import Conflict, Refused
from dispatch.notify.models import MessageKind
from dispatch.planning import service
from dispatch.planning.models import Assignment, AssignmentState, ProposalState
from dispatch.planning.service import offering
from dispatch.rides.models import RideState
from tests.dispatch.planning.service.world import ENGINE


def test_an_approved_proposal_is_offered_to_its_driver(world):
    (made,) = world.approve()
    assert made.state is AssignmentState.OFFERED
    assert world.ride.state is RideState.OFFERED
    assert world.proposal.state is ProposalState.APPROVED
    assert [one.user_id for one in world.messages(MessageKind.RIDE_OFFERED)] == [
        world.driver.user_id
    ]


def test_nobody_may_read_the_address_before_the_driver_accepts(world):
    world.approve()
    assert world.live_grants() == []


def test_a_driver_who_lost_the_seats_meanwhile_is_refused_with_the_reason(world):
    world.driver.seats = 1
    world.session.flush()
    with pytest.raises(Refused, match="2 seats"):
        world.approve()
    assert world.ride.state is RideState.OPEN


def test_a_bulk_gives_away_both_ways_or_neither(world, monkeypatch):
    insert, made = offering._insert, []

    def somebody_was_faster(session, assignment):
        made.append(assignment)
        if len(made) == 2:
            raise Conflict("Too late.")
        insert(session, assignment)

    monkeypatch.setattr(offering, "_insert", somebody_was_faster)
    out, _back = world.propose_both_ways()
    bulk = service.approve_many(world.session, world.rosa, [out], engine=ENGINE, now=world.now)
    assert [(one, why) for one, why in bulk.refused] == [(out, "Too late.")]
    assert world.session.scalars(select(Assignment)).all() == []
    assert out.ride.state is RideState.OPEN
    assert world.messages(MessageKind.RIDE_OFFERED) == []
