"""Named selects of messages: whom to call, who was told, and what waits for a driver.

The ride, its places and its driver belong to rooms upstairs. They are reached through the
relations of a message, so that nothing of theirs is imported here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.vault import Vault
from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound
from dispatch.i18n import language, languages, speaking
from dispatch.notify import news
from dispatch.notify.models import Delivery, DeliveryState, Message, MessageKind
from dispatch.notify.sentences import Coming, News, sentence
from dispatch.policy import Actor
from dispatch.policy.scopes import of_my_groups

if TYPE_CHECKING:
    from dispatch.drivers.models import Driver
    from dispatch.families.models import Family
    from dispatch.people.models import Group
    from dispatch.planning.models import Assignment
    from dispatch.rides.models import Ride

STUCK = timedelta(minutes=10)
"""A letter that is overdue by so much has no worker that sends it."""
_PROMISED = ("accepted", "completed")
"""States of an assignment whose driver said yes."""
_LOST = (DeliveryState.FAILED, DeliveryState.UNSURE)
"""States of a letter that its reader may never see."""
_ON_ITS_WAY = (DeliveryState.SENDING, DeliveryState.SENT)


@dataclass(frozen=True)
class Line:
    """One message as it is read out."""

    message: Message
    words: str


@dataclass(frozen=True)
class Call:
    """A family to be called, and everything it is to be told."""

    family: "Family"
    language: str
    """The language of the sentences: the family's, or that of the page where we have no words."""
    lines: list[Line]

    @property
    def is_spoken_to(self) -> bool:
        """Whether the sentences are in the family's own language."""
        return self.language == self.family.language


@dataclass(frozen=True)
class Unreached:
    """A driver to be called, because no letter went out, or nobody knows whether one did."""

    message: Message
    driver: "Driver"
    is_unsure: bool


def calls(session: Session, actor: Actor, group: "Group", *, now: datetime) -> list[Call]:
    """The families to be called, the one whose ride is nearest first.

    Rides of days gone by need no call any more, nor does what goes as a text message.
    """
    waiting = _to_families(session, actor, group).where(
        Message.told_at.is_(None),
        Message.dropped_at.is_(None),
        _not_over(group, now),
        ~_may_arrive(now),
    )
    lines = [
        Line(message, _say(message, group.zone, vault_of(session), now))
        for message in session.scalars(waiting)
    ]
    by_family = sorted(lines, key=lambda line: (line.message.family_id, _when(line)))
    found = [_call(list(same)) for _id, same in groupby(by_family, lambda one: one.message.family)]
    return sorted(found, key=lambda call: _when(call.lines[0]))


def unreached(session: Session, actor: Actor, group: "Group", *, now: datetime) -> list[Unreached]:
    """The drivers whom no channel reached, as long as there is something to say; nor will one, if
    nobody sends what waits."""
    chosen = select(Message).where(
        of_my_groups(actor, Message.group_id),
        Message.group_id == group.id,
        Message.told_at.is_(None),
        Message.dropped_at.is_(None),
        Message.user_id.is_not(None),
        _is_not_reached(now),
    )
    found = []
    for message in session.scalars(chosen.order_by(Message.id)).all():
        asked = news.assignment_of(message)
        if asked is not None and news.is_open(message, now):
            unsure = exists().where(
                Delivery.message_id == message.id, Delivery.state == DeliveryState.UNSURE
            )
            found.append(Unreached(message, asked.driver, bool(session.scalar(select(unsure)))))
    return found


def stuck_since(session: Session, actor: Actor, *, now: datetime) -> datetime | None:
    """Since when a letter should be out that nobody sends; None if all is well.

    To the desk about its own groups, to stewards about all; never what it says or to whom.
    """
    waits = (
        select(func.min(Delivery.next_try_at))
        .join(Message)
        .join(_ride(), Message.ride_id == _ride().id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_try_at <= now - STUCK,
            Message.told_at.is_(None),
            Message.dropped_at.is_(None),
            _ride().service_on >= (now - timedelta(days=1)).date(),
        )
    )
    if not actor.is_steward:
        waits = waits.where(of_my_groups(actor, Message.group_id))
    return session.scalar(waits)


def told_since(session: Session, actor: Actor, group: "Group", since: datetime) -> list[Message]:
    """What families were told since then, the latest first."""
    chosen = _to_families(session, actor, group).where(Message.told_at >= since)
    return list(session.scalars(chosen.order_by(Message.told_at.desc(), Message.id)))


