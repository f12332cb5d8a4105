"""The ride itself: each step on the way, a slip of the thumb, and the address that closes after."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Conflict, Forbidden, NotFound, Refused
from dispatch.places import grants
from dispatch.planning import service
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests.build import a_coordinator, a_driver, a_group, a_ride, driver_actor
from tests.dispatch.planning.service.world import PICKUP

THERE = PICKUP + timedelta(minutes=4)
"""Before the party was to be dropped off."""
ALL_THE_WAY = (RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE)


def test_a_ride_goes_from_arrived_over_on_board_to_done(world):
    assignment = world.accepted()
    seen = []
    for state in ALL_THE_WAY:
        world.report(assignment, state, at=THERE)
        seen.append((world.ride.state, assignment.state, assignment.ended_at))
    assert seen == [
        (RideState.ARRIVED, AssignmentState.ACCEPTED, None),
        (RideState.ON_BOARD, AssignmentState.ACCEPTED, None),
        (RideState.DONE, AssignmentState.COMPLETED, THERE),
    ]


def test_no_step_is_skipped(world):
    assignment = world.accepted()
    with pytest.raises(Conflict):
        world.report(assignment, RideState.DONE, at=THERE)
    assert (world.ride.state, assignment.state) == (RideState.ACCEPTED, AssignmentState.ACCEPTED)


@pytest.mark.parametrize("state", [RideState.OPEN, RideState.CANCELLED, RideState.OFFERED])
def test_what_is_no_report_from_the_road_is_none_by_any_form(world, state):
    assignment = world.accepted()
    with pytest.raises(Conflict, match="A driver has accepted this ride"):
        world.report(assignment, state, at=THERE)
    assert (world.ride.state, len(world.live_grants())) == (RideState.ACCEPTED, 1)


def test_a_step_forward_that_comes_late_undoes_nothing(world):
    assignment = world.accepted()
    world.report(assignment, *ALL_THE_WAY, at=THERE)
    with pytest.raises(Conflict, match="This ride is over"):
        service.report_progress(
            world.session,
            world.marta,
            assignment,
            RideState.ON_BOARD,
            before=RideState.ARRIVED,
            now=THERE,
        )
    assert world.ride.state is RideState.DONE


def test_hours_before_the_pickup_nobody_has_arrived(world):
    assignment = world.accepted()
    early = PICKUP - timedelta(hours=2, minutes=1)
    with pytest.raises(Refused, match="too early"):
        world.report(assignment, RideState.ARRIVED, at=early)
    assert world.ride.state is RideState.ACCEPTED
    world.report(assignment, RideState.ARRIVED, at=early + timedelta(minutes=1))
    assert world.ride.state is RideState.ARRIVED


def test_where_addresses_open_late_a_driver_may_still_be_half_an_hour_early(world):
    world.group.grant_before_minutes = 0
    assignment = world.accepted()
    with pytest.raises(Refused):
        world.report(assignment, RideState.ARRIVED, at=PICKUP - timedelta(minutes=31))
    world.report(assignment, RideState.ARRIVED, at=PICKUP - timedelta(minutes=30))
    assert world.ride.state is RideState.ARRIVED


def test_nobody_came(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.NO_SHOW, at=THERE)
    assert (world.ride.state, assignment.state) == (RideState.NO_SHOW, AssignmentState.COMPLETED)


def test_nobody_is_missed_before_the_promised_minute(world):
    assignment = world.accepted()
    early = PICKUP - timedelta(seconds=1)
    world.report(assignment, RideState.ARRIVED, at=early)
    with pytest.raises(Refused, match="too early for a no-show"):
        world.report(assignment, RideState.NO_SHOW, at=early)
    assert (world.ride.state, world.ride.no_show_reason) == (RideState.ARRIVED, None)
    world.report(assignment, RideState.NO_SHOW, at=PICKUP)
    assert (world.ride.state, world.ride.no_show_reason) == (RideState.NO_SHOW, "nobody")


def test_a_no_show_has_a_reason_that_an_undo_forgets(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, at=THERE)
    miss = (world.session, world.marta, assignment, RideState.NO_SHOW)
    with pytest.raises(Refused, match="Choose what happened"):
        service.report_progress(*miss, reason="bored", now=THERE)
    service.report_progress(*miss, reason="at_door", now=THERE)
    assert world.ride.no_show_reason == "at_door"
    world.report(assignment, RideState.ARRIVED, at=THERE)
    assert world.ride.no_show_reason is None


@pytest.mark.parametrize(
    ("slips", "back_to"),
    [
        ([RideState.ARRIVED], RideState.ACCEPTED),
        ([RideState.ARRIVED, RideState.ON_BOARD], RideState.ARRIVED),
        ([RideState.ARRIVED, RideState.NO_SHOW], RideState.ARRIVED),
        (ALL_THE_WAY, RideState.ON_BOARD),
    ],
)
def test_a_slip_of_the_thumb_is_taken_back(world, slips, back_to):
    assignment = world.accepted()
    world.report(assignment, *slips, back_to, at=THERE)
    assert world.ride.state is back_to
    assert (assignment.state, assignment.ended_at) == (AssignmentState.ACCEPTED, None)


def test_who_is_done_early_is_free_from_then_on(world):
    assignment = world.accepted()
    world.report(assignment, *ALL_THE_WAY, at=THERE)
    assert assignment.busy_until == THERE


def test_who_is_done_late_was_never_free_before(world):
    assignment = world.accepted()
    planned = assignment.busy_until
    world.report(assignment, *ALL_THE_WAY, at=planned + timedelta(minutes=20))
    assert assignment.busy_until == planned


def test_the_address_closes_the_groups_time_after_the_ride_is_over(world):
    world.group.grant_after_minutes = 45
    assignment = world.accepted()
    (opened,) = world.live_grants()
    starts_at = opened.starts_at
    world.report(assignment, *ALL_THE_WAY, at=THERE)
    (grant,) = world.live_grants()
    assert grant.ends_at == THERE + timedelta(minutes=45)
    assert grant.starts_at == starts_at


def test_on_time_the_address_stays_open_as_long_as_was_promised(world):
    assignment = world.accepted()
    (before,) = world.live_grants()
    world.report(assignment, RideState.ARRIVED, at=THERE)
    assert world.live_grants() == [before]


def test_a_late_driver_keeps_the_address_for_half_an_hour_more(world):
    assignment = world.accepted()
    late = assignment.dropoff_at + timedelta(minutes=50)
    world.report(assignment, RideState.ARRIVED, at=late)
    (grant,) = world.live_grants()
    assert grant.ends_at == late + timedelta(minutes=30)


def test_an_address_that_was_closed_is_not_opened_by_going_on(world):
    assignment = world.accepted()
    grants.close(world.session, assignment, now=world.now)
    world.report(assignment, *ALL_THE_WAY, at=THERE)
    assert world.live_grants() == []


def test_a_ride_that_is_reported_half_an_hour_early_opens_no_door_before_its_time(world):
    world.group.grant_before_minutes = 0
    assignment = world.accepted()
    early = PICKUP - timedelta(minutes=30)
    world.report(assignment, *ALL_THE_WAY, at=early)
    assert not [one for one in world.live_grants() if one.is_live(early)]
    world.report(assignment, RideState.ON_BOARD, at=early)
    assert not [one for one in world.live_grants() if one.is_live(early)]
    assert [one for one in world.live_grants() if one.is_live(PICKUP)]


def test_what_has_been_over_for_a_while_is_undone_by_a_coordinator_only(world):
    assignment = world.accepted()
    world.report(assignment, *ALL_THE_WAY, at=THERE)
    later = THERE + timedelta(minutes=60)
    with pytest.raises(Conflict, match="over for too long"):
        world.report(assignment, RideState.ON_BOARD, at=later)
    assert world.ride.state is RideState.DONE
    service.report_progress(world.session, world.rosa, assignment, RideState.ON_BOARD, now=later)
    assert world.ride.state is RideState.ON_BOARD


@pytest.mark.parametrize("who", ["rosa", "marta"])
def test_a_report_that_comes_a_day_late_opens_no_address(world, who):
    assignment = world.accepted()
    later = THERE + timedelta(days=1)
    for state in ALL_THE_WAY:
        service.report_progress(world.session, getattr(world, who), assignment, state, now=later)
    assert not [one for one in world.live_grants() if one.is_live(later)]


def test_another_driver_finds_no_such_ride(world):
    assignment = world.accepted()
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(NotFound):
        service.report_progress(world.session, other, assignment, RideState.ARRIVED, now=THERE)
    assert world.ride.state is RideState.ACCEPTED


def test_a_suspended_driver_reports_nothing(world):
    assignment = world.accepted()
    with pytest.raises(Forbidden):
        service.report_progress(
            world.session,
            replace(world.marta, is_active=False),
            assignment,
            RideState.ARRIVED,
            now=THERE,
        )


def test_a_coordinator_reports_for_a_driver_without_a_phone(world):
    assignment = world.accepted()
    service.report_progress(world.session, world.rosa, assignment, RideState.ARRIVED, now=THERE)
    assert world.ride.state is RideState.ARRIVED


def test_who_lost_the_ride_cannot_go_on_with_it(world):
    assignment = world.accepted()
    service.release(world.session, world.rosa, assignment, now=world.now)
    with pytest.raises(Conflict, match="not yours any more"):
        world.report(assignment, RideState.ARRIVED, at=THERE)
    assert world.ride.state is RideState.OPEN


def test_a_party_that_is_ready_wants_a_driver_within_the_hour(world):
    waits = a_ride(
        world.session,
        world.group,
        state=RideState.WILL_CALL,
        window_starts_at=None,
        window_ends_at=None,
    )
    service.mark_ready(world.session, world.rosa, waits, now=THERE)
    assert waits.state is RideState.OPEN
    assert (waits.window_starts_at, waits.window_ends_at) == (THERE, THERE + timedelta(hours=1))


def test_a_coordinator_elsewhere_makes_nobody_ready(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    with pytest.raises(NotFound):
        service.mark_ready(world.session, stranger, world.ride, now=THERE)


def test_an_undo_takes_back_that_the_driver_was_free(world):
    assignment = world.accepted()
    promised = assignment.busy_until
    world.report(assignment, *ALL_THE_WAY, RideState.ON_BOARD, at=THERE)
    assert assignment.busy_until == promised
