"""Web sessions: a random token in the cookie, its hash in a row that can be ended.

The row, not the cookie, says whether somebody is signed in: ending the row ends the session
everywhere at once, and a copied cookie is worth nothing afterwards.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.notify.push import subscriptions
from dispatch.people.models import Role, User, UserState, WebSession
from dispatch.policy.actor import Actor, Standing

IDLE = timedelta(minutes=30)
"""A session that nobody used for so long is over."""
ABSOLUTE = timedelta(hours=12)
"""A session is over so long after signing in, used or not."""
_LASTS = {
    Standing.IN: ABSOLUTE,
    Standing.HALF_IN: timedelta(minutes=10),
    Standing.TO_ENROL: timedelta(hours=1),
}
"""How long after its beginning a session is over: sooner where it only leads further in."""
FRESH = timedelta(minutes=15)
"""So long after somebody proved who they are, a change of the account asks for no new proof."""
_TOUCH = timedelta(minutes=1)


def begin(
    session: Session,
    user: User,
    *,
    now: datetime,
    instead_of: WebSession | None = None,
    standing: Standing = Standing.IN,
    browser: str = "",
) -> str:
    """Sign `user` in; returns the token for the cookie, which is stored nowhere else.

    `standing` is what `rules.standing_after` says of the proofs that were given.

    The session that the browser had before, `instead_of`, ends: a token somebody planted or saw
    earlier is worth nothing after signing in. If it was the same person's, its group stays.
    """
    token = secrets.token_urlsafe(32)
    coordinated = [one.group_id for one in user.memberships if one.role is Role.COORDINATOR]
    driven = [one.group_id for one in user.memberships if one.role is Role.DRIVER]
    group_id = next(iter(coordinated + driven), None)
    if instead_of is not None:
        instead_of.ended_at = now
        if instead_of.user_id == user.id:
            group_id = instead_of.group_id
    row = WebSession(
        user=user,
        group_id=group_id,
        token_hash=hash_of(token),
        made_at=now,
        seen_at=now,
        proven_at=now,
        standing=standing,
        browser=browser or (instead_of.browser if instead_of else ""),
    )
    session.add(row)
    session.flush()
    return token


def find(session: Session, token: str, *, now: datetime) -> WebSession | None:
    """The live session of `token`, with its account, memberships and group; None if it is over."""
    found = session.scalars(
        select(WebSession)
        .where(WebSession.token_hash == hash_of(token), WebSession.ended_at.is_(None))
        .options(
            joinedload(WebSession.user).options(selectinload(User.memberships)),
            joinedload(WebSession.group),
        )
    ).one_or_none()
    if found is None or found.user.state is not UserState.ACTIVE:
        return None
    if now - found.seen_at >= IDLE or now - found.made_at >= _LASTS[found.standing]:
        return None
    return found


def was_ended(session: Session, token: str) -> bool:
    """Whether somebody ended the session of `token`, or closed its account: it did not run out."""
    found = session.scalars(
        select(WebSession).where(WebSession.token_hash == hash_of(token))
    ).one_or_none()
    return found is not None and (
        found.ended_at is not None or found.user.state is not UserState.ACTIVE
    )


def is_fresh(web_session: WebSession, now: datetime) -> bool:
    """Whether its person proved who they are so lately that a step with a price may be taken."""
    return now - web_session.proven_at < FRESH


def prove_again(session: Session, web_session: WebSession, *, now: datetime) -> None:
    """Note that its person proved just now who they are."""
    web_session.proven_at = now
    session.flush()


def is_due_to_touch(web_session: WebSession, now: datetime) -> bool:
    """Whether `seen_at` is old enough to be written again: not at every request."""
    return now - web_session.seen_at >= _TOUCH


def touch(session: Session, session_id: int, *, now: datetime) -> None:
    """Note that the session was used."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def end(session: Session, web_session: WebSession, *, now: datetime) -> None:
    """Sign one browser out."""
    web_session.ended_at = now
    session.flush()


def end_all(session: Session, user: User, *, now: datetime, but: str | None = None) -> None:
    """Sign every browser of `user` out, except the one that holds the token `but`; none is told of
    news any more."""
    ended = update(WebSession).where(WebSession.user_id == user.id, WebSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(WebSession.token_hash != hash_of(but))
    session.execute(ended.values(ended_at=now))
    subscriptions.end_all(session, user.id)


def actor_of(
    user: User,
    drives: Mapping[int, int],
    *,
    standing: Standing = Standing.IN,
    is_frozen: bool = False,
) -> Actor:
    """What policy needs to know of `user`; `drives` is driver id by group id."""
    return Actor(
        user_id=user.id,
        uid=user.uid,
        is_active=user.state is UserState.ACTIVE,
        is_steward=user.is_steward,
        coordinates=frozenset(
            one.group_id for one in user.memberships if one.role is Role.COORDINATOR
        ),
        drives=dict(drives),
        standing=standing,
        is_frozen=is_frozen,
    )


def hash_of(token: str) -> bytes:
    """What is stored of a token or a link's code: too random to need a salt (32 bytes)."""
    return hashlib.sha256(token.encode()).digest()
