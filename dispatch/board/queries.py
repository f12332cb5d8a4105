"""The day as the board shows it: rides with what is known of each, drivers with their hours.

Read as plain columns, not as objects, into tuples: a board of 200 rides is asked for again and
again while coordinators work, and building objects nobody changes would take most of the time.
"""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row as Columns
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.board.lanes import DriverLane, lanes_of
from dispatch.board.rules import LIVE, ORDER, Axis, axis_for
from dispatch.board.statement import places_of_the_rides, rides_with_what_is_known
from dispatch.claims import queries as claims
from dispatch.claims.models import Claim
from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.people import queries as people
from dispatch.people.models import Group
from dispatch.places.models import PlaceKind
from dispatch.planning import queries as planning
from dispatch.planning import replacing, troubles
from dispatch.planning.models import MatchRun, RunState, Trouble
from dispatch.policy import Actor
from dispatch.rides import queries as rides
from dispatch.rides.models import Anchor, Ride, RideState

LATE = timedelta(minutes=10)
"""So long after the agreed pickup a driver who has not arrived counts as late."""


class End(NamedTuple):
    """Where a ride begins or ends, as anybody may know it."""

    name: str
    """Of the public place, or of the cell."""
    is_public: bool
    kind: str
    cell_name: str
    cell_code: str
    point: tuple[float, float]
    """Degrees: of the public place, or of the cell's centre."""


