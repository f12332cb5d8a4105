"""The browsers in which a driver is told of news: turned on and off by the driver alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import NotFound
from dispatch.notify.push import subscriptions
from dispatch.notify.push.address import PushAddress
from dispatch.people.models import User
from dispatch.policy import Action, Actor


def subscribe(
    session: Session, actor: Actor, user: User, where: PushAddress, *, label: str, now: datetime
) -> None:
    """Tell `user` of news in the browser at `where`."""
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    subscriptions.begin(session, user, where, label=label, now=now)
    audit.record(session, actor, Action.CHANGE_OWN_ACCOUNT, user, now=now)


def unsubscribe(session: Session, actor: Actor, user: User, uid: UUID, *, now: datetime) -> None:
    """Tell `user` no more in one browser.

    Raises
        NotFound: it is none of the person's.
    """
    policy.require(actor, Action.CHANGE_OWN_ACCOUNT, user, now)
    if not subscriptions.end(session, user.id, uid):
        raise NotFound(Action.CHANGE_OWN_ACCOUNT.value)
    audit.record(session, actor, Action.CHANGE_OWN_ACCOUNT, user, now=now)
