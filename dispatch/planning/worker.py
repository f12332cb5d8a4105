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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from dispatch.planning import reading, repairs, results
from dispatch.planning.facts import LEAD, TO_DECIDE, DayFacts, Standing
from dispatch.planning.mapping import Mapped, problem_of, proposals_of
from dispatch.planning.models import MatchRun
from dispatch.planning.service import runs
from matching import check, files

log = structlog.get_logger()
_SOLVE = [sys.executable, "-m", "dispatch.planning.child"]
_COMPILE = [sys.executable, "-m", "matching.compile"]
_BEAT = 0.5
_RENEWED = 5.0
"""Seconds between two renewals of the lease while the day is read."""
_GRACE = 6.0
"""Seconds beyond the limit after which a child that does not answer is killed."""
_BEGIN = 120.0
"""Seconds after which a child that has not begun to search is killed: a cold disk is slow."""
_STILL = 15.0
"""Seconds between two lines in the log while the solver is compiled."""


@dataclass
class _Heard:
    """What the child has said so far."""

    has_begun: bool = False
    progress: dict[str, Any] = field(default_factory=dict)
    solution: dict[str, Any] | None = None
    explanations: dict[str, Any] = field(default_factory=dict)
    invalid: str | None = None


@dataclass(frozen=True)
class _Run:
    """A run that is being carried out."""

    database: Database
    run: MatchRun
    mapped: Mapped
    expected: dict[str, Any]
    """What is known before the search."""


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
    with _kept(database, run):
        facts, standing = _read(database, run, engine)
    mapped = problem_of(facts, standing)
    going = _Run(database, run, mapped, results.expected(facts, mapped))
    _write(going, facts, _solve(going, seconds))


def warm_up() -> None:
    """Make the solver ready; what was not compiled on this machine yet is compiled now.

    Else the first run would spend its time with the compiler, and end without a plan. A solver
    that cannot be compiled ahead may still work, so a failure is logged and no more.
    """
    began = time.monotonic()
    log.info("preparing the solver; compiling it, once on each machine, takes a minute or two")
    with subprocess.Popen(_COMPILE, stdin=subprocess.DEVNULL) as compiler:  # noqa: S603 -- our own
        try:
            status = _wait(compiler, began)
        finally:
            compiler.kill()
    if status == 0:
        log.info("the solver is prepared", seconds=round(time.monotonic() - began))
    else:
        log.error("the solver could not be prepared", status=status)


def _wait(compiler: subprocess.Popen[bytes], began: float) -> int:
    while True:
        try:
            return compiler.wait(_STILL)
        except subprocess.TimeoutExpired:
            log.info("still preparing the solver", seconds=round(time.monotonic() - began))


def _read(
    database: Database, run: MatchRun, engine: roads.Roads
) -> tuple[DayFacts, dict[int, Standing]]:
    with database.transaction(reads_only=True) as session:
        group = session.get_one(Group, run.group_id)
        standing = repairs.standing_plan(session, run) if run.is_repair else {}
        facts = reading.facts_of_day(
            session,
            group,
            run.service_on,
            now=clock.now(),
            engine=engine,
            # Else a proposal for the soonest moment could not be approved a second later.
            lead=LEAD + TO_DECIDE,
        )
        return facts, standing


@contextmanager
def _kept(database: Database, run: MatchRun) -> Iterator[None]:
    """Keeps the lease meanwhile: a large day has many driving times to be looked up."""
    is_over = threading.Event()

    def renew() -> None:
        while not is_over.wait(_RENEWED):
            with database.transaction() as session:
                runs.beat(session, run, {}, now=clock.now())

    renewing = threading.Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield
    finally:
        is_over.set()
        renewing.join()


def _solve(going: _Run, seconds: int) -> _Heard:
    """What the child found, with a heartbeat meanwhile."""
    heard = _Heard()
    told = {"problem": going.mapped.problem, "seconds": seconds, "seed": 0}
    lines: Queue[str] = Queue()
    with subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        _SOLVE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        listener = threading.Thread(target=_listen, args=(child, lines), daemon=True)
        teller = threading.Thread(target=_tell, args=(child, told), daemon=True)
        listener.start()
        teller.start()
        try:
            _attend(going, heard, _Solver(child, listener, lines), seconds)
        finally:
            child.kill()
            teller.join()
            listener.join()
    _hear(lines, heard)
    return heard


def _attend(going: _Run, heard: _Heard, solver: _Solver, seconds: int) -> None:
    """Keep the lease until the child is done, was asked to stop, or has had its time.

    Its time begins with the search, not while it still loads the solver.
    """
    deadline, has_begun = time.monotonic() + _BEGIN, False
    while solver.listener.is_alive() and time.monotonic() < deadline:
        solver.listener.join(_BEAT)
        _hear(solver.lines, heard)
        if heard.has_begun and not has_begun:
            deadline, has_begun = time.monotonic() + seconds + _GRACE, True
        if not _beat(going, heard):
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
        heard.has_begun = True
        heard.progress = said.get("progress", heard.progress)
        heard.solution = said.get("solution") or heard.solution
        heard.explanations = said.get("explanations", heard.explanations)
        heard.invalid = said.get("invalid", heard.invalid)


def _beat(going: _Run, heard: _Heard) -> bool:
    served = results.served_by(going.mapped, heard.solution) if heard.solution else 0
    progress = {**heard.progress, **going.expected, "served": served}
    with going.database.transaction() as session:
        return runs.beat(session, going.run, progress, now=clock.now())


def _write(going: _Run, facts: DayFacts, heard: _Heard) -> None:
    now, run, mapped = clock.now(), going.run, going.mapped
    code = _fault(mapped, heard)
    if code is not None:
        log.error("match run failed", run=str(run.uid), code=code, why=heard.invalid)
        with going.database.transaction() as session:
            runs.fail(session, run, code, now=now)
        return
    solution = heard.solution or {}
    proposed = proposals_of(facts, mapped, solution["routes"])
    with going.database.transaction() as session:
        rows = session.execute(select(Driver.id, Driver.uid).where(Driver.group_id == run.group_id))
        uids = dict(rows.all())
        runs.finish(
            session,
            run,
            proposed=proposed,
            why={
                one.ride_id: results.why_chosen(heard.explanations, mapped, one.ride_key, uids)
                for one in proposed
            },
            unserved=results.left_out(facts, mapped, solution, heard.explanations, uids),
            result={**going.expected, **results.figures(facts, mapped, solution, run, now=now)},
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