class Row(NamedTuple):
    """A ride on the board."""

    ride_id: int
    uid: UUID
    number: str
    """Of the family."""
    state: str
    """Its state, or `unserved` or `proposed` where that says more."""
    service_on: date
    pickup: End
    dropoff: End
    at: datetime | None
    """The agreed or proposed pickup; else the time that was asked for."""
    until: datetime | None
    asked_by: datetime | None
    """The latest arrival, if the ride is about arriving."""
    asked_from: datetime | None
    """The earliest departure, if it is about leaving; None for a will-call."""
    riders: int
    child_seats: Mapping[str, int]
    wheelchair: bool
    language: str | None
    is_first_of_two: bool
    """Whether the way back, whose driver waits, is proposed with it: one decision for both."""
    goes_with_outbound: bool
    """Whether it is such a way back."""
    driver_id: int | None
    driver_name: str
    proposal_uid: UUID | None
    why: Mapping[str, Any]
    assignment_uid: UUID | None
    unserved: str | None
    """The reason's code."""
    relax: Mapping[str, Any] | None
    minutes_late: int | None
    is_estimate: bool
    """Whether `at` and `until` were agreed on without a look at any road."""
    delay_minutes: int
    """How much later than `at` its driver says to come."""

    @property
    def is_agreed(self) -> bool:
        """Whether `at` is a pickup that somebody proposed or promised."""
        return self.driver_id is not None


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
    troubles: list[Trouble]
    """What drivers told from the road and nobody at the desk has taken."""
    lost: list[Ride]
    """Rides of the next hours that somebody had and nobody has now."""
    hands: list[Claim]
    """Drivers who could do an open ride of the day."""

    @property
    def counts(self) -> Counter[str]:
        """Rides by state; those under way count as `live`."""
        return Counter("live" if row.state in LIVE else row.state for row in self.rows)

    @property
    def mark(self) -> str:
        """Another one as soon as the board shows anything else of the day, whoever did it.

        Of a driver who is late, every fifth minute is news.
        """
        rows = [row._replace(minutes_late=(row.minutes_late or -1) // 5) for row in self.rows]
        lanes = [(lane.uid, lane.name, lane.seats, lane.shifts) for lane in self.lanes]
        run = None if self.run is None else (self.run.uid, self.run.state)
        returns = [(ride.uid, ride.state) for ride in self.returns]
        needy = [one.uid for one in (*self.troubles, *self.lost, *self.hands)]
        shown = repr((self.on, rows, lanes, run, returns, needy))
        return blake2b(shown.encode(), digest_size=12).hexdigest()

    def of_state(self, state: str | None) -> list[Row]:
        """The rides in a state, `live` for those under way; all of them for none."""
        if state is None:
            return self.rows
        wanted = LIVE if state == "live" else (state,)
        return [row for row in self.rows if row.state in wanted]


def day_of(session: Session, actor: Actor, group: Group, on: date, *, now: datetime) -> Day:
    """Everything that the board shows of one day, in a fixed number of queries."""
    vault = vault_of(session)
    staff = drivers.drivers_on(session, actor, group, on)
    names = {one.id: people.name_in(one.user_uid, one.sealed_name, vault) for one in staff}
    rows = rows_of(session, actor, group, on, names, now=now)
    zero, _end = clock.day_bounds(on, group.zone)
    moments = [row.at for row in rows if row.at] + [row.until for row in rows if row.until]
    return Day(
        on=on,
        rows=rows,
        lanes=lanes_of(staff, names, rows, on, group),
        axis=axis_for(zero, moments),
        run=planning.latest_run(session, actor, group, on),
        returns=rides.returns_without_driver(session, actor, group, now=now),
        troubles=troubles.open_on(session, actor, group, on),
        lost=replacing.lost_rides(session, actor, group, now=now),
        hands=claims.hands_on(session, actor, group, on),
    )


def counts_of(session: Session, actor: Actor, group: Group, on: date, *, now: datetime) -> Day:
    """A day without its drivers: for pages that only count."""
    zero, _end = clock.day_bounds(on, group.zone)
    return Day(
        on=on,
        rows=rows_of(session, actor, group, on, {}, now=now),
        lanes=[],
        axis=axis_for(zero, []),
        run=planning.latest_run(session, actor, group, on),
        returns=[],
        troubles=[],
        lost=[],
        hands=[],
    )


def count_free(session: Session, actor: Actor, group: Group, on: date) -> int:
    """How many drivers offer hours on a day."""
    return sum(bool(one.ranges) for one in drivers.drivers_on(session, actor, group, on))


def rows_of(
    session: Session,
    actor: Actor,
    group: Group,
    on: date,
    names: Mapping[int, str],
    *,
    now: datetime,
) -> list[Row]:
    """The rides of a day, what needs a coordinator first; `names` are the drivers' by id."""
    newest = planning.latest_run(session, actor, group, on, finished=True)
    ends = {
        place: _end(*columns)
        for place, *columns in session.execute(places_of_the_rides(actor, group, on))
    }
    chosen = rides_with_what_is_known(actor, group, on, newest)
    found = session.execute(chosen).all()
    proposed = {one.id for one in found if one.proposal_uid}
    both_ways = proposed & {one.waiting_outbound_id for one in found if one.proposal_uid}
    rows = [_row(columns, ends, names, both_ways, now) for columns in found]
    return sorted(rows, key=lambda row: (ORDER.index(row.state), row.at or now, row.number))


def _end(
    name: str | None,
    kind: PlaceKind,
    latitude: float | None,
    longitude: float | None,
    cell_name: str,
    cell_code: str,
    cell_latitude: float,
    cell_longitude: float,
) -> End:
    """From the columns of `places_of_the_rides`, in their order."""
    if name is None or latitude is None or longitude is None:
        centre = (cell_latitude, cell_longitude)
        return End(cell_name, False, kind.value, cell_name, cell_code, centre)
    return End(name, True, kind.value, cell_name, cell_code, (latitude, longitude))


def _row(
    found: Columns[Any],
    ends: Mapping[int, End],
    names: Mapping[int, str],
    both_ways: Set[int],
    now: datetime,
) -> Row:
    """From the columns of `rides_with_what_is_known`, taken in their order.

    `both_ways` are the outbound rides that are proposed together with their way back.
    """
    (uid, progress, service_on, anchor, starts_at, ends_at, *asked) = found[:11]
    adults, children, child_seats, wheelchair, language = asked
    ride_id, outbound_id, number, pickup, dropoff = found[11:16]
    proposal_uid, proposed_id, proposed_at, proposed_until, why = found[16:21]
    assignment_uid, held_id, held_at, held_until, reason, relax, is_estimate, delay = found[21:]
    driver_id = held_id or proposed_id
    state = progress.value
    if progress is RideState.OPEN:
        state = "proposed" if proposal_uid else "unserved" if reason else state
    arriving = anchor is Anchor.ARRIVE_BY
    return Row(
        ride_id=ride_id,
        uid=uid,
        number=number,
        state=state,
        service_on=service_on,
        pickup=ends[pickup],
        dropoff=ends[dropoff],
        at=held_at or proposed_at or (ends_at if arriving else starts_at),
        until=held_until or proposed_until or ends_at,
        asked_by=ends_at if arriving else None,
        asked_from=None if arriving else starts_at,
        riders=adults + children,
        child_seats=child_seats,
        wheelchair=wheelchair,
        language=language,
        is_first_of_two=ride_id in both_ways,
        goes_with_outbound=outbound_id in both_ways,
        driver_id=driver_id,
        driver_name=names.get(driver_id, "") if driver_id else "",
        proposal_uid=proposal_uid,
        why=why or {},
        assignment_uid=assignment_uid,
        unserved=reason if state == "unserved" else None,
        relax=relax,
        minutes_late=_minutes_late(progress, held_at, delay, now),
        is_estimate=is_estimate,
        delay_minutes=delay if progress is RideState.ACCEPTED else 0,
    )


def _minutes_late(
    progress: RideState, pickup_at: datetime, delay: int, now: datetime
) -> int | None:
    """By how much a driver is late who has not arrived: as told, or as the clock says if more."""
    if progress is not RideState.ACCEPTED or not pickup_at:
        return None
    passed = int((now - pickup_at).total_seconds() // 60)
    return max(passed, delay) if delay or now >= pickup_at + LATE else None


def is_running(run: MatchRun | None) -> bool:
    """Whether the matcher works on the day now."""
    return run is not None and run.state in (RunState.QUEUED, RunState.RUNNING)
