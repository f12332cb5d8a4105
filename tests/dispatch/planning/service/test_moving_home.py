"""A family has moved: its rides to come follow, and whoever was to drive them is asked again."""

from datetime import timedelta

import pytest

from dispatch.errors import Forbidden, NotFound, Refused, Stale
from dispatch.notify.models import MessageKind
from dispatch.planning import service
from dispatch.planning.models import AssignmentState, ProposalState
from dispatch.planning.service.moving_home import follow_home
from dispatch.rides.models import Leg, RideState
from tests.build import (
    DAY,
    TEN,
    a_coordinator,
    a_group,
    a_home,
    a_public_place,
    a_request,
    a_ride,
    a_steward,
)
from tests.dispatch.planning.service.world import ENGINE, PICKUP

THERE = (49.30, -123.05)


def move(world, ride, place=None, *, actor=None, now=None):
    """The family of `ride` goes to `place`, or to another home; what became of its rides."""
    family, session = ride.family, world.session
    left = family.place
    family.place = place or a_home(session, world.group, family.uid, line="9 Elm Ct", point=THERE)
    session.flush()
    return follow_home(session, actor or world.rosa, family, left, now=now or world.now)


def test_an_open_ride_follows_and_what_was_proposed_for_it_counts_no_longer(world):
    before = world.ride.version
    followed = move(world, world.ride)
    world.session.expire_all()
    assert followed.quiet == [world.ride]
    assert world.ride.pickup_place is world.ride.family.place
    assert world.ride.version == before + 1
    assert world.proposal.state is ProposalState.SUPERSEDED
    with pytest.raises(Stale):
        world.approve()


def test_a_run_that_began_before_proposes_nothing_for_a_ride_that_followed(world):
    world.proposal.state = ProposalState.DECLINED
    old = world.propose(world.ride, world.driver)
    move(world, world.ride)
    old.state = ProposalState.LIVE
    with pytest.raises(Stale):
        service.approve(world.session, world.rosa, old, engine=ENGINE, now=world.now)


def test_a_way_back_follows_to_its_end(world):
    family = world.ride.family
    back = a_ride(
        world.session,
        world.group,
        family=family,
        request=world.ride.request,
        leg=Leg.RETURN,
        outbound=world.ride,
        pickup_place=world.ride.dropoff_place,
        dropoff_place=family.place,
        window_starts_at=TEN + timedelta(hours=1),
        window_ends_at=TEN + timedelta(hours=2),
    )
    clinic = world.ride.dropoff_place
    assert move(world, world.ride).quiet == [world.ride, back]
    assert (back.pickup_place, back.dropoff_place) == (clinic, family.place)


def test_a_driver_who_said_yes_loses_ride_and_address_and_is_told(world):
    assignment = world.accepted()
    followed = move(world, world.ride)
    assert (followed.released, followed.quiet) == ([world.ride], [])
    assert assignment.state is AssignmentState.RELEASED
    assert world.ride.state is RideState.OPEN
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1
    assert len(world.messages(MessageKind.RIDE_SEARCHING)) == 1


def test_an_offer_that_waits_for_its_answer_is_taken_back(world):
    (assignment,) = world.approve()
    assert move(world, world.ride).released == [world.ride]
    assert assignment.state is AssignmentState.RELEASED


def test_a_waiting_driver_gives_up_both_ways_at_once(world):
    made = world.approve(world.propose_both_ways()[0])
    rides = [one.ride for one in made]
    assert move(world, rides[0]).released == rides
    assert {one.state for one in made} == {AssignmentState.RELEASED}
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 2


def test_a_ride_under_way_stays_with_its_driver_and_somebody_is_to_call(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, at=PICKUP)
    followed = move(world, world.ride, now=PICKUP)
    assert (followed.under_way, followed.released) == ([world.ride], [])
    assert assignment.state is AssignmentState.ACCEPTED


def test_a_door_that_the_party_has_left_stays_where_it_was(world):
    assignment = world.accepted()
    home = world.ride.pickup_place
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, at=PICKUP)
    move(world, world.ride, now=PICKUP)
    assert world.ride.pickup_place is home


def test_a_driver_who_waits_keeps_the_way_back(world):
    out, back = world.approve(world.propose_both_ways()[0])
    service.accept(world.session, world.marta, out, now=world.now)
    world.report(out, RideState.ARRIVED, RideState.ON_BOARD, at=PICKUP)
    followed = move(world, out.ride, now=PICKUP)
    assert followed.under_way == [out.ride, back.ride]
    assert back.state is AssignmentState.ACCEPTED
    assert back.ride.dropoff_place is out.ride.family.place


def test_what_was_driven_keeps_its_place(world):
    assignment = world.accepted()
    home = world.ride.pickup_place
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE, at=PICKUP)
    followed = move(world, world.ride, now=PICKUP)
    assert world.ride.pickup_place is home
    assert (followed.quiet, followed.released, followed.under_way) == ([], [], [])


def test_a_ride_that_nobody_reported_is_left_to_its_driver(world):
    assignment = world.accepted()
    move(world, world.ride, now=assignment.busy_until)
    assert assignment.state is AssignmentState.ACCEPTED


def test_a_cancelled_ride_follows_unseen_so_that_it_can_be_taken_up_again(world):
    world.ride.state = RideState.CANCELLED
    followed = move(world, world.ride)
    assert world.ride.pickup_place is world.ride.family.place
    assert followed.quiet == []


def test_the_rides_of_others_and_of_days_gone_by_stay(world):
    other = a_ride(world.session, world.group)
    long_ago = a_ride(
        world.session,
        world.group,
        family=world.ride.family,
        request=a_request(world.session, world.ride.family),
        service_on=DAY - timedelta(days=3),
    )
    home = world.ride.pickup_place
    move(world, world.ride)
    assert other.pickup_place is other.family.place
    assert long_ago.pickup_place is home


def test_nobody_is_driven_from_a_place_to_itself(world):
    with pytest.raises(Refused) as refused:
        move(world, world.ride, world.ride.dropoff_place)
    assert "Lakeview Clinic" in refused.value.reasons[0]


def test_a_meeting_point_is_followed_to_and_from(world):
    home = world.ride.pickup_place
    library = a_public_place(world.session, world.group, "Mill Hill Library")
    move(world, world.ride, library)
    assert world.ride.pickup_place is library
    move(world, world.ride)
    assert world.ride.pickup_place not in (home, library)


def test_only_a_coordinator_of_the_group_moves_rides(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    for actor, error in ((stranger, NotFound), (a_steward(world.session), Forbidden)):
        with pytest.raises(error):
            move(world, world.ride, actor=actor)
