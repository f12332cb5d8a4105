"""Open ways back that a driver could do, and hands that were raised, for the desk."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from dispatch import clock
from dispatch.claims import rules
from dispatch.claims.models import Claim
from dispatch.drivers.models import Driver
from dispatch.errors import NotFound
from dispatch.families.models import DriverWish, Wish
from dispatch.people.facts import Claims
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.places.roads import Estimate, metres_between
from dispatch.planning.driver_days import driver_days
from dispatch.planning.models import Assignment, AssignmentState, Proposal, ProposalState
from dispatch.policy import Actor
from dispatch.policy.scopes import of_groups_i_drive_for, of_my_groups
from dispatch.rides.models import Leg, Ride, RideState


def open_rides(session: Session, actor: Actor, driver: Driver, *, now: datetime) -> list[Ride]:
    """The ways back that nobody has and `driver` could do, as far as areas tell, by time."""
    group = session.get_one(Group, driver.group_id)
    today = clock.local_day(now, group.zone)
    chosen = _claimable(actor, driver).where(Ride.service_on.between(today, today + rules.AHEAD))
    by_day: dict[date, list[Ride]] = {}
    for ride in session.scalars(chosen.order_by(Ride.window_starts_at, Ride.id)):
        if rules.may_be_claimed(ride, now):
            by_day.setdefault(ride.service_on, []).append(ride)
    found = []
    for day, rides in by_day.items():
        bounds = clock.day_bounds(day, group.zone)
        (offers,) = driver_days(session, group, day, bounds, only=frozenset({driver.id}))
        found += [ride for ride in rides if _suits(ride, driver, offers)]
    return found


def get_open_ride(
    session: Session, actor: Actor, driver: Driver, uid: UUID, *, now: datetime
) -> Ride:
    """A way back that nobody has and that `driver` may raise a hand for.

    Raises
        NotFound: there is none, somebody has it by now, or not for this driver.
    """
    ride = session.scalars(_claimable(actor, driver).where(Ride.uid == uid)).one_or_none()
    if ride is None or not rules.may_be_claimed(ride, now):
        raise NotFound("ride")
    return ride


def is_known_to(session: Session, actor: Actor, uid: UUID) -> bool:
    """Whether the ride of this uid is of a group that `actor` drives for, whatever became of it."""
    chosen = select(Ride.id).where(Ride.uid == uid, of_groups_i_drive_for(actor, Ride.group_id))
    return session.scalar(chosen) is not None


def claimed_by(session: Session, driver: Driver) -> set[int]:
    """Ids of the rides for which `driver` raised the hand."""
    return set(session.scalars(select(Claim.ride_id).where(Claim.driver_id == driver.id)))


def hands_on(session: Session, actor: Actor, group: Group, day: date) -> list[Claim]:
    """The hands that are up for rides of `day` that still wait for a driver."""
    chosen = (
        select(Claim)
        .join(Claim.ride)
        .where(
            of_my_groups(actor, Ride.group_id),
            Ride.group_id == group.id,
            Ride.service_on == day,
            Ride.state == RideState.OPEN,
        )
        .options(
            contains_eager(Claim.ride).joinedload(Ride.family),
            joinedload(Claim.driver).joinedload(Driver.user),
        )
        .order_by(Claim.id)
    )
    return list(session.scalars(chosen))


def _claimable(actor: Actor, driver: Driver) -> Select[tuple[Ride]]:
    """Open ways back of the driver's group, where it allows hands, that nobody is proposed for."""
    proposed = exists().where(
        Proposal.ride_id == Ride.id,
        Proposal.state == ProposalState.LIVE,
        Proposal.ride_version == Ride.version,
    )
    never = exists().where(
        DriverWish.family_id == Ride.family_id,
        DriverWish.driver_id == driver.id,
        DriverWish.wish == Wish.NEVER,
    )
    said_no = exists().where(
        Assignment.ride_id == Ride.id,
        Assignment.driver_id == driver.id,
        Assignment.state == AssignmentState.DECLINED,
    )
    return (
        select(Ride)
        .join(Group, and_(Group.id == Ride.group_id, Group.claims != Claims.NONE))
        .where(
            of_groups_i_drive_for(actor, Ride.group_id),
            Ride.group_id == driver.group_id,
            Ride.state == RideState.OPEN,
            Ride.leg == Leg.RETURN,
            ~proposed,
            ~never,
            ~said_no,
        )
        .options(
            joinedload(Ride.pickup_place).joinedload(Place.cell),
            joinedload(Ride.dropoff_place).joinedload(Place.cell),
        )
    )


def _suits(ride: Ride, driver: Driver, offers: object) -> bool:
    pickup, dropoff = ride.pickup_place.coarse_point, ride.dropoff_place.coarse_point
    minutes = Estimate().minutes_between(pickup, dropoff)
    metres = metres_between(driver.start_place.coarse_point, pickup)
    return rules.suits(ride, offers, minutes, metres)
