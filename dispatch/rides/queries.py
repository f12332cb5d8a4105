"""Named selects of requests and rides. What an actor may not know of is not found."""

import enum
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from dispatch import clock
from dispatch.errors import NotFound
from dispatch.families.models import Family, FamilyState
from dispatch.people.models import Group, User
from dispatch.places.models import Place
from dispatch.policy import Actor
from dispatch.policy.scopes import of_my_groups
from dispatch.rides.models import Leg, Request, Ride, RideState
from dispatch.rides.rules import CANCELLABLE

WITHOUT_DRIVER = (RideState.WILL_CALL, RideState.OPEN, RideState.OFFERED)
"""States of a ride that nobody has promised to drive."""
UNDER_WAY = (RideState.ARRIVED, RideState.ON_BOARD)
"""States of a ride that is being driven."""
_ALARMING = timedelta(days=1)
"""How long after its service day a return without a driver is still an alarm."""


class Scope(enum.Enum):
    """How much of a request somebody means."""

    RIDE = "ride"
    """This ride alone."""
    DAY = "day"
    """Both ways of this day."""
    REST = "rest"
    """This day and every later one of the series."""


def get_ride(session: Session, actor: Actor, uid: UUID) -> Ride:
    """A ride with everything its page shows.

    Raises
        NotFound: there is none, or it belongs to another group.
    """
    found = session.scalars(
        _rides(actor)
        .where(Ride.uid == uid)
        .options(
            joinedload(Ride.request).joinedload(Request.family),
            joinedload(Ride.outbound),
            selectinload(Ride.returns),
            selectinload(Ride.events),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("ride")
    return found


def get_request(session: Session, actor: Actor, uid: UUID) -> Request:
    """A request with its family; its rides by `rides_of_request`.

    Raises
        NotFound: there is none, or it belongs to another group.
    """
    found = session.scalars(
        select(Request)
        .where(Request.uid == uid, of_my_groups(actor, Request.group_id))
        .options(joinedload(Request.family))
    ).one_or_none()
    if found is None:
        raise NotFound("request")
    return found


def rides_of_request(session: Session, actor: Actor, request: Request) -> list[Ride]:
    """All rides of `request`, day by day, each outbound before its return."""
    chosen = _rides(actor).where(Ride.request_id == request.id)
    return list(session.scalars(chosen.order_by(Ride.service_on, Ride.leg, Ride.id)))


def rides_of_day(session: Session, actor: Actor, group: Group, day: date) -> list[Ride]:
    """The rides of one service day, by time; will-calls without a time last. One query."""
    return rides_between(session, actor, group, day, day)


def rides_of_week(session: Session, actor: Actor, group: Group, day: date) -> list[Ride]:
    """The rides of the week that holds `day`, Monday to Sunday, by day and time. One query."""
    monday, sunday = clock.week_of(day)
    return rides_between(session, actor, group, monday, sunday)


def rides_between(
    session: Session, actor: Actor, group: Group, first: date, last: date
) -> list[Ride]:
    """The rides of the service days from `first` to `last`, both inclusive. One query."""
    chosen = _rides(actor).where(Ride.group_id == group.id, Ride.service_on.between(first, last))
    return list(session.scalars(_by_time(chosen)).unique())


def rides_of_family(session: Session, actor: Actor, family: Family, *, since: date) -> list[Ride]:
    """A family's rides from `since` on, by time."""
    chosen = _rides(actor).where(Ride.family_id == family.id, Ride.service_on >= since)
    return list(session.scalars(_by_time(chosen)))


def returns_without_driver(
    session: Session, actor: Actor, group: Group, now: datetime
) -> list[Ride]:
    """Returns that nobody has promised to drive although the party was dropped off there.

    Those of days gone by long since alarm nobody any more.
    """
    oldest = clock.local_day(now, group.zone) - _ALARMING
    outbound = aliased(Ride)  # not before every table is known
    left_behind = (
        select(Ride.id)
        .join(outbound, Ride.outbound_id == outbound.id)
        .where(
            of_my_groups(actor, Ride.group_id),
            Ride.group_id == group.id,
            Ride.service_on >= oldest,
            Ride.state.in_(WITHOUT_DRIVER),
            outbound.state == RideState.DONE,
        )
    )
    # Two selects, because every look at the board asks and the answer is nearly always "none".
    found = list(session.scalars(left_behind))
    if not found:
        return []
    chosen = _rides(actor).where(Ride.id.in_(found)).options(joinedload(Ride.outbound))
    return list(session.scalars(_by_time(chosen)))


def rides_at(
    session: Session, actor: Actor, family: Family, place: Place, *, since: date
) -> list[Ride]:
    """A family's rides that begin or end at `place`, by time: those of `since` and later days.

    What is under way counts whatever its day; what was driven never does. Cancelled rides may be
    taken up again, so they are among them.
    """
    chosen = (
        _rides(actor)
        .where(
            Ride.family_id == family.id,
            or_(Ride.pickup_place_id == place.id, Ride.dropoff_place_id == place.id),
            Ride.state.not_in((RideState.DONE, RideState.NO_SHOW)),
            or_(Ride.service_on >= since, Ride.state.in_(UNDER_WAY)),
        )
        .options(joinedload(Ride.outbound))
    )
    return list(session.scalars(_by_time(chosen)))


def recent_dropoffs(session: Session, actor: Actor, family: Family, *, most: int = 3) -> list[Ride]:
    """The latest outbound ride to each of the places where a family went last, newest first."""
    newest = (
        select(func.max(Ride.id))
        .where(
            Ride.family_id == family.id,
            Ride.leg == Leg.OUTBOUND,
            Ride.window_starts_at.is_not(None),
        )
        .group_by(Ride.dropoff_place_id)
    )
    chosen = (
        _rides(actor)
        .where(Ride.id.in_(newest))
        .options(joinedload(Ride.request), selectinload(Ride.returns))
        .order_by(Ride.id.desc())
        .limit(most)
    )
    return list(session.scalars(chosen))


def open_rides_by_day(
    session: Session, actor: Actor, group: Group, first: date, last: date
) -> dict[date, int]:
    """How many rides want a driver on each day that has any, from `first` to `last` inclusive."""
    rows = session.execute(
        select(Ride.service_on, func.count())
        .where(
            of_my_groups(actor, Ride.group_id),
            Ride.group_id == group.id,
            Ride.service_on.between(first, last),
            Ride.state == RideState.OPEN,
        )
        .group_by(Ride.service_on)
    )
    return {row[0]: row[1] for row in rows}


def rides_in_scope(session: Session, actor: Actor, ride: Ride, scope: Scope) -> list[Ride]:
    """The rides that cancelling `ride` within `scope` means and that can still be cancelled."""
    chosen = _rides(actor).where(Ride.state.in_(CANCELLABLE), Ride.request_id == ride.request_id)
    if scope is Scope.RIDE:
        chosen = chosen.where(Ride.id == ride.id)
    elif scope is Scope.DAY:
        chosen = chosen.where(Ride.service_on == ride.service_on)
    else:
        chosen = chosen.where(Ride.service_on >= ride.service_on)
    return list(session.scalars(chosen.order_by(Ride.service_on, Ride.leg, Ride.id)))


def family_numbers(session: Session, actor: Actor, group: Group) -> list[str]:
    """The numbers of the families who may ask for rides."""
    return list(
        session.scalars(
            select(Family.number)
            .where(
                of_my_groups(actor, Family.group_id),
                Family.group_id == group.id,
                Family.state == FamilyState.ACTIVE,
            )
            .order_by(Family.number)
        )
    )


def people_of(session: Session, ride: Ride) -> list[User]:
    """The people who moved `ride` on, or asked for it."""
    ids = {event.by_id for event in ride.events} | {ride.request.made_by_id}
    return list(session.scalars(select(User).where(User.id.in_(ids - {None}))))


def _rides(actor: Actor) -> Select[tuple[Ride]]:
    """Rides that `actor` may know of, with what every list shows of them."""
    return (
        select(Ride)
        .where(of_my_groups(actor, Ride.group_id))
        .options(
            joinedload(Ride.family),
            joinedload(Ride.pickup_place).joinedload(Place.cell),
            joinedload(Ride.dropoff_place).joinedload(Place.cell),
        )
    )


def _by_time(chosen: Select[tuple[Ride]]) -> Select[tuple[Ride]]:
    no_time = Ride.window_starts_at.is_(None)
    return chosen.order_by(Ride.service_on, no_time, Ride.window_starts_at, Ride.id)
