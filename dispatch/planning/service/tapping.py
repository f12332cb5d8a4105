"""What a driver tells by phone counts once, however often a bad connection brings it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.db.transactions import take_turns
from dispatch.errors import Closed, Conflict, Refused
from dispatch.i18n import gettext as _
from dispatch.planning.models import Assignment, DriverAction, Tap
from dispatch.policy import Action, Actor

_ANSWERS = (Tap.ACCEPT, Tap.DECLINE, Tap.SEEN)
_OLDEST = timedelta(days=1)
_AHEAD = timedelta(minutes=5)
"""A phone's clock may be so much ahead and still be believed."""
_STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class Told:
    """One touch of the phone, as the phone describes it."""

    uid: UUID
    """Made by the phone, the same however often it is sent."""
    what: Tap
    made_at: datetime | None
    """By the phone's clock, which may be wrong."""


def count_once(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    told: Told,
    act: Callable[[], None],
    *,
    now: datetime,
) -> str | None:
    """Do `act` unless `told` came before; why nothing was changed, in the words of the first time.

    What `act` refuses is noted too, so that it is not done later when the ride has moved on.

    Raises
        Conflict: the same uid came for something else.
        NotFound, Forbidden: not the actor's ride.
    """
    action = Action.ANSWER_OFFER if told.what in _ANSWERS else Action.REPORT_PROGRESS
    policy.require(actor, action, assignment, now)
    take_turns(session, told.uid.bytes)
    first = session.scalars(select(DriverAction).where(DriverAction.uid == told.uid)).one_or_none()
    if first is not None:
        return _refusal_of(first, actor, assignment, told)
    refusal = _refusal_to(session, act)
    session.add(
        DriverAction(
            uid=told.uid,
            user_id=actor.user_id,
            assignment_id=assignment.id,
            what=told.what,
            made_at=_believed(told.made_at, now),
            received_at=now,
            refusal=refusal,
        )
    )
    session.flush()
    return refusal


def _refusal_of(
    first: DriverAction, actor: Actor, assignment: Assignment, told: Told
) -> str | None:
    same = (actor.user_id, assignment.id, told.what)
    if (first.user_id, first.assignment_id, first.what) != same:
        raise Conflict(_("Something else was sent in place of this. Nothing was changed."))
    return first.refusal


def _refusal_to(session: Session, act: Callable[[], None]) -> str | None:
    try:
        with session.begin_nested():
            act()
    except (Refused, Conflict, Closed) as error:
        return error.sentence
    return None


def _believed(made_at: datetime | None, now: datetime) -> datetime | None:
    """A moment of the phone's as it may be kept: to the five minutes before it, if it can be."""
    if made_at is None or not now - _OLDEST <= made_at <= now + _AHEAD:
        return None
    return made_at - timedelta(seconds=made_at.timestamp() % _STEP.total_seconds())
