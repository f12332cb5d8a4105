"""The facts of one service day, read from the database once; points open in memory only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.db.transactions import vault_of
from dispatch.families.models import DriverWish, Wish
from dispatch.people.models import Group
from dispatch.places import roads
from dispatch.places.models import Place
from dispatch.places.sealed import Point, point_of
from dispatch.planning.driver_days import driver_days
from dispatch.planning.facts import (
    LEAD,
    AskedRide,
    DayFacts,
    DriverDay,
    Travel,
    WayBack,
    needs_of,
    places_of,
)
from dispatch.planning.fairness import LOOKED_BACK
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.rides.models import Ride, RideState

REMEMBERED = timedelta(days=60)
"""How long a driver and a family who rode together count as known to each other."""


@dataclass(frozen=True)
class Only:
    """One decision: the ride with its way back if the driver waits, and the drivers in question."""

    rides: list[Ride]
    driver_ids: frozenset[int] | None


def facts_of_day(
    session: Session,
    group: Group,
    day: date,
    *,
    now: datetime,
    engine: roads.Roads,
    only: Only | None = None,
    lead: timedelta = LEAD,
) -> DayFacts:
    """Everything that is decided on for `group` and `day`; points are unsealed into memory only.

    With `only`, one ride (whatever its state) and some drivers: for a single decision. `lead` is
    how long after `now` the soonest pickup may be.
    """
    bounds = clock.day_bounds(day, group.zone)
    if only is None:
        rides = _asked_rides(session, _open_rides(session, group, day), now=now)
        drivers = driver_days(session, group, day, bounds)
    else:
        rides = _asked_rides(session, only.rides, now=now)
        drivers = driver_days(session, group, day, bounds, only=only.driver_ids)
    places = _places(session, places_of(rides, drivers))
    vault = vault_of(session)
    points = {place.id: point_of(place, vault) for place in places}
    travel = _travel(points, engine)
    return DayFacts(
        service_on=day,
        zero=bounds[0],
        not_before=now + lead,
        board=group.board_minutes * 60,
        alight=group.alight_minutes * 60,
        even_load=group.even_load_seconds,
        rides=tuple(rides),
        drivers=tuple(drivers),
        travel=travel,
        crow_metres=_crow_metres(rides, drivers, points),
    )


def _travel(points: dict[int, Point], engine: roads.Roads) -> Travel:
    places, matrix = list(points), engine.matrix(list(points.values()))
    return Travel(
        {place: row for row, place in enumerate(places)},
        matrix.seconds,
        matrix.basis,
        frozenset(places[row] for row in matrix.astray),
    )


def _open_rides(session: Session, group: Group, day: date) -> list[Ride]:
    found = (
        select(Ride)
        .where(
            Ride.group_id == group.id,
            Ride.service_on == day,
            Ride.state == RideState.OPEN,
            Ride.window_starts_at.is_not(None),
        )
        .options(joinedload(Ride.family))
        .order_by(Ride.id)
    )
    return list(session.scalars(found))


def _asked_rides(session: Session, rides: list[Ride], *, now: datetime) -> list[AskedRide]:
    wishes = _wishes(session, {ride.family_id for ride in rides})
    known = _known(session, {ride.family_id for ride in rides}, since=now - REMEMBERED)
    declined = _declined(session, {ride.id for ride in rides})
    passed_over = _passed_over(session, {ride.family_id for ride in rides}, now=now)
    back_of = {ride.outbound_id: ride for ride in rides if ride.with_outbound and ride.outbound_id}
    together = {ride.id for ride in rides if ride.id in back_of}
    return [
        replace(
            _asked(ride, wishes, known, declined, back_of.get(ride.id)),
            passed_over=passed_over.get(ride.family_id, 0),
        )
        for ride in rides
        if not (ride.with_outbound and ride.outbound_id in together)
    ]


def _asked(
    ride: Ride,
    wishes: dict[tuple[int, Wish], frozenset[int]],
    known: dict[int, frozenset[int]],
    declined: dict[int, frozenset[int]],
    back: Ride | None,
) -> AskedRide:
    if ride.window_starts_at is None or ride.window_ends_at is None:
        raise LookupError("a ride without a window cannot be matched")
    return AskedRide(
        ride_id=ride.id,
        version=ride.version,
        family_id=ride.family_id,
        pickup_place=ride.pickup_place_id,
        dropoff_place=ride.dropoff_place_id,
        anchor=ride.anchor,
        window=(ride.window_starts_at, ride.window_ends_at),
        needs=needs_of(ride),
        priority=ride.priority,
        language=ride.family.language,
        never=wishes.get((ride.family_id, Wish.NEVER), frozenset()),
        declined=declined.get(ride.id, frozenset()),
        prefers=wishes.get((ride.family_id, Wish.PREFERS), frozenset()),
        known=known.get(ride.family_id, frozenset()),
        way_back=None
        if back is None
        else WayBack(
            back.id,
            back.version,
            back.pickup_place_id,
            back.dropoff_place_id,
            ride.wait_minutes * 60,
        ),
    )


def _wishes(session: Session, families: set[int]) -> dict[tuple[int, Wish], frozenset[int]]:
    found: dict[tuple[int, Wish], set[int]] = defaultdict(set)
    rows = session.scalars(select(DriverWish).where(DriverWish.family_id.in_(families)))
    for row in rows:
        found[row.family_id, row.wish].add(row.driver_id)
    return {key: frozenset(drivers) for key, drivers in found.items()}


def _declined(session: Session, rides: set[int]) -> dict[int, frozenset[int]]:
    """Who said no to a ride is not asked for it again."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(Assignment.ride_id, Assignment.driver_id).where(
            Assignment.ride_id.in_(rides), Assignment.state == AssignmentState.DECLINED
        )
    )
    for ride_id, driver_id in rows:
        found[ride_id].add(driver_id)
    return {ride: frozenset(drivers) for ride, drivers in found.items()}


def _known(session: Session, families: set[int], *, since: datetime) -> dict[int, frozenset[int]]:
    rows = session.execute(
        select(Ride.family_id, Assignment.driver_id)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            Ride.family_id.in_(families),
            Assignment.state == AssignmentState.COMPLETED,
            Assignment.pickup_at >= since,
        )
        .distinct()
    )
    found: dict[int, set[int]] = defaultdict(set)
    for family_id, driver_id in rows:
        found[family_id].add(driver_id)
    return {family: frozenset(drivers) for family, drivers in found.items()}


def _passed_over(session: Session, families: set[int], *, now: datetime) -> dict[int, int]:
    """Rides by family whose time went by without a driver; those withdrawn before do not count."""
    rows = session.execute(
        select(Ride.family_id, func.count())
        .where(
            Ride.family_id.in_(families),
            Ride.state.in_([RideState.OPEN, RideState.OFFERED]),
            Ride.window_ends_at.between(now - LOOKED_BACK, now),
        )
        .group_by(Ride.family_id)
    )
    return dict(rows.all())


def _places(session: Session, ids: list[int]) -> list[Place]:
    return list(session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.id)))


def _crow_metres(
    rides: Iterable[AskedRide], drivers: Iterable[DriverDay], points: dict[int, Point]
) -> dict[tuple[int, int], float]:
    pickups = {ride.pickup_place for ride in rides}
    starts = {driver.start_place for driver in drivers if driver.max_distance is not None}
    return {
        (start, pickup): roads.metres_between(points[start], points[pickup])
        for start in starts
        for pickup in pickups
    }
