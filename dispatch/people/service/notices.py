"""What a person is told about the own account: on the next page, until it was seen."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.people.factors.models import AccountNotice, NoticeKind
from dispatch.people.models import User
from dispatch.policy import Action, Actor


def tell(session: Session, user: User, kind: NoticeKind, *, now: datetime) -> None:
    """Let `user` be told that `kind` happened."""
    session.add(AccountNotice(user_id=user.id, kind=kind, at=now))
    session.flush()


def dismiss(session: Session, actor: Actor, user: User, *, now: datetime) -> None:
    """Note that `user` saw every notice so far."""
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    session.execute(
        update(AccountNotice)
        .where(AccountNotice.user_id == user.id, AccountNotice.seen_at.is_(None))
        .values(seen_at=now)
    )
