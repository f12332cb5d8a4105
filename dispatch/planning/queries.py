"""Named selects about runs, proposals and assignments, and the facts of one service day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from dispatch.drivers.models import Driver
from dispatch.errors import NotFound
from dispatch.families.models import Family
from dispatch.notify import queries as notify
from dispatch.notify.models import MessageKind
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.planning.models import (
    LIVE_STATES,
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
    Unserved,
)
from dispatch.policy import Actor
from dispatch.policy.scopes import of_me_as_driver, of_my_groups, of_my_groups_or_me
from dispatch.rides.models import Ride, RideState

Found = TypeVar("Found")


def get_run(session: Session, actor: Actor, uid: UUID) -> MatchRun:
    """A run of the actor's groups.

    Raises
        NotFound: there is none, or not for this actor.
    """
    found = select(MatchRun).where(MatchRun.uid == uid, of_my_groups(actor, MatchRun.group_id))
    return _one(session.scalars(found).one_or_none(), "run")


def get_proposal(session: Session, actor: Actor, uid: UUID) -> Proposal:
    """A proposal of the actor's groups.

    Raises
        NotFound: there is none, or not for this actor.
    """
    found = select(Proposal).where(Proposal.uid == uid, of_my_groups(actor, Proposal.group_id))
    return _one(session.scalars(found).one_or_none(), "proposal")


def get_assignment(session: Session, actor: Actor, uid: UUID) -> Assignment:
    """An assignment of the actor's groups, or one that is the actor's own.

    Raises
        NotFound: there is none, or not for this actor.
    """
    found = (
        select(Assignment)
        .where(
            Assignment.uid == uid,
            of_my_groups_or_me(actor, Assignment.group_id, Assignment.driver_id),
        )
        .options(joinedload(Assignment.ride).joinedload(Ride.family), joinedload(Assignment.driver))
    )
    return _one(session.scalars(found).one_or_none(), "assignment")


def get_own_assignment(session: Session, actor: Actor, uid: UUID) -> Assignment:
    """An assignment that is the actor's own as a driver, whatever became of it.

    Raises
        NotFound: there is none, or it is not the actor's.
    """
    found = select(Assignment).where(
        Assignment.uid == uid, of_me_as_driver(actor, Assignment.driver_id)
    )
    return _one(session.scalars(found).one_or_none(), "assignment")


def count_offers(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many answers of the actor are waited for: for both ways of a waiting driver it is one."""
    offered = aliased(Assignment)
    ways_there = select(offered.ride_id).where(
        of_me_as_driver(actor, offered.driver_id), offered.state == AssignmentState.OFFERED
    )
    found = (
        select(func.count())
        .select_from(Assignment)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            of_me_as_driver(actor, Assignment.driver_id),
            Assignment.state == AssignmentState.OFFERED,
            Assignment.pickup_at > now,
            or_(Ride.with_outbound.is_(False), Ride.outbound_id.not_in(ways_there)),
        )
    )
    return session.scalar(found) or 0


def legs_with(session: Session, assignment: Assignment) -> list[Assignment]:
    """The assignment and its other way, where the same driver waits in between; in order."""
    ride = assignment.ride
    out = ride.outbound_id if ride.with_outbound else ride.id
    found = (
        select(Assignment)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            or_(
                Ride.id == assignment.ride_id,
                Ride.id == out,
                (Ride.outbound_id == out) & Ride.with_outbound,
            ),
            Assignment.driver_id == assignment.driver_id,
            Assignment.state == assignment.state,
        )
        .order_by(Assignment.pickup_at)
    )
    return list(session.scalars(found))


def live_assignment(session: Session, ride: Ride) -> Assignment | None:
    """The assignment that gives `ride` its driver, if it has one."""
    found = select(Assignment).where(
        Assignment.ride_id == ride.id, Assignment.state.in_(LIVE_STATES)
    )
    return session.scalars(found).one_or_none()


def live_proposal(session: Session, ride: Ride) -> Proposal | None:
    """The proposal for `ride` that waits for a coordinator, if there is one."""
    found = select(Proposal).where(
        Proposal.ride_id == ride.id, Proposal.state == ProposalState.LIVE
    )
    return session.scalars(found).one_or_none()


