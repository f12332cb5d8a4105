"""What a repair of a day's plan is to keep, and what it changed in the end."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch.drivers.models import Driver
from dispatch.planning.facts import Standing
from dispatch.planning.models import (
    LIVE_STATES,
    Assignment,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
)
from dispatch.rides.models import Ride, RideState


@dataclass(frozen=True)
class Change:
    """One ride of a plan before and after a repair; None: nobody."""

    ride_id: int
    before: Driver | None
    after: Driver | None


def standing_plan(session: Session, run: MatchRun) -> dict[int, Standing]:
    """By ride id, what is proposed on the day of `run` for rides that are still as they were."""
    found = (
        select(Proposal.ride_id, Proposal.driver_id, Proposal.pickup_at)
        .join(Ride, Proposal.ride_id == Ride.id)
        .where(
            Proposal.group_id == run.group_id,
            Proposal.state == ProposalState.LIVE,
            Ride.service_on == run.service_on,
            Ride.version == Proposal.ride_version,
            Ride.state == RideState.OPEN,
        )
    )
    return {ride: Standing(driver, at) for ride, driver, at in session.execute(found)}


def changes_of(session: Session, run: MatchRun) -> list[Change]:
    """What a finished repair changed, against what was proposed and given away before it.

    A driver who gave the ride back since the run before counts as having had it.
    """
    earlier = session.scalars(
        select(MatchRun)
        .where(
            MatchRun.group_id == run.group_id,
            MatchRun.service_on == run.service_on,
            MatchRun.state == RunState.DONE,
            MatchRun.id < run.id,
        )
        .order_by(MatchRun.id.desc())
        .limit(1)
    ).one_or_none()
    after = {one.ride_id: one.driver for one in _proposals_of(session, run)}
    before = _given_back(session, run, earlier)
    if earlier is not None:
        before |= {
            one.ride_id: one.driver
            for one in _proposals_of(session, earlier)
            if one.state is ProposalState.SUPERSEDED
        }
    return [
        Change(ride_id, before.get(ride_id), after.get(ride_id))
        for ride_id in {**after, **before}
        if before.get(ride_id) is not after.get(ride_id)
    ]


def _proposals_of(session: Session, run: MatchRun) -> list[Proposal]:
    found = (
        select(Proposal)
        .where(Proposal.run_id == run.id)
        .options(joinedload(Proposal.driver).joinedload(Driver.user))
        .order_by(Proposal.pickup_at)
    )
    return list(session.scalars(found))


def _given_back(session: Session, run: MatchRun, earlier: MatchRun | None) -> dict[int, Driver]:
    """By ride id, who had a ride last that was given back between the two runs."""
    found = (
        select(Assignment)
        .join(Ride, Assignment.ride_id == Ride.id)
        .where(
            Assignment.group_id == run.group_id,
            Assignment.state.not_in(LIVE_STATES),
            Assignment.ended_at <= run.ended_at,
            Ride.service_on == run.service_on,
        )
        .options(joinedload(Assignment.driver).joinedload(Driver.user))
        .order_by(Assignment.ended_at)
    )
    if earlier is not None:
        found = found.where(Assignment.ended_at > earlier.ended_at)
    return {one.ride_id: one.driver for one in session.scalars(found)}
