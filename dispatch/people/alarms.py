"""Alarms: what the coordinators of a group and the stewards see on every page until one takes it.

    EAGER = alarms.register(Kind("reveals:soft", say=_say))
    alarms.raise_alarm(session, EAGER, group_id=…, about_id=user_id, once="…", facts={…}, now=now)

An alarm is written in the transaction of what happened. `once` makes it the same alarm: the second
raising does nothing, also in another process. Facts are numbers and ids; `say` makes the sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict, NotFound
from dispatch.i18n import gettext as _
from dispatch.people.models import Alarm
from dispatch.policy import Action, Actor, scopes

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True)
class Kind:
    """A kind of alarm."""

    name: str
    """As stored: "reveals:soft"."""
    say: Callable[[Session, Alarm], str]
    """What happened, for whoever has to look at it; never a family's name."""
    ride_of: Callable[[Session, Alarm], UUID | None] = lambda _session, _alarm: None
    """The uid of the ride that it is about, if it is about one that is still there."""


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make `kind` known; called once, where a room's module is loaded."""
    if kind.name in _KINDS:
        raise ValueError(f"two kinds of alarm are called {kind.name}")
    _KINDS[kind.name] = kind
    return kind


def say(session: Session, alarm: Alarm) -> str:
    """What happened, in a sentence."""
    return _KINDS[alarm.kind].say(session, alarm)


def ride_of(session: Session, alarm: Alarm) -> UUID | None:
    """The uid of the ride that it is about, if any."""
    return _KINDS[alarm.kind].ride_of(session, alarm)


def raise_alarm(
    session: Session,
    kind: Kind,
    *,
    group_id: int | None,
    about_id: int | None,
    once: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Let everybody who keeps watch over the group know; whether it was not known before.

    Without a group it is about the whole house, and only stewards know.
    """
    row = {
        "uid": uuid4(),
        "kind": kind.name,
        "group_id": group_id,
        "about_id": about_id,
        "once": once,
        "facts": dict(facts),
        "made_at": now,
    }
    insert = _INSERT[session.get_bind().dialect.name]
    made = session.scalar(
        insert(Alarm)
        .values(row)
        .on_conflict_do_nothing(index_elements=["once"])
        .returning(Alarm.id)
    )
    return made is not None


def take(session: Session, actor: Actor, alarm: Alarm, *, now: datetime) -> None:
    """Somebody has looked into it: it leaves the pages, and stays on record.

    Raises
        NotFound, Forbidden: it is about `actor`, or does not concern `actor`.
        Conflict: somebody took it before.
    """
    policy.require(actor, Action.TAKE_ALARM, alarm, now)
    taken = session.execute(
        update(Alarm)
        .where(Alarm.id == alarm.id, Alarm.taken_at.is_(None))
        .values(taken_at=now, taken_by_id=actor.user_id)
    )
    if taken.rowcount != 1:
        raise Conflict(_("Somebody has looked into this before."))
    session.refresh(alarm)
    group_uid = None if alarm.group is None else alarm.group.uid
    audit.record(session, actor, Action.TAKE_ALARM, alarm, now=now, group_uid=group_uid)


def settle(
    session: Session,
    kinds: Iterable[Kind],
    is_over: Callable[[Alarm], bool],
    *,
    now: datetime,
) -> None:
    """End the open alarms of `kinds` whose matter has settled by itself: nobody took them."""
    names = [kind.name for kind in kinds]
    waiting = select(Alarm).where(Alarm.kind.in_(names), Alarm.taken_at.is_(None))
    for alarm in session.scalars(waiting).all():
        if is_over(alarm):
            alarm.taken_at = now


def open_alarms(session: Session, actor: Actor) -> list[Alarm]:
    """What nobody has looked into yet and concerns `actor`, the newest first."""
    return list(
        session.scalars(
            select(Alarm)
            .where(_concerns(actor), Alarm.taken_at.is_(None))
            .options(joinedload(Alarm.about), joinedload(Alarm.group))
            .order_by(Alarm.made_at.desc(), Alarm.id.desc())
        )
    )


def count_open(session: Session, actor: Actor) -> int:
    """How many there are of `open_alarms`."""
    return session.scalar(
        select(func.count()).select_from(Alarm).where(_concerns(actor), Alarm.taken_at.is_(None))
    )


def get_alarm(session: Session, actor: Actor, uid: UUID) -> Alarm:
    """The alarm of this uid.

    Raises
        NotFound: there is none that concerns `actor`.
    """
    found = session.scalars(select(Alarm).where(Alarm.uid == uid, _concerns(actor))).one_or_none()
    if found is None:
        raise NotFound(Action.SEE_ALARMS.value)
    return found


def _concerns(actor: Actor) -> ColumnElement[bool]:
    if actor.is_active and actor.is_steward:
        return true()
    # Not the own ones: who is watched does not learn what is noticed.
    other = or_(Alarm.about_id.is_(None), Alarm.about_id != actor.user_id)
    return scopes.of_my_groups(actor, Alarm.group_id) & other
