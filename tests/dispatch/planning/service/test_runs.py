"""Runs: one at a time, taken up again after a crash, and late writers change nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import NotFound
from dispatch.planning.facts import Timing
from dispatch.planning.mapping import Proposed
from dispatch.planning.models import MatchRun, Proposal, ProposalState, RunState, Unserved
from dispatch.planning.service import runs
from tests.build import DAY, TEN, a_coordinator, a_driver, a_group, a_ride


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


def started(session, rosa, group, now, woken=None):
    wake = [].append if woken is None else woken.append
    return runs.start_run(session, rosa, group, DAY, enqueue=wake, now=now)


def test_a_worker_is_woken_after_the_commit_and_not_before(any_session, rosa, group, now):
    woken = []
    run = started(any_session, rosa, group, now, woken)
    assert woken == []
    any_session.commit()
    assert woken == [run.uid]


def test_a_rolled_back_run_wakes_nobody(any_session, rosa, group, now):
    woken = []
    started(any_session, rosa, group, now, woken)
    any_session.rollback()
    any_session.commit()
    assert woken == []


def test_asking_twice_gives_the_same_run(any_session, rosa, group, now):
    first = started(any_session, rosa, group, now)
    assert started(any_session, rosa, group, now) is first


def test_a_stranger_starts_nothing(any_session, group, now):
    stranger = a_coordinator(any_session, a_group(any_session, name="Elsewhere"))
    with pytest.raises(NotFound):
        started(any_session, stranger, group, now)


def test_a_run_is_claimed_once(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    assert runs.claim(any_session, run.uid, now=now).attempt == 1
    assert runs.claim(any_session, run.uid, now=now) is None


def test_a_run_whose_lease_ran_out_is_claimed_again(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    runs.claim(any_session, run.uid, now=now)
    assert runs.claim(any_session, run.uid, now=now + runs.LEASE) is None
    later = now + runs.LEASE + timedelta(seconds=1)
    assert runs.claim(any_session, run.uid, now=later).attempt == 2


def test_a_heartbeat_keeps_the_lease(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    claimed = runs.claim(any_session, run.uid, now=now)
    beat_at = now + timedelta(seconds=10)
    assert runs.beat(any_session, claimed, {"served": 3}, now=beat_at)
    assert runs.claim(any_session, run.uid, now=beat_at + runs.LEASE) is None
    any_session.expire_all()
    assert run.progress == {"served": 3}


def test_a_stop_is_told_with_the_next_heartbeat(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    claimed = runs.claim(any_session, run.uid, now=now)
    runs.stop_run(any_session, rosa, run, now=now)
    any_session.flush()
    assert not runs.beat(any_session, claimed, {}, now=now)


def test_a_queued_run_that_is_stopped_never_starts(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    runs.stop_run(any_session, rosa, run, now=now)
    any_session.flush()
    assert runs.claim(any_session, run.uid, now=now) is None


class Attempt:
    """A worker that claimed a run and read its attempt number; later it may be too late."""

    def __init__(self, run: MatchRun) -> None:
        self.id, self.uid, self.attempt = run.id, run.uid, run.attempt
        self.group_id, self.service_on = run.group_id, run.service_on


def finish(session, run, now, **values):
    defaults = {"proposed": [], "why": {}, "unserved": {}, "result": {"served": 0}}
    return runs.finish(session, run, **{**defaults, **values}, now=now)


def test_who_was_thought_dead_writes_nothing(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    old = Attempt(runs.claim(any_session, run.uid, now=now))
    later = now + timedelta(minutes=1)
    runs.claim(any_session, run.uid, now=later)
    assert not runs.beat(any_session, old, {}, now=later)
    assert not finish(any_session, old, later)
    any_session.expire_all()
    assert run.state is RunState.RUNNING


def a_plan(ride, driver, version=None):
    at = Timing(TEN - timedelta(minutes=20), TEN, TEN + timedelta(minutes=3))
    return Proposed(ride.id, version or ride.version, driver.id, at)


def test_a_plan_takes_the_place_of_the_one_before(any_session, rosa, group, now):
    ride, driver = a_ride(any_session, group), a_driver(any_session, group)
    for _time in range(2):
        run = started(any_session, rosa, group, now)
        claimed = runs.claim(any_session, run.uid, now=now)
        assert finish(any_session, claimed, now, proposed=[a_plan(ride, driver)])
    any_session.expire_all()
    states = [one.state for one in any_session.scalars(select(Proposal).order_by(Proposal.id))]
    assert states == [ProposalState.SUPERSEDED, ProposalState.LIVE]


def test_a_ride_that_changed_meanwhile_gets_no_proposal(any_session, rosa, group, now):
    ride, driver = a_ride(any_session, group), a_driver(any_session, group)
    run = started(any_session, rosa, group, now)
    claimed = runs.claim(any_session, run.uid, now=now)
    ride.version += 1
    any_session.flush()
    finish(any_session, claimed, now, proposed=[a_plan(ride, driver, version=1)])
    assert any_session.scalars(select(Proposal)).all() == []


def test_unserved_rides_keep_their_reason(any_session, rosa, group, now):
    ride = a_ride(any_session, group)
    run = started(any_session, rosa, group, now)
    claimed = runs.claim(any_session, run.uid, now=now)
    finish(any_session, claimed, now, unserved={ride.id: ("too_far", None)})
    (left,) = any_session.scalars(select(Unserved))
    assert (left.reason, left.ride_id) == ("too_far", ride.id)


def test_forsaken_runs_are_found_and_the_hopeless_are_failed(any_session, rosa, group, now):
    run = started(any_session, rosa, group, now)
    assert runs.forsaken(any_session, now=now) == []
    assert runs.forsaken(any_session, now=now + timedelta(seconds=31)) == [run.uid]
    moment = now
    for _attempt in range(runs.MOST_ATTEMPTS):
        runs.claim(any_session, run.uid, now=moment)
        moment += timedelta(minutes=1)
    assert runs.forsaken(any_session, now=moment) == []
    any_session.expire_all()
    assert (run.state, run.failure) == (RunState.FAILED, "crashed")
