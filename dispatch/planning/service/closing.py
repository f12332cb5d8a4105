"""An account was closed: its driver reads no door any more, and its rides want another driver."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.drivers.models import Driver
from dispatch.i18n import ngettext
from dispatch.people import alarms
from dispatch.people import service as people
from dispatch.people.models import Alarm, User
from dispatch.places import grants
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service.pairs import MOVABLE, hold
from dispatch.planning.service.releasing import release
from dispatch.policy.actor import SYSTEM
from dispatch.rides.queries import UNDER_WAY

_LATE = timedelta(hours=6)
"""A ride that is so long over is not on the road any more, although nobody reported its end."""
_WITH_DRIVER = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


def _say(_session: Session, alarm: Alarm) -> str:
    freed, driven = alarm.facts["freed"], alarm.facts["driven"]
    said = []
    if freed:
        said.append(
            ngettext(
                "The account of a driver was closed: one ride is open again.",
                "The account of a driver was closed: %(num)s rides are open again.",
                freed,
            )
        )
    if driven:
        said.append(
            ngettext(
                "Call at once: one ride is under way with a driver whose account was closed.",
                "Call at once: %(num)s rides are under way with a driver whose account was closed.",
                driven,
            )
        )
    return " ".join(said)


LOST = alarms.register(alarms.Kind("planning:driver-closed", say=_say))


@people.when_closed
def let_go(session: Session, user: User, now: datetime) -> None:
    """Take every ride back that can still change hands, shut all doors, and let the desk know."""
    chosen = select(Assignment).where(
        Assignment.user_id == user.id,
        Assignment.state.in_(_WITH_DRIVER),
        Assignment.busy_until > now - _LATE,
    )
    held = list(session.scalars(chosen.order_by(Assignment.pickup_at)))
    hold(session, [one.ride for one in held])
    for one in held:
        session.refresh(one, with_for_update=True)  # its other way may have taken it along
        is_to_come = one.ride.state in MOVABLE and one.busy_until > now
        if one.state in _WITH_DRIVER and is_to_come:
            release(session, SYSTEM, one, now=now)
    records = select(Driver.id).where(Driver.user_id == user.id)
    grants.close_of(session, session.scalars(records).all(), now=now)
    _tell(session, user, held, now)


def _tell(session: Session, user: User, held: Iterable[Assignment], now: datetime) -> None:
    freed = Counter(one.group_id for one in held if one.state is AssignmentState.RELEASED)
    driven = Counter(one.group_id for one in held if one.is_live and one.ride.state in UNDER_WAY)
    for group_id in sorted(freed | driven):
        alarms.raise_alarm(
            session,
            LOST,
            group_id=group_id,
            about_id=user.id,
            once=f"{LOST.name}:{user.uid}:{group_id}:{now.isoformat()}",
            facts={"freed": freed[group_id], "driven": driven[group_id]},
            now=now,
        )
