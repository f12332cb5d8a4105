"""Named selects about groups and people, and the few places where a person's own fields open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from dispatch import policy
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.sealed import Sealed, Slot
from dispatch.crypto.vault import Vault
from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import sessions
from dispatch.people.factors.models import AccountNotice, AuthenticatorApp, Passkey
from dispatch.people.models import (
    Group,
    Invitation,
    Membership,
    Role,
    User,
    UserState,
    WebSession,
)
from dispatch.people.rules import Held
from dispatch.policy import Action, Actor, Standing

_NOBODY = UUID(int=0)
"""The uid of no account."""


@dataclass(frozen=True)
class Contact:
    """What a person told us of itself, in clear."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class Member:
    """A person of a group as the steward's page shows it."""

    user: User
    name: str
    email: str
    roles: tuple[Role, ...]
    link_open_until: datetime | None
    """Until when the newest invitation link works, if it does."""


def shown_name(user: User, vault: Vault) -> str:
    """What `user` is called on pages."""
    return name_in(user.uid, user.sealed_name, vault)


def name_in(uid: UUID, sealed_name: Sealed | None, vault: Vault) -> str:
    """The same for a select that read no more than the uid of the person and its sealed name."""
    slot = Slot(User.__tablename__, "sealed_name", uid, uid)
    try:
        name = "" if sealed_name is None else vault.open(slot, sealed_name)
    except Unreadable:  # an erased person: the row stays for the log, the key is gone
        name = ""
    return name or _("Somebody who left")


def contact_of(user: User, vault: Vault) -> Contact:
    """The name, e-mail and phone of `user`: for the own page and for whoever keeps accounts."""
    return Contact(
        name=shown_name(user, vault),
        email=_opened(user, "sealed_email", vault),
        phone=_opened(user, "sealed_phone", vault),
    )


def find_user_by_email(session: Session, email: str) -> User | None:
    """The account of `email`, as typed by anybody."""
    uids = vault_of(session).find("email", email)
    # The index is in another file: it may name somebody whose transaction was rolled back.
    return session.scalars(select(User).where(User.uid.in_(uids))).first()


def password_of(session: Session, email: str) -> tuple[int, str] | None:
    """The id and the stored hash of the open account of `email`, if it has a password.

    As much is asked and answered where there is none (a row of nothing), and no object is built:
    time would tell who is known.
    """
    uids = vault_of(session).find("email", email) or [_NOBODY]
    user_id, stored = session.execute(
        select(func.max(User.id), func.max(User.password_hash)).where(
            User.uid.in_(uids), User.state == UserState.ACTIVE
        )
    ).one()
    return None if user_id is None or stored is None else (user_id, stored)


