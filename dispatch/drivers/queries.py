"""Named selects about drivers. What an actor may not know of is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.crypto.sealed import Sealed
from dispatch.drivers import rules
from dispatch.drivers.models import (
    Credential,
    DatedAvailability,
    DayOff,
    Driver,
    DriverState,
    WeeklyAvailability,
)
from dispatch.drivers.rules import Range
from dispatch.errors import NotFound
from dispatch.people.models import Group, Membership, Role, User
from dispatch.places import typed
from dispatch.places.models import Place
from dispatch.policy import Actor, scopes


def driver_ids_of(session: Session, user_id: int) -> dict[int, int]:
    """Driver id by group id of one person."""
    rows = session.execute(select(Driver.group_id, Driver.id).where(Driver.user_id == user_id))
    return {row.group_id: row.id for row in rows}


def drivers(session: Session, actor: Actor, group: Group) -> list[Driver]:
    """The drivers of `group` by number, with account, times and papers; a driver finds itself."""
    chosen = _whole().where(
        scopes.of_my_groups_or_me(actor, Driver.group_id, Driver.id),
        Driver.group_id == group.id,
    )
    return list(session.scalars(chosen.order_by(Driver.number)))


@dataclass(frozen=True)
class DriverOn:
    """A driver as a list of one day shows it: no place, and of its times those of the day."""

    id: int
    uid: UUID
    number: str
    seats: int
    user_uid: UUID
    sealed_name: Sealed | None
    ranges: list[Range]
    """The hours it offers."""


def drivers_on(session: Session, actor: Actor, group: Group, day: date) -> list[DriverOn]:
    """The drivers of `group` by number, only to look at, with the hours they offer on `day`.

    Plain columns in one select: the board asks for all drivers at every look.
    """
    is_away = exists().where(
        DayOff.driver_id == Driver.id, DayOff.first_on <= day, DayOff.last_on >= day
    )
    has_expired = exists().where(Credential.driver_id == Driver.id, Credential.expires_on < day)
    chosen = (
        select(
            *(Driver.id, Driver.uid, Driver.number, Driver.seats, User.uid, User.sealed_name),
            *(Driver.state, is_away, has_expired),
            *(WeeklyAvailability.starts_minute, WeeklyAvailability.ends_minute),
            *(DatedAvailability.starts_minute, DatedAvailability.ends_minute),
        )
        .join(User, Driver.user_id == User.id)
        .outerjoin(Driver.weekly.and_(WeeklyAvailability.weekday == day.weekday()))
        .outerjoin(Driver.dated.and_(DatedAvailability.on == day))
        .where(scopes.of_my_groups(actor, Driver.group_id), Driver.group_id == group.id)
        .order_by(Driver.number, Driver.id)
    )
    # One line for each pairing of hours of the week with hours of the date.
    lines = groupby(session.execute(chosen), key=itemgetter(0))
    return [_driver_on(list(of_driver)) for _driver, of_driver in lines]


def _driver_on(lines: Sequence[Row[Any]]) -> DriverOn:
    state, is_away, has_expired = lines[0][6:9]
    ranges = rules.offered(
        weekly={(line[9], line[10]) for line in lines if line[9] is not None},
        dated={(line[11], line[12]) for line in lines if line[11] is not None},
        may_drive=state is DriverState.ACTIVE and not is_away and not has_expired,
    )
    return DriverOn(*lines[0][:6], ranges)


def get_driver(session: Session, actor: Actor, uid: UUID) -> Driver:
    """One driver.

    Raises
        NotFound: there is none, or it is neither of the actor's groups nor the actor.
    """
    chosen = _whole().where(
        scopes.of_my_groups_or_me(actor, Driver.group_id, Driver.id), Driver.uid == uid
    )
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise NotFound("driver")
    return found


def own_driver(session: Session, actor: Actor, group: Group) -> Driver:
    """The driver of `group` who is the actor.

    Raises
        NotFound: the actor does not drive for `group`.
    """
    chosen = _whole().where(scopes.of_me_as_driver(actor, Driver.id), Driver.group_id == group.id)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise NotFound("driver")
    return found


def without_record(session: Session, actor: Actor, group: Group) -> list[User]:
    """People who were invited to drive for `group` and of whom no car is known yet."""
    recorded = select(Driver.user_id).where(Driver.group_id == group.id)
    chosen = (
        select(User)
        .join(Membership)
        .where(
            scopes.of_my_groups(actor, Membership.group_id),
            Membership.group_id == group.id,
            Membership.role == Role.DRIVER,
            User.id.not_in(recorded),
        )
        .order_by(User.id)
    )
    return list(session.scalars(chosen))


def next_number(session: Session, group: Group) -> str:
    """The number to suggest for the next driver of `group`."""
    taken = session.scalars(select(Driver.number).where(Driver.group_id == group.id))
    return typed.next_number(taken, first="D01")


def _whole() -> Select[tuple[Driver]]:
    return select(Driver).options(
        joinedload(Driver.user),
        joinedload(Driver.start_place).joinedload(Place.cell),
        joinedload(Driver.end_place).joinedload(Place.cell),
        selectinload(Driver.weekly),
        selectinload(Driver.dated),
        selectinload(Driver.days_off),
        selectinload(Driver.credentials),
    )
