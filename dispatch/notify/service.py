"""Putting messages into the outbox, once, and noting that somebody was told.

Called in the transaction of what happened: a rollback takes the message back as well.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict
from dispatch.i18n import gettext as _
from dispatch.notify import deliveries
from dispatch.notify.models import MAY_BE_OUT, Delivery, Message, MessageKind
from dispatch.policy import Action, Actor

if TYPE_CHECKING:
    from dispatch.rides.models import Ride

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def tell_driver(
    session: Session,
    *,
    kind: MessageKind,
    user_id: int,
    ride: "Ride",
    facts: Mapping[str, object],
    once: str,
    now: datetime,
) -> None:
    """Let the driver `user_id` find this on the own pages, and hear of it by every channel that
    there is and the driver wants. `facts`: times, never a name."""
    new_id = _enqueue(session, ride, {"user_id": user_id}, kind, facts, once, now)
    if new_id is not None:
        deliveries.add(session, new_id, now=now)


def show_driver(
    session: Session,
    *,
    kind: MessageKind,
    user_id: int,
    ride: "Ride",
    facts: Mapping[str, object],
    once: str,
    now: datetime,
) -> None:
    """As `tell_driver`, on the own pages alone: nothing leaves the house."""
    _enqueue(session, ride, {"user_id": user_id}, kind, facts, once, now)


def tell_family(
    session: Session,
    *,
    kind: MessageKind,
    family_id: int,
    ride: "Ride",
    facts: Mapping[str, object],
    once: str,
    now: datetime,
) -> None:
    """Let the family hear of this by text message, if it wants those, else let a coordinator call
    it. `facts`: times, never a name."""
    new_id = _enqueue(session, ride, {"family_id": family_id}, kind, facts, once, now)
    if new_id is not None:
        deliveries.add(session, new_id, now=now)


def mark_told(session: Session, actor: Actor, message: Message, *, now: datetime) -> None:
    """A coordinator has told the family.

    Raises
        Conflict: somebody else did already, or a later message took its place.
    """
    policy.require(actor, Action.MARK_TOLD, message, now)
    session.refresh(message, attribute_names=["told_at", "dropped_at"], with_for_update=True)
    if message.told_at is not None:
        raise Conflict(_("Somebody has told them already. There is no need to call again."))
    if message.dropped_at is not None:
        raise Conflict(_("There is newer news about this ride. Tell them that instead."))
    message.told_at, message.told_by_id = now, actor.user_id
    session.flush()
    audit.record(session, actor, Action.MARK_TOLD, message, now=now)


def mark_untold(session: Session, actor: Actor, message: Message, *, now: datetime) -> None:
    """Undo `mark_told`: nobody was reached after all.

    Raises
        Conflict: there is newer news about the ride.
    """
    policy.require(actor, Action.MARK_TOLD, message, now)
    newer = select(Message.id).where(
        Message.ride_id == message.ride_id,
        Message.family_id == message.family_id,
        Message.user_id == message.user_id,
        Message.id > message.id,
    )
    if session.scalar(newer.limit(1)) is not None:
        raise Conflict(_("There is newer news about this ride. Tell them that instead."))
    message.told_at = message.told_by_id = None
    session.flush()
    audit.record(session, actor, Action.MARK_TOLD, message, now=now)


def drop(session: Session, once: str, *, now: datetime) -> None:
    """What the message `once` says is not so any more, and nobody has read it yet."""
    session.execute(
        update(Message)
        .where(Message.once == once, Message.told_at.is_(None), Message.dropped_at.is_(None))
        .values(dropped_at=now)
    )


def may_have_heard(session: Session, once: Iterable[str]) -> bool:
    """Whether one of the messages `once` was told, or is out by some channel."""
    is_out = exists().where(Delivery.message_id == Message.id, Delivery.state.in_(MAY_BE_OUT))
    heard = select(Message.id).where(
        Message.once.in_(list(once)), Message.told_at.is_not(None) | is_out
    )
    return session.scalar(heard.limit(1)) is not None


def mark_seen(session: Session, once: str, *, by_user_id: int | None, now: datetime) -> bool:
    """The driver has read the message `once`; whether there was one that was not read yet."""
    done = session.execute(
        update(Message)
        .where(Message.once == once, Message.user_id == by_user_id, Message.told_at.is_(None))
        .values(told_at=now, told_by_id=by_user_id)
    )
    return done.rowcount == 1


def _enqueue(
    session: Session,
    ride: "Ride",
    party: dict[str, int],
    kind: MessageKind,
    facts: Mapping[str, object],
    once: str,
    now: datetime,
) -> int | None:
    """Put a message into the outbox; its id, None if it was there already."""
    # The ride is locked until the commit: of two messages about it, one comes second and drops
    # the first, whatever the database.
    session.refresh(ride, attribute_names=["version"], with_for_update=True)
    insert = _INSERT[session.get_bind().dialect.name]
    row = {
        "uid": uuid4(),
        "group_id": ride.group_id,
        "kind": kind,
        "ride_id": ride.id,
        "once": once,
        "facts": dict(facts),
        "made_at": now,
        **party,
    }
    new_id = session.scalar(
        insert(Message)
        .values(row)
        .on_conflict_do_nothing(index_elements=["once"])
        .returning(Message.id)
    )
    if new_id is None:
        return None
    same_party = [getattr(Message, name) == value for name, value in party.items()]
    session.execute(
        update(Message)
        .where(
            Message.ride_id == ride.id,
            *same_party,
            Message.id != new_id,
            Message.told_at.is_(None),
            Message.dropped_at.is_(None),
        )
        .values(dropped_at=now)
    )
    return new_id
