"""From proposal to offer, on both databases: one winner, reasons for the rest, nothing lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import Conflict, NotFound, Stale
from dispatch.planning import service
from dispatch.planning.models import Assignment, ProposalState
from dispatch.rides.models import Leg, RideState
from tests.build import TEN, a_coordinator, a_driver, a_group, a_ride
from tests.dispatch.planning.service.world import ENGINE, PICKUP


def test_the_second_of_two_coordinators_is_told_who_was_first(world):
    world.approve()
    with pytest.raises(Conflict, match=r"Rosa approved this"):
        world.approve()


def test_a_coordinator_of_another_group_finds_no_proposal(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    with pytest.raises(NotFound):
        service.approve(world.session, stranger, world.proposal, engine=ENGINE, now=world.now)


def test_a_proposal_for_an_older_version_of_the_ride_is_stale(world):
    world.ride.version += 1
    with pytest.raises(Stale):
        world.approve()


def test_an_older_proposal_is_not_taken_for_the_newer_one_of_another_driver(world):
    world.proposal.state = ProposalState.SUPERSEDED
    world.session.flush()
    newer = world.propose(world.ride, a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(Stale, match="A newer plan"):
        world.approve()
    assert newer.state is ProposalState.LIVE
    assert world.ride.state is RideState.OPEN


def test_a_way_back_whose_way_there_is_proposed_to_somebody_else_is_stale(world):
    out, back = world.propose_both_ways()
    out.driver = a_driver(world.session, world.group, name="Yusuf")
    world.session.flush()
    with pytest.raises(Stale, match="Run the matcher again"):
        world.approve(back)


def test_several_are_approved_at_once_and_the_others_say_why(world):
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    second = world.propose(a_ride(world.session, world.group), yusuf)
    clashing = world.propose(a_ride(world.session, world.group), yusuf)
    bulk = service.approve_many(
        world.session,
        world.rosa,
        [world.proposal, second, clashing],
        engine=ENGINE,
        now=world.now,
    )
    assert len(bulk.approved) == 2
    ((left, why),) = bulk.refused
    assert left.ride.state is RideState.OPEN
    assert "another ride" in why


def test_a_bulk_keeps_the_weeks_limit(world):
    world.driver.max_rides_week = 1
    later = a_ride(
        world.session,
        world.group,
        window_starts_at=TEN + timedelta(hours=3),
        window_ends_at=TEN + timedelta(hours=4),
    )
    second = world.propose(later, world.driver, PICKUP + timedelta(hours=4))
    bulk = service.approve_many(
        world.session, world.rosa, [world.proposal, second], engine=ENGINE, now=world.now
    )
    assert len(bulk.approved) == 1
    assert "used up" in bulk.refused[0][1]


@pytest.mark.parametrize("which", [0, 1])
def test_a_waiting_driver_is_approved_for_both_ways_whichever_is_clicked(world, which):
    made = world.approve(world.propose_both_ways()[which])
    assert [one.ride.leg for one in made] == [Leg.OUTBOUND, Leg.RETURN]
    assert made[0].busy_until == made[1].pickup_at


def test_a_bulk_takes_both_ways_of_a_waiting_driver_once(world):
    out, back = world.propose_both_ways()
    bulk = service.approve_many(
        world.session, world.rosa, [back, out], engine=ENGINE, now=world.now
    )
    assert len(bulk.approved) == 2
    assert bulk.refused == []
    live = world.session.scalars(select(Assignment)).all()
    assert len(live) == 2
