"""Asking a driver: who decides holds ride and person, the rules are asked, the offer is made."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.drivers.models import Driver
from dispatch.errors import Conflict, Refused
from dispatch.i18n import gettext as _
from dispatch.i18n import say_time
from dispatch.notify import service as notify
from dispatch.notify.models import MessageKind
from dispatch.people.models import Group, User
from dispatch.planning.facts import DayFacts, timing
from dispatch.planning.models import Assignment, AssignmentState, Proposal
from dispatch.planning.reasons import refusal_sentence
from dispatch.planning.rules import Obstacle, refusals
from dispatch.planning.service.pairs import hold
from dispatch.policy import Actor
from dispatch.rides import service as rides
from dispatch.rides.models import Ride, RideState


def hold_for(session: Session, drivers: Iterable[Driver], rides: Iterable[Ride]) -> None:
    """One at a time gives these rides away, and rides to these people, as they are now.

    Racing exclusions would deadlock in PostgreSQL.
    """
    people = {driver.user_id for driver in drivers}
    chosen = select(User).where(User.id.in_(people)).order_by(User.id).with_for_update()
    session.scalars(chosen.execution_options(populate_existing=True)).all()
    hold(session, rides)


def check(
    facts: DayFacts,
    ride: Ride,
    driver_id: int,
    pickup_at: datetime,
    group: Group,
    *,
    set_aside: frozenset[Obstacle] = frozenset(),
) -> None:
    """Go on only if nothing speaks against it but what is `set_aside`.

    Raises
        Refused: every reason as a sentence.
    """
    asked = next(one for one in facts.rides if one.ride_id == ride.id)
    found = [
        one
        for one in refusals(facts, asked, facts.driver(driver_id), pickup_at)
        if one.obstacle not in set_aside
    ]
    if found:
        zone = group.zone
        raise Refused(*(refusal_sentence(one, lambda at: say_time(at, zone)) for one in found))


def offer(
    session: Session,
    actor: Actor,
    pair: list[Ride],
    driver: Driver,
    facts: DayFacts,
    *,
    pickup_at: datetime,
    proposal: Proposal | None,
    now: datetime,
) -> list[Assignment]:
    """Ask `driver` to drive `pair`, the way there at `pickup_at`.

    Raises
        Conflict: the ride or the driver's time was given away at the same moment.
    """
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
            is_estimate=facts.travel.is_estimate,
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
            once=offered_once(one),
            now=now,
        )
        made.append(one)
    return made


def offered_once(assignment: Assignment) -> str:
    """What makes it one message that `assignment` waits for an answer."""
    return f"offered:{assignment.uid}"


def _insert(session: Session, assignment: Assignment) -> None:
    try:
        with session.begin_nested():
            session.add(assignment)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else gave this ride away, or gave this driver another one, just now.")
        ) from error
