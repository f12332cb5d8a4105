"""What should have happened by now and nobody has said: the desk is alarmed, once about each.

An alarm whose matter has settled by itself ends by itself: the driver has arrived after all.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from dispatch.i18n import gettext as _
from dispatch.i18n import say_time
from dispatch.people import alarms
from dispatch.people.models import Alarm, Group
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.rides.models import Ride, RideState
from dispatch.rides.queries import UNDER_WAY

PICKUP = timedelta(minutes=10)
"""So long after the expected pickup somebody should have arrived ..."""
DROPOFF = timedelta(minutes=30)
"""... and so long after the planned end everybody should be out of the car."""
_OLDEST = timedelta(days=1)
"""What was not said for longer is nobody's emergency any more."""
_WAY_BACK = (RideState.OPEN, RideState.OFFERED)
_NO_WAY_BACK = "planning:no-way-back"


def _say_pickup(session: Session, alarm: Alarm) -> str:
    held = _about(session, alarm, Assignment)
    if held is None:
        return _("A pickup is overdue.")
    return _(
        "%(number)s: the pickup of %(time)s is overdue. Call the driver.",
        number=held.ride.family.number,
        time=say_time(held.expected_at, _zone(session, alarm)),
    )


def _say_dropoff(session: Session, alarm: Alarm) -> str:
    held = _about(session, alarm, Assignment)
    if held is None:
        return _("A drop-off is overdue.")
    return _(
        "%(number)s: nobody has said that they arrived, planned for %(time)s. Call the driver.",
        number=held.ride.family.number,
        time=say_time(held.dropoff_at, _zone(session, alarm)),
    )


def _say_return(session: Session, alarm: Alarm) -> str:
    ride = _about(session, alarm, Ride)
    if ride is None:
        return _("A way back had no driver.")
    return _(
        "%(number)s was brought to %(place)s and nobody has the way back.",
        number=ride.family.number,
        place=ride.pickup_place.shown_as,
    )


def _ride_uid(session: Session, alarm: Alarm) -> UUID | None:
    found = _thing(session, alarm)
    return None if found is None else _ride(found).uid


LATE_PICKUP = alarms.register(alarms.Kind("planning:pickup-overdue", _say_pickup, _ride_uid))
LATE_DROPOFF = alarms.register(alarms.Kind("planning:dropoff-overdue", _say_dropoff, _ride_uid))
NO_WAY_BACK = alarms.register(alarms.Kind(_NO_WAY_BACK, _say_return, _ride_uid))
_HOLDS_IN = {
    LATE_PICKUP.name: (RideState.ACCEPTED,),
    LATE_DROPOFF.name: UNDER_WAY,
    NO_WAY_BACK.name: _WAY_BACK,
}
"""In which states of the ride an alarm still has a matter, by its kind."""


def watch(session: Session, *, now: datetime) -> int:
    """Alarm about everything that is overdue and nobody knows yet; about how much."""
    due = {f"{kind.name}:{one.uid}": (kind, one) for kind, one in _overdue(session, now)}
    known = set(session.scalars(select(Alarm.once).where(Alarm.once.in_(due))))
    for once in sorted(due.keys() - known):
        kind, one = due[once]
        alarms.raise_alarm(
            session,
            kind,
            group_id=one.group_id,
            about_id=one.user_id if isinstance(one, Assignment) else None,
            once=once,
            facts={"about": str(one.uid)},
            now=now,
        )
    kinds = (LATE_PICKUP, LATE_DROPOFF, NO_WAY_BACK)
    alarms.settle(session, kinds, lambda alarm: _is_over(session, alarm), now=now)
    return len(due.keys() - known)


def _overdue(session: Session, now: datetime) -> Iterator[tuple[alarms.Kind, Assignment | Ride]]:
    for held in session.scalars(_begun(now, (RideState.ACCEPTED,))):
        if held.expected_at + PICKUP <= now:
            yield LATE_PICKUP, held
    for held in session.scalars(_begun(now, UNDER_WAY)):
        if held.dropoff_at + timedelta(minutes=held.delay_minutes) + DROPOFF <= now:
            yield LATE_DROPOFF, held
    for ride in session.scalars(_left_behind(now)):
        yield NO_WAY_BACK, ride


def _is_over(session: Session, alarm: Alarm) -> bool:
    found = _thing(session, alarm)
    if found is None:
        return True
    is_taken_back = isinstance(found, Assignment) and not found.is_live
    return is_taken_back or _ride(found).state not in _HOLDS_IN[alarm.kind]


def _begun(now: datetime, states: tuple[RideState, ...]) -> Select[tuple[Assignment]]:
    chosen = select(Assignment).join(Ride, Assignment.ride_id == Ride.id)
    return chosen.where(
        Assignment.state == AssignmentState.ACCEPTED,
        Assignment.pickup_at.between(now - _OLDEST, now),
        Ride.state.in_(states),
    )


def _left_behind(now: datetime) -> Select[tuple[Ride]]:
    outbound = aliased(Ride)
    chosen = select(Ride).join(outbound, Ride.outbound_id == outbound.id)
    return chosen.where(
        outbound.state == RideState.DONE,
        Ride.state.in_(_WAY_BACK),
        Ride.service_on >= (now - _OLDEST).date(),
    )


def _about(
    session: Session, alarm: Alarm, model: type[Assignment] | type[Ride]
) -> Assignment | Ride | None:
    """What the alarm is about; None if it is erased."""
    chosen = select(model).where(model.uid == UUID(alarm.facts["about"]))
    if model is Assignment:
        chosen = chosen.options(joinedload(Assignment.ride).joinedload(Ride.family))
    return session.scalars(chosen).one_or_none()


def _thing(session: Session, alarm: Alarm) -> Assignment | Ride | None:
    return _about(session, alarm, Ride if alarm.kind == _NO_WAY_BACK else Assignment)


def _ride(found: Assignment | Ride) -> Ride:
    return found.ride if isinstance(found, Assignment) else found


def _zone(session: Session, alarm: Alarm) -> object:
    return session.get_one(Group, alarm.group_id).zone
