"""A run from claim to proposals, with the real matcher in its own process."""

import os
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from dispatch import clock
from dispatch.db.transactions import Database, vault_of
from dispatch.drivers.models import Driver
from dispatch.people.models import Group
from dispatch.places.roads import ByRoad, Estimate
from dispatch.places.roads.engine import Engine
from dispatch.places.sealed import point_of
from dispatch.planning import worker
from dispatch.planning.cards import run_card
from dispatch.planning.models import MatchRun, Proposal, ProposalState, RunState, Unserved
from dispatch.planning.service import runs
from dispatch.rides.models import Ride
from tests.build import DAY, a_coordinator, a_driver, a_group, a_home, a_ride, a_user
from tests.dispatch.places.roads.edition import found_programs, use, wait_until
from tests.dispatch.planning.by_street import ByStreet
from tests.services.roads import GROUP, W0, W1

VANCOUVER = ZoneInfo("America/Vancouver")
DEAD = [sys.executable, "-c", "raise SystemExit(1)"]
STUCK = [sys.executable, "-c", "import time; time.sleep(60)"]
LATE = [
    sys.executable,
    "-c",
    "import time; time.sleep(2.5); from dispatch.planning import child; child.main()",
]


@pytest.fixture
def day(any_database: Database, now, monkeypatch):
    """A day with a ride that fits, one that nobody can, and a queued run."""
    monkeypatch.setattr(clock, "now", lambda: now)
    with any_database.transaction() as session:
        group = a_group(session)
        rosa = a_coordinator(session, group)
        a_driver(session, group)
        fits = a_ride(session, group)
        hopeless = a_ride(session, group, child_seats={"infant": 3})
        run = runs.start_run(session, rosa, group, DAY, enqueue=lambda uid: None, now=now)
        session.flush()
        return Day(any_database, run.uid, fits.id, hopeless.id)


class Day:
    """The database and the ids that a test asks about."""

    def __init__(self, database, run_uid, fits, hopeless) -> None:
        self.database, self.run_uid = database, run_uid
        self.fits, self.hopeless = fits, hopeless

    def carry_out(self, seconds=10, engine=None):
        engine = engine or Estimate()
        worker.carry_out(self.database, self.run_uid, seconds=seconds, engine=engine)

    def proposal(self) -> Proposal:
        with self.database.transaction(reads_only=True) as session:
            return session.scalars(select(Proposal)).one()

    def run(self) -> MatchRun:
        with self.database.transaction(reads_only=True) as session:
            return session.scalars(select(MatchRun)).one()


def test_a_run_proposes_what_fits_and_says_why_the_rest_does_not(day):
    day.carry_out()
    run = day.run()
    assert run.state is RunState.DONE
    assert (run.result["served"], run.result["rides"], run.result["proven"]) == (1, 2, True)
    assert run.result["estimate"]
    assert (run.result["possible"], run.progress["possible"]) == (1, 1)
    with day.database.transaction(reads_only=True) as session:
        assert [one.ride_id for one in session.scalars(select(Proposal))] == [day.fits]
        left = session.scalars(select(Unserved)).one()
        assert (left.ride_id, left.reason) == (day.hopeless, "no_compatible_driver")
        assert left.relax["needs"] == {"infant": 3}


@pytest.mark.parametrize("is_repair", [True, False])
def test_a_repair_keeps_the_driver_whom_a_new_plan_would_change(day, now, is_repair):
    day.carry_out()
    with day.database.transaction() as session:
        proposal = session.scalars(select(Proposal)).one()
        nearest, group = proposal.driver_id, session.get_one(Group, proposal.group_id)
        yusuf = a_user(session, name="Yusuf")
        home = a_home(session, group, yusuf.uid, line="9 Far Road", point=(49.24, -123.05))
        farther = a_driver(session, group, user=yusuf, home=home)
        proposal.driver = farther
        rosa = a_coordinator(session, group)
        run = runs.start_run(
            session, rosa, group, DAY, enqueue=lambda uid: None, now=now, is_repair=is_repair
        )
        session.flush()
        day.run_uid, expected = run.uid, farther.id if is_repair else nearest
    day.carry_out()
    with day.database.transaction(reads_only=True) as session:
        proposed = select(Proposal).where(Proposal.state == ProposalState.LIVE)
        found = session.scalars(proposed).one()
        assert (found.driver_id, found.run.result["proven"]) == (expected, True)


def test_how_many_rides_there_are_is_shown_before_the_solver_has_begun(day, monkeypatch):
    shown = []
    real = worker.runs.beat

    def listen(session, run, progress, *, now):
        shown.append(progress)
        return real(session, run, progress, now=now)

    monkeypatch.setattr(worker.runs, "beat", listen)
    monkeypatch.setattr(worker, "_BEAT", 0.01)
    day.carry_out()
    assert shown[0] == {"rides": 2, "possible": 1, "served": 0}
    assert shown[-1]["served"] == 1


def test_a_child_that_loads_for_longer_than_it_may_search_still_finds_its_plan(day, monkeypatch):
    monkeypatch.setattr(worker, "_GRACE", 0.0)
    monkeypatch.setattr(worker, "_SOLVE", LATE)
    day.carry_out(seconds=2)
    assert day.run().state is RunState.DONE


@pytest.mark.parametrize("command", [DEAD, STUCK])
def test_a_child_that_never_begins_ends_in_a_calm_sentence(day, command, monkeypatch):
    monkeypatch.setattr(worker, "_BEGIN", 0.2)
    monkeypatch.setattr(worker, "_SOLVE", command)
    day.carry_out()
    card = run_card(day.run(), VANCOUVER, limit=10)
    assert card["state"] == "failed"
    assert card["notes"] == ["The matcher ended before it had a plan. Run it again."]


