"""Setting up what proves beside a password who somebody is, and removing it.

Each change ends every other browser's session, tells the person, and is on record. The session
in which it happens goes on under a new token: what was seen of the old one is worth nothing.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import queries, rules, sessions
from dispatch.people.factors import apps, codes, passkeys
from dispatch.people.factors.codes import Sheet
from dispatch.people.factors.models import AuthenticatorApp, NoticeKind, Passkey, RecoveryCode
from dispatch.people.factors.passkeys import NotProven, Site
from dispatch.people.models import User, WebSession
from dispatch.people.service import notices, signing_in
from dispatch.policy import Action, Actor, Standing


def add_passkey(
    session: Session,
    actor: Actor,
    web_session: WebSession,
    answer: str,
    *,
    site: Site,
    mark: str,
    now: datetime,
) -> str:
    """Store the passkey that a device made; returns the token of the session from now on.

    Raises
        Refused: what the device answered proves nothing.
    """
    user = web_session.user
    policy.require(actor, Action.ENROL, user, now)
    label = web_session.browser
    try:
        passkey = passkeys.add(session, user, answer, site=site, mark=mark, label=label, now=now)
    except NotProven:
        raise Refused(_("That did not work. Nothing was saved; try it once more.")) from None
    return _settle(session, actor, web_session, NoticeKind.PASSKEY_ADDED, passkey, now=now)


def begin_app(session: Session, actor: Actor, user: User, *, now: datetime) -> AuthenticatorApp:
    """A secret for an app of `user`; until a first code of it fitted, nobody is asked for one.

    Raises
        Refused: there is an app in use, or `user` has to have a passkey.
    """
    policy.require(actor, Action.ENROL, user, now)
    if rules.needs_passkey(user, user.memberships):
        raise Refused(_("Coordinators and stewards sign in with a passkey."))
    app = apps.find_app(session, user)
    if app is not None and app.confirmed_at is not None:
        raise Refused(_("There is an app already. Remove it first."))
    return apps.begin(session, user, now=now)


def confirm_app(
    session: Session, actor: Actor, web_session: WebSession, typed: str, *, now: datetime
) -> str:
    """Take the app of `web_session`'s person into use; returns the token from now on.

    Raises
        Refused: no app was begun, or `typed` is no code of this moment.
        TooMany: too many wrong codes.
    """
    user = web_session.user
    policy.require(actor, Action.ENROL, user, now)
    app = apps.find_app(session, user)
    if app is None or app.confirmed_at is not None:
        raise Refused(_("Begin with the picture once more."))
    counted = signing_in.counter_of(session, user)
    signing_in.begin_try(session, counted, now=now)
    if not apps.take(session, app, typed, now=now):
        raise Refused(_("This is not the code of this moment. Type the one that shows now."))
    signing_in.strike_out(session, counted, now=now)
    app.confirmed_at = now
    return _settle(session, actor, web_session, NoticeKind.APP_ADDED, app, now=now)


def make_codes(
    session: Session, actor: Actor, web_session: WebSession, *, now: datetime
) -> tuple[Sheet, str]:
    """A new sheet of codes in place of the old one, and the token from now on."""
    user = web_session.user
    policy.require(actor, Action.ENROL, user, now)
    sheet = codes.make(session, user, now=now)
    token = _settle(session, actor, web_session, NoticeKind.CODES_MADE, user, now=now)
    return sheet, token


def remove_passkey(
    session: Session, actor: Actor, web_session: WebSession, uid: UUID, *, now: datetime
) -> str:
    """Let a passkey of the own account open nothing any more; returns the token from now on.

    Raises
        NotFound: it is none of the person's.
        Refused: too little would be left.
    """
    user = web_session.user
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    passkey = session.scalars(
        select(Passkey).where(Passkey.uid == uid, Passkey.user_id == user.id)
    ).one_or_none()
    if passkey is None:
        raise NotFound(Action.CHANGE_OWN_ACCOUNT.value)
    _require_enough_left(session, user, is_passkey=True)
    session.delete(passkey)
    return _settle(session, actor, web_session, NoticeKind.PASSKEY_REMOVED, passkey, now=now)


def remove_app(session: Session, actor: Actor, web_session: WebSession, *, now: datetime) -> str:
    """Ask for no code of an app any more; returns the token from now on.

    Raises
        Refused: there is none, or too little would be left.
    """
    user = web_session.user
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    app = apps.find_app(session, user)
    if app is None:
        raise Refused(_("There is no app to remove."))
    if app.confirmed_at is not None:
        _require_enough_left(session, user, is_passkey=False)
    session.delete(app)
    return _settle(session, actor, web_session, NoticeKind.APP_REMOVED, app, now=now)


def forget_all(session: Session, user: User) -> None:
    """Let nothing that was set up before prove who `user` is: a new beginning, by a new link."""
    for table in (Passkey, AuthenticatorApp, RecoveryCode):
        session.execute(delete(table).where(table.user_id == user.id))


def _require_enough_left(session: Session, user: User, *, is_passkey: bool) -> None:
    held = queries.held_by(session, user)
    needed = rules.needs_passkey(user, user.memberships)
    if not rules.may_remove(held, is_passkey_needed=needed, is_passkey=is_passkey):
        raise Refused(_("This is the last one. Set up another first; then this one can go."))


def _settle(
    session: Session,
    actor: Actor,
    web_session: WebSession,
    kind: NoticeKind,
    thing: object,
    *,
    now: datetime,
) -> str:
    """What every change of these has in common: see the head of this module."""
    user = web_session.user
    held = queries.held_by(session, user)
    enough = rules.is_enrolled(held, is_passkey_needed=rules.needs_passkey(user, user.memberships))
    standing = Standing.IN if enough else web_session.standing
    token = sessions.begin(session, user, now=now, instead_of=web_session, standing=standing)
    sessions.end_all(session, user, now=now, but=token)
    notices.tell(session, user, kind, now=now)
    audit.record(session, actor, Action.ENROL, thing, now=now)
    return token
