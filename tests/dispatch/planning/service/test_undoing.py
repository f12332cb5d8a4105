"""Taking back what was decided a moment ago."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, NotFound, Stale
from dispatch.notify import queries as notify
from dispatch.notify.models import MessageKind
from dispatch.planning import service
from dispatch.planning.models import AssignmentState, ProposalState
from dispatch.planning.service.undoing import UNDONE_WITHIN
from dispatch.policy import Action
from dispatch.rides.models import RideState
from tests.build import a_coordinator, a_driver, a_group, a_ride
from tests.dispatch.planning.service.world import ENGINE


def undo(world, made, *, actor=None, after=timedelta(seconds=8)):
    service.undo_offers(world.session, actor or world.rosa, made, now=world.now + after)


def test_the_ride_is_proposed_as_before_and_the_driver_reads_nothing(world):
    made = world.approve()
    undo(world, made)
    assert made[0].state is AssignmentState.RELEASED
    assert world.ride.state is RideState.OPEN
    assert world.proposal.state is ProposalState.LIVE
    for kind in (MessageKind.RIDE_OFFERED, MessageKind.RIDE_WITHDRAWN):
        assert notify.unread(world.session, world.marta, kind) == []


def test_it_can_be_approved_again(world):
    undo(world, world.approve())
    again = world.approve()
    assert again[0].state is AssignmentState.OFFERED
    assert len(notify.unread(world.session, world.marta, MessageKind.RIDE_OFFERED)) == 1


def test_both_ways_come_back_as_proposals(world):
    first, second = world.propose_both_ways()
    second.run = first.run
    made = world.approve(first)
    undo(world, made)
    assert {first.state, second.state} == {ProposalState.LIVE}
    assert {one.ride.state for one in made} == {RideState.OPEN}


def test_what_was_given_by_hand_to_somebody_else_is_proposed_as_before(world):
    made = world.assign(a_driver(world.session, world.group, name="Yusuf"))
    assert world.proposal.state is ProposalState.SUPERSEDED
    undo(world, made)
    assert world.ride.state is RideState.OPEN
    assert world.proposal.state is ProposalState.LIVE
    assert world.approve()[0].driver is world.driver


def test_what_was_given_by_hand_and_not_proposed_is_open_again(world):
    world.proposal.state = ProposalState.SUPERSEDED
    world.proposal.ride_version -= 1
    made = world.assign(world.driver)
    undo(world, made)
    assert world.ride.state is RideState.OPEN
    assert world.proposal.state is ProposalState.SUPERSEDED


def test_an_answered_offer_stays_and_so_does_everything_undone_with_it(world):
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    others = world.approve(world.propose(a_ride(world.session, world.group), yusuf))
    (answered,) = world.approve()
    service.accept(world.session, world.marta, answered, now=world.now)
    with pytest.raises(Conflict, match="has answered already"):
        undo(world, [*others, answered])
    assert {one.state for one in others} == {AssignmentState.OFFERED}
    assert answered.state is AssignmentState.ACCEPTED


def test_it_is_for_whoever_did_it_just_now(world):
    made = world.approve()
    with pytest.raises(Conflict, match="too late"):
        undo(world, made, actor=a_coordinator(world.session, world.group))
    with pytest.raises(Conflict, match="too late"):
        undo(world, made, after=UNDONE_WITHIN + timedelta(seconds=1))
    undo(world, made, after=UNDONE_WITHIN)


def test_another_group_finds_nothing_to_undo(world):
    made = world.approve()
    with pytest.raises(NotFound):
        undo(world, made, actor=a_coordinator(world.session, a_group(world.session, name="Far")))


def test_it_stands_in_the_log(world):
    undo(world, world.approve())
    world.session.commit()
    noted = select(AuditEvent).where(AuditEvent.action == Action.RELEASE_ASSIGNMENT.value)
    assert world.session.scalars(noted).one().actor_uid == world.rosa.uid


def decline(world):
    service.decline_proposal(world.session, world.rosa, world.proposal, now=world.now)


def take_up(world):
    service.undo_decline(world.session, world.rosa, world.proposal, now=world.now)


def test_a_declined_proposal_waits_again(world):
    decline(world)
    take_up(world)
    assert world.proposal.state is ProposalState.LIVE
    assert world.approve()


def given_away(world):
    world.assign(a_driver(world.session, world.group, name="Yusuf"))


def changed(world):
    world.ride.version += 1


def proposed_anew(world):
    world.propose(world.ride, world.driver)


@pytest.mark.parametrize("spoil", [given_away, changed, proposed_anew])
def test_a_declined_proposal_of_a_ride_that_went_on_stays_declined(world, spoil):
    decline(world)
    spoil(world)
    with pytest.raises(Stale):
        take_up(world)
    assert world.proposal.state is ProposalState.DECLINED


def test_what_was_not_declined_is_not_taken_up(world):
    with pytest.raises(Stale):
        take_up(world)
    service.approve(world.session, world.rosa, world.proposal, engine=ENGINE, now=world.now)
    with pytest.raises(Stale):
        take_up(world)
