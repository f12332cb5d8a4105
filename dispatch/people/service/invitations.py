"""Invitations: how people get in. Nobody registers by themselves.

The link is the key to the account until it is used, so it is made once, shown once, and only its
hash is kept. Who may hold it is `rules.may_hand_out_link`.
"""

import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db import transactions
from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import passwords, queries, rules, sessions
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import Group, Invitation, Membership, Role, User, UserState
from dispatch.people.service import enrolling, notices, renewing
from dispatch.policy import Action, Actor

_INVITE = {Role.COORDINATOR: Action.INVITE_COORDINATOR, Role.DRIVER: Action.INVITE_DRIVER}
_INVITING = b"inviting"


def invite(
    session: Session,
    actor: Actor,
    group: Group,
    role: Role,
    *,
    name: str,
    email: str,
    language: str,
    now: datetime,
) -> tuple[User, str]:
    """Make `email` a member of `group`; the person, and the code of the link to hand over.

    Somebody who has an account already, from another group, keeps its name and password. The
    code is then one that only says "sign in": nobody gets into an account, or learns of one, by
    inviting it.

    Raises
        Refused: the person has this role here already, or the account is closed.
    """
    action = _INVITE[role]
    policy.require(actor, action, group, now)
    transactions.take_turns(session, _INVITING)
    user = queries.find_user_by_email(session, email)
    is_new = user is None
    if user is None:
        user = _make_user(session, name, email, language, now=now)
    _check_joinable(user, group, role)
    session.add(Membership(user=user, group=group, role=role))
    session.flush()
    sessions.end_all(session, user, now=now)  # more may be asked of this role at signing in
    may_open = user.state is UserState.INVITED and (
        is_new or rules.may_hand_out_link(actor, user, user.memberships)
    )
    code = _make_link(session, actor, user, is_void=not may_open, now=now)
    audit.record(session, actor, action, user, now=now, group_uid=group.uid)
    return user, code


def make_steward(
    session: Session, actor: Actor, name: str, email: str, language: str, *, now: datetime
) -> tuple[User, str]:
    """An account that keeps groups and accounts; the person, and the code of the link.

    Raises
        Refused: a steward has this e-mail already.
    """
    policy.require(actor, Action.INVITE_COORDINATOR, None, now)
    transactions.take_turns(session, _INVITING)
    user = queries.find_user_by_email(session, email)
    if user is not None and user.is_steward:
        raise Refused(_("A steward has this e-mail already."))
    if user is None:
        user = _make_user(session, name, email, language, now=now)
    user.is_steward = True
    sessions.end_all(session, user, now=now)
    is_void = user.state is not UserState.INVITED
    code = _make_link(session, actor, user, is_void=is_void, now=now)
    audit.record(session, actor, Action.INVITE_COORDINATOR, user, now=now)
    return user, code


def renew_invitation(
    session: Session, actor: Actor, group: Group, user: User, *, now: datetime
) -> str:
    """A new link for `user`, in place of every one before: the first was lost, or the password.

    What the person signs in with works until the link is used. For somebody who has signed in
    before, two people have agreed, and `actor` is one of them.

    Raises
        NotFound: `user` is not in `group`.
        Refused: `actor` may not hold a link to this account.
    """
    if user.state is UserState.ACTIVE:
        policy.require(actor, Action.ASK_RENEWAL, group, now)
        _action_for(group, user)
        agreed = renewing.find_agreed(session, actor, user, now=now)
        if agreed is None:
            raise Refused(
                _("They have signed in before: two people have to agree on a new link first.")
            )
        renewing.use_up(session, agreed)
    else:
        _require_invite(actor, group, user, now)
        if not rules.may_hand_out_link(actor, user, user.memberships):
            raise Refused(_("Only a steward can make a new link for this account."))
    code = _make_link(session, actor, user, is_void=False, now=now)
    audit.record(session, actor, _action_for(group, user), user, now=now, group_uid=group.uid)
    return code


