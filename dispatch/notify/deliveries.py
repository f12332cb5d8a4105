"""What is to leave the house: a row for each message and channel, sent once or not at all.

Whoever sends claims the row first, and commits that. A claim that nobody ended is never taken up
again: the letter may be out. It is `unsure` then, and a coordinator calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.crypto.keyring import KeysOutOfReach, Unreadable
from dispatch.db.transactions import vault_of
from dispatch.i18n import speaking
from dispatch.notify import family_texts, news, rules, ways
from dispatch.notify.channels import MAIL, PUSH, SMS, Letter, RefusedForGood, TryLater
from dispatch.notify.letters import letter
from dispatch.notify.models import Delivery, DeliveryState, Message
from dispatch.notify.push import subscriptions

if TYPE_CHECKING:
    from dispatch.families.models import Family
    from dispatch.people.models import User

LEASE = timedelta(minutes=5)
"""How long a claim may take before it is taken for that of a worker which died."""
_LOOKED_AT_ONCE = 50
_ADDRESS = {MAIL: "sealed_email", SMS: "sealed_phone"}
"""Where a person's address for a channel is."""
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True)
class Outcome:
    """What came of a try: `SENT`, `UNSURE`, `FAILED`, or `WAITING` for the next."""

    state: DeliveryState
    trouble: str = ""


def add(session: Session, message_id: int, *, now: datetime) -> None:
    """Let the message leave by every channel that its reader wants, in this transaction."""
    message = session.get_one(Message, message_id)
    _let_leave(session, message, ways.chosen(session, message), now=now)


def is_any_due(session: Session, channel: str, *, now: datetime) -> bool:
    """Whether there is something to send by `channel`, or a claim to be given up."""
    waits = (
        (Delivery.state == DeliveryState.WAITING)
        & (Delivery.next_try_at <= now)
        & (Delivery.channel == channel)
    )
    lost = (Delivery.state == DeliveryState.SENDING) & (Delivery.claimed_at < now - LEASE)
    return session.scalar(select(Delivery.id).where(waits | lost).limit(1)) is not None


def claim(session: Session, channel: str, *, now: datetime) -> int | None:
    """The id of the next letter to send, for who asks alone; None if there is none.

    To be committed before anything is sent. What is news no more is passed over for good. What
    the same reader is told of the same day at the same moment goes along in the same letter.
    """
    due = select(Delivery.id).where(
        Delivery.channel == channel,
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_try_at <= now,
    )
    order = (Delivery.next_try_at, Delivery.id)
    for one_id in session.scalars(due.order_by(*order).limit(_LOOKED_AT_ONCE)).all():
        if _take_news(session, one_id, now):
            _take_along(session, one_id, due.order_by(*order), now)
            return one_id
    return None


def open_letter(
    session: Session, delivery_id: int, *, base_url: str, now: datetime
) -> tuple[list[str], Letter]:
    """The addresses of whom to tell, several of browsers alone, and what: opened to be sent now.

    Raises
        RefusedForGood: the person was erased, or has no such address any more.
        TryLater: nobody can open anything now.
    """
    told = _told_by(session, session.get_one(Delivery, delivery_id))
    reader = told[0].message.user or told[0].message.family
    try:
        to = _addresses(session, reader, told[0].channel)
    except KeysOutOfReach:
        raise TryLater("keys out of reach") from None
    except Unreadable:
        raise RefusedForGood("erased") from None
    if not to:
        raise RefusedForGood("no address")
    with speaking(reader.language):
        return to, _written(told, base_url, now)


def note(session: Session, delivery_id: int, outcome: Outcome, *, now: datetime) -> None:
    """Note what came of a claimed delivery, and of what went along; nothing, if it was given up
    meanwhile. What was refused leaves by another channel that its reader has."""
    for delivery in _told_by(session, session.get_one(Delivery, delivery_id)):
        _note_one(session, delivery, outcome, now)


