"""An offer that nobody answers is over after a while, and the ride goes on to somebody else."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatch.audit import service as audit
from dispatch.i18n import ngettext
from dispatch.people import alarms
from dispatch.people.models import Alarm, Group
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service.pairs import assignments_of_pair
from dispatch.planning.service.releasing import give_back, lock, tell_withdrawn
from dispatch.planning.service.runs import Enqueue, start_run
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM

WAITS = timedelta(hours=12)
"""So long an offer waits for its driver ..."""
NEAR = timedelta(hours=1)
"""... but not into the last hour before the pickup, which somebody else needs to get there ..."""
LEAST = timedelta(minutes=15)
"""... and never shorter than this."""


def _say(_session: Session, alarm: Alarm) -> str:
    return ngettext(
        "A driver did not answer in time: one ride looks for somebody else.",
        "A driver did not answer in time: %(num)s rides look for somebody else.",
        alarm.facts["rides"],
    )


UNANSWERED = alarms.register(alarms.Kind("planning:unanswered", say=_say))


def expire(session: Session, *, enqueue: Enqueue, now: datetime) -> int:
    """End every offer whose time is over; how many rides are open again.

    The desk is told, and a repair of the day looks for other drivers.
    """
    freed = 0
    for one in session.scalars(_overdue(now)).all():
        lock(session, one)
        if one.state is not AssignmentState.OFFERED:
            continue  # answered just now, or ended with its other way
        legs = assignments_of_pair(session, one)
        for leg in legs:
            give_back(session, SYSTEM, leg, AssignmentState.DECLINED, now=now)
            leg.answered_at = None
            tell_withdrawn(session, leg, now=now, by_letter=False)
            audit.record(
                session, SYSTEM, Action.RELEASE_ASSIGNMENT, leg, now=now, ride_uid=leg.ride.uid
            )
        alarms.raise_alarm(
            session,
            UNANSWERED,
            group_id=one.group_id,
            about_id=one.user_id,
            once=f"{UNANSWERED.name}:{one.uid}",
            facts={"rides": len(legs)},
            now=now,
        )
        group = session.get_one(Group, one.group_id)
        start_run(
            session, SYSTEM, group, one.ride.service_on, enqueue=enqueue, now=now, is_repair=True
        )
        freed += len(legs)
    return freed


def _overdue(now: datetime) -> object:
    return (
        select(Assignment)
        .where(
            Assignment.state == AssignmentState.OFFERED,
            or_(
                Assignment.approved_at <= now - WAITS,
                and_(Assignment.approved_at <= now - LEAST, Assignment.pickup_at <= now + NEAR),
            ),
        )
        .order_by(Assignment.ride_id)
    )