def revoke_invitation(
    session: Session, actor: Actor, group: Group, user: User, *, now: datetime
) -> None:
    """Let no link of `user` work any more.

    Raises
        NotFound: `user` is not in `group`.
        Refused: `actor` may not decide about links to this account.
    """
    _require_invite(actor, group, user, now)
    if not rules.may_hand_out_link(actor, user, user.memberships):
        raise Refused(_("Only a steward can withdraw the link of this account."))
    _revoke_open(session, user, now=now)
    audit.record(session, actor, _action_for(group, user), user, now=now, group_uid=group.uid)


def open_invitation(session: Session, code: str, *, now: datetime) -> Invitation:
    """The invitation of `code`, if its link works.

    Raises
        NotFound: there never was such a link.
        Closed: it was used, withdrawn, or is too old.
    """
    invitation = queries.find_invitation(session, code)
    if invitation is None:
        raise NotFound("invitation")
    if invitation.used_at is not None:
        raise Closed(_used(invitation.user))
    if invitation.revoked_at is not None or invitation.user.state is UserState.SUSPENDED:
        raise Closed(_("This link was withdrawn. Ask the person who gave it to you for a new one."))
    if not invitation.is_open(now):
        raise Closed(
            _("This link worked for 72 hours. Ask the person who gave it to you for a new one.")
        )
    return invitation


def accept_invitation(
    session: Session, code: str, password: str, language: str, *, now: datetime
) -> User:
    """Give the invited person `password` and an open account. The link works once.

    Raises
        NotFound, Closed: as for `open_invitation`; also when somebody else was faster.
    """
    hashed = passwords.hash_of(password)
    invitation = open_invitation(session, code, now=now)
    used = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(used_at=now)
    )
    if used.rowcount != 1:
        raise Closed(_used(invitation.user))
    user = invitation.user
    if user.password_hash is not None:
        notices.tell(session, user, NoticeKind.RENEWED, now=now)
    enrolling.forget_all(session, user)
    user.state = UserState.ACTIVE
    user.password_hash = hashed
    user.language = language
    _revoke_open(session, user, now=now)
    sessions.end_all(session, user, now=now)
    session.flush()
    accepted_by = sessions.actor_of(user, {})
    audit.record(session, accepted_by, Action.CHANGE_OWN_ACCOUNT, user, now=now)
    return user


def _used(user: User) -> str:
    """Why a link that was used, or was void from the start, opens nothing."""
    if user.state is UserState.INVITED:
        return _("You were invited before. Use that link, or ask a steward for a new one.")
    return _("This link was used. You can sign in with your e-mail and password.")


def _make_user(session: Session, name: str, email: str, language: str, *, now: datetime) -> User:
    user = User(state=UserState.INVITED, language=language, made_at=now, memberships=[])
    vault = vault_of(session)
    user.seal("sealed_name", name, vault)
    user.seal("sealed_email", email, vault)
    session.add(user)
    session.flush()
    vault.remember("email", email, user.uid)
    return user


def _check_joinable(user: User, group: Group, role: Role) -> None:
    if any(one.group_id == group.id and one.role is role for one in user.memberships):
        raise Refused(_("Somebody with this e-mail is already here in this role."))
    if user.state is UserState.SUSPENDED:
        raise Refused(_("This person cannot be invited at present. A steward can see why."))


def _make_link(session: Session, actor: Actor, user: User, *, is_void: bool, now: datetime) -> str:
    """A new code for `user`. It ends every one before; a void one opens nothing and ends none."""
    if not is_void:
        _revoke_open(session, user, now=now)
    code = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            user=user,
            invited_by_id=actor.user_id,
            code_hash=sessions.hash_of(code),
            made_at=now,
            expires_at=now + rules.LINK_LASTS,
            used_at=now if is_void else None,
        )
    )
    session.flush()
    return code


def _revoke_open(session: Session, user: User, *, now: datetime) -> None:
    session.execute(
        update(Invitation)
        .where(
            Invitation.user_id == user.id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _require_invite(actor: Actor, group: Group, user: User, now: datetime) -> None:
    policy.require(actor, _action_for(group, user), group, now)


def _action_for(group: Group, user: User) -> Action:
    """The widest action that made `user` a member of `group`."""
    roles = {one.role for one in user.memberships if one.group_id == group.id}
    if not roles:
        raise NotFound(str(user.uid))
    return _INVITE[Role.COORDINATOR if Role.COORDINATOR in roles else Role.DRIVER]