def test_the_lease_is_kept_while_driving_times_are_looked_up(day, monkeypatch):
    class Slow(Estimate):
        def matrix(self, points):
            before = day.run().lease_until
            moment = before + timedelta(seconds=1)
            monkeypatch.setattr(clock, "now", lambda: moment)
            wait_until(lambda: day.run().lease_until > before)
            return super().matrix(points)

    monkeypatch.setattr(worker, "_RENEWED", 0.05)
    day.carry_out(engine=Slow())
    assert day.run().state is RunState.DONE


def test_a_plan_by_road_is_marked_as_one(day):
    day.carry_out(engine=ByStreet())
    assert (day.run().result["basis"], day.run().result["estimate"]) == ("road_map", False)
    assert not day.proposal().is_estimate


def test_a_road_engine_that_is_dead_leaves_a_plan_of_estimates_that_says_so(
    day, settings, monkeypatch
):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        day.carry_out(engine=ByRoad(replace(settings, osrm_url=url)))
    assert day.proposal().is_estimate
    notes = run_card(day.run(), VANCOUVER, limit=10)["notes"]
    assert "Times are estimates: the road engine did not answer." in notes


@pytest.mark.needs(GROUP)
def test_a_road_engine_killed_before_the_run_is_started_again_for_it(day, settings, town_roads):
    use(town_roads, settings.data_dir, 1)
    roads = ByRoad(replace(settings, snap_metres=50_000))
    try:
        roads.matrix([W0, W1])
        os.kill(Engine(settings.data_dir, found_programs()).running().process, signal.SIGKILL)
        day.carry_out(engine=roads)
    finally:
        roads.end()
    assert (day.run().state, day.run().result["basis"]) == (RunState.DONE, "road_map")
    assert not day.proposal().is_estimate


def test_a_ride_off_the_road_is_left_out_with_that_reason(day):
    roads = ByStreet()
    with day.database.transaction(reads_only=True) as session:
        ride = session.get_one(Ride, day.fits)
        roads.astray.add(point_of(ride.pickup_place, vault_of(session)))
    day.carry_out(engine=roads)
    with day.database.transaction(reads_only=True) as session:
        left = {one.ride_id: one.reason for one in session.scalars(select(Unserved))}
    assert left[day.fits] == "off_road"


def test_a_driver_off_the_road_gets_no_ride_and_the_run_says_so(day):
    roads = ByStreet()
    with day.database.transaction(reads_only=True) as session:
        driver = session.scalars(select(Driver)).one()
        roads.astray.add(point_of(driver.start_place, vault_of(session)))
    day.carry_out(engine=roads)
    assert (day.run().state, day.run().result["served"]) == (RunState.DONE, 0)
    with day.database.transaction(reads_only=True) as session:
        left = {one.ride_id: one.reason for one in session.scalars(select(Unserved))}
    assert left[day.fits] == "cut_off"
    notes = run_card(day.run(), VANCOUVER, limit=10)["notes"]
    assert "One driver starts or ends too far from any road of the map to get a ride." in notes


@pytest.mark.parametrize(("status", "word"), [(0, "is prepared"), (3, "could not be prepared")])
def test_the_solver_is_made_ready_with_a_line_in_the_log(monkeypatch, status, word):
    monkeypatch.setattr(worker, "_STILL", 0.05)
    command = [sys.executable, "-c", f"import time; time.sleep(0.3); raise SystemExit({status})"]
    monkeypatch.setattr(worker, "_COMPILE", command)
    with capture_logs() as lines:
        worker.warm_up()
    events = [line["event"] for line in lines]
    assert "takes a minute or two" in events[0]
    assert "still preparing the solver" in events
    assert word in events[-1]


def test_what_is_stored_of_a_detour_is_rounded_to_five_minutes(day):
    day.carry_out()
    with day.database.transaction(reads_only=True) as session:
        proposal = session.scalars(select(Proposal)).one()
    assert proposal.why["away_minutes"] % 5 == 0


def test_a_run_that_somebody_else_has_is_left_alone(day):
    with day.database.transaction() as session:
        runs.claim(session, day.run_uid, now=clock.now())
    day.carry_out()
    assert day.run().state is RunState.RUNNING


def test_a_plan_that_fails_its_check_is_thrown_away(day, monkeypatch):
    monkeypatch.setattr(worker.check, "violations", lambda problem, solution: ["planted"])
    day.carry_out()
    run = day.run()
    assert (run.state, run.failure) == (RunState.FAILED, "wrong_plan")
    with day.database.transaction(reads_only=True) as session:
        assert session.scalars(select(Proposal)).all() == []


def test_a_child_that_is_killed_leaves_a_failure_and_no_plan(day, monkeypatch):
    real = worker.subprocess.Popen

    def short_lived(*args, **kwargs):
        child = real(*args, **kwargs)
        threading.Timer(0.05, child.kill).start()
        time.sleep(0.1)
        return child

    monkeypatch.setattr(worker.subprocess, "Popen", short_lived)
    day.carry_out()
    run = day.run()
    assert (run.state, run.failure) == (RunState.FAILED, "no_plan")


def test_the_matcher_is_told_no_uid_of_a_ride_or_driver(day, monkeypatch):
    told = []
    real = worker.problem_of

    def listen(*values):
        mapped = real(*values)
        told.append(repr(mapped.problem))
        return mapped

    monkeypatch.setattr(worker, "problem_of", listen)
    day.carry_out()
    with day.database.transaction(reads_only=True) as session:
        proposal = session.scalars(select(Proposal)).one()
        uids = [str(proposal.ride.uid), str(proposal.driver.uid), str(proposal.ride.family.uid)]
    assert len(told) == 1
    assert not [uid for uid in uids if uid in told[0]]
