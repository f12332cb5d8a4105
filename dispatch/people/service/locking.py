"""Locking one's own account, and letting somebody in again who had it locked.

Whoever lost a phone locks the account with the one code of the sheet that does just that. The
answer is the same for every e-mail and every code, so that nobody learns who has an account; and
since only the sheet holds the code, nobody locks out anybody else.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import NotFound, Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.people import queries, sessions
from dispatch.people.factors import codes
from dispatch.people.factors.models import CodeKind, NoticeKind
from dispatch.people.models import Group, User, UserState
from dispatch.people.service import accounts, notices, signing_in
from dispatch.people.service.signing_in import Whence
from dispatch.policy import Action, Actor


def lock_by_code(
    session: Session, email: str, typed: str, whence: Whence, *, now: datetime
) -> None:
    """Lock the account of `email`, if `typed` is its code for that. Tells nobody whether it did."""
    counted = signing_in.counters_of_locking(session, email, whence)
    try:
        signing_in.begin_try(session, counted, now=now)
    except TooMany:
        return
    user = queries.find_user_by_email(session, email)
    if not codes.take(session, user, CodeKind.LOCK, typed, now=now) or user is None:
        return
    signing_in.strike_out(session, counted, now=now)
    if user.state is UserState.ACTIVE:
        _lock(session, sessions.actor_of(user, {}), user, now=now)


def lock_own(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """Lock the account of who is signed in, everywhere and at once."""
    policy.require(actor, Action.LOCK_OWN_ACCOUNT, user, now)
    _lock(session, actor, user, now=now)


def unlock(session: Session, actor: Actor, group: Group, user: User, *, now: datetime) -> None:
    """Let somebody in again who had the account locked and now stands before `actor`.

    What a steward suspended stays so; and nobody unlocks themselves.

    Raises
        NotFound: `user` is not of `group`.
        Refused: the account is not one that its owner locked.
    """
    policy.require(actor, Action.UNLOCK_ACCOUNT, group, now)
    if group.id not in {one.group_id for one in user.memberships} or user.id == actor.user_id:
        raise NotFound(Action.UNLOCK_ACCOUNT.value)
    if user.locked_at is None or user.state is not UserState.SUSPENDED:
        raise Refused(_("This account is not locked."))
    user.state, user.locked_at = UserState.ACTIVE, None
    notices.tell(session, user, NoticeKind.UNLOCKED, now=now)
    audit.record(session, actor, Action.UNLOCK_ACCOUNT, user, now=now, group_uid=group.uid)


def _lock(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    user.locked_at = now
    accounts.close(session, user, now=now)
    notices.tell(session, user, NoticeKind.LOCKED, now=now)
    audit.record(session, actor, Action.LOCK_OWN_ACCOUNT, user, now=now)
