"""A coordinator decides on what the matcher proposes: approve one or many, or decline."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, Conflict, DispatchError, Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.people import queries as people
from dispatch.people.models import Group, User
from dispatch.places import roads
from dispatch.planning import queries, reading
from dispatch.planning.facts import DayFacts
from dispatch.planning.models import Assignment, Proposal, ProposalState
from dispatch.planning.service.offering import check, hold_for, offer
from dispatch.planning.service.pairs import pair_of, proposals_of_pair, with_rides
from dispatch.policy import Action, Actor
from dispatch.rides.models import RideState


@dataclass(frozen=True)
class Bulk:
    """What became of several approvals."""

    approved: list[Assignment]
    refused: list[tuple[Proposal, str]]
    """The proposal, and the sentence that says why not."""


def approve(
    session: Session, actor: Actor, proposal: Proposal, *, engine: roads.Roads, now: datetime
) -> list[Assignment]:
    """Make `proposal` binding and offer the ride to its driver.

    Raises
        NotFound, Forbidden: `actor` is no coordinator of the ride's group.
        Conflict: somebody else approved, or gave the ride away, first.
        Stale: the ride changed since the match run.
        Refused: the driver could not take it any more; says why.
    """
    policy.require(actor, Action.APPROVE_PROPOSAL, proposal, now)
    hold_for(session, [proposal.driver], [proposal.ride])
    group = session.get_one(Group, proposal.group_id)
    pair = pair_of(session, proposal.ride)
    facts = reading.facts_of_day(
        session,
        group,
        proposal.ride.service_on,
        now=now,
        engine=engine,
        only=reading.Only(pair, frozenset({proposal.driver_id})),
    )
    return _approve(session, actor, proposal, facts, now=now)


def approve_many(
    session: Session,
    actor: Actor,
    proposals: list[Proposal],
    *,
    engine: roads.Roads,
    now: datetime,
) -> Bulk:
    """Approve each of `proposals` that still can be; the others say why not, and stay."""
    bulk = Bulk([], [])
    for one in proposals:
        policy.require(actor, Action.APPROVE_PROPOSAL, one, now)
    hold_for(session, [one.driver for one in proposals], [one.ride for one in proposals])
    for day in sorted({one.ride.service_on for one in proposals}):
        todays = [one for one in proposals if one.ride.service_on == day]
        group = session.get_one(Group, todays[0].group_id)
        facts = reading.facts_of_day(session, group, day, now=now, engine=engine)
        for one in sorted(todays, key=lambda one: one.pickup_at):
            if one.ride_id in {made.ride_id for made in bulk.approved}:
                continue  # went with its way out a moment ago
            try:
                with session.begin_nested():  # of two ways both are given away, or neither
                    made = _approve(session, actor, one, facts, now=now)
            except DispatchError as error:
                bulk.refused.append((one, _sentence(error)))
                continue
            bulk.approved.extend(made)
            facts = with_rides(facts, made)
    return bulk


def decline_proposal(session: Session, actor: Actor, proposal: Proposal, *, now: datetime) -> None:
    """Say no to a proposal: the ride stays open for the next run."""
    policy.require(actor, Action.DECLINE_PROPOSAL, proposal, now)
    _require_live(session, proposal, now)
    for one in proposals_of_pair(session, proposal):
        one.state = ProposalState.DECLINED
    audit.record(session, actor, Action.DECLINE_PROPOSAL, proposal, now=now)


def _approve(
    session: Session, actor: Actor, proposal: Proposal, facts: DayFacts, *, now: datetime
) -> list[Assignment]:
    _require_live(session, proposal, now)
    pair = pair_of(session, proposal.ride)
    first = queries.live_proposal(session, pair[0])
    if (
        first is None
        or first.driver_id != proposal.driver_id
        or first.ride_version != pair[0].version
        or any(leg.state is not RideState.OPEN for leg in pair)
    ):
        raise Stale(_("This ride was changed after the matcher saw it. Run the matcher again."))
    group = session.get_one(Group, first.group_id)
    check(facts, pair[0], first.driver_id, first.pickup_at, group)
    made = offer(
        session,
        actor,
        pair,
        first.driver,
        facts,
        pickup_at=first.pickup_at,
        proposal=first,
        now=now,
    )
    for one in proposals_of_pair(session, first):
        one.state = ProposalState.APPROVED
    audit.record(
        session,
        actor,
        Action.APPROVE_PROPOSAL,
        first,
        now=now,
        ride_uid=pair[0].uid,
        group_uid=group.uid,
    )
    return made


def _require_live(session: Session, proposal: Proposal, now: datetime) -> None:
    session.refresh(proposal, with_for_update=True)
    if proposal.state is ProposalState.LIVE:
        return
    if proposal.state is ProposalState.DECLINED:
        raise Stale(_("This proposal was declined before. Nothing of yours changed."))
    if proposal.state is not ProposalState.APPROVED:
        raise Stale(_("A newer plan has taken the place of this proposal."))
    made = session.scalars(
        select(Assignment).where(Assignment.proposal_id == proposal.id).order_by(Assignment.id)
    ).first()
    approver = session.get(User, made.approved_by_id) if made and made.approved_by_id else None
    if made is None or approver is None:
        raise Conflict(_("Somebody else approved this. Nothing of yours changed."))
    seconds = max(1, int((now - made.approved_at).total_seconds()))
    name = people.shown_name(approver, vault_of(session))
    raise Conflict(
        ngettext(
            "%(name)s approved this a second ago. Nothing of yours changed.",
            "%(name)s approved this %(num)s seconds ago. Nothing of yours changed.",
            seconds,
            name=name,
        )
        if seconds < 120
        else _("%(name)s approved this before. Nothing of yours changed.", name=name)
    )


def _sentence(error: DispatchError) -> str:
    if isinstance(error, Refused):
        return " ".join(error.reasons)
    if isinstance(error, Conflict | Closed):
        return error.sentence
    raise error
