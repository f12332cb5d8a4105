"""What belongs together: a way out and the way back that its waiting driver drives too.

The two are approved, answered and released together, because they are one drive for one driver.
"""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.planning.driver_days import committed_of
from dispatch.planning.facts import DayFacts
from dispatch.planning.models import Assignment, Proposal, ProposalState
from dispatch.rides.models import Ride, RideState

MOVABLE = (RideState.OPEN, RideState.OFFERED, RideState.ACCEPTED)
"""States in which a ride may still get another driver."""


def pair_of(session: Session, ride: Ride) -> list[Ride]:
    """The ride, and the one that its waiting driver drives too: the way out first."""
    if ride.with_outbound and ride.outbound is not None:
        return pair_of(session, ride.outbound) if ride.outbound.state in MOVABLE else [ride]
    back = session.scalars(
        select(Ride).where(
            Ride.outbound_id == ride.id,
            Ride.with_outbound.is_(True),
            Ride.state.in_(MOVABLE),
        )
    ).one_or_none()
    return [ride] if back is None else [ride, back]


def hold(session: Session, rides: Iterable[Ride]) -> None:
    """See `rides` and their other ways as they are now; nobody else moves them before we are done.

    Rides before proposals before assignments, and rides by their id: whoever locks in this order
    never waits for somebody who waits for it.
    """
    rides = list(rides)
    ends = {one.outbound_id if one.with_outbound else one.id for one in rides}
    held = (
        select(Ride)
        .where(
            or_(
                Ride.id.in_({one.id for one in rides} | ends),
                Ride.outbound_id.in_(ends) & Ride.with_outbound,
            )
        )
        .order_by(Ride.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.scalars(held).all()


def proposals_of_pair(session: Session, proposal: Proposal) -> list[Proposal]:
    legs = [leg.id for leg in pair_of(session, proposal.ride)]
    found = select(Proposal).where(Proposal.ride_id.in_(legs), Proposal.state == ProposalState.LIVE)
    return list(session.scalars(found))


def assignments_of_pair(session: Session, assignment: Assignment) -> list[Assignment]:
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


def with_rides(facts: DayFacts, made: list[Assignment]) -> DayFacts:
    """The same day with these assignments: for the next decision of a bulk."""
    driver = facts.driver(made[0].driver_id)
    held = [committed_of(one) for one in made]
    left = None if driver.rides_left is None else max(0, driver.rides_left - len(held))
    committed = tuple(sorted((*driver.committed, *held), key=lambda one: one.pickup_at))
    now_has = replace(driver, committed=committed, rides_left=left)
    drivers = tuple(now_has if one is driver else one for one in facts.drivers)
    return replace(facts, drivers=drivers)
