"""Taking a ride back: from its driver, from the day, or to another time. Grants close at once."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from dispatch.errors import Conflict, NotFound, Stale
from dispatch.notify import news
from dispatch.notify.models import Message, MessageKind
from dispatch.planning import service
from dispatch.planning.models import Assignment, AssignmentState, Proposal, ProposalState
from dispatch.rides.models import Ride, RideState
from tests.build import TEN, a_coordinator, a_group
from tests.dispatch.planning.service.world import ENGINE, PICKUP, World

WINDOW = (TEN + timedelta(hours=1), TEN + timedelta(hours=2))


def test_taking_a_ride_back_opens_it_for_others(world):
    assignment = world.accepted()
    service.release(world.session, world.rosa, assignment, now=world.now)
    assert world.ride.state is RideState.OPEN
    assert world.live_grants() == []


def test_cancelling_tells_driver_and_family_and_closes_the_address(world):
    world.accepted()
    service.cancel_ride(
        world.session,
        world.rosa,
        world.ride,
        reason="family",
        version=world.ride.version,
        now=world.now,
    )
    assert world.ride.state is RideState.CANCELLED
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_CANCELLED)) == 1
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_cancelling_an_open_ride_drops_its_proposal_and_tells_nobody(world):
    service.cancel_ride(
        world.session,
        world.rosa,
        world.ride,
        reason="family",
        version=world.ride.version,
        now=world.now,
    )
    world.session.expire_all()
    assert world.proposal.state is ProposalState.SUPERSEDED
    assert list(world.session.scalars(select(Message))) == []


def test_who_loses_an_accepted_ride_is_told_and_so_is_the_family(world):
    assignment = world.accepted()
    service.release(world.session, world.rosa, assignment, now=world.now)
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1
    assert len(world.messages(MessageKind.RIDE_SEARCHING)) == 1


def test_a_family_that_was_told_of_nobody_is_told_nothing_when_an_offer_is_taken_back(world):
    (assignment,) = world.approve()
    service.release(world.session, world.rosa, assignment, now=world.now)
    assert world.messages(MessageKind.RIDE_SEARCHING) == []


def test_a_ride_is_taken_back_once(world):
    assignment = world.accepted()
    service.release(world.session, world.rosa, assignment, now=world.now)
    with pytest.raises(Conflict):
        service.release(world.session, world.rosa, assignment, now=world.now)
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_a_ride_that_is_over_stays_with_its_driver(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE, at=PICKUP)
    with pytest.raises(Conflict):
        service.release(world.session, world.rosa, assignment, now=PICKUP)
    assert assignment.state is AssignmentState.COMPLETED


def test_a_coordinator_of_another_group_takes_nothing_back(world):
    assignment = world.accepted()
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    with pytest.raises(NotFound):
        service.release(world.session, stranger, assignment, now=world.now)
    assert assignment.state is AssignmentState.ACCEPTED


def test_both_ways_of_a_waiting_driver_are_taken_back_together(world):
    made = world.approve(world.propose_both_ways()[0])
    service.release(world.session, world.rosa, made[1], now=world.now)
    assert {one.state for one in made} == {AssignmentState.RELEASED}
    assert {one.ride.state for one in made} == {RideState.OPEN}


def test_a_way_back_goes_with_a_cancelled_way_out(world):
    out, back = world.propose_both_ways()
    service.cancel_ride(
        world.session, world.rosa, out.ride, reason="sick", version=out.ride.version, now=world.now
    )
    assert {out.ride.state, back.ride.state} == {RideState.CANCELLED}


def test_another_time_frees_the_driver_and_makes_the_proposal_stale(world):
    assignment = world.accepted()
    service.change_window(
        world.session, world.rosa, world.ride, WINDOW, version=world.ride.version, now=world.now
    )
    assert assignment.state is AssignmentState.RELEASED
    assert world.live_grants() == []
    assert (world.ride.state, world.ride.window_starts_at) == (RideState.OPEN, WINDOW[0])


def test_a_family_that_counted_on_a_driver_hears_of_another_time_in_one_message(world):
    world.accepted()
    service.change_window(
        world.session, world.rosa, world.ride, WINDOW, version=world.ride.version, now=world.now
    )
    (told,) = world.messages(MessageKind.RIDE_CHANGED)
    assert news.told_time(told) == news.asked_at(world.ride)
    assert world.ride.window_starts_at == WINDOW[0]
    assert world.messages(MessageKind.RIDE_SEARCHING) == []
    assert news.is_open(told, world.now)


def test_a_family_that_was_told_of_nobody_needs_no_word_about_another_time(world):
    world.approve()
    service.change_window(
        world.session, world.rosa, world.ride, WINDOW, version=world.ride.version, now=world.now
    )
    assert world.messages(MessageKind.RIDE_CHANGED) == []


def test_another_time_drops_what_was_proposed(world):
    service.change_window(
        world.session, world.rosa, world.ride, WINDOW, version=world.ride.version, now=world.now
    )
    world.session.expire_all()
    assert world.proposal.state is ProposalState.SUPERSEDED


def test_a_form_made_before_a_change_cancels_and_moves_nothing(world):
    old = world.ride.version + 1
    with pytest.raises(Stale):
        service.cancel_ride(
            world.session, world.rosa, world.ride, reason="sick", version=old, now=world.now
        )
    with pytest.raises(Stale):
        service.change_window(
            world.session, world.rosa, world.ride, WINDOW, version=old, now=world.now
        )
    assert world.ride.state is RideState.OPEN


WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def wait_for_somebody_who_waits(database):
    """Return once a transaction waits for another; in SQLite each waits for its turn anyhow."""
    if database.engine.dialect.name == "sqlite":
        return
    for _look in range(500):
        with database.session() as session:
            if session.scalar(WAITING):
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_time_that_is_changed_while_somebody_approves_takes_the_ride_back(any_database, now):
    with any_database.transaction() as session:
        world = World(session, now)
        rosa, ride_id, proposal_id = world.rosa, world.ride.id, world.proposal.id

    def change():
        with any_database.transaction() as session:
            ride = session.get_one(Ride, ride_id)
            service.change_window(session, rosa, ride, WINDOW, version=1, now=now)

    with any_database.transaction() as session:
        proposal = session.get_one(Proposal, proposal_id)
        service.approve(session, rosa, proposal, engine=ENGINE, now=now)
        other = threading.Thread(target=change)
        other.start()
        wait_for_somebody_who_waits(any_database)
    other.join()
    with any_database.session() as session:
        ride = session.get_one(Ride, ride_id)
        assert (ride.state, ride.window_ends_at) == (RideState.OPEN, WINDOW[1])
        assert session.scalars(select(Assignment.state)).all() == [AssignmentState.RELEASED]
