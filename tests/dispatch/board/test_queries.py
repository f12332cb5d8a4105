"""The board's rides: each in its state with what is known of it, and none of another group."""

from datetime import timedelta

import pytest

from dispatch.board import queries
from dispatch.drivers.models import Driver
from dispatch.planning.models import (
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
    Unserved,
)
from dispatch.rides.models import Anchor, Ride, RideState
from tests.build import DAY, TEN, a_coordinator, a_driver, a_group, a_ride

PICKUP = TEN - timedelta(minutes=20)


class Desk:
    """A coordinator's group with a driver; a class because every test asks it for the day."""

    def __init__(self, session, now) -> None:
        self.session, self.now = session, now
        self.group = a_group(session)
        self.rosa = a_coordinator(session, self.group)
        self.driver = a_driver(session, self.group)

    def day(self, actor=None, *, now=None, on=DAY) -> queries.Day:
        self.session.flush()
        return queries.day_of(self.session, actor or self.rosa, self.group, on, now=now or self.now)

    def row(self, **values) -> queries.Row:
        (row,) = self.day(**values).rows
        return row

    def run(self, state=RunState.DONE) -> MatchRun:
        run = MatchRun(group_id=self.group.id, service_on=DAY, asked_at=self.now, state=state)
        self.session.add(run)
        self.session.flush()
        return run

    def propose(self, ride: Ride, **values) -> Proposal:
        made = Proposal(
            **{
                "run": self.run(),
                "group_id": self.group.id,
                "ride": ride,
                "driver": self.driver,
                "state": ProposalState.LIVE,
                "pickup_at": PICKUP,
                "dropoff_at": TEN,
                "ride_version": ride.version,
                "why": {"away_minutes": 10},
                **values,
            }
        )
        self.session.add(made)
        return made

    def leave_out(self, ride: Ride, run: MatchRun, **values) -> None:
        told = {"reason": "too_far", "relax": None, "ride_version": ride.version} | values
        self.session.add(Unserved(run_id=run.id, ride_id=ride.id, **told))

    def give(self, ride: Ride, driver: Driver, state=AssignmentState.ACCEPTED) -> Assignment:
        made = Assignment(
            group_id=self.group.id,
            ride=ride,
            driver=driver,
            user_id=driver.user_id,
            state=state,
            pickup_at=PICKUP,
            dropoff_at=TEN,
            busy_until=TEN + timedelta(minutes=3),
            approved_at=self.now,
        )
        self.session.add(made)
        return made


@pytest.fixture
def desk(any_session, now):
    return Desk(any_session, now)


def test_who_says_to_be_late_is_late_before_the_minute_has_passed(desk):
    ride = a_ride(desk.session, desk.group, state=RideState.ACCEPTED)
    held = desk.give(ride, desk.driver)
    before = desk.day().mark
    held.delay_minutes = 20
    assert (desk.row().minutes_late, desk.row().delay_minutes) == (20, 20)
    assert desk.row(now=PICKUP + timedelta(minutes=12)).minutes_late == 20
    assert desk.row(now=PICKUP + timedelta(minutes=25)).minutes_late == 25
    assert desk.day().mark != before
    ride.state = RideState.ARRIVED
    assert (desk.row().minutes_late, desk.row().delay_minutes) == (None, 0)


@pytest.mark.parametrize("is_estimate", [True, False])
def test_proposed_and_promised_times_say_whether_they_are_estimates(desk, is_estimate):
    ride = a_ride(desk.session, desk.group)
    assert not desk.row().is_estimate, "what a family asked for is none"
    desk.propose(ride).is_estimate = is_estimate
    assert desk.row().is_estimate == is_estimate
    desk.give(ride, desk.driver).is_estimate = not is_estimate
    assert desk.row().is_estimate != is_estimate


def test_a_ride_nobody_has_looked_at_is_open_at_the_time_it_asked_for(desk):
    a_ride(desk.session, desk.group)
    row = desk.row()
    assert (row.state, row.at, row.asked_by, row.asked_from) == ("open", TEN, TEN, None)
    assert not row.is_agreed


def test_a_ride_about_leaving_is_asked_for_from_a_time_on(desk):
    a_ride(desk.session, desk.group, anchor=Anchor.LEAVE_AT)
    row = desk.row()
    assert (row.asked_by, row.asked_from) == (None, TEN - timedelta(minutes=30))


