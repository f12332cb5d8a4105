"""A driver tells the desk that something is wrong, by two touches; the desk hears of it at once,
and of a delay the family."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict, Refused
from dispatch.i18n import gettext as _
from dispatch.notify import service as notify
from dispatch.notify.models import MessageKind
from dispatch.people import alarms
from dispatch.people.models import Alarm, Group
from dispatch.planning import troubles
from dispatch.planning.models import Assignment, AssignmentState, Trouble, TroubleKind
from dispatch.planning.service.answering import accepted_once
from dispatch.planning.service.driving import may_go_on
from dispatch.planning.service.releasing import lock
from dispatch.policy import Action, Actor
from dispatch.rides import rules
from dispatch.rides.models import RideState


def _trouble_of(session: Session, alarm: Alarm) -> Trouble | None:
    return session.scalars(select(Trouble).where(Trouble.alarm_id == alarm.id)).one_or_none()


def _ride_of(session: Session, alarm: Alarm) -> UUID | None:
    known = _trouble_of(session, alarm)
    return known.assignment.ride.uid if known else None


def _say(session: Session, alarm: Alarm) -> str:
    known = _trouble_of(session, alarm)
    number = known.assignment.ride.family.number if known else _("A ride that is erased")
    kind = TroubleKind(alarm.facts["kind"])
    said = troubles.sentence(kind, alarm.facts["minutes"], number)
    if known is not None and known.taken_back_at is not None:
        said += " " + _("The driver has taken it back since.")
    return said


TOLD = alarms.register(alarms.Kind("planning:trouble", say=_say, ride_of=_ride_of))


def tell_trouble(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    kind: TroubleKind,
    *,
    delay_minutes: int = 0,
    now: datetime,
) -> None:
    """Let the desk know what is wrong with a ride; by its driver, or a coordinator for it.

    Of a driver who is late the expected pickup moves, and the plan does not. What a coordinator
    notes has been looked into by that.

    Raises
        Conflict: the ride is not the driver's, is over for too long, or has begun (if it is late).
        Refused: its day has not come.
    """
    policy.require(actor, Action.REPORT_PROGRESS, assignment, now)
    lock(session, assignment)
    _require_going_on(session, actor, assignment, now)
    if kind is TroubleKind.LATE:
        if assignment.ride.state is not RideState.ACCEPTED:
            raise Conflict(rules.why_not(assignment.ride.state))
        assignment.delay_minutes = delay_minutes
    trouble = Trouble(assignment=assignment, kind=kind, delay_minutes=delay_minutes, told_at=now)
    trouble.alarm = _raise(session, trouble, now)
    session.add(trouble)
    session.flush()
    if kind is TroubleKind.LATE:
        _tell_family(session, MessageKind.RIDE_LATE, trouble, now)
    if assignment.driver_id not in actor.driver_ids:
        alarms.take(session, actor, trouble.alarm, now=now)
    _record(session, actor, assignment, now)


def take_back_trouble(
    session: Session, actor: Actor, assignment: Assignment, *, now: datetime
) -> None:
    """What was told of the ride is none any more, or was a slip of the thumb.

    Raises
        Conflict: the ride is not the driver's, or is over for too long.
    """
    policy.require(actor, Action.REPORT_PROGRESS, assignment, now)
    lock(session, assignment)
    _require_going_on(session, actor, assignment, now)
    told = select(Trouble).where(
        Trouble.assignment_id == assignment.id, Trouble.taken_back_at.is_(None)
    )
    taken_back = list(session.scalars(told))
    for one in taken_back:
        one.taken_back_at = now
    assignment.delay_minutes = 0
    session.flush()
    late = [one for one in taken_back if one.kind is TroubleKind.LATE]
    if late:
        _tell_in_time(session, late, now)
    _record(session, actor, assignment, now)


def _require_going_on(
    session: Session, actor: Actor, assignment: Assignment, now: datetime
) -> None:
    group = session.get_one(Group, assignment.group_id)
    if assignment.state not in (AssignmentState.ACCEPTED, AssignmentState.COMPLETED):
        raise Conflict(_("This ride is not yours any more. Nothing was changed."))
    if assignment.group_id not in actor.coordinates and not may_go_on(assignment, group, now):
        raise Conflict(_("This ride has been over for too long. Call the desk if it is wrong."))
    # By its day: the hour of the pickup would tell how far the door is.
    if clock.local_day(now, group.zone) < assignment.ride.service_on:
        raise Refused(_("The day of this ride is to come. Give it back if you cannot come."))


def _tell_family(session: Session, kind: MessageKind, trouble: Trouble, now: datetime) -> None:
    """When the driver comes: later, or as it was promised after all."""
    assignment = trouble.assignment
    notify.tell_family(
        session,
        kind=kind,
        family_id=assignment.ride.family_id,
        ride=assignment.ride,
        facts={"pickup_at": assignment.expected_at.isoformat()},
        once=_once(trouble, kind),
        now=now,
    )


def _tell_in_time(session: Session, late: list[Trouble], now: datetime) -> None:
    """The driver comes as promised, unless that is all that the family has heard, or it came."""
    assignment = late[-1].assignment
    said = [_once(one, MessageKind.RIDE_LATE) for one in late]
    heard = notify.may_have_heard(session, said)
    for once in said:
        notify.drop(session, once, now=now)
    knows = not heard and notify.may_have_heard(session, [accepted_once(assignment)])
    if not knows and assignment.ride.state is RideState.ACCEPTED:
        _tell_family(session, MessageKind.RIDE_ACCEPTED, late[-1], now)


def _once(trouble: Trouble, kind: MessageKind) -> str:
    return f"{kind.value}:{trouble.uid}"


def _raise(session: Session, trouble: Trouble, now: datetime) -> Alarm:
    assignment, once = trouble.assignment, f"{TOLD.name}:{trouble.uid}"
    alarms.raise_alarm(
        session,
        TOLD,
        group_id=assignment.group_id,
        about_id=assignment.user_id,
        once=once,
        facts={"kind": trouble.kind.value, "minutes": trouble.delay_minutes},
        now=now,
    )
    return session.scalars(select(Alarm).where(Alarm.once == once)).one()


def _record(session: Session, actor: Actor, assignment: Assignment, now: datetime) -> None:
    audit.record(
        session,
        actor,
        Action.REPORT_PROGRESS,
        assignment,
        now=now,
        family_uid=assignment.ride.family.uid,
        ride_uid=assignment.ride.uid,
    )
