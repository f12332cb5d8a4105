"""Many at once: a ride is given away once, a door opens to one driver, and never after it closed.

Processes do the same to the same rides at the same moment, on both databases: all approve each
proposal, all accept each offer, and then half look at the door while the other half takes the ride
back. What the log and the tables hold afterwards is counted.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from dispatch.app import open_database
from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.config import load
from dispatch.db.transactions import Database
from dispatch.errors import DispatchError
from dispatch.places.models import AddressGrant
from dispatch.planning import service
from dispatch.planning.models import Assignment, MatchRun, Proposal, RunState
from dispatch.policy import Action, Actor
from tests import build
from tests.conftest import NOW
from tests.dispatch.planning.service.world import ENGINE, PICKUP
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Double approvals, double grants, and looks after a door was closed, in 8 processes on "
    "SQLite and PostgreSQL",
    must="0 of 1,000",
    quick=4,
    full=1_000,
    fewest=lambda size: 2 * size,
    is_long=True,
)
_PATIENCE = 600.0
"""Seconds for which nobody waits for the others in vain."""
_TO_A_GROUP = 20
"""Rides of one group: a day like a busy one."""
Planted = TypeVar("Planted", Assignment, AddressGrant)
_FEW = 4
"""Processes that all race for the same ride; of more, every second one does."""
_LOOKS = (Action.MEET_FAMILY, Action.READ_ADDRESS)


@dataclass(frozen=True)
class Race:
    """One ride, and who acts on it."""

    proposal: UUID
    coordinators: tuple[Actor, ...]
    driver: Actor


Act = Callable[[Session, Race, int], None]


@dataclass(frozen=True)
class Found:
    """What went wrong in one database, and how much was tried."""

    rides: int
    taken: int
    doubles: int
    grants: int
    late: int

    @property
    def wrong(self) -> int:
        """Everything that must be 0."""
        return self.doubles + self.grants + self.late


def prove(at: Workplace) -> Figure:
    """Race over `at.size` rides on each database."""
    processes = 8 if at.size >= 100 else 4
    places = {"SQLite": None, "PostgreSQL": at.postgres().create()}
    found, controls = [], 0
    for index, (name, url) in enumerate(places.items()):
        folder = at.folder / name
        folder.mkdir()
        _settings, database = installation.make(folder, url)
        with database.transaction() as session:
            races = _races(session, at.size, processes)
        database.engine.dispose()
        _run(folder, url, races, processes)
        found.append(_count(database))
        controls += _plant(database)
        database.engine.dispose()
        at.told((index + 1) / len(places))
    rides = sum(one.rides for one in found)
    wrong = sum(one.wrong for one in found)
    everything = all(one.rides == one.taken == at.size for one in found)
    return Figure(
        looked_at=rides,
        unit="rides",
        measured=f"{wrong} of {rides}, {min(processes, _FEW)} of {processes} processes on each",
        holds=wrong == 0 and everything,
        controls=controls,
    )


def _races(session: Session, size: int, processes: int) -> list[Race]:
    made: list[Race] = []
    for first in range(0, size, _TO_A_GROUP):
        group = build.a_group(session)
        coordinators = tuple(build.a_coordinator(session, group) for _one in range(processes))
        run = MatchRun(group_id=group.id, service_on=build.DAY, asked_at=NOW, state=RunState.DONE)
        session.add(run)
        session.flush()
        for _number in range(first, min(size, first + _TO_A_GROUP)):
            driver, ride = build.a_driver(session, group), build.a_ride(session, group)
            proposal = Proposal(
                run=run,
                group_id=group.id,
                ride=ride,
                driver=driver,
                pickup_at=PICKUP,
                dropoff_at=PICKUP + timedelta(minutes=15),
                ride_version=ride.version,
            )
            session.add(proposal)
            session.flush()
            made.append(Race(proposal.uid, coordinators, build.driver_actor(driver)))
    return made


def _run(folder: Path, url: str | None, races: list[Race], processes: int) -> None:
    """Let all processes go through all rides, act by act."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # what is imported once starts in an instant
    gate = context.Barrier(processes)
    running = [
        context.Process(target=_take_part, args=(folder, url, races, (me, processes), gate))
        for me in range(processes)
    ]
    for one in running:
        one.start()
    for one in running:
        one.join()
    if any(one.exitcode for one in running):
        raise RuntimeError("a process did not end as it should")


