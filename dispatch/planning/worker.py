"""Carrying out a match run: read, let a child process solve, check, write.

The day is read in one transaction, solved outside any, and written in another one; in between a
heartbeat keeps the lease. The plan is checked once more here, by code that no solver shares,
before anybody sees it.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, Queue
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select

from dispatch import clock
from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.people.models import Group
from dispatch.places import roads
from dispatch.planning import reading
from dispatch.planning.facts import LEAD, TO_DECIDE, AskedRide, DayFacts
from dispatch.planning.mapping import TOO_LATE, Mapped, problem_of, proposals_of
from dispatch.planning.models import MatchRun
from dispatch.planning.service import runs
from matching import check, files

log = structlog.get_logger()
_BEAT = 0.5
_GRACE = 6.0
"""Seconds beyond the limit after which a child that does not answer is killed."""
_BUCKET = 5
"""Minutes: whatever is stored about a detour is rounded to this, so that it draws no map."""


@dataclass
class _Heard:
    """What the child has said so far."""

    progress: dict[str, Any] = field(default_factory=dict)
    solution: dict[str, Any] | None = None
    explanations: dict[str, Any] = field(default_factory=dict)
    invalid: str | None = None


@dataclass(frozen=True)
class _Solver:
    """The child process, and what it says line by line until it ends."""

    child: subprocess.Popen[str]
    listener: threading.Thread
    lines: Queue[str]


def carry_out(database: Database, uid: UUID, *, seconds: int, engine: roads.Roads) -> None:
    """Take up the run `uid` if nobody else has it, and bring it to an end."""
    with database.transaction() as session:
        run = runs.claim(session, uid, now=clock.now())
    if run is None:
        return
    log.info("match run taken up", run=str(uid), attempt=run.attempt)
    facts = _read(database, run, engine)
    mapped = problem_of(facts)
    heard = _solve(database, run, mapped, seconds)
    if heard is not None:
        _write(database, run, facts, mapped, heard)


def _read(database: Database, run: MatchRun, engine: roads.Roads) -> DayFacts:
    with database.transaction(reads_only=True) as session:
        group = session.get_one(Group, run.group_id)
        return reading.facts_of_day(
            session,
            group,
            run.service_on,
            now=clock.now(),
            engine=engine,
            # Else a proposal for the soonest moment could not be approved a second later.
            lead=LEAD + TO_DECIDE,
        )


def _solve(database: Database, run: MatchRun, mapped: Mapped, seconds: int) -> _Heard | None:
    """What the child found, with a heartbeat meanwhile; None if the run is not ours any more."""
    heard = _Heard()
    told = {"problem": mapped.problem, "seconds": seconds, "seed": 0}
    lines: Queue[str] = Queue()
    command = [sys.executable, "-m", "dispatch.planning.child"]
    with subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        listener = threading.Thread(target=_listen, args=(child, lines), daemon=True)
        teller = threading.Thread(target=_tell, args=(child, told), daemon=True)
        listener.start()
        teller.start()
        try:
            _attend(database, run, mapped, heard, _Solver(child, listener, lines), seconds=seconds)
        finally:
            child.kill()
            teller.join()
            listener.join()
    _hear(lines, heard)
    return heard


def _attend(
    database: Database,
    run: MatchRun,
    mapped: Mapped,
    heard: _Heard,
    solver: _Solver,
    *,
    seconds: int,
) -> None:
    """Keep the lease until the child is done, was asked to stop, or has had its time."""
    deadline = time.monotonic() + seconds + _GRACE
    while solver.listener.is_alive() and time.monotonic() < deadline:
        solver.listener.join(_BEAT)
        _hear(solver.lines, heard)
        if not _beat(database, run, mapped, heard):
            solver.child.terminate()
            deadline = min(deadline, time.monotonic() + _GRACE)


def _tell(child: subprocess.Popen[str], told: dict[str, Any]) -> None:
    try:
        json.dump(told, child.stdin)
        child.stdin.close()
    except BrokenPipeError:
        log.warning("the solver ended before it had read the problem")


def _listen(child: subprocess.Popen[str], lines: Queue[str]) -> None:
    for line in child.stdout:
        lines.put(line)


def _hear(lines: Queue[str], heard: _Heard) -> None:
    while True:
        try:
            said = json.loads(lines.get_nowait())
        except Empty:
            return
        heard.progress = said.get("progress", heard.progress)
        heard.solution = said.get("solution") or heard.solution
        heard.explanations = said.get("explanations", heard.explanations)
        heard.invalid = said.get("invalid", heard.invalid)


def _beat(database: Database, run: MatchRun, mapped: Mapped, heard: _Heard) -> bool:
    progress = {**heard.progress, "rides": len(mapped.rides)} if heard.progress else None
    with database.transaction() as session:
        return runs.beat(session, run, progress, now=clock.now())


def _write(
    database: Database, run: MatchRun, facts: DayFacts, mapped: Mapped, heard: _Heard
) -> None:
    now = clock.now()
    code = _fault(mapped, heard)
    if code is not None:
        log.error("match run failed", run=str(run.uid), code=code, why=heard.invalid)
        with database.transaction() as session:
            runs.fail(session, run, code, now=now)
        return
    solution = heard.solution or {}
    proposed = proposals_of(facts, mapped, solution["routes"])
    with database.transaction() as session:
        rows = session.execute(select(Driver.id, Driver.uid).where(Driver.group_id == run.group_id))
        uids = dict(rows.all())
        runs.finish(
            session,
            run,
            proposed=proposed,
            why={
                one.ride_id: _why(heard.explanations, mapped, one.ride_key, uids)
                for one in proposed
            },
            unserved=_unserved(mapped, solution, uids),
            result=_result(facts, mapped, solution, now, run),
            now=now,
        )


def _fault(mapped: Mapped, heard: _Heard) -> str | None:
    if heard.invalid is not None:
        return "invalid"
    if heard.solution is None:
        return "no_plan"
    problem = files.problem_from_dict(mapped.problem)
    wrong = check.violations(problem, files.solution_from_dict(heard.solution))
    return "wrong_plan" if wrong else None


def _result(
    facts: DayFacts, mapped: Mapped, solution: dict[str, Any], now: datetime, run: MatchRun
) -> dict[str, Any]:
    bound = solution.get("bound")
    objective = solution["objective"]
    gap = None
    if bound and bound["priority"] == objective["priority"] and bound["cost_seconds"] > 0:
        gap = round(objective["cost_seconds"] / bound["cost_seconds"] - 1, 4)
    served = sum(
        _legs(mapped.rides[stop["ride"]])
        for route in solution["routes"]
        for stop in route["stops"]
        if stop["kind"] == "pickup" and stop["ride"] in mapped.rides
    )
    return {
        "rides": sum(_legs(ride) for ride in facts.rides),
        "served": served,
        "proven": bool(bound and bound["proven"]),
        "gap": gap,
        "drive_minutes": objective["cost_seconds"] // 60,
        "estimate": facts.travel.is_estimate,
        "seconds": int((now - run.started_at).total_seconds()) if run.started_at else 0,
    }


def _legs(ride: AskedRide) -> int:
    """Rides as people count them: a waiting driver's way back is one of its own."""
    return 1 if ride.way_back is None else 2