def proposals_of_day(session: Session, actor: Actor, group: Group, day: date) -> list[Proposal]:
    """What waits for a coordinator on `day`, made for the rides as they are now."""
    found = (
        select(Proposal)
        .join(Ride, Proposal.ride_id == Ride.id)
        .where(
            of_my_groups(actor, Proposal.group_id),
            Proposal.group_id == group.id,
            Proposal.state == ProposalState.LIVE,
            Ride.service_on == day,
            Ride.version == Proposal.ride_version,
            Ride.state == RideState.OPEN,
        )
        .options(joinedload(Proposal.driver).joinedload(Driver.user))
    )
    return list(session.scalars(found))


def unserved_of_day(session: Session, actor: Actor, group: Group, day: date) -> list[Unserved]:
    """What the latest finished run of `day` left out, for rides that are still as it saw them."""
    run = latest_run(session, actor, group, day, finished=True)
    if run is None:
        return []
    found = (
        select(Unserved)
        .join(Ride, Unserved.ride_id == Ride.id)
        .where(
            Unserved.run_id == run.id,
            Ride.version == Unserved.ride_version,
            Ride.state == RideState.OPEN,
        )
    )
    return list(session.scalars(found))


def assignments_of_day(session: Session, actor: Actor, group: Group, day: date) -> list[Assignment]:
    """Who has which ride of `day`."""
    found = (
        select(Assignment)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            of_my_groups(actor, Assignment.group_id),
            Assignment.group_id == group.id,
            Assignment.state.in_(LIVE_STATES),
            Ride.service_on == day,
        )
        .options(joinedload(Assignment.driver).joinedload(Driver.user))
    )
    return list(session.scalars(found))


def latest_run(
    session: Session, actor: Actor, group: Group, day: date, *, finished: bool = False
) -> MatchRun | None:
    """The newest run of `day`; with `finished`, the newest that ended with a plan."""
    found = (
        select(MatchRun)
        .where(
            of_my_groups(actor, MatchRun.group_id),
            MatchRun.group_id == group.id,
            MatchRun.service_on == day,
        )
        .order_by(MatchRun.id.desc())
        .limit(1)
    )
    if finished:
        found = found.where(MatchRun.state == RunState.DONE)
    return session.scalars(found).first()


def expected_families(
    session: Session, actor: Actor, group_id: int, *, since: datetime, until: datetime
) -> set[UUID]:
    """Whose doors a day is about: families with a ride that `actor` drives between two moments,
    or of the group `group_id` if `actor` coordinates it (see `places.limits`)."""
    chosen = select(Family.uid).join(Ride, Ride.family_id == Family.id).distinct()
    if group_id in actor.coordinates:
        days = (since.date(), until.date())
        return set(
            session.scalars(chosen.where(Ride.group_id == group_id, Ride.service_on.between(*days)))
        )
    driven = chosen.join(Assignment, Assignment.ride_id == Ride.id).where(
        of_me_as_driver(actor, Assignment.driver_id),
        Assignment.state.in_(LIVE_STATES),
        Assignment.pickup_at.between(since, until),
    )
    return set(session.scalars(driven))


def own_assignments(
    session: Session, actor: Actor, *, since: datetime, states: Iterable[AssignmentState]
) -> list[Assignment]:
    """The actor's own rides as a driver with a pickup after `since`, the next one first."""
    found = (
        select(Assignment)
        .where(
            of_me_as_driver(actor, Assignment.driver_id),
            Assignment.state.in_(list(states)),
            Assignment.busy_until >= since,
        )
        .options(
            joinedload(Assignment.ride).options(
                joinedload(Ride.family),
                joinedload(Ride.request),
                joinedload(Ride.pickup_place).joinedload(Place.cell),
                joinedload(Ride.dropoff_place).joinedload(Place.cell),
            ),
            selectinload(Assignment.grants),
        )
        .order_by(Assignment.pickup_at)
    )
    return list(session.scalars(found))


def taken_back(session: Session, actor: Actor, *, since: date) -> list[Assignment]:
    """Rides from `since` on that are the actor's no more, until the actor says that it knows."""
    unread = notify.unread(session, actor, MessageKind.RIDE_WITHDRAWN)
    if not unread:
        return []
    found = (
        select(Assignment)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            of_me_as_driver(actor, Assignment.driver_id),
            Assignment.uid.in_([message.about_uid for message in unread]),
            Ride.service_on >= since,
        )
        .options(
            joinedload(Assignment.ride).options(
                joinedload(Ride.pickup_place).joinedload(Place.cell),
                joinedload(Ride.dropoff_place).joinedload(Place.cell),
            )
        )
        .order_by(Assignment.pickup_at)
    )
    return list(session.scalars(found))


def _one(found: Found | None, what: str) -> Found:
    if found is None:
        raise NotFound(what)
    return found
