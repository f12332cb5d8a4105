"""An account is closed: its doors shut at once, and its rides want another driver."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dispatch.errors import Closed, Forbidden, NotFound, Refused
from dispatch.notify.models import MessageKind
from dispatch.people import alarms
from dispatch.people import service as people
from dispatch.people.models import Alarm, User, UserState
from dispatch.planning import service
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests import build
from tests.dispatch.planning.service.world import PICKUP


@pytest.fixture
def steward(world):
    """Who closes accounts."""
    return build.a_steward(world.session)


def close(world, steward, now=None):
    """The driver's account is closed."""
    people.suspend(world.session, steward, world.driver.user, now=now or world.now)


def told(world):
    """What the desk reads of alarms."""
    found = world.session.scalars(select(Alarm).order_by(Alarm.id))
    return [alarms.say(world.session, one) for one in found]


def test_an_accepted_ride_returns_to_the_pool_and_its_doors_shut(world, steward):
    assignment = world.accepted()
    close(world, steward)
    assert (assignment.state, world.ride.state) == (AssignmentState.RELEASED, RideState.OPEN)
    assert world.live_grants() == []


def test_who_is_let_in_again_gets_nothing_back(world, steward):
    assignment = world.accepted()
    world.driver.user.password_hash = "known"  # noqa: S105 -- made up
    close(world, steward)
    people.restore(world.session, steward, world.driver.user, now=world.now)
    with pytest.raises(NotFound):
        service.look(world.session, world.marta, assignment, now=PICKUP)


def test_locking_the_own_account_frees_its_rides_as_well(world):
    assignment = world.accepted()
    people.lock_own(world.session, world.marta, world.driver.user, now=world.now)
    assert assignment.state is AssignmentState.RELEASED
    assert world.live_grants() == []


def test_family_driver_and_desk_are_told_once(world, steward):
    world.accepted()
    close(world, steward)
    close(world, steward)
    assert len(world.messages(MessageKind.RIDE_SEARCHING)) == 1
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1
    assert told(world) == ["The account of a driver was closed: one ride is open again."]


def test_an_offer_goes_too_and_can_no_more_be_answered(world, steward):
    (assignment,) = world.approve()
    world.driver.user.password_hash = "known"  # noqa: S105 -- made up
    close(world, steward)
    people.restore(world.session, steward, world.driver.user, now=world.now)
    with pytest.raises(Closed):
        service.accept(world.session, world.marta, assignment, now=world.now)
    assert world.ride.state is RideState.OPEN


def test_who_was_closed_a_moment_before_says_yes_to_nothing(world):
    (assignment,) = world.approve()
    closed = update(User).where(User.id == world.driver.user_id)
    quietly = {"synchronize_session": False}
    world.session.execute(closed.values(state=UserState.SUSPENDED), execution_options=quietly)
    with pytest.raises((Forbidden, NotFound)):
        service.accept(world.session, world.marta, assignment, now=world.now)
    assert assignment.state is AssignmentState.OFFERED
    assert world.live_grants() == []


def test_both_ways_of_a_waiting_driver_are_freed_and_counted(world, steward):
    made = world.approve(world.propose_both_ways()[0])
    close(world, steward)
    assert {one.ride.state for one in made} == {RideState.OPEN}
    assert told(world) == ["The account of a driver was closed: 2 rides are open again."]


def test_a_ride_on_the_road_stays_and_the_desk_is_asked_to_call(world, steward):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, at=PICKUP)
    close(world, steward, PICKUP)
    assert (assignment.state, world.ride.state) == (AssignmentState.ACCEPTED, RideState.ON_BOARD)
    assert world.live_grants() == []
    assert told(world) == [
        "Call at once: one ride is under way with a driver whose account was closed."
    ]


def test_who_is_let_in_again_on_the_road_reads_no_phone_either(world, steward):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, at=PICKUP)
    assert service.read_phone(world.session, world.marta, assignment, now=PICKUP)
    world.driver.user.password_hash = "known"  # noqa: S105 -- made up
    close(world, steward, PICKUP)
    people.restore(world.session, steward, world.driver.user, now=PICKUP)
    with pytest.raises(NotFound):
        service.read_phone(world.session, world.marta, assignment, now=PICKUP)


def test_a_report_of_the_desk_opens_nothing_anew(world, steward):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, at=PICKUP)
    close(world, steward, PICKUP)
    service.report_progress(
        world.session, world.rosa, assignment, RideState.ARRIVED, now=PICKUP + timedelta(minutes=1)
    )
    assert world.live_grants() == []


def test_what_was_driven_long_ago_is_left_alone_and_nobody_is_told(world, steward):
    assignment = world.accepted()
    close(world, steward, assignment.busy_until + timedelta(days=1))
    assert (assignment.state, world.ride.state) == (AssignmentState.ACCEPTED, RideState.ACCEPTED)
    assert world.live_grants() == []
    assert told(world) == []


def test_a_ride_whose_end_nobody_reported_is_not_asked_for_again(world, steward):
    assignment = world.accepted()
    close(world, steward, assignment.busy_until)
    assert world.ride.state is RideState.ACCEPTED


def test_other_drivers_keep_their_rides(world, steward):
    other = build.a_driver(world.session, world.group)
    mine = world.accepted()
    people.suspend(world.session, steward, other.user, now=world.now)
    assert mine.state is AssignmentState.ACCEPTED
    assert len(world.live_grants()) == 1


def test_who_was_closed_meanwhile_is_offered_nothing(world):
    assert world.driver.user.state is UserState.ACTIVE  # as it was read a moment before
    closed = update(User).where(User.id == world.driver.user_id)
    quietly = {"synchronize_session": False}
    world.session.execute(closed.values(state=UserState.SUSPENDED), execution_options=quietly)
    with pytest.raises(Refused):
        world.assign(world.driver)