def test_a_proposed_ride_has_driver_time_and_reason(desk):
    proposal = desk.propose(a_ride(desk.session, desk.group))
    row = desk.row()
    assert (row.state, row.at, row.until) == ("proposed", PICKUP, TEN)
    assert (row.driver_name, row.why) == ("Marta", {"away_minutes": 10})
    assert row.proposal_uid == proposal.uid
    assert row.is_agreed


@pytest.mark.parametrize(
    "changed",
    [
        {"state": ProposalState.SUPERSEDED},
        {"state": ProposalState.DECLINED},
        {"ride_version": 99},
    ],
)
def test_a_proposal_that_does_not_count_any_more_is_not_shown(desk, changed):
    desk.propose(a_ride(desk.session, desk.group), **changed)
    row = desk.row()
    assert (row.state, row.driver_id, row.proposal_uid) == ("open", None, None)


def test_a_ride_that_was_left_out_says_why_and_what_helps(desk):
    ride = a_ride(desk.session, desk.group)
    desk.leave_out(ride, desk.run(), relax={"kind": "load"})
    row = desk.row()
    assert (row.state, row.unserved, row.relax) == ("unserved", "too_far", {"kind": "load"})


def test_only_the_latest_finished_run_says_what_was_left_out(desk):
    ride = a_ride(desk.session, desk.group)
    desk.leave_out(ride, desk.run())
    desk.run()
    assert desk.row().state == "open"
    again = desk.run()
    desk.leave_out(ride, again)
    desk.run(RunState.FAILED)
    assert desk.row().state == "unserved"


def test_a_ride_that_changed_since_is_open_again(desk):
    ride = a_ride(desk.session, desk.group)
    desk.leave_out(ride, desk.run())
    ride.version += 1
    assert desk.row().state == "open"


def test_a_proposal_counts_more_than_having_been_left_out(desk):
    ride = a_ride(desk.session, desk.group)
    proposal = desk.propose(ride)
    desk.leave_out(ride, proposal.run)
    row = desk.row()
    assert (row.state, row.unserved) == ("proposed", None)


def test_a_ride_that_was_given_away_has_its_driver_and_the_promised_time(desk):
    made = desk.give(a_ride(desk.session, desk.group, state=RideState.ACCEPTED), desk.driver)
    row = desk.row()
    assert (row.state, row.at, row.driver_name) == ("accepted", PICKUP, "Marta")
    assert row.assignment_uid == made.uid


@pytest.mark.parametrize("state", [AssignmentState.DECLINED, AssignmentState.RELEASED])
def test_who_had_a_ride_once_is_not_shown(desk, state):
    desk.give(a_ride(desk.session, desk.group), desk.driver, state)
    row = desk.row()
    assert (row.driver_id, row.assignment_uid) == (None, None)


def test_a_driver_counts_as_late_ten_minutes_after_the_pickup(desk):
    desk.give(a_ride(desk.session, desk.group, state=RideState.ACCEPTED), desk.driver)
    assert desk.row(now=PICKUP + timedelta(minutes=9, seconds=59)).minutes_late is None
    assert desk.row(now=PICKUP + timedelta(minutes=10)).minutes_late == 10


def test_who_has_arrived_is_not_late(desk):
    desk.give(a_ride(desk.session, desk.group, state=RideState.ARRIVED), desk.driver)
    assert desk.row(now=TEN).minutes_late is None


def test_a_home_is_shown_by_its_cell_and_a_public_place_by_its_name(desk):
    ride = a_ride(desk.session, desk.group)
    row = desk.row()
    assert (row.pickup.name, row.pickup.is_public) == ("Mill Hill", False)
    assert row.pickup.point == ride.pickup_place.coarse_point
    assert (row.dropoff.name, row.dropoff.is_public) == ("Lakeview Clinic", True)
    assert row.dropoff.point == (49.26, -123.12)


def test_the_rides_of_another_group_never_appear(desk):
    foreign = a_group(desk.session, name="Elsewhere")
    a_ride(desk.session, foreign)
    assert desk.day().rows == []
    both = a_coordinator(desk.session, foreign)
    assert desk.day(both).rows == []


