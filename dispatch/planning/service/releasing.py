"""Taking a ride back: from its driver, from the day, or to another time. Grants close at once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict, Stale
from dispatch.i18n import gettext as _
from dispatch.notify import service as notify
from dispatch.notify.models import MessageKind
from dispatch.places import grants
from dispatch.planning import queries
from dispatch.planning.models import Assignment, AssignmentState, Proposal, ProposalState
from dispatch.planning.service.pairs import MOVABLE, assignments_of_pair, hold, pair_of
from dispatch.policy import Action, Actor
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState
from dispatch.rides.rules import CANCELLABLE


def release(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> None:
    """Take a ride back from its driver: the grant closes now, the ride returns to the pool.

    Raises
        Conflict: the driver does not have it any more, or the ride is under way.
    """
    policy.require(actor, Action.RELEASE_ASSIGNMENT, assignment, now)
    lock(session, assignment)
    if not assignment.is_live or assignment.ride.state not in MOVABLE:
        raise Conflict(_("This ride is under way, over, or already without this driver."))
    for one in assignments_of_pair(session, assignment):
        give_back(session, actor, one, AssignmentState.RELEASED, now=now)
        tell_withdrawn(session, one, now=now)
        audit.record(session, actor, Action.RELEASE_ASSIGNMENT, one, now=now, ride_uid=one.ride.uid)


def cancel_ride(
    session: Session, actor: Actor, ride: Ride, *, reason: str, version: int, now: datetime
) -> None:
    """Withdraw `ride`; a way back whose driver waits goes with it.

    The driver is told, and the family, unless it was the family that called it off.
    """
    policy.require(actor, Action.CANCEL_RIDE, ride, now)
    hold(session, [ride])
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    for leg in pair_of(session, ride):
        held = queries.live_assignment(session, leg)
        if held is not None:
            end(session, held, AssignmentState.RELEASED, now=now)
            tell_withdrawn(session, held, now=now)
            if held.answered_at is not None and actor.family_id is None:
                notify.tell_family(
                    session,
                    kind=MessageKind.RIDE_CANCELLED,
                    family_id=leg.family_id,
                    ride=leg,
                    facts={"pickup_at": held.pickup_at.isoformat()},
                    once=f"cancelled:{held.uid}",
                    now=now,
                )
        drop_proposals(session, leg)
        rides.cancel(session, actor, leg, reason=reason, now=now)


def cancel_together(
    session: Session,
    actor: Actor,
    ride: Ride,
    others: Iterable[Ride],
    *,
    reason: str,
    version: int,
    now: datetime,
) -> None:
    """Withdraw `ride` and those of `others` that still can be: both ways, the rest of a series."""
    policy.require(actor, Action.CANCEL_RIDE, ride, now)
    others = list(others)
    hold(session, [ride, *others])
    cancel_ride(session, actor, ride, reason=reason, version=version, now=now)
    for one in others:
        if one.id != ride.id and one.state in CANCELLABLE:
            cancel_ride(session, actor, one, reason=reason, version=one.version, now=now)


def change_window(
    session: Session,
    actor: Actor,
    ride: Ride,
    window: tuple[datetime, datetime],
    *,
    version: int,
    now: datetime,
) -> None:
    """Ask for `ride` at another time: whoever has it is told, and it returns to the pool."""
    policy.require(actor, Action.CHANGE_RIDE, ride, now)
    hold(session, [ride])
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    held = queries.live_assignment(session, ride)
    promised: list[Assignment] = []
    if held is not None:
        pair = assignments_of_pair(session, held)
        promised = [one for one in pair if one.state is AssignmentState.ACCEPTED]
        release(session, actor, held, now=now)
    for leg in pair_of(session, ride):
        drop_proposals(session, leg)
    rides.change_window(session, actor, ride, window, now=now)
    for one in promised:
        tell_changed(session, one, now=now)


def give_back(
    session: Session, actor: Actor, assignment: Assignment, state: AssignmentState, *, now: datetime
) -> None:
    """End the assignment as `state`: its ride wants a driver again. Who counted on it is told."""
    was_accepted = assignment.state is AssignmentState.ACCEPTED
    end(session, assignment, state, now=now)
    rides.move(session, assignment.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
    if was_accepted:
        tell_searching(session, assignment, now=now)


def end(session: Session, assignment: Assignment, state: AssignmentState, *, now: datetime) -> None:
    """The driver has the ride no more, and the address closes at once."""
    assignment.state, assignment.ended_at = state, now
    if state is AssignmentState.DECLINED:
        assignment.answered_at = now
    grants.close(session, assignment, now=now)
    session.flush()


def tell_withdrawn(
    session: Session, assignment: Assignment, *, now: datetime, by_letter: bool = True
) -> None:
    """The driver has it no more; nobody writes to who never answered."""
    tell = notify.tell_driver if by_letter else notify.show_driver
    tell(
        session,
        kind=MessageKind.RIDE_WITHDRAWN,
        user_id=assignment.user_id,
        ride=assignment.ride,
        facts={"pickup_at": assignment.pickup_at.isoformat()},
        once=withdrawn_once(assignment),
        now=now,
    )


def withdrawn_once(assignment: Assignment) -> str:
    """What makes it one message that `assignment` was taken back."""
    return f"withdrawn:{assignment.uid}"


def tell_searching(session: Session, assignment: Assignment, *, now: datetime) -> None:
    notify.tell_family(
        session,
        kind=MessageKind.RIDE_SEARCHING,
        family_id=assignment.ride.family_id,
        ride=assignment.ride,
        facts={"pickup_at": assignment.pickup_at.isoformat()},
        once=f"searching:{assignment.uid}",
        now=now,
    )


def tell_changed(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """When its ride is to be now, in place of that its driver cannot come."""
    notify.tell_family(
        session,
        kind=MessageKind.RIDE_CHANGED,
        family_id=assignment.ride.family_id,
        ride=assignment.ride,
        facts={},
        once=f"changed:{assignment.uid}",
        now=now,
    )


def lock(session: Session, assignment: Assignment) -> None:
    """See the assignment and its ride as they are now; nobody else changes them meanwhile."""
    hold(session, [assignment.ride])
    session.refresh(assignment, with_for_update=True)


def was_driven(session: Session, ride: Ride, now: datetime) -> bool:
    """Whether its driver's time is over, although nobody reported how it went."""
    if ride.state is not RideState.ACCEPTED:
        return False
    held = queries.live_assignment(session, ride)
    return held is not None and held.busy_until <= now


def drop_proposals(session: Session, ride: Ride) -> None:
    session.execute(
        update(Proposal)
        .where(Proposal.ride_id == ride.id, Proposal.state == ProposalState.LIVE)
        .values(state=ProposalState.SUPERSEDED)
    )
