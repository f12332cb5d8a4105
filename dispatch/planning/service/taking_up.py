"""A party said that it is ready: a run looks for its driver at once, whoever wrote it down."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatch.people.models import Group
from dispatch.planning.models import MatchRun
from dispatch.planning.service.runs import Enqueue, start_run
from dispatch.policy.actor import SYSTEM
from dispatch.rides.models import Ride, RideState

_LATELY = timedelta(minutes=60)
"""Whoever is ready for longer was looked for in vain, and stands on the board."""


def take_up_ready(session: Session, *, enqueue: Enqueue, now: datetime) -> int:
    """Start a repair of each day with a party that got ready after its last run; how many."""
    tried = exists().where(
        MatchRun.group_id == Ride.group_id,
        MatchRun.service_on == Ride.service_on,
        MatchRun.asked_at >= Ride.ready_at,
    )
    days = session.execute(
        select(Ride.group_id, Ride.service_on)
        .where(Ride.state == RideState.OPEN, Ride.ready_at > now - _LATELY, ~tried)
        .distinct()
    ).all()
    for group_id, day in days:
        group = session.get_one(Group, group_id)
        start_run(session, SYSTEM, group, day, enqueue=enqueue, now=now, is_repair=True)
    return len(days)