def _take_part(
    folder: Path, url: str | None, races: list[Race], which: tuple[int, int], gate: Barrier
) -> None:
    me, processes = which
    named = {} if url is None else {"database_url": url}
    database = open_database(load(str(folder / "data"), testing=True, **named))
    for act in (_approve, _accept, _look_or_release):
        gate.wait(_PATIENCE)
        for number, race in enumerate(races):
            if processes > _FEW and (number + me) % 2:
                continue  # every second one, so that others race here at the same moment
            while not _acted(database, act, race, me):
                continue  # SQLite lets one in at a time, and not by turns


def _acted(database: Database, act: Act, race: Race, me: int) -> bool:
    """Do it, or be told that somebody was quicker; whether there was an answer at all."""
    try:
        with database.transaction() as session:
            act(session, race, me)
    except DispatchError:
        return True
    except OperationalError:
        return False
    return True


def _approve(session: Session, race: Race, me: int) -> None:
    proposal = session.scalars(select(Proposal).where(Proposal.uid == race.proposal)).one()
    service.approve(session, race.coordinators[me], proposal, engine=ENGINE, now=NOW)


def _accept(session: Session, race: Race, _me: int) -> None:
    service.accept(session, race.driver, _assignment(session, race), now=NOW)


def _look_or_release(session: Session, race: Race, me: int) -> None:
    held = _assignment(session, race)
    if me // 2 % 2:
        service.look(session, race.driver, held, now=PICKUP)
    else:
        service.release(session, race.coordinators[me], held, now=PICKUP)


def _assignment(session: Session, race: Race) -> Assignment:
    chosen = select(Assignment).join(Proposal, Assignment.proposal_id == Proposal.id)
    return session.scalars(chosen.where(Proposal.uid == race.proposal)).first()


def _count(database: Database) -> Found:
    with database.transaction(reads_only=True) as session:
        approved = Counter(session.scalars(select(Assignment.ride_id)))
        doors = Counter(
            tuple(one)
            for one in session.execute(select(AddressGrant.ride_id, AddressGrant.place_id))
        )
        return Found(
            rides=session.scalar(select(func.count()).select_from(Proposal)),
            taken=len(approved),
            doubles=sum(number > 1 for number in approved.values()),
            grants=sum(number > 1 for number in doors.values()),
            late=_late(session),
        )


def _late(session: Session) -> int:
    """Looks that were noted as done after the ride was taken back, by their place in the log."""
    rows = session.execute(
        select(AuditEvent.ride_uid, AuditEvent.action, AuditEvent.position).where(
            AuditEvent.outcome == audit.DONE, AuditEvent.ride_uid.is_not(None)
        )
    ).all()
    closed = {
        ride: position
        for ride, action, position in rows
        if action == Action.RELEASE_ASSIGNMENT.value
    }
    looks = {action.value for action in _LOOKS}
    return sum(
        action in looks and position > closed.get(ride, position) for ride, action, position in rows
    )


def _plant(database: Database) -> int:
    """Each fault once, when all was counted; how many were found."""
    with database.transaction() as session:
        held = session.scalars(select(Assignment)).first()
        driver = build.actor_for(held.driver.user)
        audit.record(session, driver, Action.MEET_FAMILY, held, now=PICKUP, ride_uid=held.ride.uid)
        session.add(_copy(held, Assignment))
        session.add(_copy(session.scalars(select(AddressGrant)).first(), AddressGrant))
    found = _count(database)
    control(found.late == 1, "a look after the ride was taken back")
    control(found.doubles == 1, "a second approval")
    control(found.grants == 1, "a second grant")
    return 3


def _copy(row: Planted, kind: type[Planted]) -> Planted:
    names = [column.key for column in kind.__mapper__.column_attrs]
    return kind(**{name: getattr(row, name) for name in names if name not in ("id", "uid")})
