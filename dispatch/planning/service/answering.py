"""The driver answers: yes opens the address and tells the family, no frees the ride."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Closed, Conflict
from dispatch.i18n import gettext as _
from dispatch.notify import service as notify
from dispatch.notify.models import MessageKind
from dispatch.people.models import Group
from dispatch.places import grants
from dispatch.places.looks import as_now
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service.pairs import MOVABLE, assignments_of_pair
from dispatch.planning.service.releasing import give_back, lock, withdrawn_once
from dispatch.policy import Action, Actor
from dispatch.rides import service as rides
from dispatch.rides.models import RideState


def accept(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> None:
    """The driver says yes: the grants are issued, the family is told.

    Raises
        Closed: the offer went to somebody else or was taken back.
        Forbidden, NotFound: not the actor's offer, or the account was closed meanwhile.
    """
    policy.require(as_now(session, actor), Action.ANSWER_OFFER, assignment, now)
    lock(session, assignment)
    _require_offered(assignment)
    group = session.get_one(Group, assignment.group_id)
    for one in assignments_of_pair(session, assignment):
        one.state, one.answered_at = AssignmentState.ACCEPTED, now
        rides.move(session, one.ride, RideState.ACCEPTED, by_user_id=actor.user_id, now=now)
        open_grants(session, one, group)
        notify.tell_family(
            session,
            kind=MessageKind.RIDE_ACCEPTED,
            family_id=one.ride.family_id,
            ride=one.ride,
            facts={"pickup_at": one.pickup_at.isoformat()},
            once=accepted_once(one),
            now=now,
        )
        audit.record(
            session,
            actor,
            Action.ANSWER_OFFER,
            one,
            now=now,
            family_uid=one.ride.family.uid,
            ride_uid=one.ride.uid,
        )


def decline_offer(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> None:
    """The driver says no, or cannot come after all: the ride returns to the pool.

    Raises
        Closed: it is not the driver's any more, or the ride is under way.
    """
    policy.require(actor, Action.ANSWER_OFFER, assignment, now)
    lock(session, assignment)
    if not assignment.is_live or assignment.ride.state not in MOVABLE:
        raise Closed(_("This ride is not yours any more. Nothing was changed."))
    for one in assignments_of_pair(session, assignment):
        give_back(session, actor, one, AssignmentState.DECLINED, now=now)
        audit.record(session, actor, Action.ANSWER_OFFER, one, now=now, ride_uid=one.ride.uid)


def note_seen(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> None:
    """The driver knows that the ride was taken back: nobody has to call about it."""
    policy.require(actor, Action.ANSWER_OFFER, assignment, now)
    if notify.mark_seen(session, withdrawn_once(assignment), by_user_id=actor.user_id, now=now):
        audit.record(
            session, actor, Action.ANSWER_OFFER, assignment, now=now, ride_uid=assignment.ride.uid
        )


def accepted_once(assignment: Assignment) -> str:
    """What makes it one message that the driver of `assignment` said yes."""
    return f"accepted:{assignment.uid}"


def open_grants(session: Session, assignment: Assignment, group: Group) -> None:
    """Let the driver read both ends, from the group's time before pickup to that after drop-off."""
    grants.open_to_driver(
        session,
        assignment=assignment,
        places=[assignment.ride.pickup_place, assignment.ride.dropoff_place],
        starts_at=assignment.pickup_at - group.grant_before,
        ends_at=assignment.dropoff_at + group.grant_after,
    )


def _require_offered(assignment: Assignment) -> None:
    if assignment.state is AssignmentState.ACCEPTED:
        raise Conflict(_("You have accepted this ride already."))
    if assignment.state is not AssignmentState.OFFERED:
        raise Closed(_("Somebody else took this ride. Thank you for answering."))
