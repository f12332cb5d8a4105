"""Match runs: asked for, claimed by one worker at a time, kept alive, ended.

The row is the truth. A claim is a compare-and-set that raises the attempt number; every later
write names the attempt, so a worker that was thought dead and comes back changes nothing.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Update, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import after_commit
from dispatch.errors import Conflict
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.planning.mapping import Proposed
from dispatch.planning.models import MatchRun, Proposal, ProposalState, RunState, Unserved
from dispatch.policy import Action, Actor
from dispatch.rides.models import Ride, RideState

LEASE = timedelta(seconds=15)
"""A running run that was not heard of for so long is taken up by another worker."""
MOST_ATTEMPTS = 3
WAITING = timedelta(seconds=30)
"""A queued run that nobody took for so long has lost its job and gets a new one."""

Enqueue = Callable[[UUID], object]


def start_run(
    session: Session,
    actor: Actor,
    group: Group,
    day: date,
    *,
    enqueue: Enqueue,
    now: datetime,
    is_repair: bool = False,
) -> MatchRun:
    """Ask for a run over `day`; a worker takes it up once this is committed.

    A repair serves as many as a run that begins anew, and changes as little as it can of what is
    proposed. Asking while a run of that day is under way returns that run: there is one at a time.
    """
    policy.require(actor, Action.START_RUN, group, now)
    running = select(MatchRun).where(
        MatchRun.group_id == group.id,
        MatchRun.service_on == day,
        MatchRun.state.in_([RunState.QUEUED, RunState.RUNNING]),
    )
    found = session.scalars(running).first()
    if found is not None:
        return found
    run = MatchRun(
        group_id=group.id,
        service_on=day,
        state=RunState.QUEUED,
        asked_by_id=actor.user_id,
        asked_at=now,
        attempt=0,
        stop_asked=False,
        is_repair=is_repair,
    )
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as error:  # somebody else asked at the same moment
        found = session.scalars(running).first()
        if found is not None:
            return found
        raise Conflict(_("Somebody else started the matcher for this day just now.")) from error
    audit.record(session, actor, Action.START_RUN, run, now=now, group_uid=group.uid)
    after_commit(session, lambda: enqueue(run.uid))
    return run


def stop_run(session: Session, actor: Actor, run: MatchRun, *, now: datetime) -> None:
    """Ask the worker to end `run` with the best plan it has; a queued one is cancelled.

    One that has ended meanwhile stays as it is.
    """
    policy.require(actor, Action.CANCEL_RUN, run, now)
    session.refresh(run, with_for_update=True)
    if run.state not in (RunState.QUEUED, RunState.RUNNING):
        return
    run.stop_asked = True
    if run.state is RunState.QUEUED:
        run.state, run.ended_at = RunState.CANCELLED, now
    audit.record(session, actor, Action.CANCEL_RUN, run, now=now)


def claim(session: Session, uid: UUID, *, now: datetime) -> MatchRun | None:
    """Take up the run if it waits, or if whoever had it let its lease run out; None if not."""
    taken = session.execute(
        update(MatchRun)
        .where(
            MatchRun.uid == uid,
            MatchRun.attempt < MOST_ATTEMPTS,
            or_(
                MatchRun.state == RunState.QUEUED,
                (MatchRun.state == RunState.RUNNING) & (MatchRun.lease_until < now),
            ),
        )
        .values(
            state=RunState.RUNNING,
            attempt=MatchRun.attempt + 1,
            lease_until=now + LEASE,
            started_at=now,
            progress={},
        )
    )
    if taken.rowcount != 1:
        return None
    found = select(MatchRun).where(MatchRun.uid == uid).execution_options(populate_existing=True)
    return session.scalars(found).one()


def beat(session: Session, run: MatchRun, progress: dict[str, Any], *, now: datetime) -> bool:
    """Renew the lease and show the progress. Whether the worker shall go on."""
    kept = session.execute(_fenced(run).values(lease_until=now + LEASE, progress=progress))
    if kept.rowcount != 1:
        return False
    asked = session.scalar(select(MatchRun.stop_asked).where(MatchRun.id == run.id))
    return not asked


def finish(
    session: Session,
    run: MatchRun,
    *,
    proposed: list[Proposed],
    why: dict[int, dict[str, Any]],
    unserved: dict[int, tuple[str, dict[str, Any] | None]],
    result: dict[str, Any],
    now: datetime,
) -> bool:
    """Write the plan in place of what was proposed before. False if the run is not ours any more.

    `why` and `unserved` are by ride id. A ride that changed or got a driver while the matcher
    ran keeps what it has.
    """
    ended = session.execute(
        _fenced(run).values(
            state=RunState.DONE,
            ended_at=now,
            result=result,
            lease_until=None,
        )
    )
    if ended.rowcount != 1:
        return False
    versions = _open_versions(session, run)
    _supersede(session, run)
    session.add_all(
        _proposal(run, one, why.get(one.ride_id, {}), is_estimate=result.get("estimate", True))
        for one in proposed
        if versions.get(one.ride_id) == one.version
    )
    session.add_all(
        Unserved(
            run_id=run.id,
            ride_id=ride_id,
            reason=reason,
            relax=relax,
            ride_version=versions[ride_id],
        )
        for ride_id, (reason, relax) in unserved.items()
        if ride_id in versions
    )
    session.flush()
    return True


def fail(session: Session, run: MatchRun, code: str, *, now: datetime) -> None:
    """End the run without a plan; what was proposed before stays."""
    session.execute(
        _fenced(run).values(state=RunState.FAILED, failure=code, ended_at=now, lease_until=None)
    )


def forsaken(session: Session, *, now: datetime) -> list[UUID]:
    """Runs that need a worker: their lease ran out, or nobody ever took them.

    One that was tried too often is failed here instead.
    """
    stuck = (MatchRun.state == RunState.RUNNING) & (MatchRun.lease_until < now)
    session.execute(
        update(MatchRun)
        .where(stuck, MatchRun.attempt >= MOST_ATTEMPTS)
        .values(state=RunState.FAILED, failure="crashed", ended_at=now, lease_until=None)
    )
    found = select(MatchRun.uid).where(
        or_(stuck, (MatchRun.state == RunState.QUEUED) & (MatchRun.asked_at < now - WAITING))
    )
    return list(session.scalars(found))


def _fenced(run: MatchRun) -> Update:
    return update(MatchRun).where(
        MatchRun.id == run.id,
        MatchRun.attempt == run.attempt,
        MatchRun.state == RunState.RUNNING,
    )


def _supersede(session: Session, run: MatchRun) -> None:
    """What was proposed for the day before gives way."""
    of_the_day = select(Ride.id).where(
        Ride.group_id == run.group_id, Ride.service_on == run.service_on
    )
    session.execute(
        update(Proposal)
        .where(Proposal.state == ProposalState.LIVE, Proposal.ride_id.in_(of_the_day))
        .values(state=ProposalState.SUPERSEDED)
    )


def _proposal(run: MatchRun, one: Proposed, why: dict[str, Any], *, is_estimate: bool) -> Proposal:
    return Proposal(
        run_id=run.id,
        group_id=run.group_id,
        ride_id=one.ride_id,
        driver_id=one.driver_id,
        state=ProposalState.LIVE,
        pickup_at=one.at.pickup_at,
        dropoff_at=one.at.dropoff_at,
        ride_version=one.version,
        why=why,
        is_estimate=is_estimate,
    )


def _open_versions(session: Session, run: MatchRun) -> dict[int, int]:
    """Version of each ride of the day that still wants a driver; held as by `pairs.hold`."""
    rows = session.execute(
        select(Ride.id, Ride.version)
        .where(
            Ride.group_id == run.group_id,
            Ride.service_on == run.service_on,
            Ride.state == RideState.OPEN,
        )
        .order_by(Ride.id)
        .with_for_update()
    )
    return dict(rows.all())
