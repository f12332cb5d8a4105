"""Which browsers somebody wants to be told in: begun by the person, ended with the sessions."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.db.transactions import vault_of
from dispatch.notify.models import PushSubscription
from dispatch.notify.push import address
from dispatch.notify.push.address import PushAddress

if TYPE_CHECKING:
    from dispatch.people.models import User

MOST = 5
"""Browsers of one person; the oldest makes room."""


def of(session: Session, user_id: int) -> list[PushSubscription]:
    """The browsers of a person, the oldest first."""
    chosen = select(PushSubscription).where(PushSubscription.user_id == user_id)
    return list(session.scalars(chosen.order_by(PushSubscription.id)))


def begin(
    session: Session, user: "User", where: PushAddress, *, label: str, now: datetime
) -> PushSubscription:
    """Tell `user` in one more browser; whoever had it subscribed before has it no more."""
    session.execute(delete(PushSubscription).where(PushSubscription.digest == where.digest))
    for one in of(session, user.id)[: -(MOST - 1)]:
        session.delete(one)
    made = PushSubscription(user=user, digest=where.digest, label=label, made_at=now)
    made.seal("sealed_address", where.text(), vault_of(session))
    session.add(made)
    session.flush()
    return made


def end(session: Session, user_id: int, uid: UUID) -> bool:
    """Tell the person no more in one browser; whether it was one of theirs."""
    return _end(session, PushSubscription.user_id == user_id, PushSubscription.uid == uid)


def end_all(session: Session, user_id: int) -> bool:
    """Tell the person no more in any; whether there was one."""
    return _end(session, PushSubscription.user_id == user_id)


def forget(session: Session, texts: Iterable[str]) -> None:
    """End those that their push services do not know any more, by their sealed texts, opened."""
    digests = [address.read(text).digest for text in texts]
    if digests:
        _end(session, PushSubscription.digest.in_(digests))


def _end(session: Session, *which: object) -> bool:
    return session.execute(delete(PushSubscription).where(*which)).rowcount > 0
