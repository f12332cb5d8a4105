"""What a coordinator decided a moment ago is undone, before anybody has acted on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict, Stale
from dispatch.i18n import gettext as _
from dispatch.notify import service as notify
from dispatch.planning import queries
from dispatch.planning.models import (
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
)
from dispatch.planning.service.offering import offered_once
from dispatch.planning.service.pairs import hold, pair_of
from dispatch.planning.service.releasing import end
from dispatch.policy import Action, Actor
from dispatch.rides import service as rides
from dispatch.rides.models import RideState

UNDONE_WITHIN = timedelta(seconds=30)
"""The page offers it for ten; a click takes its way, and waits for whoever writes just now."""


def undo_offers(
    session: Session, actor: Actor, assignments: Sequence[Assignment], *, now: datetime
) -> None:
    """Take back what `actor` just gave away: what was proposed is proposed again, the rest open.

    The drivers are told nothing: what they would have been told was not read yet.

    Raises
        Conflict: a driver has answered, or it was not just now, or not by this person. Then
            nothing is undone.
    """
    for one in assignments:
        policy.require(actor, Action.RELEASE_ASSIGNMENT, one, now)
    hold(session, [one.ride for one in assignments])
    for one in assignments:
        session.refresh(one, with_for_update=True)
        _require_fresh(one, actor, now)
    given = [(one, _given_instead_of(session, one)) for one in assignments]
    for one, proposal in given:
        end(session, one, AssignmentState.RELEASED, now=now)
        rides.move(session, one.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
        notify.drop(session, offered_once(one), now=now)
        audit.record(session, actor, Action.RELEASE_ASSIGNMENT, one, now=now, ride_uid=one.ride.uid)
        if proposal is not None and queries.live_proposal(session, one.ride) is None:
            proposal.state, proposal.ride_version = ProposalState.LIVE, one.ride.version
            session.flush()


def undo_decline(session: Session, actor: Actor, proposal: Proposal, *, now: datetime) -> None:
    """Let a declined proposal, and that of its other way, wait for a decision again.

    Raises
        Stale: the ride has changed meanwhile, or something else is proposed for it.
    """
    policy.require(actor, Action.DECLINE_PROPOSAL, proposal, now)
    legs = pair_of(session, proposal.ride)
    hold(session, legs)
    session.refresh(proposal, with_for_update=True)
    declined = select(Proposal).where(
        Proposal.ride_id.in_([leg.id for leg in legs]),
        Proposal.run_id == proposal.run_id,
        Proposal.state == ProposalState.DECLINED,
    )
    found = list(session.scalars(declined))
    if proposal not in found or any(
        one.ride.state is not RideState.OPEN
        or one.ride.version != one.ride_version
        or queries.live_proposal(session, one.ride) is not None
        for one in found
    ):
        raise Stale(_("This ride was changed meanwhile. Here it is as it is now."))
    for one in found:
        one.state = ProposalState.LIVE
    audit.record(session, actor, Action.DECLINE_PROPOSAL, proposal, now=now)


def _require_fresh(assignment: Assignment, actor: Actor, now: datetime) -> None:
    if assignment.state is not AssignmentState.OFFERED:
        raise Conflict(_("The driver has answered already. Nothing was undone."))
    is_own = assignment.approved_by_id == actor.user_id
    if not is_own or now - assignment.approved_at > UNDONE_WITHIN:
        raise Conflict(_("It is too late to undo this. The ride can be taken back on its page."))


def _given_instead_of(session: Session, assignment: Assignment) -> Proposal | None:
    """What was proposed for the ride until it was given away, if it was."""
    ride = assignment.ride
    of_ride = select(Proposal).where(Proposal.ride_id == ride.id)
    if assignment.proposal_id is not None:
        given = session.get_one(Proposal, assignment.proposal_id)
        approved = of_ride.where(
            Proposal.run_id == given.run_id, Proposal.state == ProposalState.APPROVED
        )
        return session.scalars(approved).one_or_none()
    newest = select(func.max(MatchRun.id)).where(
        MatchRun.group_id == ride.group_id,
        MatchRun.service_on == ride.service_on,
        MatchRun.state == RunState.DONE,
    )
    passed_over = of_ride.where(
        Proposal.run_id == newest.scalar_subquery(),
        Proposal.state == ProposalState.SUPERSEDED,
        Proposal.ride_version == ride.version,
    )
    return session.scalars(passed_over.order_by(Proposal.id.desc())).first()
