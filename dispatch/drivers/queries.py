"""Named selects about drivers. What an actor may not know of is not found."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from dispatch.drivers.models import (
    Credential,
    DatedAvailability,
    DayOff,
    Driver,
    WeeklyAvailability,
)
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


def drivers_on(session: Session, actor: Actor, group: Group, day: date) -> list[Driver]:
    """The drivers of `group`, only to look at: account, expired papers and the times of `day`."""
    weekday = day.weekday()
    chosen = (
        select(Driver)
        .where(scopes.of_my_groups(actor, Driver.group_id), Driver.group_id == group.id)
        .options(
            load_only(
                Driver.uid,
                Driver.number,
                Driver.seats,
                Driver.state,
                Driver.user_id,
                raiseload=True,
            ),
            joinedload(Driver.user).load_only(User.uid, User.sealed_name, raiseload=True),
            joinedload(Driver.weekly.and_(WeeklyAvailability.weekday == weekday)),
            joinedload(Driver.dated.and_(DatedAvailability.on == day)),
            joinedload(Driver.days_off.and_(DayOff.last_on >= day)),
            joinedload(Driver.credentials.and_(Credential.expires_on < day)),
        )
        .order_by(Driver.number)
    )
    # Joined and not asked for one by one: each is a row or none on a given day.
    return list(session.scalars(chosen).unique())


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
