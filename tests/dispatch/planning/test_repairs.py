"""What a repair is to keep, and what it changed."""

from datetime import timedelta

import pytest

from dispatch.planning import repairs, service
from dispatch.planning.facts import Standing
from dispatch.planning.models import MatchRun, ProposalState, RunState
from tests.build import DAY, a_driver, a_ride
from tests.dispatch.planning.service.world import PICKUP, World


@pytest.fixture
def world(session, now):
    return World(session, now)


def repair(world, *proposed):
    """A finished repair of the day, ten minutes later, with these rides for these drivers."""
    ended = world.now + timedelta(minutes=10)
    run = MatchRun(
        group_id=world.group.id,
        service_on=DAY,
        asked_at=ended,
        ended_at=ended,
        state=RunState.DONE,
        is_repair=True,
    )
    world.session.add(run)
    world.session.flush()
    for ride, driver in proposed:
        world.propose(ride, driver).run = run
    world.session.flush()
    return run


def changes(world, run):
    found = repairs.changes_of(world.session, run)
    return {one.ride_id: (one.before, one.after) for one in found}


def test_what_a_repair_is_to_keep_are_the_days_proposals_as_they_are_now(world):
    run = repair(world)
    kept = {world.ride.id: Standing(world.driver.id, PICKUP)}
    assert repairs.standing_plan(world.session, run) == kept
    run.service_on = DAY + timedelta(days=1)
    assert repairs.standing_plan(world.session, run) == {}
    run.service_on = DAY
    world.ride.version += 1
    world.session.flush()
    assert repairs.standing_plan(world.session, run) == {}


def test_a_repair_changed_what_is_proposed_to_another_driver_than_before(world):
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    same, new, lost = (a_ride(world.session, world.group) for _three in range(3))
    before = [world.proposal, world.propose(same, yusuf), world.propose(lost, yusuf)]
    for one in before:
        one.run.state = RunState.DONE if one is before[0] else RunState.FAILED
        one.run, one.state = before[0].run, ProposalState.SUPERSEDED
    before[0].run.ended_at = world.now
    world.session.flush()
    run = repair(world, (world.ride, yusuf), (same, yusuf), (new, world.driver))
    assert changes(world, run) == {
        world.ride.id: (world.driver, yusuf),
        new.id: (None, world.driver),
        lost.id: (yusuf, None),
    }


def test_who_gave_a_ride_back_since_the_run_before_had_it(world):
    world.proposal.run.ended_at = world.now - timedelta(minutes=1)
    (assignment,) = world.approve()
    service.release(world.session, world.rosa, assignment, now=world.now)
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    assert changes(world, repair(world, (world.ride, yusuf))) == {
        world.ride.id: (world.driver, yusuf)
    }


def test_what_was_given_back_before_the_run_before_is_old_news(world):
    (assignment,) = world.approve()
    service.release(world.session, world.rosa, assignment, now=world.now)
    world.proposal.run.ended_at = world.now + timedelta(minutes=1)
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    assert changes(world, repair(world, (world.ride, yusuf))) == {world.ride.id: (None, yusuf)}


def test_a_repair_that_changes_nothing_says_so(world):
    world.proposal.state = ProposalState.SUPERSEDED
    world.proposal.run.ended_at = world.now
    world.session.flush()
    assert changes(world, repair(world, (world.ride, world.driver))) == {}
