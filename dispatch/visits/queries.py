"""Named selects of a family's own page, and of its codes and phones for the desk."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, retention
from dispatch.audit.models import AuditEvent
from dispatch.audit.queries import looks_at_family
from dispatch.audit.service import DONE
from dispatch.db.transactions import vault_of
from dispatch.drivers.models import Driver as DriverRecord
from dispatch.errors import NotFound
from dispatch.families.models import Family
from dispatch.families.queries import opened_in_need
from dispatch.i18n import gettext as _
from dispatch.people.models import Group, User
from dispatch.people.queries import shown_name
from dispatch.places.models import Place, PlaceKind
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Action, Actor, permits
from dispatch.policy.scopes import of_my_family, of_my_groups
from dispatch.rides.models import Anchor, Ride, RideState
from dispatch.rides.queries import UNDER_WAY
from dispatch.rides.rules import CANCELLABLE, CHANGEABLE
from dispatch.visits.facts import Driver, OwnLook, OwnRide, Seen
from dispatch.visits.models import CodeState, FamilyCode, FamilyPhone

SHOWN_CODES = 5
_OVER = (RideState.DONE, RideState.NO_SHOW, RideState.CANCELLED)


def own_family(session: Session, actor: Actor) -> Family:
    """The family that asks.

    Raises
        NotFound: no family asks.
    """
    found = session.scalars(select(Family).where(of_my_family(actor, Family.id))).one_or_none()
    if found is None:
        raise NotFound(Action.SEE_OWN_FAMILY.value)
    return found


def get_own_ride(session: Session, actor: Actor, uid: UUID) -> Ride:
    """A ride of the family that asks.

    Raises
        NotFound: there is none, or it is another family's.
    """
    chosen = select(Ride).where(Ride.uid == uid, of_my_family(actor, Ride.family_id))
    found = session.scalars(
        chosen.options(joinedload(Ride.family), joinedload(Ride.request))
    ).one_or_none()
    if found is None:
        raise NotFound("ride")
    return found


def own_rides(session: Session, actor: Actor, group: Group, *, now: datetime) -> list[OwnRide]:
    """The rides to come of the family that asks, and those under way, by time."""
    today = clock.local_day(now, group.zone)
    chosen = (
        select(Ride)
        .where(
            of_my_family(actor, Ride.family_id),
            Ride.state.not_in(_OVER),
            or_(Ride.service_on >= today, Ride.state.in_(UNDER_WAY)),
        )
        .options(
            joinedload(Ride.family),
            joinedload(Ride.pickup_place).joinedload(Place.cell),
            joinedload(Ride.dropoff_place).joinedload(Place.cell),
            selectinload(Ride.assignments)
            .joinedload(Assignment.driver)
            .joinedload(DriverRecord.user),
        )
        .order_by(Ride.service_on, Ride.leg, Ride.id)
    )
    found = [_own_ride(session, actor, ride, today, now) for ride in session.scalars(chosen)]
    return sorted(found, key=lambda one: _when(one, group))


def own_looks(session: Session, family: Family, *, most: int) -> list[OwnLook]:
    """Who read something of `family`, newest first; what one person read at once is one look."""
    rows = session.scalars(
        looks_at_family(family.uid).where(AuditEvent.outcome == DONE).limit(most * 3)
    ).all()
    people = session.scalars(select(User).where(User.uid.in_({row.actor_uid for row in rows})))
    known = {user.uid: user for user in people}
    looks = []
    for _key, same in groupby(rows, key=lambda row: (row.at, row.actor_uid)):
        looks.append(_look(session, family, list(same), known))
    return looks[:most]


def codes_of(session: Session, actor: Actor, family: Family) -> list[FamilyCode]:
    """The latest codes of `family`, newest first."""
    chosen = (
        select(FamilyCode)
        .join(Family)
        .where(of_my_groups(actor, Family.group_id), FamilyCode.family_id == family.id)
    )
    newest = chosen.order_by(FamilyCode.made_at.desc(), FamilyCode.id.desc()).limit(SHOWN_CODES)
    return list(session.scalars(newest))


def phones_of(session: Session, actor: Actor, family: Family) -> list[FamilyPhone]:
    """The phones of `family` whose page nobody ended, newest first."""
    chosen = (
        select(FamilyPhone)
        .join(Family)
        .where(
            of_my_groups(actor, Family.group_id),
            FamilyPhone.family_id == family.id,
            FamilyPhone.ended_at.is_(None),
        )
    )
    return list(session.scalars(chosen.order_by(FamilyPhone.made_at.desc(), FamilyPhone.id.desc())))


def has_open_code(codes: Sequence[FamilyCode], now: datetime) -> bool:
    """Whether one of `codes` would open the page."""
    return any(code.state(now) is CodeState.OPEN for code in codes)


def erased_on(session: Session, family: Family, group: Group) -> date:
    """The day by which no copy of what is known of `family` can be read, if it asks no more."""
    if family.withdrawn_at is not None:
        since = clock.local_day(family.withdrawn_at, group.zone)
        return since + timedelta(days=retention.BACKUP_KEYS_DAYS)
    latest = session.scalar(select(func.max(Ride.service_on)).where(Ride.family_id == family.id))
    known = [day for day in (latest, family.last_ride_on) if day is not None]
    made_on = clock.local_day(family.made_at, group.zone)
    return retention.family_erased_on(made_on, max(known, default=None), group.family_days)


def _own_ride(session: Session, actor: Actor, ride: Ride, today: date, now: datetime) -> OwnRide:
    driver = _driver_of(session, ride)
    asked_at = ride.window_ends_at
    if ride.anchor is Anchor.LEAVE_AT:
        asked_at = ride.window_starts_at
    return OwnRide(
        ride=ride,
        at=asked_at if driver is None else driver.pickup_at,
        is_arrival=driver is None and ride.anchor is Anchor.ARRIVE_BY,
        start=_end_of(ride, ride.pickup_place),
        end=_end_of(ride, ride.dropoff_place),
        driver=driver,
        may_confirm=ride.state in CHANGEABLE
        and ride.confirmed_at is None
        and permits(actor, Action.CONFIRM_RIDE, ride, now),
        may_cancel=ride.state in CANCELLABLE and permits(actor, Action.CANCEL_RIDE, ride, now),
        is_waited_for=ride.state is RideState.WILL_CALL and ride.service_on <= today,
    )


def _driver_of(session: Session, ride: Ride) -> Driver | None:
    """Who has said yes; an offer is nobody's business yet."""
    promised = (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)
    held = next((one for one in ride.assignments if one.state in promised), None)
    if held is None:
        return None
    name = shown_name(held.driver.user, vault_of(session)).split(" ")[0]
    is_to_come = ride.state is RideState.ACCEPTED
    return Driver(
        name=name,
        car=held.driver.car,
        pickup_at=held.expected_at if is_to_come else held.pickup_at,
        delay_minutes=held.delay_minutes if is_to_come else 0,
    )


def _end_of(ride: Ride, place: Place) -> str:
    if place.owner_uid == ride.family.uid and place.kind is PlaceKind.HOME:
        return _("Home")
    return place.shown_as


def _when(one: OwnRide, group: Group) -> tuple[date, bool, datetime]:
    """Will-calls come after what has a time on the same day."""
    midnight = clock.day_bounds(one.ride.service_on, group.zone)[0]
    return one.ride.service_on, one.at is None, one.at or midnight


def _look(
    session: Session, family: Family, rows: list[AuditEvent], known: dict[UUID, User]
) -> OwnLook:
    first = rows[0]
    user = known.get(first.actor_uid) if first.actor_uid else None
    name = ""
    if user is not None and first.role == "driver":
        name = shown_name(user, vault_of(session)).split(" ")[0]
    is_address = {row.action == Action.READ_ADDRESS.value for row in rows}
    return OwnLook(
        at=first.at,
        role=first.role,
        name=name,
        what=frozenset(Seen.ADDRESS if one else Seen.OTHER for one in is_address),
        in_need=user is not None and opened_in_need(family, user.id, first.at),
    )
