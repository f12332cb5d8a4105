"""What is due to be erased, and what keeps it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Select, exists, func, select
from sqlalchemy.orm import Session

from dispatch import clock, retention
from dispatch.erasing import rules
from dispatch.erasing.models import Erasure, ErasureState, LegalHold, Whose, Why
from dispatch.families.models import Family
from dispatch.people.models import Group, User
from dispatch.planning.models import LIVE_STATES, Assignment, AssignmentState
from dispatch.rides.models import Ride

_TO_COME = tuple(state for state in LIVE_STATES if state is not AssignmentState.COMPLETED)


@dataclass(frozen=True)
class Due:
    """Somebody whose key and rows are to go."""

    owner_uid: UUID
    whose: Whose
    row_id: int
    group_id: int | None
    why: Why
    due_at: datetime


def due_families(session: Session, *, now: datetime) -> list[Due]:
    """The families that are to be erased: withdrawn, or inactive for long enough; none on hold and
    none whom a driver is still to fetch. The longest overdue first."""
    found = []
    for group in session.scalars(select(Group)):
        rows = session.execute(
            _families_with_last_day(group).where(~_is_held(now), ~_is_driven(now))
        )
        for family, asked_for in rows:
            why, at = _when(family, asked_for, group)
            if at <= now:
                found.append(Due(family.uid, Whose.FAMILY, family.id, group.id, why, at))
    return sorted(found, key=lambda one: one.due_at)


def due_accounts(session: Session, *, now: datetime) -> list[Due]:
    """The accounts that are to be erased: somebody asked, and nobody waits for that driver."""
    drives = exists().where(Assignment.user_id == User.id, *_to_come(now))
    users = session.scalars(select(User).where(User.leaves_at <= now, ~drives))
    return [
        Due(user.uid, Whose.ACCOUNT, user.id, None, Why.WITHDRAWN, user.leaves_at)
        for user in users
        if user.leaves_at is not None
    ]


def kept_until(session: Session, family: Family) -> date:
    """The day on which `family` is erased if nothing happens: for its record and its own page."""
    group = session.get_one(Group, family.group_id)
    asked_for = session.scalar(select(func.max(Ride.service_on)).where(Ride.family_id == family.id))
    _why, at = _when(family, asked_for, group)
    return clock.local_day(at, group.zone)


def unfinished(session: Session) -> list[Erasure]:
    """Erasures that were begun and have not ended: a crash came between."""
    return list(session.scalars(select(Erasure).where(Erasure.state == ErasureState.ERASING)))


def overdue(session: Session, *, now: datetime) -> list[Due]:
    """Who was due long enough ago that the daily run should have taken them."""
    late = now - rules.OVERDUE_AFTER
    found = [*due_families(session, now=now), *due_accounts(session, now=now)]
    return [one for one in found if one.due_at <= late]


def live_holds(session: Session, group_id: int, *, now: datetime) -> list[LegalHold]:
    """The holds of a group that are asked for or in force, the soonest to end first."""
    return list(
        session.scalars(
            select(LegalHold)
            .where(
                LegalHold.group_id == group_id,
                LegalHold.ended_at.is_(None),
                LegalHold.expires_at > now,
            )
            .order_by(LegalHold.expires_at)
        )
    )


def held_family_ids(session: Session, *, now: datetime) -> set[int]:
    """The families that may not be erased now."""
    return set(session.scalars(select(LegalHold.family_id).where(*_in_force(now))))


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        LegalHold.confirmed_at.is_not(None),
        LegalHold.ended_at.is_(None),
        LegalHold.expires_at > now,
    )


def _is_held(now: datetime) -> Exists:
    return exists().where(LegalHold.family_id == Family.id, *_in_force(now))


def _is_driven(now: datetime) -> Exists:
    return exists().where(
        Ride.family_id == Family.id, Assignment.ride_id == Ride.id, *_to_come(now)
    )


def _to_come(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Assignment.state.in_(_TO_COME), Assignment.busy_until > now


def _families_with_last_day(group: Group) -> Select[tuple[Family, date | None]]:
    last_day = (
        select(func.max(Ride.service_on)).where(Ride.family_id == Family.id).scalar_subquery()
    )
    return select(Family, last_day).where(Family.group_id == group.id)


def _when(family: Family, asked_for: date | None, group: Group) -> tuple[Why, datetime]:
    if family.withdrawn_at is not None:
        return Why.WITHDRAWN, family.withdrawn_at
    days = [day for day in (asked_for, family.last_ride_on) if day is not None]
    made_on = clock.local_day(family.made_at, group.zone)
    day = retention.family_erased_on(made_on, max(days, default=None), group.family_days)
    return Why.INACTIVE, clock.day_bounds(day, group.zone)[0]
