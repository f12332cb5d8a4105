"""One's own account, and closing and opening those of others."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db import transactions
from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import passwords, sessions
from dispatch.people.factors.models import NoticeKind
from dispatch.people.forms import Profile
from dispatch.people.models import Group, User, UserState, WebSession
from dispatch.people.service import notices, signing_in
from dispatch.policy import Action, Actor

OnClosed = Callable[[Session, User, datetime], None]
"""What a room above does when an account is closed at that moment."""
_ON_CLOSED: list[OnClosed] = []


def when_closed(call: OnClosed) -> OnClosed:
    """Let `call` run whenever an account is closed, in the transaction that closes it."""
    _ON_CLOSED.append(call)
    return call


def close(session: Session, user: User, *, now: datetime) -> None:
    """Close the account of `user`, whoever decided it: browsers are out, and rooms above let go."""
    user.state = UserState.SUSPENDED
    sessions.end_all(session, user, now=now)
    session.flush()
    for call in _ON_CLOSED:
        call(session, user, now)


def sign_out(session: Session, actor: Actor, web_session: WebSession, *, now: datetime) -> None:
    """End one browser's session."""
    policy.require(actor, Action.SIGN_OUT, web_session, now)
    sessions.end(session, web_session, now=now)
    audit.record(session, actor, Action.SIGN_OUT, web_session, now=now)


def end_browser(session: Session, actor: Actor, user: User, uid: UUID, *, now: datetime) -> None:
    """End the session of one other browser of `user`; one that is over already stays over.

    Raises
        NotFound: it is none of the person's.
    """
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    found = session.scalars(
        select(WebSession).where(WebSession.uid == uid, WebSession.user_id == user.id)
    ).one_or_none()
    if found is None:
        raise NotFound(Action.CHANGE_OWN_ACCOUNT.value)
    if found.ended_at is None:
        sessions.end(session, found, now=now)
        audit.record(session, actor, Action.SIGN_OUT, found, now=now)


def sign_out_everywhere(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """End the sessions of all browsers of `user`."""
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    sessions.end_all(session, user, now=now)
    audit.record(session, actor, Action.SIGN_OUT, user, now=now)


def change_profile(
    session: Session, actor: Actor, user: User, profile: Profile, *, now: datetime
) -> None:
    """Change what `user` says of itself."""
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    vault = vault_of(session)
    user.seal("sealed_name", profile.name, vault)
    user.seal("sealed_phone", profile.phone, vault)
    user.language = profile.language
    if profile.takes_mail is not None and profile.takes_texts is not None:
        user.takes_mail, user.takes_texts = profile.takes_mail, profile.takes_texts
    session.flush()
    audit.record(session, actor, Action.CHANGE_OWN_ACCOUNT, user, now=now)


def change_language(
    session: Session, actor: Actor, user: User, language: str, *, now: datetime
) -> None:
    """Let pages and messages speak `language` to `user`."""
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    user.language = language
    session.flush()
    audit.record(session, actor, Action.CHANGE_OWN_ACCOUNT, user, now=now)


def change_password(
    session: Session,
    actor: Actor,
    user: User,
    old: str,
    new: str,
    *,
    web_session: WebSession,
    now: datetime,
) -> str:
    """Give `user` another password and end every session; returns the token of a new one.

    Raises
        Refused: `old` is not the present password.
        TooMany: it was guessed wrongly too often.
    """
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    counted = signing_in.counter_of(session, user)
    signing_in.write_down_try(session, counted, now=now)
    stored = user.password_hash
    transactions.commit(session)
    if not passwords.fits(stored, old):
        raise Refused(_("This is not your present password."))
    hashed = passwords.hash_of(new)
    session.refresh(user)
    if user.password_hash != stored or user.state is not UserState.ACTIVE:
        raise Refused(_("Your password was changed at the same moment from another browser."))
    signing_in.strike_out(session, counted, now=now)
    user.password_hash = hashed
    token = sessions.begin(session, user, now=now, instead_of=web_session)
    sessions.end_all(session, user, now=now, but=token)
    notices.tell(session, user, NoticeKind.PASSWORD_CHANGED, now=now)
    audit.record(session, actor, Action.CHANGE_OWN_ACCOUNT, user, now=now)
    return token


def switch_group(
    session: Session, actor: Actor, web_session: WebSession, uid: UUID, *, now: datetime
) -> Group:
    """Let one browser show the pages of another of the person's groups.

    Raises
        NotFound: there is no such group, or it is not one of the person's.
    """
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, web_session, now)
    group = session.scalars(select(Group).where(Group.uid == uid)).one_or_none()
    if group is None or group.id not in {one.group_id for one in web_session.user.memberships}:
        raise NotFound(Action.SEE_GROUP.value)
    web_session.group = group
    session.flush()
    return group


def suspend(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """Close the account of `user`, as `close` does; the law refuses what is left."""
    policy.require(actor, Action.SUSPEND_ACCOUNT, user, now)
    if user.id == actor.user_id:
        raise Refused(_("You cannot suspend your own account. Another steward can."))
    close(session, user, now=now)
    audit.record(session, actor, Action.SUSPEND_ACCOUNT, user, now=now)


def restore(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """Open a suspended account again: the person signs in anew, or is still to accept."""
    policy.require(actor, Action.SUSPEND_ACCOUNT, user, now)
    if user.state is not UserState.SUSPENDED:
        return
    user.state = UserState.ACTIVE if user.password_hash else UserState.INVITED
    user.locked_at = None
    session.flush()
    audit.record(session, actor, Action.SUSPEND_ACCOUNT, user, now=now)
