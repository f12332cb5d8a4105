"""A coordinator decides: approve one or many proposals, decline one, or give a ride by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.drivers.models import Driver
from dispatch.errors import Closed, Conflict, DispatchError, NotFound, Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_time
from dispatch.notify import service as notify
from dispatch.notify.models import MessageKind
from dispatch.people import queries as people
from dispatch.people.models import Group, User
from dispatch.places import roads
from dispatch.planning import queries, reading
from dispatch.planning.facts import DayFacts, timing
from dispatch.planning.models import Assignment, AssignmentState, Proposal, ProposalState
from dispatch.planning.reasons import refusal_sentence
from dispatch.planning.rules import WARNINGS, Obstacle, refusals
from dispatch.planning.service.pairs import (
    MOVABLE,
    hold,
    pair_of,
    proposals_of_pair,
    with_rides,
    without_rides,
)
from dispatch.planning.service.releasing import end, tell_withdrawn
from dispatch.policy import Action, Actor
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState


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
    _hold(session, [proposal.driver], [proposal.ride])
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
    _hold(session, [one.driver for one in proposals], [one.ride for one in proposals])
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


def assign(
    session: Session,
    actor: Actor,
    ride: Ride,
    driver: Driver,
    *,
    pickup_at: datetime,
    version: int,
    engine: roads.Roads,
    now: datetime,
) -> list[Assignment]:
    """Give `ride` to `driver` by hand, also from another driver who had it; checked by the rules.

    A driver who said no to it may be asked again: whoever does this by hand can talk to people.

    Asked again for what is so already, it changes nothing and returns the assignments as they are.

    Raises
        NotFound: the ride or the driver is none of the actor's, or they are of two groups.
        Stale: the ride changed since the form was made.
        Refused: the rules speak against it; every reason as a sentence. Nothing has changed.
    """
    policy.require(actor, Action.ASSIGN_RIDE, ride, now)
    policy.require(actor, Action.SEE_DRIVER, driver, now)
    if driver.group_id != ride.group_id:
        raise NotFound("driver")
    _hold(session, [driver], [ride])
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    group = session.get_one(Group, ride.group_id)
    pair = pair_of(session, ride)
    before = [one for leg in pair if (one := queries.live_assignment(session, leg)) is not None]
    if any(leg.state not in MOVABLE for leg in pair):
        raise Refused(_("This ride is under way or over: its driver cannot be changed."))
    if before and (before[0].driver_id, before[0].pickup_at) == (driver.id, pickup_at):
        return before  # the same form, sent twice
    facts = reading.facts_of_day(
        session,
        group,
        ride.service_on,
        now=now,
        engine=engine,
        only=reading.Only(pair, frozenset({driver.id})),
    )
    facts = without_rides(facts, [one.ride_id for one in before])
    _check(facts, pair[0], driver.id, pickup_at, group, set_aside=WARNINGS)
    for one in before:
        end(session, one, AssignmentState.RELEASED, now=now)
        rides.move(session, one.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
        tell_withdrawn(session, one, now=now)
    made = _offer(session, actor, pair, driver, facts, pickup_at, proposal=None, now=now)
    session.execute(
        update(Proposal)
        .where(Proposal.ride_id.in_([leg.id for leg in pair]), Proposal.state == ProposalState.LIVE)
        .values(state=ProposalState.SUPERSEDED)
    )
    audit.record(
        session,
        actor,
        Action.ASSIGN_RIDE,
        made[0],
        now=now,
        ride_uid=ride.uid,
        group_uid=group.uid,
    )
    return made


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
    _check(facts, pair[0], first.driver_id, first.pickup_at, group)
    made = _offer(
        session, actor, pair, first.driver, facts, first.pickup_at, proposal=first, now=now
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


def _check(
    facts: DayFacts,
    ride: Ride,
    driver_id: int,
    pickup_at: datetime,
    group: Group,
    *,
    set_aside: frozenset[Obstacle] = frozenset(),
) -> None:
    asked = next(one for one in facts.rides if one.ride_id == ride.id)
    found = [
        one
        for one in refusals(facts, asked, facts.driver(driver_id), pickup_at)
        if one.obstacle not in set_aside
    ]
    if found:
        zone = group.zone
        raise Refused(*(refusal_sentence(one, lambda at: say_time(at, zone)) for one in found))


def _offer(
    session: Session,
    actor: Actor,
    pair: list[Ride],
    driver: Driver,
    facts: DayFacts,
    pickup_at: datetime,
    *,
    proposal: Proposal | None,
    now: datetime,
) -> list[Assignment]:
    asked = next(one for one in facts.rides if one.ride_id == pair[0].id)
    times = [one for one in timing(facts, asked, pickup_at) or () if one is not None]
    made = []
    for leg, at in zip(pair, times, strict=True):
        one = Assignment(
            group_id=leg.group_id,
            ride=leg,
            driver=driver,
            user_id=driver.user_id,
            proposal_id=None if proposal is None else proposal.id,
            state=AssignmentState.OFFERED,
            pickup_at=at.pickup_at,
            dropoff_at=at.dropoff_at,
            busy_until=at.busy_until,
            approved_by_id=actor.user_id,
            approved_at=now,
        )
        _insert(session, one)
        rides.move(session, leg, RideState.OFFERED, by_user_id=actor.user_id, now=now)
        notify.tell_driver(
            session,
            kind=MessageKind.RIDE_OFFERED,
            user_id=driver.user_id,
            ride=leg,
            facts={"pickup_at": at.pickup_at.isoformat()},
            once=f"offered:{one.uid}",
            now=now,
        )
        made.append(one)
    return made


def _insert(session: Session, assignment: Assignment) -> None:
    try:
        with session.begin_nested():
            session.add(assignment)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else gave this ride away, or gave this driver another one, just now.")
        ) from error


def _hold(session: Session, drivers: Iterable[Driver], rides: Iterable[Ride]) -> None:
    """One at a time gives rides to a person: racing exclusions would deadlock in PostgreSQL."""
    people = {driver.user_id for driver in drivers}
    chosen = select(User.id).where(User.id.in_(people)).order_by(User.id).with_for_update()
    session.execute(chosen)
    hold(session, rides)


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
