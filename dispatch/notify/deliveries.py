"""What is to leave the house: a row for each message and channel, sent once or not at all.

Whoever sends claims the row first, and commits that. A claim that nobody ended is never taken up
again: the letter may be out. It is `unsure` then, and a coordinator calls.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.crypto.keyring import KeysOutOfReach, Unreadable
from dispatch.db.transactions import vault_of
from dispatch.i18n import speaking
from dispatch.notify import rules
from dispatch.notify.channels import Letter, RefusedForGood, TryLater
from dispatch.notify.letters import letter
from dispatch.notify.models import Delivery, DeliveryState, Message, MessageKind

if TYPE_CHECKING:
    from dispatch.rides.models import Ride

CHANNELS = "channels"
"""Under what a session carries the names of the channels that its installation has."""
LEASE = timedelta(minutes=5)
"""How long a claim may take before it is taken for that of a worker which died."""
_LOOKED_AT_ONCE = 50
_OPEN_WHILE = {MessageKind.RIDE_OFFERED: "offered", MessageKind.RIDE_REMINDER: "accepted"}
"""The state of an assignment as long as its driver is to hear this of it."""


@dataclass(frozen=True)
class Outcome:
    """What came of a try: `SENT`, `UNSURE`, `FAILED`, or `WAITING` for the next."""

    state: DeliveryState
    trouble: str = ""


def add(session: Session, message_id: int, ride: "Ride", *, now: datetime) -> None:
    """Let the message leave by every channel that its reader wants, in this transaction."""
    message = session.get_one(Message, message_id)
    if not session.info.get(CHANNELS) or not _is_reachable(message):
        return
    group = message.group
    night = rules.Night(group.quiet_from_hour, group.quiet_until_hour, group.zone)
    ride_at = ride.window_starts_at or clock.day_bounds(ride.service_on, group.zone)[0]
    at = rules.first_try_at(ride_at, night, now)
    for channel in session.info[CHANNELS]:
        session.add(Delivery(message_id=message_id, channel=channel, next_try_at=at))
    session.flush()


def is_any_due(session: Session, *, now: datetime) -> bool:
    """Whether there is something to send, or a claim to be given up."""
    waits = (Delivery.state == DeliveryState.WAITING) & (Delivery.next_try_at <= now)
    lost = (Delivery.state == DeliveryState.SENDING) & (Delivery.claimed_at < now - LEASE)
    return session.scalar(select(Delivery.id).where(waits | lost).limit(1)) is not None


def claim(session: Session, channel: str, *, now: datetime) -> int | None:
    """The id of the next letter to send, for who asks alone; None if there is none.

    To be committed before anything is sent. What is news no more is passed over for good.
    """
    due = select(Delivery.id).where(
        Delivery.channel == channel,
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_try_at <= now,
    )
    order = (Delivery.next_try_at, Delivery.id)
    for one_id in session.scalars(due.order_by(*order).limit(_LOOKED_AT_ONCE)).all():
        if not _take(session, one_id, now):
            continue
        if _is_news(_message_of(session, one_id), now):
            return one_id
        note(session, one_id, Outcome(DeliveryState.WITHDRAWN), now=now)
    return None


def open_letter(
    session: Session, delivery_id: int, *, base_url: str, now: datetime
) -> tuple[str, Letter]:
    """The address of whom to tell, and what: opened to be sent now.

    Raises
        RefusedForGood: the person was erased.
        TryLater: nobody can open anything now.
    """
    delivery = session.get_one(Delivery, delivery_id)
    message = delivery.message
    user = message.user
    try:
        to = user.unseal("sealed_email", vault_of(session)) or ""
    except KeysOutOfReach:
        raise TryLater("keys out of reach") from None
    except Unreadable:
        raise RefusedForGood("erased") from None
    with speaking(user.language):
        return to, letter(
            message.kind,
            day=message.ride.service_on,
            asked_at=_asked_at(message.ride),
            zone=message.group.zone,
            base_url=base_url,
            uid=delivery.uid,
            now=now,
        )


def note(session: Session, delivery_id: int, outcome: Outcome, *, now: datetime) -> None:
    """Note what came of a claimed delivery; nothing, if it was given up meanwhile."""
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery.state is not DeliveryState.SENDING:
        return
    state, pause = outcome.state, None
    if state is DeliveryState.WAITING:
        pause = rules.pause_after(delivery.tries)
        state = DeliveryState.FAILED if pause is None else state
    delivery.state, delivery.trouble = state, outcome.trouble
    if pause is None:
        delivery.ended_at = now
    else:
        delivery.next_try_at = now + pause
    session.flush()


def give_up_lost(session: Session, *, now: datetime) -> int:
    """Take claims whose worker died for `unsure`; how many."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.claimed_at < now - LEASE)
        .values(state=DeliveryState.UNSURE, trouble="worker died", ended_at=now)
    )
    return done.rowcount


def doubt_all(session: Session, *, now: datetime) -> int:
    """Of a copy from before: what waits in it may have gone out since, and is not sent; how many
    that is."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
        .values(state=DeliveryState.UNSURE, trouble="restored", ended_at=now)
    )
    return done.rowcount


def is_open(message: Message, now: datetime) -> bool:
    """Whether the driver still is to hear of it: not read, nothing newer, not answered or over."""
    if message.told_at is not None or message.dropped_at is not None:
        return False
    if message.ride.service_on < clock.local_day(now, message.group.zone):
        return False
    if message.kind is MessageKind.RIDE_WITHDRAWN:
        return True
    about = assignment_of(message)
    if about is None or about.state.value != _OPEN_WHILE[message.kind]:
        return False
    return message.kind is MessageKind.RIDE_OFFERED or now < about.pickup_at


def assignment_of(message: Message) -> Any:  # noqa: ANN401 -- a table upstairs
    """Of a message to a driver: what it is about; None if that is gone."""
    about = message.about_uid
    return next((one for one in message.ride.assignments if one.uid == about), None)


def _take(session: Session, delivery_id: int, now: datetime) -> bool:
    done = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.SENDING, claimed_at=now, tries=Delivery.tries + 1)
    )
    return done.rowcount == 1


def _message_of(session: Session, delivery_id: int) -> Message:
    """As it is now; nobody marks it as read or drops it until the claim is committed."""
    chosen = select(Message).join(Delivery).where(Delivery.id == delivery_id)
    fresh = chosen.with_for_update(of=Message).execution_options(populate_existing=True)
    return session.scalars(fresh).one()


def _is_news(message: Message, now: datetime) -> bool:
    return _is_reachable(message) and is_open(message, now)


def _is_reachable(message: Message) -> bool:
    user = message.user
    return user is not None and user.state.value == "active" and user.takes_mail


def _asked_at(ride: "Ride") -> datetime | None:
    return ride.window_ends_at if ride.anchor.value == "arrive_by" else ride.window_starts_at