def _note_one(session: Session, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    session.refresh(delivery, with_for_update=True)
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
    if state is DeliveryState.FAILED:
        _go_another_way(session, delivery.message, now)


def _go_another_way(session: Session, message: Message, now: datetime) -> None:
    tried = select(Delivery.channel).where(Delivery.message_id == message.id)
    left = set(ways.open_to(session, message)) - set(session.scalars(tried))
    in_order = [one for one in ways.open_to(session, message) if one in left]
    _let_leave(session, message, in_order[:1], now=now)


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


def _let_leave(
    session: Session, message: Message, channels: Iterable[str], *, now: datetime
) -> None:
    group, ride = message.group, message.ride
    night = rules.Night(group.quiet_from_hour, group.quiet_until_hour, group.zone)
    ride_at = ride.window_starts_at or clock.day_bounds(ride.service_on, group.zone)[0]
    row = {
        "message_id": message.id,
        "state": DeliveryState.WAITING,
        "tries": 0,
        "next_try_at": rules.first_try_at(ride_at, night, now),
        "trouble": "",
    }
    insert = _INSERT[session.get_bind().dialect.name]
    for channel in channels:
        # Two channels that fail at the same moment both lead to the third: it is gone once.
        session.execute(
            insert(Delivery)
            .values(uid=uuid4(), channel=channel, **row)
            .on_conflict_do_nothing(index_elements=["message_id", "channel"])
        )


def _written(told: list[Delivery], base_url: str, now: datetime) -> Letter:
    """The letter of what is told together, in the language spoken now."""
    message = told[0].message
    about = [one.message for one in told]
    common = {
        "day": message.ride.service_on,
        "zone": message.group.zone,
        "uid": told[0].uid,
        "now": now,
    }
    if message.family is not None:
        times = sorted({news.told_time(one) for one in about} - {None})
        desk_phone = message.group.desk_phone
        return family_texts.letter(message.kind, times=times, desk_phone=desk_phone, **common)
    times = sorted({news.asked_at(one.ride) for one in about} - {None})
    return letter(message.kind, times=times, base_url=base_url, **common)


def _addresses(session: Session, reader: "User | Family", channel: str) -> list[str]:
    vault = vault_of(session)
    if channel == PUSH:
        browsers = subscriptions.of(session, reader.id)
        found = [one.unseal("sealed_address", vault) for one in browsers]
    else:
        found = [reader.unseal(_ADDRESS[channel], vault)]
    return [one for one in found if one]


def _told_by(session: Session, delivery: Delivery) -> list[Delivery]:
    """What the letter of a claimed delivery tells: it first, and what went along with it."""
    along = select(Delivery).where(
        Delivery.letter_uid == delivery.uid,
        Delivery.state == DeliveryState.SENDING,
        Delivery.id != delivery.id,
    )
    return [delivery, *session.scalars(along.order_by(Delivery.id))]


def _take_along(session: Session, delivery_id: int, due: Select[tuple[int]], now: datetime) -> None:
    """Take what is due to the same reader, of the same kind, day and moment, into one letter."""
    first = _message_of(session, delivery_id)
    same = due.join(Message, Delivery.message_id == Message.id).where(
        Message.user_id == first.user_id,
        Message.family_id == first.family_id,
        Message.group_id == first.group_id,
        Message.kind == first.kind,
        Message.made_at == first.made_at,
        Message.ride.has(service_on=first.ride.service_on),
    )
    along = [one_id for one_id in session.scalars(same).all() if _take_news(session, one_id, now)]
    uid = session.get_one(Delivery, delivery_id).uid
    together = update(Delivery).where(Delivery.id.in_([delivery_id, *along]))
    session.execute(together.values(letter_uid=uid))


def _take_news(session: Session, delivery_id: int, now: datetime) -> bool:
    """Take it for who asks alone; whether that was done, and it is news still."""
    if not _take(session, delivery_id, now):
        return False
    message = _message_of(session, delivery_id)
    delivery = session.get_one(Delivery, delivery_id)
    if ways.reaches(session, message, delivery.channel) and news.is_open(message, now):
        return True
    _note_one(session, delivery, Outcome(DeliveryState.WITHDRAWN), now)
    return False


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
