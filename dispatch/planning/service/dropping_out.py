"""A driver cannot come on a day after all: the rides go back, and the plan is repaired."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.drivers import service as drivers
from dispatch.drivers.models import Driver
from dispatch.people.models import Group
from dispatch.planning.models import (
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    ProposalState,
)
from dispatch.planning.service.offering import hold_for
from dispatch.planning.service.pairs import MOVABLE
from dispatch.planning.service.releasing import drop_proposals, release
from dispatch.planning.service.runs import Enqueue, start_run
from dispatch.policy import Action, Actor
from dispatch.rides.models import Ride

_WITH_DRIVER = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


def held_on(session: Session, driver: Driver, day: date) -> list[Assignment]:
    """The rides of `day` that `driver` would give back, the first one first."""
    found = (
        select(Assignment)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            Assignment.driver_id == driver.id,
            Assignment.state.in_(_WITH_DRIVER),
            Ride.service_on == day,
            Ride.state.in_(MOVABLE),
        )
        .order_by(Assignment.pickup_at)
    )
    return list(session.scalars(found))


def drop_out(
    session: Session,
    actor: Actor,
    driver: Driver,
    day: date,
    *,
    enqueue: Enqueue,
    now: datetime,
) -> tuple[int, MatchRun]:
    """Take `driver` out of `day`: how many rides went back, and the run that repairs the plan.

    Rides under way stay with the driver, who is on the road with them. Done again, nothing more
    goes back.

    Raises
        Refused: the day is over.
    """
    policy.require(actor, Action.DROP_OUT, driver, now)
    hold_for(session, [driver], [one.ride for one in held_on(session, driver, day)])
    if not any(one.first_on <= day <= one.last_on for one in driver.days_off):
        drivers.add_day_off(session, actor, driver, day, day, now=now)
    freed = _give_back(session, actor, held_on(session, driver, day), now)
    for ride in _proposed_to(session, driver, day):
        drop_proposals(session, ride)
    group = session.get_one(Group, driver.group_id)
    audit.record(session, actor, Action.DROP_OUT, driver, now=now)
    run = start_run(session, actor, group, day, enqueue=enqueue, now=now, is_repair=True)
    return freed, run


def _give_back(session: Session, actor: Actor, held: Iterable[Assignment], now: datetime) -> int:
    freed = 0
    for one in held:
        session.refresh(one, with_for_update=True)  # its other way may have taken it along
        if one.state in _WITH_DRIVER:
            release(session, actor, one, now=now)
        freed += one.state is AssignmentState.RELEASED
    return freed


def _proposed_to(session: Session, driver: Driver, day: date) -> list[Ride]:
    found = (
        select(Ride)
        .join(Proposal, Proposal.ride_id == Ride.id)
        .where(
            Proposal.driver_id == driver.id,
            Proposal.state == ProposalState.LIVE,
            Ride.service_on == day,
        )
    )
    return list(session.scalars(found))