def test_a_stranger_sees_an_empty_day(desk):
    desk.propose(a_ride(desk.session, desk.group))
    stranger = a_coordinator(desk.session, a_group(desk.session, name="Elsewhere"))
    day = desk.day(stranger)
    assert (day.rows, day.lanes, day.run, day.returns) == ([], [], None, [])


def test_another_day_has_other_rides(desk):
    a_ride(desk.session, desk.group)
    assert desk.day(on=DAY + timedelta(days=1)).rows == []


def test_what_needs_a_coordinator_stands_first(desk):
    session, group = desk.session, desk.group
    a_ride(session, group, state=RideState.CANCELLED)
    a_ride(session, group)
    left = a_ride(session, group)
    desk.leave_out(left, desk.propose(a_ride(session, group)).run)
    assert [row.state for row in desk.day().rows] == ["unserved", "proposed", "open", "cancelled"]


def test_rides_under_way_count_together(desk):
    for state in (RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE):
        a_ride(desk.session, desk.group, state=state)
    day = desk.day()
    assert day.counts == {"live": 2, "done": 1}
    assert {row.state for row in day.of_state("live")} == {"arrived", "onboard"}
    assert [row.state for row in day.of_state("done")] == ["done"]
    assert day.of_state(None) == day.rows


def test_a_lane_holds_the_hours_and_the_rides_of_its_driver(desk):
    desk.propose(a_ride(desk.session, desk.group))
    idle = a_driver(desk.session, desk.group, name="Aziz")
    a_driver(desk.session, desk.group, name="Nobody", weekly=False)
    day = desk.day()
    assert [(lane.name, len(lane.rows)) for lane in day.lanes] == [("Marta", 1), ("Aziz", 0)]
    assert day.lanes[1].uid == idle.uid
    assert day.lanes[0].rows == day.rows
    ((begins, ends),) = day.lanes[0].shifts
    assert ends - begins == timedelta(hours=14)


def test_a_driver_who_offers_nothing_any_more_keeps_its_lane_while_it_has_a_ride(desk):
    gone = a_driver(desk.session, desk.group, name="Gone", weekly=False)
    desk.give(a_ride(desk.session, desk.group, state=RideState.ACCEPTED), gone)
    names = [lane.name for lane in desk.day().lanes]
    assert names == ["Gone", "Marta"]


def test_drivers_with_hours_on_a_day_are_free(desk):
    before = queries.count_free(desk.session, desk.rosa, desk.group, DAY)
    a_driver(desk.session, desk.group, name="Free")
    a_driver(desk.session, desk.group, name="Nobody", weekly=False)
    desk.session.flush()
    assert queries.count_free(desk.session, desk.rosa, desk.group, DAY) == before + 1


def test_the_week_counts_without_drivers(desk):
    desk.propose(a_ride(desk.session, desk.group))
    desk.session.flush()
    found = queries.counts_of(desk.session, desk.rosa, desk.group, DAY, now=desk.now)
    assert (found.counts, found.lanes) == ({"proposed": 1}, [])


@pytest.mark.parametrize(
    ("state", "runs"),
    [(RunState.QUEUED, True), (RunState.RUNNING, True), (RunState.DONE, False)],
)
def test_a_run_is_under_way_until_it_ended(state, runs):
    assert queries.is_running(MatchRun(state=state)) is runs
    assert not queries.is_running(None)


def test_the_mark_stays_until_something_else_is_shown(desk):
    ride = a_ride(desk.session, desk.group)
    before = desk.day().mark
    assert desk.day(now=desk.now + timedelta(minutes=1)).mark == before
    proposal = desk.propose(ride)
    proposed = desk.day().mark
    proposal.why = {"away_minutes": 11}
    assert len({before, proposed, desk.day().mark}) == 3


def test_a_driver_who_becomes_late_changes_the_mark(desk):
    desk.give(a_ride(desk.session, desk.group, state=RideState.ACCEPTED), desk.driver)
    in_time, late, same, later = (
        desk.day(now=PICKUP + timedelta(minutes=by)).mark for by in (9, 11, 14, 15)
    )
    assert len({in_time, late, later}) == 3
    assert late == same


def test_a_run_that_begins_or_ends_changes_the_mark(desk):
    run = desk.run(RunState.RUNNING)
    running = desk.day().mark
    run.state = RunState.DONE
    assert desk.day().mark != running
