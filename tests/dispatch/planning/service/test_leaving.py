"""A family asks for no more rides: what is to come is called off, and its doors are shut."""

from dispatch.families import service as families
from dispatch.families.facts import FamilyFacts
from dispatch.families.models import FamilyState
from dispatch.notify.models import MessageKind
from dispatch.planning.models import AssignmentState
from dispatch.planning.service.moving_home import follow_home
from dispatch.rides.models import RideState
from tests import build
from tests.dispatch.planning.service.world import PICKUP


def note(world, state, now=None):
    """The desk notes in the form whether the family asks for rides."""
    family = world.ride.family
    families.change(
        world.session,
        world.rosa,
        family,
        FamilyFacts(number=family.number, state=state),
        group=world.group,
        seen_version=family.version,
        follow=follow_home,
        now=now or world.now,
    )


def test_rides_to_come_are_cancelled_and_their_driver_is_told(world):
    assignment = world.accepted()
    waits = build.a_ride(world.session, world.group, family=world.ride.family)
    note(world, FamilyState.LEFT)
    assert {world.ride.state, waits.state} == {RideState.CANCELLED}
    assert assignment.state is AssignmentState.RELEASED
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_a_family_that_asks_again_opens_no_old_door(world):
    world.accepted()
    note(world, FamilyState.LEFT)
    note(world, FamilyState.ACTIVE)
    assert world.ride.state is RideState.CANCELLED
    assert world.live_grants() == []


def test_who_sits_in_a_car_is_brought_there_but_the_door_is_shut(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, at=PICKUP)
    note(world, FamilyState.LEFT, PICKUP)
    assert world.ride.state is RideState.ON_BOARD
    assert world.live_grants() == []


def test_a_ride_that_was_driven_is_not_called_off(world):
    assignment = world.accepted()
    note(world, FamilyState.LEFT, assignment.busy_until)
    assert world.ride.state is RideState.ACCEPTED
    assert world.live_grants() == []


def test_another_change_of_the_family_calls_nothing_off(world):
    world.accepted()
    note(world, FamilyState.ACTIVE)
    assert world.ride.state is RideState.ACCEPTED
    assert len(world.live_grants()) == 1


def test_a_family_that_left_before_loses_nothing_by_another_change(world):
    world.ride.family.state = FamilyState.LEFT
    world.accepted()
    note(world, FamilyState.LEFT)
    assert world.ride.state is RideState.ACCEPTED