def _unserved(
    mapped: Mapped, solution: dict[str, Any], uids: dict[int, UUID]
) -> dict[int, tuple[str, dict[str, Any] | None]]:
    found: dict[int, tuple[str, dict[str, Any] | None]] = {
        ride.ride_id: (TOO_LATE, None) for ride in mapped.too_late
    }
    for one in solution["unserved"]:
        ride = mapped.rides[one["ride"]]
        relax = one.get("relax")
        if relax:
            drivers = {str(uids[mapped.shifts[key].driver_id]) for key in relax["shifts"]}
            relax = {**relax, "shifts": None, "drivers": sorted(drivers)}
        for ride_id in (ride.ride_id, *([ride.way_back.ride_id] if ride.way_back else [])):
            found[ride_id] = (one["reason"], relax)
    return found


def _why(
    explanations: dict[str, Any], mapped: Mapped, key: str, uids: dict[int, UUID]
) -> dict[str, Any]:
    """The explanation of one proposal, in minutes rounded so that it tells no address."""
    told = explanations.get("served", {}).get(key)
    if not told:
        return {}
    ride = mapped.rides[key]
    terms = told["terms"]
    return {
        "away_minutes": _rounded(terms["before_seconds"]),
        "affinity": terms["affinity_seconds"],
        "seats": sorted(set(ride.needs.load) - {"seats"}),
        "skills": sorted(ride.needs.skills),
        "others": [
            {
                "driver": str(uids[mapped.shifts[one["shift"]].driver_id]),
                "minutes": _rounded(one["extra_seconds"]),
            }
            for one in told["alternatives"]
        ],
    }


def _rounded(seconds: float) -> int:
    return round(timedelta(seconds=seconds) / timedelta(minutes=_BUCKET)) * _BUCKET
