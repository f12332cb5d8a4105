"""From a proposal to a driver's yes: approve, assign by hand, accept, decline, take back.

A way back whose driver waits goes with its way out: the two are approved, answered and released
together, because they are one drive for one driver.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.drivers.models import Driver
from dispatch.errors import Closed, Conflict, DispatchError, Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_time
from dispatch.notify import service as notify
from dispatch.notify.models import MessageKind
from dispatch.people import queries as people
from dispatch.people.models import Group, User
from dispatch.places import roads
from dispatch.places import service as places
from dispatch.planning import queries
from dispatch.planning.facts import Committed, DayFacts, timing
from dispatch.planning.models import Assignment, AssignmentState, Proposal, ProposalState
from dispatch.planning.reasons import refusal_sentence
from dispatch.planning.rules import refusals
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
    group = session.get_one(Group, proposal.group_id)
    pair = pair_of(session, proposal.ride)
    facts = queries.facts_of_day(
        session,
        group,
        proposal.ride.service_on,
        now=now,
        engine=engine,
        only=queries.Only(pair, frozenset({proposal.driver_id})),
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
    for day in sorted({one.ride.service_on for one in proposals}):
        todays = [one for one in proposals if one.ride.service_on == day]
        for one in todays:
            policy.require(actor, Action.APPROVE_PROPOSAL, one, now)
        group = session.get_one(Group, todays[0].group_id)
        facts = queries.facts_of_day(session, group, day, now=now, engine=engine)
        for one in sorted(todays, key=lambda one: one.pickup_at):
            if one.state is ProposalState.APPROVED and one.ride.with_outbound:
                continue  # went with its way out a moment ago
            try:
                made = _approve(session, actor, one, facts, now=now)
            except DispatchError as error:
                bulk.refused.append((one, _sentence(error)))
                continue
            bulk.approved.extend(made)
            facts = _taken(facts, made)
    return bulk


def decline_proposal(session: Session, actor: Actor, proposal: Proposal, *, now: datetime) -> None:
    """Say no to a proposal: the ride stays open for the next run."""
    policy.require(actor, Action.DECLINE_PROPOSAL, proposal, now)
    _require_live(session, proposal, now)
    for one in _proposals_ofpair_of(session, proposal):
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

    Raises
        Stale: the ride changed since the form was made.
        Refused: the rules speak against it; every reason as a sentence. Nothing has changed.
    """
    policy.require(actor, Action.ASSIGN_RIDE, ride, now)
    policy.require(actor, Action.SEE_DRIVER, driver, now)
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    group = session.get_one(Group, ride.group_id)
    pair = pair_of(session, ride)
    before = [one for leg in pair if (one := queries.live_assignment(session, leg)) is not None]
    if any(leg.state not in _MOVABLE for leg in pair):
        raise Refused(_("This ride is under way or over: its driver cannot be changed."))
    facts = queries.facts_of_day(
        session,
        group,
        ride.service_on,
        now=now,
        engine=engine,
        only=queries.Only(pair, frozenset({driver.id})),
    )
    facts = without_rides(facts, [one.ride_id for one in before])
    _check(facts, pair[0], driver.id, pickup_at, group)
    for one in before:
        _end(session, actor, one, AssignmentState.RELEASED, now=now)
        rides.move(session, one.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
        _tell_withdrawn(session, one, now=now)
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


def accept(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> None:
    """The driver says yes: the grants are issued, the family is told.

    Raises
        Closed: the offer went to somebody else or was taken back.
    """
    policy.require(actor, Action.ANSWER_OFFER, assignment, now)
    _lock(session, assignment)
    _require_offered(assignment)
    group = session.get_one(Group, assignment.group_id)
    for one in _assignments_ofpair_of(session, assignment):
        one.state, one.answered_at = AssignmentState.ACCEPTED, now
        rides.move(session, one.ride, RideState.ACCEPTED, by_user_id=actor.user_id, now=now)
        open_grants(session, one, group)
        notify.tell_family(
            session,
            kind=MessageKind.RIDE_ACCEPTED,
            family_id=one.ride.family_id,
            ride=one.ride,
            facts={"pickup_at": one.pickup_at.isoformat()},
            once=f"accepted:{one.uid}",
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
    _lock(session, assignment)
    if not assignment.is_live or assignment.ride.state not in _MOVABLE:
        raise Closed(_("This ride is not yours any more. Nothing was changed."))
    for one in _assignments_ofpair_of(session, assignment):
        was_accepted = one.state is AssignmentState.ACCEPTED
        _end(session, actor, one, AssignmentState.DECLINED, now=now)
        rides.move(session, one.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
        if was_accepted:
            _tell_searching(session, one, now=now)
        audit.record(session, actor, Action.ANSWER_OFFER, one, now=now, ride_uid=one.ride.uid)


def release(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> None:
    """Take a ride back from its driver: the grant closes now, the ride returns to the pool.

    Raises
        Conflict: the driver does not have it any more, or the ride is under way.
    """
    policy.require(actor, Action.RELEASE_ASSIGNMENT, assignment, now)
    _lock(session, assignment)
    if not assignment.is_live or assignment.ride.state not in _MOVABLE:
        raise Conflict(_("This ride is under way, over, or already without this driver."))
    for one in _assignments_ofpair_of(session, assignment):
        was_accepted = one.state is AssignmentState.ACCEPTED
        _end(session, actor, one, AssignmentState.RELEASED, now=now)
        rides.move(session, one.ride, RideState.OPEN, by_user_id=actor.user_id, now=now)
        _tell_withdrawn(session, one, now=now)
        if was_accepted:
            _tell_searching(session, one, now=now)
        audit.record(session, actor, Action.RELEASE_ASSIGNMENT, one, now=now, ride_uid=one.ride.uid)


def cancel_ride(
    session: Session, actor: Actor, ride: Ride, *, reason: str, version: int, now: datetime
) -> None:
    """Withdraw `ride`; a way back whose driver waits goes with it. Driver and family are told."""
    policy.require(actor, Action.CANCEL_RIDE, ride, now)
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    for leg in pair_of(session, ride):
        held = queries.live_assignment(session, leg)
        if held is not None:
            _end(session, actor, held, AssignmentState.RELEASED, now=now)
            _tell_withdrawn(session, held, now=now)
            if held.answered_at is not None:
                notify.tell_family(
                    session,
                    kind=MessageKind.RIDE_CANCELLED,
                    family_id=leg.family_id,
                    ride=leg,
                    facts={"pickup_at": held.pickup_at.isoformat()},
                    once=f"cancelled:{held.uid}",
                    now=now,
                )
        _drop_proposals(session, leg)
        rides.cancel(session, actor, leg, reason=reason, now=now)


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
    if ride.version != version:
        raise Stale(_("This ride was changed while you looked at it. Here it is as it is now."))
    held = queries.live_assignment(session, ride)
    if held is not None:
        release(session, actor, held, now=now)
    for leg in pair_of(session, ride):
        _drop_proposals(session, leg)
    rides.change_window(session, actor, ride, window, now=now)


def open_grants(session: Session, assignment: Assignment, group: Group) -> None:
    """Let the driver read both ends, from the group's time before pickup to that after drop-off."""
    places.open_to_driver(
        session,
        assignment=assignment,
        places=[assignment.ride.pickup_place, assignment.ride.dropoff_place],
        starts_at=assignment.pickup_at - group.grant_before,
        ends_at=assignment.dropoff_at + group.grant_after,
    )


_MOVABLE = (RideState.OPEN, RideState.OFFERED, RideState.ACCEPTED)


def pair_of(session: Session, ride: Ride) -> list[Ride]:
    """The ride, and the one that its waiting driver drives too: the way out first."""
    if ride.with_outbound and ride.outbound is not None:
        return pair_of(session, ride.outbound) if ride.outbound.state in _MOVABLE else [ride]
    back = session.scalars(
        select(Ride).where(
            Ride.outbound_id == ride.id,
            Ride.with_outbound.is_(True),
            Ride.state.in_(_MOVABLE),
        )
    ).one_or_none()
    return [ride] if back is None else [ride, back]


def _approve(
    session: Session, actor: Actor, proposal: Proposal, facts: DayFacts, *, now: datetime
) -> list[Assignment]:
    pair = pair_of(session, proposal.ride)
    first = queries.live_proposal(session, pair[0]) or proposal
    _lock_person(session, first.driver.user_id)
    _require_live(session, first, now)
    if any(leg.state is not RideState.OPEN for leg in pair) or (
        first.ride_version != pair[0].version
    ):
        raise Stale(_("This ride was changed after the matcher saw it. Run the matcher again."))
    group = session.get_one(Group, first.group_id)
    _check(facts, pair[0], first.driver_id, first.pickup_at, group)
    made = _offer(
        session, actor, pair, first.driver, facts, first.pickup_at, proposal=first, now=now
    )
    for one in _proposals_ofpair_of(session, first):
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


def _check(facts: DayFacts, ride: Ride, driver_id: int, pickup_at: datetime, group: Group) -> None:
    asked = next(one for one in facts.rides if one.ride_id == ride.id)
    found = refusals(facts, asked, facts.driver(driver_id), pickup_at)
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


def _end(
    session: Session, actor: Actor, assignment: Assignment, state: AssignmentState, *, now: datetime
) -> None:
    assignment.state, assignment.ended_at = state, now
    if state is AssignmentState.DECLINED:
        assignment.answered_at = now
    places.close_grants(session, assignment, now=now)
    session.flush()


def _tell_withdrawn(session: Session, assignment: Assignment, *, now: datetime) -> None:
    notify.tell_driver(
        session,
        kind=MessageKind.RIDE_WITHDRAWN,
        user_id=assignment.user_id,
        ride=assignment.ride,
        facts={"pickup_at": assignment.pickup_at.isoformat()},
        once=f"withdrawn:{assignment.uid}",
        now=now,
    )


def _tell_searching(session: Session, assignment: Assignment, *, now: datetime) -> None:
    notify.tell_family(
        session,
        kind=MessageKind.RIDE_SEARCHING,
        family_id=assignment.ride.family_id,
        ride=assignment.ride,
        facts={"pickup_at": assignment.pickup_at.isoformat()},
        once=f"searching:{assignment.uid}",
        now=now,
    )


def _lock(session: Session, assignment: Assignment) -> None:
    """See the assignment as it is now, and let nobody else change it before we are done."""
    session.refresh(assignment, with_for_update=True)
    session.refresh(assignment.ride)


def _lock_person(session: Session, user_id: int) -> None:
    """One at a time gives rides to a person: racing exclusions would deadlock in PostgreSQL."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update())


def _require_offered(assignment: Assignment) -> None:
    if assignment.state is AssignmentState.ACCEPTED:
        raise Conflict(_("You have accepted this ride already."))
    if assignment.state is not AssignmentState.OFFERED:
        raise Closed(_("Somebody else took this ride. Thank you for answering."))


def _require_live(session: Session, proposal: Proposal, now: datetime) -> None:
    session.refresh(proposal, with_for_update=True)
    if proposal.state is ProposalState.LIVE:
        return
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


def _proposals_ofpair_of(session: Session, proposal: Proposal) -> list[Proposal]:
    legs = [leg.id for leg in pair_of(session, proposal.ride)]
    found = select(Proposal).where(Proposal.ride_id.in_(legs), Proposal.state == ProposalState.LIVE)
    return list(session.scalars(found))


def _assignments_ofpair_of(session: Session, assignment: Assignment) -> list[Assignment]:
    """The assignment, and that of the other way when the same driver waits in between."""
    legs = [leg.id for leg in pair_of(session, assignment.ride)]
    found = (
        select(Assignment)
        .where(
            Assignment.ride_id.in_(legs),
            Assignment.driver_id == assignment.driver_id,
            Assignment.state == assignment.state,
        )
        .order_by(Assignment.pickup_at)
    )
    return list(session.scalars(found))


def _drop_proposals(session: Session, ride: Ride) -> None:
    session.execute(
        update(Proposal)
        .where(Proposal.ride_id == ride.id, Proposal.state == ProposalState.LIVE)
        .values(state=ProposalState.SUPERSEDED)
    )


def without_rides(facts: DayFacts, ride_ids: list[int]) -> DayFacts:
    """The same day as if nobody had these rides."""
    drivers = tuple(
        replace(
            one,
            committed=tuple(held for held in one.committed if held.ride_id not in ride_ids),
            rides_left=None
            if one.rides_left is None
            else one.rides_left + sum(held.ride_id in ride_ids for held in one.committed),
        )
        for one in facts.drivers
    )
    return replace(facts, drivers=drivers)


def _taken(facts: DayFacts, made: list[Assignment]) -> DayFacts:
    """The same day with these assignments: for the next decision of a bulk."""
    driver = facts.driver(made[0].driver_id)
    held = [
        Committed(
            ride_id=one.ride_id,
            pickup_place=one.ride.pickup_place_id,
            dropoff_place=one.ride.dropoff_place_id,
            pickup_at=one.pickup_at,
            dropoff_at=one.dropoff_at,
            busy_until=one.busy_until,
            needs=queries.needs_of(one.ride),
        )
        for one in made
    ]
    left = None if driver.rides_left is None else max(0, driver.rides_left - len(held))
    committed = tuple(sorted((*driver.committed, *held), key=lambda one: one.pickup_at))
    now_has = replace(driver, committed=committed, rides_left=left)
    drivers = tuple(now_has if one is driver else one for one in facts.drivers)
    return replace(facts, drivers=drivers)


def _sentence(error: DispatchError) -> str:
    if isinstance(error, Refused):
        return " ".join(error.reasons)
    if isinstance(error, Conflict | Closed):
        return error.sentence
    raise error
