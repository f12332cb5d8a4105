"""The ride itself: arrived, on board, dropped off, nobody came; and a will-call that is ready."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict, Refused
from dispatch.i18n import gettext as _
from dispatch.i18n import say_day
from dispatch.people.models import Group
from dispatch.places import grants
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service.pairs import assignments_of_pair
from dispatch.planning.service.releasing import lock
from dispatch.policy import Action, Actor
from dispatch.rides import rules
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState

_OVER = (RideState.DONE, RideState.NO_SHOW)
_LATE = timedelta(minutes=30)
"""An address stays open at least so long after the driver last reported from the road."""
_EARLY = timedelta(minutes=30)
"""Before the pickup a driver may be there, however late the address opens."""
_LATEST = timedelta(hours=6)
"""So long after the planned drop-off no report keeps an address open any more."""
READY_WITHIN = timedelta(minutes=60)
"""How long after "ready" a will-call may be picked up."""


def report_progress(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    state: RideState,
    *,
    before: RideState | None = None,
    reason: str = "nobody",
    now: datetime,
) -> None:
    """Move the ride on, or one step back by undo; by its driver, or a coordinator for it.

    When the ride is over the driver is free, and the address closes the group's time later.
    `before` is the state that whoever reports saw: a step forward that comes late undoes nothing.
    `reason` is that of a no-show, a code of `rules.NO_SHOW_REASONS`.

    Raises
        Conflict: the ride is not the driver's, is not in the state `before`, cannot go to that
            state from where it is, or has been over for too long for its driver to undo anything.
        Refused: its pickup is hours away; a slip of the thumb would have told that it begins. Or a
            no-show before the promised pickup, or for no known reason.
    """
    policy.require(actor, Action.REPORT_PROGRESS, assignment, now)
    lock(session, assignment)
    if assignment.state not in (AssignmentState.ACCEPTED, AssignmentState.COMPLETED):
        raise Conflict(_("This ride is not yours any more. Nothing was changed."))
    _require_step(assignment.ride, before, state)
    group = session.get_one(Group, assignment.group_id)
    if assignment.group_id not in actor.coordinates and not may_go_on(assignment, group, now):
        raise Conflict(_("This ride has been over for too long. Call the desk if it is wrong."))
    if (assignment.ride.state, state) == (RideState.ACCEPTED, RideState.ARRIVED):
        _require_time_to_arrive(assignment, group, now)
    if state is RideState.NO_SHOW:
        _require_a_no_show(assignment, reason, now)
    rides.move(session, assignment.ride, state, by_user_id=actor.user_id, now=now)
    assignment.ride.no_show_reason = reason if state is RideState.NO_SHOW else None
    if state in _OVER:
        assignment.state, assignment.ended_at = AssignmentState.COMPLETED, now
        if assignment.pickup_at < now < assignment.busy_until:
            assignment.busy_until = now
        open_until = now + group.grant_after
    else:
        assignment.state, assignment.ended_at = AssignmentState.ACCEPTED, None
        assignment.busy_until = _planned_end(session, assignment, group)
        open_until = max(assignment.dropoff_at + group.grant_after, now + _LATE)
    if now < assignment.dropoff_at + _LATEST:
        _renew(session, assignment, open_until, now=now)
    session.flush()
    audit.record(
        session,
        actor,
        Action.REPORT_PROGRESS,
        assignment,
        now=now,
        family_uid=assignment.ride.family.uid,
        ride_uid=assignment.ride.uid,
    )


def may_arrive_at(assignment: Assignment, group: Group) -> datetime:
    """From when on the driver may be there: when the address opens, or a little before pickup."""
    return assignment.pickup_at - max(group.grant_before, _EARLY)


def may_go_on(assignment: Assignment, group: Group, now: datetime) -> bool:
    """Whether the driver may still say something else: later, the address would open anew."""
    ended_at = assignment.ended_at
    return ended_at is None or now < ended_at + group.grant_after


def mark_ready(session: Session, actor: Actor, ride: Ride, *, now: datetime) -> None:
    """The party of a will-call is ready: the ride wants a driver within the hour.

    Raises
        Conflict: the ride waits for no such word.
        Refused: its day has not come; a slip of the hand would have moved it to today.
    """
    policy.require(actor, Action.MARK_READY, ride, now)
    zone = session.get_one(Group, ride.group_id).zone
    waits = ride.state is RideState.WILL_CALL
    if waits and ride.service_on > clock.local_day(now, zone):
        raise Refused(_("This ride is on %(day)s, not today.", day=say_day(ride.service_on)))
    rides.mark_ready(session, actor, ride, (now, now + READY_WITHIN), now=now)


def _planned_end(session: Session, assignment: Assignment, group: Group) -> datetime:
    """Until when the driver has the party: an undo takes back that it was over early."""
    other = [one for one in assignments_of_pair(session, assignment) if one is not assignment]
    if other and other[0].pickup_at > assignment.pickup_at:
        return other[0].pickup_at
    return assignment.dropoff_at + timedelta(minutes=group.alight_minutes)


def _renew(session: Session, assignment: Assignment, ends_at: datetime, *, now: datetime) -> None:
    """Grants are never edited: the old ones end, new ones run until `ends_at`.

    They begin when the old ones would have: nothing that is reported early opens a door early.
    """
    if all(one.revoked_at is not None or one.ends_at == ends_at for one in assignment.grants):
        return
    starts_at = min(one.starts_at for one in assignment.grants)
    if starts_at >= ends_at:
        return
    grants.close(session, assignment, now=now)
    grants.open_to_driver(
        session,
        assignment=assignment,
        places=[assignment.ride.pickup_place, assignment.ride.dropoff_place],
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _require_step(ride: Ride, before: RideState | None, state: RideState) -> None:
    if ride.state is not (before or ride.state) or not rules.is_report(ride.state, state):
        raise Conflict(rules.why_not(ride.state))


def _require_time_to_arrive(assignment: Assignment, group: Group, now: datetime) -> None:
    # Without its time: the minute of the pickup would tell how far the door is.
    if now < may_arrive_at(assignment, group):
        raise Refused(_("It is too early to say this: the pickup is to come."))


def _require_a_no_show(assignment: Assignment, reason: str, now: datetime) -> None:
    if reason not in rules.NO_SHOW_REASONS:
        raise Refused(_("Choose what happened."))
    if now < assignment.pickup_at:
        raise Refused(_("It is too early for a no-show: the promised pickup is to come."))
