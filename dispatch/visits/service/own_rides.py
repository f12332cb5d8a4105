"""What a family does with its own rides: yes, no, and ready. The desk learns what it has to."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.i18n import gettext as _
from dispatch.people import alarms
from dispatch.people.models import Alarm
from dispatch.planning import service as planning
from dispatch.policy import Actor
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState

REASONS = ("family", "moved", "sick", "other_way")
"""Of `rides.rules.CANCEL_REASONS`, those that a family gives itself."""
_PROMISED = (RideState.ACCEPTED, RideState.ARRIVED)


def _say_cancelled(_session: Session, alarm: Alarm) -> str:
    words = {"number": alarm.facts["number"], "day": alarm.facts["day"]}
    return _("Family %(number)s cancelled its ride of %(day)s. Its driver was told.", **words)


CANCELLED = alarms.register(alarms.Kind("own-page:cancelled", say=_say_cancelled))


def confirm(session: Session, actor: Actor, ride: Ride, *, now: datetime) -> None:
    """The family comes.

    Raises
        Conflict: the ride is under way, over, or cancelled.
    """
    rides.confirm(session, actor, ride, now=now)


def cancel(
    session: Session, actor: Actor, ride: Ride, *, reason: str, version: int, now: datetime
) -> None:
    """The family calls its ride off. If a driver had promised it, the desk has to know at once.

    Raises
        Stale, Conflict: it was changed meanwhile; it is under way.
    """
    had_driver = ride.state in _PROMISED
    chosen = reason if reason in REASONS else REASONS[0]
    planning.cancel_ride(session, actor, ride, reason=chosen, version=version, now=now)
    if had_driver:
        alarms.raise_alarm(
            session,
            CANCELLED,
            group_id=ride.group_id,
            about_id=None,
            once=f"own-page:cancelled:{ride.uid}:{version}",
            facts={"number": ride.family.number, "day": ride.service_on.isoformat()},
            now=now,
        )


def mark_ready(session: Session, actor: Actor, ride: Ride, *, now: datetime) -> None:
    """The party can be fetched.

    Raises
        Conflict, Refused: the ride waits for no such word, or its day has not come.
    """
    planning.mark_ready(session, actor, ride, now=now)
