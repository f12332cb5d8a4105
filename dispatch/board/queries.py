"""The day as the board shows it: rides with what is known of each, drivers with their hours."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.board.rules import LIVE, ORDER, Axis, axis_for
from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.drivers import rules as drivers_rules
from dispatch.drivers.models import Driver
from dispatch.people import queries as people
from dispatch.people.models import Group
from dispatch.planning import queries as planning
from dispatch.planning.models import Assignment, MatchRun, Proposal, RunState, Unserved
from dispatch.policy import Actor
from dispatch.rides import queries as rides
from dispatch.rides.models import Anchor, Ride, RideState

LATE = timedelta(minutes=10)
"""So long after the agreed pickup a driver who has not arrived counts as late."""


@dataclass(frozen=True)
class Row:
    """A ride on the board."""

    ride: Ride
    state: str
    """Its state, or `unserved` or `proposed` where that says more."""
    at: datetime | None
    """The agreed or proposed pickup; else the time that was asked for."""
    until: datetime | None
    driver: Driver | None
    driver_name: str
    proposal: Proposal | None
    assignment: Assignment | None
    unserved: Unserved | None
    minutes_late: int | None

    @property
    def is_agreed(self) -> bool:
        """Whether `at` is a pickup that somebody proposed or promised."""
        return self.proposal is not None or self.assignment is not None


@dataclass(frozen=True)
class DriverLane:
    """A driver on the timeline."""

    driver: Driver
    name: str
    shifts: list[tuple[datetime, datetime]]
    rows: list[Row]


@dataclass(frozen=True)
class Day:
    """One service day of a group."""

    on: date
    rows: list[Row]
    lanes: list[DriverLane]
    axis: Axis
    run: MatchRun | None
    returns: list[Ride]
    """Returns that nobody drives although the party was brought there."""

    @property
    def counts(self) -> Counter[str]:
        """Rides by state; those under way count as `live`."""
        return Counter("live" if row.state in LIVE else row.state for row in self.rows)

    def of_state(self, state: str | None) -> list[Row]:
        """The rides in a state; all of them for none."""
        if state is None:
            return self.rows
        return [row for row in self.rows if row.state == state or (state, row.state) in _LIVE]


_LIVE = {("live", state) for state in LIVE}


def day_of(session: Session, actor: Actor, group: Group, on: date, *, now: datetime) -> Day:
    """Everything that the board shows of one day, in a fixed number of queries."""
    vault = vault_of(session)
    staff = drivers.drivers(session, actor, group)
    names = {one.id: people.shown_name(one.user, vault) for one in staff}
    proposals = {one.ride_id: one for one in planning.proposals_of_day(session, actor, group, on)}
    held = {one.ride_id: one for one in planning.assignments_of_day(session, actor, group, on)}
    left = {one.ride_id: one for one in planning.unserved_of_day(session, actor, group, on)}
    rows = [
        _row(ride, proposals.get(ride.id), held.get(ride.id), left.get(ride.id), names, now)
        for ride in rides.rides_of_day(session, actor, group, on)
    ]
    rows.sort(key=lambda row: (ORDER.index(row.state), row.at or now, row.ride.id))
    lanes = _lanes(staff, names, rows, on, group)
    zero, _end = clock.day_bounds(on, group.zone)
    moments = [row.at for row in rows if row.at] + [row.until for row in rows if row.until]
    return Day(
        on=on,
        rows=rows,
        lanes=lanes,
        axis=axis_for(zero, moments),
        run=planning.latest_run(session, actor, group, on),
        returns=rides.returns_without_driver(session, actor, group, now=now),
    )


def _row(
    ride: Ride,
    proposal: Proposal | None,
    held: Assignment | None,
    left: Unserved | None,
    names: dict[int, str],
    now: datetime,
) -> Row:
    known = held or proposal
    if ride.state is not RideState.OPEN:
        proposal = left = None
    state = ride.state.value
    if ride.state is RideState.OPEN:
        state = "proposed" if proposal else "unserved" if left else state
    return Row(
        ride=ride,
        state=state,
        at=known.pickup_at if known else _asked(ride),
        until=known.dropoff_at if known else ride.window_ends_at,
        driver=known.driver if known else None,
        driver_name=names.get(known.driver_id, "") if known else "",
        proposal=proposal,
        assignment=held,
        unserved=left,
        minutes_late=_late(ride, held, now),
    )


def _asked(ride: Ride) -> datetime | None:
    return ride.window_ends_at if ride.anchor is Anchor.ARRIVE_BY else ride.window_starts_at


def _late(ride: Ride, held: Assignment | None, now: datetime) -> int | None:
    if held is None or ride.state is not RideState.ACCEPTED or now < held.pickup_at + LATE:
        return None
    return int((now - held.pickup_at).total_seconds() // 60)


def _lanes(
    staff: list[Driver], names: dict[int, str], rows: list[Row], on: date, group: Group
) -> list[DriverLane]:
    lanes = []
    for driver in staff:
        shifts = [
            (one.starts_at, one.ends_at) for one in drivers_rules.shifts_on(driver, on, group.zone)
        ]
        own = [row for row in rows if row.driver is not None and row.driver.id == driver.id]
        if shifts or own:
            lanes.append(DriverLane(driver, names[driver.id], shifts, own))
    return sorted(lanes, key=lambda lane: (not lane.rows, lane.name.casefold()))


def is_running(run: MatchRun | None) -> bool:
    """Whether the matcher works on the day now."""
    return run is not None and run.state in (RunState.QUEUED, RunState.RUNNING)
