"""An account is erased because its person wants to go: a steward asks, another person agrees."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import service as people
from dispatch.people import two_persons
from dispatch.people.models import Group, Motion, User, UserState
from dispatch.people.queries import shown_name
from dispatch.people.two_persons import Matter
from dispatch.policy import Action, Actor


def ask(session: Session, actor: Actor, user: User, *, group: Group, now: datetime) -> Motion:
    """Ask that the account of `user` be erased, with all that its driver offers.

    Raises
        Forbidden: `actor` is no steward.
        Refused: the account can still be used.
        Conflict: somebody asked before.
    """
    policy.require(actor, Action.LEAVE, user, now)
    if user.state is not UserState.SUSPENDED:
        raise Refused(_("Suspend the account first. Erasing cannot be undone."))
    motion = two_persons.ask(session, actor, LEAVES, subject_uid=user.uid, group=group, now=now)
    audit.record(session, actor, Action.LEAVE, user, now=now, group_uid=group.uid)
    return motion


def _user_of(session: Session, motion: Motion) -> User:
    chosen = select(User).where(User.uid == motion.subject_uid)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise NotFound(motion.matter)
    return found


def _say(session: Session, motion: Motion) -> str:
    name = shown_name(_user_of(session, motion), vault_of(session))
    return _("Erase the account of %(name)s for good.", name=name)


def _carry_out(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    user = _user_of(session, motion)
    user.leaves_at = now
    people.close(session, user, now=now)
    audit.record(session, actor, Action.LEAVE, user, now=now)


LEAVES = two_persons.register(Matter("account:erase", say=_say, carry_out=_carry_out))
