"""Drivers are reminded of what they accepted: a week, an evening, two hours before, as the group
wishes.

A family that wants text messages is reminded the evening before too, and nobody is called for it.
By letter only: on their own pages the ride stands anyway. Whoever said yes after such a moment
needs no reminder of it. The hours count from the time that was asked for: the planned minute would
show in when a letter comes.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.notify import service as notify
from dispatch.notify import ways
from dispatch.notify.channels import CHANNELS
from dispatch.notify.models import Message, MessageKind
from dispatch.people.models import Group
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service.releasing import lock
from dispatch.rides.models import Ride, RideState

EVENING = time(17, 0)
"""On the group's clock."""
SHORTLY_BEFORE = timedelta(hours=2)
LATEST = timedelta(hours=1)
"""A worker that was away for longer reminds nobody of what should have been said before."""
_FAMILY = "family"
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)


def remind(session: Session, *, now: datetime) -> int:
    """Make the reminders whose time has come, each once; how many."""
    if not session.info.get(CHANNELS):
        return 0
    due = {
        f"{who}:{one.uid}": one
        for group in session.scalars(select(Group)).all()
        for one in session.scalars(_accepted(group, now))
        for word, at in moments_of(one.ride, group)
        if at <= now < at + LATEST and one.answered_at is not None and one.answered_at < at
        for who in _whom(session, one, word)
    }
    known = set(session.scalars(select(Message.once).where(Message.once.in_(due))))
    made = 0
    for once in sorted(due.keys() - known, key=lambda one: due[one].ride_id):
        lock(session, due[once])
        if due[once].state is AssignmentState.ACCEPTED:  # not taken back just now
            _tell(session, due[once], once, now)
            made += 1
    return made


def moments_of(ride: Ride, group: Group) -> Iterator[tuple[str, datetime]]:
    """When to remind of `ride`, with the word that makes each of them one message."""
    for word, wished, before in (
        ("week", group.reminds_week, _WEEK),
        ("evening", group.reminds_day, _DAY),
    ):
        if wished:
            yield word, clock.local_instant(ride.service_on - before, EVENING, group.zone)
    if group.reminds_same_day and ride.window_starts_at is not None:
        yield "shortly", ride.window_starts_at - SHORTLY_BEFORE


def _whom(session: Session, assignment: Assignment, word: str) -> Iterator[str]:
    """Who is reminded at the moment `word`, as what makes it one message."""
    yield word
    if word == "evening" and ways.may_text(session, assignment.ride.family):
        yield _FAMILY


def _tell(session: Session, assignment: Assignment, once: str, now: datetime) -> None:
    if once.startswith(_FAMILY):
        notify.tell_family(
            session,
            kind=MessageKind.RIDE_REMINDER,
            family_id=assignment.ride.family_id,
            ride=assignment.ride,
            facts={"pickup_at": assignment.pickup_at.isoformat()},
            once=once,
            now=now,
        )
        return
    notify.tell_driver(
        session,
        kind=MessageKind.RIDE_REMINDER,
        user_id=assignment.user_id,
        ride=assignment.ride,
        facts={},
        once=once,
        now=now,
    )


def _accepted(group: Group, now: datetime) -> object:
    """What `moments_of` may say that its time is now, and little else: it is asked all day."""
    today = clock.local_day(now, group.zone)
    soon = Ride.window_starts_at.between(now + SHORTLY_BEFORE - LATEST, now + SHORTLY_BEFORE)
    evening = clock.local_instant(today, EVENING, group.zone)
    later = Ride.service_on.in_([today + _DAY, today + _WEEK])
    chosen = select(Assignment).join(Ride, Assignment.ride_id == Ride.id)
    return chosen.options(joinedload(Assignment.ride)).where(
        Ride.group_id == group.id,
        Assignment.state == AssignmentState.ACCEPTED,
        Ride.state == RideState.ACCEPTED,
        Assignment.pickup_at > now,
        or_(soon, later) if evening <= now < evening + LATEST else soon,
    )