def texted_since(session: Session, actor: Actor, group: "Group", since: datetime) -> list[Message]:
    """What went to families as text messages since then, the latest first."""
    sent = select(Delivery.message_id).where(
        Delivery.state == DeliveryState.SENT, Delivery.ended_at >= since
    )
    chosen = _to_families(session, actor, group).where(Message.id.in_(sent))
    return list(session.scalars(chosen.order_by(Message.made_at.desc(), Message.id)))


def get_messages(
    session: Session, actor: Actor, uids: Iterable[UUID], *, now: datetime
) -> list[Message]:
    """Messages to families, and to drivers who have to be called, in the order they were made.

    Raises
        NotFound: there is none at all, or one of them is not for `actor` to see.
    """
    wanted = set(uids)
    chosen = select(Message).where(
        Message.uid.in_(wanted),
        or_(Message.family_id.is_not(None), _is_not_reached(now)),
        of_my_groups(actor, Message.group_id),
    )
    found = list(session.scalars(chosen.order_by(Message.id)))
    if not found or len(found) != len(wanted):
        raise NotFound("message")
    return found


def unread(session: Session, actor: Actor, kind: MessageKind) -> list[Message]:
    """What the driver who asks has not said to know, in the order it was made."""
    chosen = select(Message).where(
        Message.user_id == actor.user_id,
        Message.user_id.is_not(None),
        Message.kind == kind,
        Message.told_at.is_(None),
        Message.dropped_at.is_(None),
    )
    return list(session.scalars(chosen.order_by(Message.id)))


def _is_not_reached(now: datetime) -> ColumnElement[bool]:
    """Of a message: it was to leave by some channel, and by none it arrived or still may."""
    lost = Delivery.state.in_(_LOST) | (Delivery.state == DeliveryState.WAITING)
    return _has_delivery(lost) & ~_may_arrive(now)


def _may_arrive(now: datetime) -> ColumnElement[bool]:
    """Of a message: it went by some channel, or is about to: somebody sends what waits."""
    waits = (Delivery.state == DeliveryState.WAITING) & (Delivery.next_try_at > now - STUCK)
    return _has_delivery(Delivery.state.in_(_ON_ITS_WAY) | waits)


def _has_delivery(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Delivery.message_id == Message.id, which)


def _to_families(session: Session, actor: Actor, group: "Group") -> Select[tuple[Message]]:
    """Messages to families of `group` with all that their sentences need."""
    ride = _ride()
    assignment = _target(ride.assignments)
    driver = _target(assignment.driver)
    return (
        select(Message)
        .join(ride, Message.ride_id == ride.id)
        .where(
            of_my_groups(actor, Message.group_id),
            Message.group_id == group.id,
            Message.family_id.is_not(None),
        )
        .options(
            joinedload(Message.family),
            joinedload(Message.ride).options(
                joinedload(ride.pickup_place),
                selectinload(ride.assignments)
                .joinedload(assignment.driver)
                .joinedload(driver.user),
            ),
        )
    )


def _ride() -> Any:  # noqa: ANN401 -- a table upstairs
    return _target(Message.ride)


def _target(relation: Any) -> Any:  # noqa: ANN401 -- tables upstairs
    return relation.property.mapper.class_


def _not_over(group: "Group", now: datetime) -> Any:  # noqa: ANN401 -- a where-clause
    return _ride().service_on >= clock.local_day(now, group.zone)


def _call(lines: list[Line]) -> Call:
    family = lines[0].message.family
    spoken = family.language if family.language in languages() else language()
    return Call(family, spoken, lines)


def _when(line: Line) -> tuple[datetime, int]:
    message = line.message
    return message.ride.window_starts_at or message.made_at + timedelta(days=1), message.id


def _say(message: Message, zone: ZoneInfo, vault: Vault, now: datetime) -> str:
    ride = message.ride
    place = ride.pickup_place
    told = News(
        kind=message.kind,
        coming=_coming(ride, vault),
        asked_at=news.told_time(message),
        place=place.name if place.is_public else None,
    )
    family_language = message.family.language if message.family else ""
    spoken = family_language if family_language in languages() else language()
    with speaking(spoken):
        return sentence(told, zone=zone, today=clock.local_day(now, zone))


def _coming(ride: "Ride", vault: Vault) -> Coming | None:
    held = next((one for one in ride.assignments if one.state.value in _PROMISED), None)
    if held is None:
        return None
    return Coming(_first_name(held, vault), held.driver.car, held.pickup_at)


def _first_name(assignment: "Assignment", vault: Vault) -> str:
    """What the family may know of the driver's name, opened to be read out to it."""
    try:
        name = assignment.driver.user.unseal("sealed_name", vault) or ""
    except Unreadable:  # the person was erased: the car still comes
        name = ""
    return name.split(" ")[0] or assignment.driver.number
