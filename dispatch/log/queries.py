"""Named selects of the log. Entries hold ids; what they are called is looked up as it is now."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.support import LazyProxy
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, selectinload

from dispatch import clock
from dispatch.audit.models import AuditEvent
from dispatch.audit.queries import LOOKS
from dispatch.audit.service import REFUSED
from dispatch.db.transactions import vault_of
from dispatch.families.models import Family
from dispatch.families.queries import opened_in_need
from dispatch.log.forms import Question
from dispatch.people.models import Group, Membership, User
from dispatch.people.queries import shown_name
from dispatch.policy import Action, Actor
from dispatch.policy.actions import SENTENCES
from dispatch.policy.scopes import of_my_groups

PAGE = 50
"""Entries of one page."""
_IN_NEED = (Action.BREAK_GLASS, Action.END_GLASS, Action.READ_GLASS_REASON, Action.REVIEW_GLASS)
_SENTENCES: dict[str, LazyProxy] = {action.value: words for action, words in SENTENCES.items()}


@dataclass(frozen=True)
class Entry:
    """One line of the log, with the ids in words where they still mean somebody."""

    event: AuditEvent
    who: str
    """The name of the account; nothing for a family, the program, or somebody erased."""
    what: str
    number: str
    """Of the family, for as long as it is known."""
    is_refused: bool
    in_need: bool
    """The family was closed, and opened in need by who looked."""


def entries(
    session: Session, actor: Actor, question: Question, zone: ZoneInfo
) -> tuple[list[Entry], int | None]:
    """A page of what `actor` may know, newest first, and where the next one begins if any."""
    chosen = select(AuditEvent).where(_known_to(actor), *_asked(question, zone))
    rows = session.scalars(chosen.order_by(AuditEvent.position.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    further = shown[-1].position if len(rows) > PAGE else None
    return _in_words(session, shown), further


def people(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Whose entries may be asked for: everybody with an account whom `actor` works with."""
    chosen = select(User)
    if not actor.is_steward:
        members = select(Membership.user_id).where(of_my_groups(actor, Membership.group_id))
        chosen = chosen.where(User.id.in_(members))
    vault = vault_of(session)
    return sorted(
        ((user.uid, shown_name(user, vault)) for user in session.scalars(chosen)),
        key=lambda pair: (pair[1].casefold(), str(pair[0])),
    )


def families(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """Whose entries may be asked for, by the number of the family."""
    chosen = select(Family.uid, Family.number).order_by(Family.number, Family.id)
    if not actor.is_steward:
        chosen = chosen.where(of_my_groups(actor, Family.group_id))
    return [(uid, number) for uid, number in session.execute(chosen)]


def _known_to(actor: Actor) -> ColumnElement[bool]:
    """A steward reads the whole log, which holds codes; a coordinator that of the own groups."""
    if actor.is_in and actor.is_steward:
        return true()
    own_families = select(Family.uid).where(of_my_groups(actor, Family.group_id))
    own_groups = select(Group.uid).where(of_my_groups(actor, Group.id))
    return or_(AuditEvent.family_uid.in_(own_families), AuditEvent.group_uid.in_(own_groups))


def _asked(question: Question, zone: ZoneInfo) -> Iterable[ColumnElement[bool]]:
    if question.family is not None:
        yield AuditEvent.family_uid == question.family
    if question.person is not None:
        yield AuditEvent.actor_uid == question.person
    if question.day is not None:
        first, end = clock.day_bounds(question.day, zone)
        yield AuditEvent.at >= first
        yield AuditEvent.at < end
    if question.before is not None:
        yield AuditEvent.position < question.before
    if not question.everything:
        reads = [action.value for action in (*LOOKS, *_IN_NEED)]
        yield or_(AuditEvent.action.in_(reads), AuditEvent.outcome == REFUSED)


def _in_words(session: Session, rows: Iterable[AuditEvent]) -> list[Entry]:
    rows = list(rows)
    vault = vault_of(session)
    accounts = select(User).where(User.uid.in_({row.actor_uid for row in rows}))
    users = {user.uid: user for user in session.scalars(accounts)}
    names = {uid: shown_name(user, vault) for uid, user in users.items()}
    touched = (
        select(Family)
        .where(Family.uid.in_({row.family_uid for row in rows}))
        .options(selectinload(Family.breaks))
    )
    known = {family.uid: family for family in session.scalars(touched)}
    return [
        Entry(
            event=row,
            who=names.get(row.actor_uid, "") if row.actor_uid else "",
            what=str(_SENTENCES.get(row.action, row.action)),
            number=known[row.family_uid].number if row.family_uid in known else "",
            is_refused=row.outcome == REFUSED,
            in_need=_is_in_need(row, known, users),
        )
        for row in rows
    ]


def _is_in_need(row: AuditEvent, known: dict[UUID, Family], users: dict[UUID, User]) -> bool:
    if row.family_uid not in known or row.actor_uid not in users:
        return False
    return opened_in_need(known[row.family_uid], users[row.actor_uid].id, row.at)
