"""Named selects of families. What an actor may not know of is not found."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from babel.support import LazyProxy
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.audit.queries import looks_at_family
from dispatch.audit.service import REFUSED
from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound
from dispatch.families import rules
from dispatch.families.models import DriverWish, Family, FamilyState
from dispatch.people.models import Group, User
from dispatch.people.queries import shown_name
from dispatch.places import typed
from dispatch.places.models import Place
from dispatch.policy import Action, Actor, scopes
from dispatch.policy.actions import SENTENCES

if TYPE_CHECKING:
    from dispatch.drivers.models import Driver

_PREFIX = re.compile(r"^\D*0*")
"""What nobody says of a number: the "F00" of F007."""


@dataclass(frozen=True)
class Look:
    """One look at something sealed of a family, or one that was refused."""

    at: datetime
    who: str
    role: str
    what: LazyProxy
    is_refused: bool
    in_need: bool
    """Whether the family was closed then, and opened in need by who looked."""


def families(
    session: Session,
    actor: Actor,
    group: Group,
    *,
    state: FamilyState | None = FamilyState.ACTIVE,
) -> list[Family]:
    """The families of `group` in `state` (None: in any), by number, with place and riders."""
    chosen = _known_to(actor).where(Family.group_id == group.id)
    if state is not None:
        chosen = chosen.where(Family.state == state)
    return list(session.scalars(chosen.order_by(Family.number)))


def get_family(session: Session, actor: Actor, uid: UUID) -> Family:
    """One family.

    Raises
        NotFound: there is none, or it belongs to another group.
    """
    found = session.scalars(_known_to(actor).where(Family.uid == uid)).one_or_none()
    if found is None:
        raise NotFound("family")
    return found


def find_by_number(session: Session, actor: Actor, group: Group, number: str) -> Family | None:
    """The family of `group` with this number, in any case; "7" means F007 if only one does."""
    wanted = number.strip().upper()
    known = _known_to(actor).where(Family.group_id == group.id)
    found = session.scalars(known.where(func.upper(Family.number) == wanted)).first()
    if found is not None or not wanted.isdecimal():
        return found
    short = wanted.lstrip("0")
    alike = known.where(Family.number.endswith(short)).order_by(Family.number)
    meant = [one for one in session.scalars(alike) if _PREFIX.sub("", one.number) == short]
    return meant[0] if len(meant) == 1 else None


def find_by_phone(session: Session, actor: Actor, group: Group, phone: str) -> list[Family]:
    """The families of `group` that are reached by `phone`, however it is written."""
    if not rules.is_phone(phone):
        return []
    uids = vault_of(session).find("phone", phone, group.uid)
    if not uids:
        return []
    chosen = _known_to(actor).where(Family.group_id == group.id, Family.uid.in_(uids))
    return list(session.scalars(chosen.order_by(Family.number)))


def next_number(session: Session, group: Group) -> str:
    """The number to suggest for the next family of `group`."""
    taken = session.scalars(select(Family.number).where(Family.group_id == group.id))
    return typed.next_number(taken, first="F001")


def drivers_to_wish(session: Session, actor: Actor, group: Group) -> list["Driver"]:
    """The drivers of `group` whom a wish may name, by number."""
    # Through the relation: drivers are on the same floor, so nothing of theirs is imported here.
    driver = DriverWish.driver.property.mapper.class_
    chosen = select(driver).where(
        scopes.of_my_groups(actor, driver.group_id), driver.group_id == group.id
    )
    return list(session.scalars(chosen.order_by(driver.number)))


def looks(session: Session, family: Family, *, most: int) -> list[Look]:
    """Who read what of `family`, newest first."""
    rows = session.scalars(looks_at_family(family.uid).limit(most)).all()
    people = session.scalars(
        select(User).where(User.uid.in_({row.actor_uid for row in rows}))
    ).all()
    vault = vault_of(session)
    known = {user.uid: user for user in people}
    names = {uid: shown_name(user, vault) for uid, user in known.items()}
    return [
        Look(
            at=row.at,
            who=names.get(row.actor_uid, "") if row.actor_uid else "",
            role=row.role,
            what=SENTENCES[Action(row.action)],
            is_refused=row.outcome == REFUSED,
            in_need=row.actor_uid in known
            and opened_in_need(family, known[row.actor_uid].id, row.at),
        )
        for row in rows
    ]


def opened_in_need(family: Family, user_id: int, at: datetime) -> bool:
    """Whether this person had opened the closed `family` in need at that moment."""
    return any(
        one.user_id == user_id
        and one.starts_at <= at < (one.ends_at if one.ended_at is None else one.ended_at)
        for one in family.breaks
    )


def _known_to(actor: Actor) -> Select[tuple[Family]]:
    return (
        select(Family)
        .where(scopes.of_my_groups(actor, Family.group_id))
        .options(
            joinedload(Family.place).joinedload(Place.cell),
            selectinload(Family.riders),
            selectinload(Family.wishes),
        )
    )
