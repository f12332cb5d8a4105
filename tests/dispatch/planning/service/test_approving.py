"""From proposal to offer, on both databases: one winner, reasons for the rest, nothing lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import Conflict, NotFound, Refused, Stale
from dispatch.notify.models import MessageKind
from dispatch.planning import service
from dispatch.planning.models import Assignment, AssignmentState, ProposalState
from dispatch.planning.service import approving
from dispatch.rides.models import Leg, RideState
from tests.build import TEN, a_coordinator, a_driver, a_group, a_ride
from tests.dispatch.planning.service.world import ENGINE, PICKUP


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


def test_a_driver_who_lost_the_seats_meanwhile_is_refused_with_the_reason(world):
    world.driver.seats = 1
    world.session.flush()
    with pytest.raises(Refused, match="2 seats"):
        world.approve()
    assert world.ride.state is RideState.OPEN


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


def test_a_bulk_gives_away_both_ways_or_neither(world, monkeypatch):
    insert, made = approving._insert, []

    def somebody_was_faster(session, assignment):
        made.append(assignment)
        if len(made) == 2:
            raise Conflict("Too late.")
        insert(session, assignment)

    monkeypatch.setattr(approving, "_insert", somebody_was_faster)
    out, _back = world.propose_both_ways()
    bulk = service.approve_many(world.session, world.rosa, [out], engine=ENGINE, now=world.now)
    assert [(one, why) for one, why in bulk.refused] == [(out, "Too late.")]
    assert world.session.scalars(select(Assignment)).all() == []
    assert out.ride.state is RideState.OPEN
    assert world.messages(MessageKind.RIDE_OFFERED) == []


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
