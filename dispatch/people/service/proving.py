"""Proving who one is by more than a password: at the door, at its second step, and again later."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.people import passwords, queries, rules, sessions
from dispatch.people.factors import apps, codes, passkeys
from dispatch.people.factors.models import CodeKind, NoticeKind
from dispatch.people.factors.passkeys import NotProven, Site
from dispatch.people.models import User, UserState, WebSession
from dispatch.people.rules import Proof
from dispatch.people.service import notices, signing_in
from dispatch.people.service.signing_in import Whence
from dispatch.policy import Action, Actor, Standing


def sign_in_by_passkey(
    session: Session, answer: str, whence: Whence, *, site: Site, mark: str, now: datetime
) -> User:
    """The person whose passkey answered the challenge of the browser that holds `mark`.

    Raises
        Refused: no account is opened by it, for whatever reason.
        TooMany: too many such tries from this network.
    """
    counted = signing_in.network_counter(session, whence)
    signing_in.begin_try(session, counted, now=now)
    try:
        passkey = passkeys.prove(session, answer, site=site, mark=mark, now=now)
    except NotProven:
        raise Refused(_no_account()) from None
    if passkey.user.state is not UserState.ACTIVE:
        raise Refused(_no_account())
    signing_in.strike_out(session, counted, now=now)
    return passkey.user


def standing_of(session: Session, user: User, proof: Proof, *, is_demo: bool) -> Standing:
    """How far in `user` is after `proof`."""
    return rules.standing_after(
        proof,
        queries.held_by(session, user),
        is_passkey_needed=rules.needs_passkey(user, user.memberships),
        is_demo=is_demo,
    )


def finish_by_code(
    session: Session,
    actor: Actor,
    web_session: WebSession,
    typed: str,
    whence: Whence,
    *,
    now: datetime,
) -> Proof:
    """What `typed` was, after the password: a code of the app, or one of the sheet.

    Raises
        Refused: it is neither, or was used.
        TooMany: too many wrong codes.
    """
    user = web_session.user
    policy.require(actor, Action.FINISH_SIGN_IN, user, now)
    counted = signing_in.counters_of_codes(session, user, whence)
    signing_in.begin_try(session, counted, now=now)
    proof = _proof_by_code(session, actor, user, typed, now=now)
    if proof is None:
        raise Refused(_("This code does not fit, or was used. Type the newest one."))
    signing_in.strike_out(session, counted, now=now)
    audit.record(session, actor, Action.FINISH_SIGN_IN, web_session, now=now)
    return proof


def finish_by_passkey(
    session: Session,
    actor: Actor,
    web_session: WebSession,
    answer: str,
    whence: Whence,
    *,
    site: Site,
    mark: str,
    now: datetime,
) -> None:
    """Go on only if a passkey of the very person answered.

    Raises
        Refused: it did not.
        TooMany: too many such tries.
    """
    policy.require(actor, Action.FINISH_SIGN_IN, web_session.user, now)
    found = sign_in_by_passkey(session, answer, whence, site=site, mark=mark, now=now)
    if found.id != web_session.user_id:
        raise Refused(_no_account())
    audit.record(session, actor, Action.FINISH_SIGN_IN, web_session, now=now)


def prove_again_by_passkey(
    session: Session,
    actor: Actor,
    web_session: WebSession,
    answer: str,
    whence: Whence,
    *,
    site: Site,
    mark: str,
    now: datetime,
) -> None:
    """Note that the person is who they were: a passkey of theirs answered.

    Raises
        Refused, TooMany: as at the door.
    """
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, web_session.user, now)
    found = sign_in_by_passkey(session, answer, whence, site=site, mark=mark, now=now)
    if found.id != web_session.user_id:
        raise Refused(_no_account())
    sessions.prove_again(session, web_session, now=now)


def prove_again_by_typing(
    session: Session,
    actor: Actor,
    web_session: WebSession,
    typed: str,
    *,
    now: datetime,
) -> None:
    """The same by a code of the app or the sheet; by the password where nothing else is set up.

    Raises
        Refused: it does not fit.
        TooMany: too many wrong tries.
    """
    user = web_session.user
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    held, stored = queries.held_by(session, user), user.password_hash
    counted = signing_in.counter_of(session, user)
    signing_in.begin_try(session, counted, now=now)
    if held.is_enough_for_a_driver:
        fits = _proof_by_code(session, actor, user, typed, now=now) is not None
    else:
        fits = passwords.fits(stored, typed)
    if not fits:
        raise Refused(_("This does not fit."))
    signing_in.strike_out(session, counted, now=now)
    sessions.prove_again(session, web_session, now=now)


def _proof_by_code(
    session: Session, actor: Actor, user: User, typed: str, *, now: datetime
) -> Proof | None:
    app = apps.find_app(session, user)
    if app is not None and app.confirmed_at is not None and apps.take(session, app, typed, now=now):
        return Proof.APP_CODE
    if codes.take(session, user, CodeKind.SIGN_IN, typed, now=now):
        notices.tell(session, user, NoticeKind.CODE_USED, now=now)
        audit.record(session, actor, Action.USE_RECOVERY_CODE, user, now=now)
        return Proof.RECOVERY_CODE
    return None


def _no_account() -> str:
    return _("This passkey opens no account here. Sign in with your password.")
