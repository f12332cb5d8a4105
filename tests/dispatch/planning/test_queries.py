"""Named selects of planning: what is found, and that nobody finds what is not theirs."""

from datetime import timedelta

import pytest

from dispatch.errors import NotFound
from dispatch.planning import queries, service
from dispatch.planning.models import AssignmentState, MatchRun, ProposalState, RunState, Unserved
from tests.build import DAY, a_coordinator, a_driver, a_group, a_ride, driver_actor
from tests.dispatch.planning.service.world import PICKUP, World


@pytest.fixture
def world(session, now):
    return World(session, now)


@pytest.fixture
def stranger(world):
    return a_coordinator(world.session, a_group(world.session, name="Elsewhere"))


def test_a_stranger_finds_neither_run_nor_proposal_nor_assignment(world, stranger):
    (assignment,) = world.approve()
    for find, one in (
        (queries.get_run, world.proposal.run),
        (queries.get_proposal, world.proposal),
        (queries.get_assignment, assignment),
    ):
        assert find(world.session, world.rosa, one.uid) is one
        with pytest.raises(NotFound):
            find(world.session, stranger, one.uid)


def test_an_assignment_is_found_by_its_driver_and_by_no_other(world):
    (assignment,) = world.approve()
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    for find in (queries.get_assignment, queries.get_own_assignment):
        assert find(world.session, world.marta, assignment.uid) is assignment
        with pytest.raises(NotFound):
            find(world.session, other, assignment.uid)


def test_a_coordinator_is_not_the_driver_of_the_groups_rides(world):
    (assignment,) = world.approve()
    with pytest.raises(NotFound):
        queries.get_own_assignment(world.session, world.rosa, assignment.uid)


def test_an_offer_counts_until_it_is_answered_or_its_time_is_past(world):
    (assignment,) = world.approve()

    def count(actor, at):
        return queries.count_offers(world.session, actor, now=at)

    assert count(world.marta, world.now) == 1
    assert count(world.marta, PICKUP) == 0
    assert count(world.rosa, world.now) == 0
    service.accept(world.session, world.marta, assignment, now=world.now)
    assert count(world.marta, world.now) == 0


def test_both_ways_of_a_waiting_driver_are_found_in_order(world):
    out, back = world.approve(world.propose_both_ways()[0])
    assert queries.legs_with(world.session, back) == [out, back]
    assert queries.legs_with(world.session, out) == [out, back]


def test_a_ride_alone_has_one_leg(world):
    (assignment,) = world.approve()
    assert queries.legs_with(world.session, assignment) == [assignment]


def test_who_has_a_ride_and_who_is_proposed_for_it(world):
    assert queries.live_assignment(world.session, world.ride) is None
    assert queries.live_proposal(world.session, world.ride) is world.proposal
    (assignment,) = world.approve()
    assert queries.live_assignment(world.session, world.ride) is assignment
    assert queries.live_proposal(world.session, world.ride) is None
    service.release(world.session, world.rosa, assignment, now=world.now)
    assert queries.live_assignment(world.session, world.ride) is None


def test_a_days_proposals_are_those_for_rides_as_they_are_now(world, stranger):
    def found(actor=world.rosa, day=DAY):
        return queries.proposals_of_day(world.session, actor, world.group, day)

    assert found() == [world.proposal]
    assert found(stranger) == []
    assert found(day=DAY + timedelta(days=1)) == []
    world.ride.version += 1
    world.session.flush()
    assert found() == []


def test_a_declined_proposal_does_not_wait_any_more(world):
    world.proposal.state = ProposalState.DECLINED
    world.session.flush()
    assert queries.proposals_of_day(world.session, world.rosa, world.group, DAY) == []


def test_the_newest_run_is_the_latest_even_if_it_failed(world, stranger):
    failed = MatchRun(
        group_id=world.group.id, service_on=DAY, asked_at=world.now, state=RunState.FAILED
    )
    world.session.add(failed)
    world.session.flush()
    latest = queries.latest_run(world.session, world.rosa, world.group, DAY)
    planned = queries.latest_run(world.session, world.rosa, world.group, DAY, finished=True)
    assert (latest, planned) == (failed, world.proposal.run)
    assert queries.latest_run(world.session, stranger, world.group, DAY) is None


def test_what_was_left_out_is_told_of_rides_that_are_still_the_same(world):
    left, changed = (a_ride(world.session, world.group) for _ in range(2))
    for ride in (left, changed):
        told = Unserved(
            run_id=world.proposal.run_id, ride_id=ride.id, reason="too_far", ride_version=1
        )
        world.session.add(told)
    changed.version += 1
    world.session.flush()
    found = queries.unserved_of_day(world.session, world.rosa, world.group, DAY)
    assert [one.ride_id for one in found] == [left.id]


def test_without_a_finished_run_nothing_was_left_out(world):
    world.proposal.run.state = RunState.FAILED
    world.session.flush()
    assert queries.unserved_of_day(world.session, world.rosa, world.group, DAY) == []


def test_a_days_assignments_are_the_live_ones_of_the_group(world, stranger):
    (assignment,) = world.approve()

    def found(actor=world.rosa):
        return queries.assignments_of_day(world.session, actor, world.group, DAY)

    assert (found(), found(stranger)) == ([assignment], [])
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    assert found() == []


def test_a_driver_sees_its_own_rides_of_the_asked_states_from_a_moment_on(world):
    (assignment,) = world.approve()
    offered, accepted = [AssignmentState.OFFERED], [AssignmentState.ACCEPTED]

    def found(since, states, actor=world.marta):
        return queries.own_assignments(world.session, actor, since=since, states=states)

    assert found(world.now, offered) == [assignment]
    assert found(world.now, accepted) == []
    assert found(assignment.busy_until, offered) == [assignment]
    assert found(assignment.busy_until + timedelta(seconds=1), offered) == []
    assert found(world.now, offered, world.rosa) == []