def held_by(session: Session, user: User) -> Held:
    """What the account of `user` can be proven by, beside its password."""
    keys = select(func.count()).where(Passkey.user_id == user.id)
    confirmed = select(AuthenticatorApp.id).where(
        AuthenticatorApp.user_id == user.id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    return Held(session.scalar(keys) or 0, session.scalars(confirmed).first() is not None)


def unseen_notices(session: Session, user: User) -> list[AccountNotice]:
    """What happened to the account of `user` and was not seen yet, the newest first."""
    return list(
        session.scalars(
            select(AccountNotice)
            .where(AccountNotice.user_id == user.id, AccountNotice.seen_at.is_(None))
            .order_by(AccountNotice.at.desc(), AccountNotice.id.desc())
        )
    )


def groups(session: Session, actor: Actor, *, now: datetime) -> list[tuple[Group, int]]:
    """Every group, with its number of people, by name.

    Raises
        Forbidden: `actor` does not keep groups.
    """
    policy.require(actor, Action.SEE_GROUP, None, now)
    people = func.count(func.distinct(Membership.user_id))
    rows = session.execute(
        select(Group, people).outerjoin(Membership).group_by(Group.id).order_by(Group.name)
    )
    return [(group, number) for group, number in rows]


def get_group(session: Session, actor: Actor, uid: UUID, *, now: datetime) -> Group:
    """The group of `uid`, for whoever keeps it.

    Raises
        Forbidden: `actor` does not keep groups.
        NotFound: there is none.
    """
    policy.require(actor, Action.SEE_GROUP, None, now)
    found = session.scalars(select(Group).where(Group.uid == uid)).one_or_none()
    if found is None:
        raise NotFound(Action.SEE_GROUP.value)
    return found


def group_named(session: Session, name: str) -> Group:
    """The group of that name: for the command line, which knows no uids.

    Raises
        Refused: there is none, or more than one.
    """
    found = session.scalars(select(Group).where(Group.name == name)).all()
    if len(found) != 1:
        names = ", ".join(session.scalars(select(Group.name).order_by(Group.name)))
        raise Refused(_("There is no one group of this name. There are: %(names)s.", names=names))
    return found[0]


def own_groups(session: Session, user: User) -> list[Group]:
    """The groups that `user` works for, by name."""
    ids = {one.group_id for one in user.memberships}
    return list(session.scalars(select(Group).where(Group.id.in_(ids)).order_by(Group.name)))


def members(session: Session, group: Group, *, now: datetime) -> list[Member]:
    """The people of `group`, by name."""
    found = session.scalars(
        select(User)
        .where(User.id.in_(select(Membership.user_id).where(Membership.group_id == group.id)))
        .options(selectinload(User.memberships))
    ).all()
    links = _open_links(session, [user.id for user in found], now)
    vault = vault_of(session)
    shown = [_member(user, group, contact_of(user, vault), links.get(user.id)) for user in found]
    return sorted(shown, key=lambda member: member.name.casefold())


def get_member(session: Session, group: Group, uid: UUID) -> User:
    """The person of `uid` in `group`.

    Raises
        NotFound: nobody in this group.
    """
    found = session.scalars(
        select(User)
        .join(Membership)
        .where(User.uid == uid, Membership.group_id == group.id)
        .options(selectinload(User.memberships))
        .distinct()
    ).one_or_none()
    if found is None:
        raise NotFound(str(uid))
    return found


def find_invitation(session: Session, code: str) -> Invitation | None:
    """The invitation of a link's `code`, open or over."""
    digest = sessions.hash_of(code)
    return session.scalars(select(Invitation).where(Invitation.code_hash == digest)).one_or_none()


def own_browsers(session: Session, user: User, *, now: datetime) -> list[WebSession]:
    """The browsers in which `user` is signed in at `now`, the one used last first."""
    return list(
        session.scalars(
            select(WebSession)
            .where(
                WebSession.user_id == user.id,
                WebSession.ended_at.is_(None),
                WebSession.standing != Standing.HALF_IN,
                WebSession.seen_at > now - sessions.IDLE,
                WebSession.made_at > now - sessions.ABSOLUTE,
            )
            .order_by(WebSession.seen_at.desc())
        )
    )


def _opened(user: User, column: str, vault: Vault) -> str:
    try:
        return user.unseal(column, vault) or ""
    except Unreadable:  # an erased person: the row stays for the log, the key is gone
        return ""


def _open_links(session: Session, user_ids: list[int], now: datetime) -> dict[int, datetime]:
    rows = session.execute(
        select(Invitation.user_id, func.max(Invitation.expires_at).label("until"))
        .where(
            Invitation.user_id.in_(user_ids),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .group_by(Invitation.user_id)
    )
    return {row.user_id: row.until for row in rows}


def _member(user: User, group: Group, contact: Contact, open_until: datetime | None) -> Member:
    roles = [one.role for one in user.memberships if one.group_id == group.id]
    return Member(
        user=user,
        name=contact.name,
        email=contact.email,
        roles=tuple(sorted(roles, key=lambda role: role.value)),
        link_open_until=open_until,
    )
