"""A clock that jumps: what it opens too early or again is held shut until two people looked.

Whether an address is open, a family's time is over or a session has ended is asked of the clock. A
worker compares it with one that nobody sets; if they part by more than an hour the service is
paused, and the desks are told.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.i18n import gettext as _
from dispatch.people import alarms
from dispatch.people.alarms import Kind
from dispatch.people.models import Alarm, Group
from dispatch.people.service import freezes
from dispatch.policy.actor import SYSTEM

MOST = timedelta(hours=1)
"""A clock that is put right by less opens or keeps open nothing for long."""


def hold(session: Session, by: timedelta, *, now: datetime) -> None:
    """Pause the service because the clock jumped `by` so much, and tell every group."""
    freezes.freeze(session, SYSTEM, now=now)
    for group_id in session.scalars(select(Group.id)):
        alarms.raise_alarm(
            session,
            JUMPED,
            group_id=group_id,
            about_id=None,
            once=f"{JUMPED.name}:{group_id}:{now.isoformat()}",
            facts={"minutes": round(by.total_seconds() / 60)},
            now=now,
        )


def behind_log(session: Session, *, now: datetime) -> timedelta:
    """How much earlier `now` is than the newest row of the log; nothing, if it is not."""
    newest = select(AuditEvent.at).order_by(AuditEvent.position.desc()).limit(1)
    written_at = session.scalar(newest)
    return max(timedelta(0), written_at - now) if written_at else timedelta(0)


def _say(_session: Session, alarm: Alarm) -> str:
    minutes = int(alarm.facts["minutes"])
    if minutes > 0:
        return _(
            "The clock of the server jumped ahead by %(num)s minutes. The service is paused: have "
            "the clock looked at, then end the pause together.",
            num=minutes,
        )
    return _(
        "The clock of the server jumped back by %(num)s minutes. The service is paused: have the "
        "clock looked at, then end the pause together.",
        num=-minutes,
    )


JUMPED = alarms.register(Kind("clock:jumped", say=_say))
