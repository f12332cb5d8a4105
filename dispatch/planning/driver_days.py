"""What each driver offers on one day, and what of it is promised already."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock
from dispatch.drivers import rules as drivers_rules
from dispatch.drivers.models import Driver
from dispatch.people.models import Group, UserState
from dispatch.planning.facts import Committed, DriverDay, needs_of
from dispatch.planning.fairness import LOOKED_BACK
from dispatch.planning.models import LIVE_STATES, Assignment, AssignmentState
from dispatch.rides.models import Ride


def driver_days(
    session: Session,
    group: Group,
    day: date,
    bounds: tuple[datetime, datetime],
    *,
    only: frozenset[int] | None = None,
) -> list[DriverDay]:
    """What each driver of `group` offers on `day` and has already; with `only`, these drivers.

    `bounds` are the first moment of the day and the first after it.
    """
    drivers = _drivers(session, group, only)
    held = _held(session, [driver.user_id for driver in drivers], bounds)
    used = _used_this_week(session, group, day)
    drove = _drove_lately(session, group, before=bounds[0])
    return [
        replace(
            _driver_day(
                driver, held[driver.user_id], used.get(driver.id, 0), _offered(driver, day, group)
            ),
            drove_lately=drove.get(driver.id, 0),
            usually_offers=_usually_offers(driver),
        )
        for driver in drivers
    ]


def _drivers(session: Session, group: Group, only: frozenset[int] | None) -> list[Driver]:
    found = (
        select(Driver)
        .where(Driver.group_id == group.id)
        .options(
            selectinload(Driver.weekly),
            selectinload(Driver.dated),
            selectinload(Driver.days_off),
            selectinload(Driver.credentials),
            joinedload(Driver.user),
        )
        .order_by(Driver.id)
    )
    if only is not None:
        found = found.where(Driver.id.in_(only))
    return list(session.scalars(found))


def _driver_day(
    driver: Driver,
    held: list[Assignment],
    used: int,
    offered: tuple[tuple[datetime, datetime], ...],
) -> DriverDay:
    """`held` is what the person drives that day for any group, `used` its rides of the week."""
    return DriverDay(
        driver_id=driver.id,
        version=driver.version,
        start_place=driver.start_place_id,
        end_place=driver.end_place_id,
        offered=offered,
        capacity={"seats": driver.seats, **driver.child_seats},
        skills=_skills_of(driver),
        max_drive=None if driver.max_drive_minutes is None else driver.max_drive_minutes * 60,
        rides_left=None if driver.max_rides_week is None else max(0, driver.max_rides_week - used),
        max_distance=None if driver.max_distance_km is None else driver.max_distance_km * 1000,
        committed=tuple(committed_of(one) for one in held if one.driver_id == driver.id),
        elsewhere=tuple(
            (one.pickup_at, one.busy_until) for one in held if one.driver_id != driver.id
        ),
    )


def committed_of(one: Assignment) -> Committed:
    """An assignment as the rules and the matcher see it: a promise."""
    return Committed(
        ride_id=one.ride_id,
        pickup_place=one.ride.pickup_place_id,
        dropoff_place=one.ride.dropoff_place_id,
        pickup_at=one.pickup_at,
        dropoff_at=one.dropoff_at,
        busy_until=one.busy_until,
        needs=needs_of(one.ride),
    )


def _offered(driver: Driver, day: date, group: Group) -> tuple[tuple[datetime, datetime], ...]:
    if driver.user.state is UserState.SUSPENDED:
        return ()
    shifts = drivers_rules.shifts_on(driver, day, group.zone)
    return tuple((shift.starts_at, shift.ends_at) for shift in shifts)


def _skills_of(driver: Driver) -> frozenset[str]:
    skills = {f"lang:{language}" for language in driver.languages}
    return frozenset(skills | {"wheelchair"} if driver.wheelchair else skills)


def _held(
    session: Session, user_ids: list[int], bounds: tuple[datetime, datetime]
) -> dict[int, list[Assignment]]:
    found = (
        select(Assignment)
        .where(
            Assignment.user_id.in_(user_ids),
            Assignment.state.in_(LIVE_STATES),
            Assignment.pickup_at < bounds[1],
            Assignment.busy_until > bounds[0],
        )
        .options(joinedload(Assignment.ride))
        .order_by(Assignment.pickup_at)
    )
    held: dict[int, list[Assignment]] = defaultdict(list)
    for one in session.scalars(found):
        held[one.user_id].append(one)
    return held


def _used_this_week(session: Session, group: Group, day: date) -> dict[int, int]:
    monday, sunday = clock.week_of(day)
    rows = session.execute(
        select(Assignment.driver_id, func.count())
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            Assignment.group_id == group.id,
            Assignment.state.in_(LIVE_STATES),
            Ride.service_on.between(monday, sunday),
        )
        .group_by(Assignment.driver_id)
    )
    return dict(rows.all())


def _drove_lately(session: Session, group: Group, *, before: datetime) -> dict[int, int]:
    """Seconds by driver id, of rides that were driven to their end."""
    rows = session.execute(
        select(Assignment.driver_id, Assignment.pickup_at, Assignment.busy_until).where(
            Assignment.group_id == group.id,
            Assignment.state == AssignmentState.COMPLETED,
            Assignment.pickup_at.between(before - LOOKED_BACK, before),
        )
    )
    drove: dict[int, int] = defaultdict(int)
    for driver_id, pickup_at, busy_until in rows:
        drove[driver_id] += int((busy_until - pickup_at).total_seconds())
    return drove


def _usually_offers(driver: Driver) -> int:
    weeks = LOOKED_BACK // timedelta(days=7)
    return 60 * weeks * sum(one.ends_minute - one.starts_minute for one in driver.weekly)
