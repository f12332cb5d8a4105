"""Whatever a process was doing when it was killed: what it said was done is done, and goes on."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from dispatch.app import open_database
from dispatch.audit import verifying
from dispatch.audit.models import AuditEvent
from dispatch.backups import listing, making
from dispatch.backups.listing import DATA, KEYS
from dispatch.backups.sealing import Identity
from dispatch.config import Settings
from dispatch.crypto.keyring import Unreadable
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing.models import Erasure, ErasureState
from dispatch.erasing.service import running
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.families.models import Family
from dispatch.places.roads import Estimate
from dispatch.planning import service as planning
from dispatch.planning.models import Assignment, MatchRun, Proposal, ProposalState, RunState
from dispatch.policy import Action, Actor
from dispatch.rotation import retire_master_keys, rotate_master_key, rotate_owners
from tests import build
from tests.conftest import NOW
from tests.prove import children, installation
from tests.prove.children import Say
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="kill -9 in approving, revealing, erasing, changing keys and backing up, at any moment",
    must="200 kills or more, some with PostgreSQL: nothing lost that was said to be done, 0 "
    "unaudited reveals, goes on",
    quick=10,
    full=210,
)
_PATIENCE = 30.0
"""Seconds that a server has to notice that somebody died."""
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_LONGEST = 0.3
"""Seconds after the start of the work, or after the first thing done, at which a kill comes."""


@dataclass
class Scene:
    """The installation that the processes die in."""

    settings: Settings
    desk: Actor
    backups: Path
    identity: Identity
    seen: int = 0
    """How many looks were said to be shown."""

    @property
    def is_on_server(self) -> bool:
        """Whether PostgreSQL holds the data."""
        return self.settings.database_url.startswith("postgresql")

    @property
    def tasks(self) -> list[str]:
        """What processes die of here: on a server, what its transactions decide."""
        return ["approve", "reveal"] if self.is_on_server else list(TASKS)

    def open(self) -> Database:
        """Connections of this process's own."""
        return open_database(self.settings)


@dataclass(frozen=True)
class Task:
    """Something a process does until it is killed, and how it is looked at afterwards."""

    do: Callable[[Scene, Database, Say], None]
    """Says a word for each thing that is done for good."""
    troubles: Callable[[Scene, Database, list[str]], int]
    """How many things are not as they were said to be; `[]` of said words after all the others."""


def prove(at: Workplace) -> Figure:
    """Kill a process `at.size` times, and look each time whether everything holds.

    The quick part does without PostgreSQL, and says so.
    """
    chance = random.Random(20_270_311)  # noqa: S311 the same every time
    scenes = {"SQLite": _scene(at.folder, at.size)}
    if at.size > ROW.quick:
        scenes["PostgreSQL"] = _scene(at.folder / "beside", at.size, at.postgres().create())
    controls = sum(_controls(scene) for scene in scenes.values())
    troubles = said = 0
    killed: Counter[str] = Counter()
    waits: list[float] = []
    tasks = [(place, name) for place in scenes for name in scenes[place].tasks]
    for number in range(at.size):
        place, name = tasks[number % len(tasks)]
        scene, task = scenes[place], TASKS[name]
        words, was_killed = _kill(scene, task, chance.uniform(0, _LONGEST), lines=1 + number % 2)
        killed[place] += was_killed
        said += len(words)
        began = time.monotonic()
        with closing_database(scene) as database:
            waits.append(time.monotonic() - began)
            _let_end(database)
            troubles += task.troubles(scene, database, words) + _whole(scene, database)
        at.told(number / at.size)
    troubles += sum(_goes_on(scene) for scene in scenes.values())
    control(said > at.size / 5, "work that was done before a kill")
    recovery = sorted(waits)[int(len(waits) * 0.95)]
    return Figure(
        looked_at=killed.total(),
        unit="kills",
        measured=f"{troubles} troubles after {said} things done; open in {recovery:.2f} s (p95); "
        + ", ".join(f"{number} with {place}" for place, number in killed.items()),
        holds=troubles == 0,
        controls=controls + 1,
    )


class closing_database:  # noqa: N801 -- reads like a function
    """The database of a scene, closed with the block."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __enter__(self) -> Database:
        self._database = self._scene.open()
        return self._database

    def __exit__(self, *_error: object) -> None:
        self._database.engine.dispose()
        self._database.vault.keys.close()


def _scene(folder: Path, size: int, url: str | None = None) -> Scene:
    folder.mkdir(exist_ok=True)
    settings, database = installation.make(folder, url)
    each = size // len(TASKS) * 6 + 12
    with database.transaction() as session:
        group = build.a_group(session)
        desk = build.a_coordinator(session, group)
        driver = build.a_driver(session, group)
        run = MatchRun(group_id=group.id, service_on=build.DAY, state=RunState.DONE, asked_at=NOW)
        session.add(run)
        session.flush()
        for number in range(each):
            day = timedelta(days=1 + number)
            at = NOW + day + timedelta(hours=1)
            ride = build.a_ride(
                session,
                group,
                service_on=at.date(),
                window_starts_at=at,
                window_ends_at=at + timedelta(minutes=30),
            )
            proposal = Proposal(run=run, group_id=group.id, ride=ride, driver=driver)
            proposal.pickup_at, proposal.dropoff_at = at - timedelta(minutes=5), at
            proposal.ride_version = ride.version
            session.add(proposal)
            leaver = build.a_family(session, group, made_at=NOW)
            leaver.withdrawn_at = NOW
    database.engine.dispose()
    database.vault.keys.close()
    return Scene(settings, desk, folder / "backups", Identity.generate())


def _kill(scene: Scene, task: Task, after: float, *, lines: int) -> tuple[list[str], bool]:
    """Let a process do `task` and kill it; what it said was done, and whether it was killed."""

    def work(say: Say) -> None:
        database = scene.open()
        say("")  # from here on it may die
        task.do(scene, database, say)

    words, was_killed = children.killed_after(after, work, lines=lines)
    return [word for word in words if word], was_killed


def _let_end(database: Database) -> None:
    """Wait until the server has ended what was asked by who is dead: it may still commit."""
    if database.engine.dialect.name != "postgresql":
        return
    give_up_at = time.monotonic() + _PATIENCE
    with database.engine.connect() as connection:
        while connection.scalar(_OTHERS):
            if time.monotonic() > give_up_at:
                raise TimeoutError("a statement of a dead process goes on")
            time.sleep(0.005)


def _whole(scene: Scene, database: Database) -> int:
    """Troubles of the whole installation: files, log, and families that should open."""
    broken = 0
    files = [scene.settings.key_store_file]
    if not scene.is_on_server:
        files.append(scene.settings.data_dir / "dispatch.db")
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            broken += connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    with database.transaction(reads_only=True) as session:
        broken += not verifying.check(session, anchors_of(session)).is_whole
        marked = select(Erasure.owner_uid)
        live = select(Family).where(Family.uid.not_in(marked), Family.withdrawn_at.is_(None))
        broken += sum(not _opens(one, database) for one in session.scalars(live.limit(20)))
    return broken


def _opens(family: Family, database: Database) -> bool:
    try:
        return family.unseal("sealed_name", database.vault) == "Carmen"
    except Unreadable:
        return False


# --- What the processes do ------------------------------------------------------------------------


def _approve(scene: Scene, database: Database, say: Say) -> None:
    with database.transaction(reads_only=True) as session:
        live = select(Proposal.id).where(Proposal.state == ProposalState.LIVE).order_by(Proposal.id)
        ids = session.scalars(live).all()
    for proposal_id in ids:
        with database.transaction() as session:
            proposal = session.get_one(Proposal, proposal_id)
            planning.approve(session, scene.desk, proposal, engine=Estimate(), now=NOW)
        say(str(proposal_id))


def _approved_badly(_scene: Scene, database: Database, words: list[str]) -> int:
    with database.transaction(reads_only=True) as session:
        approved = select(Proposal.id).where(Proposal.state == ProposalState.APPROVED)
        have = select(Assignment.proposal_id)
        stored, assigned = set(session.scalars(approved)), set(session.scalars(have))
        noted = select(func.count()).where(
            AuditEvent.action == Action.APPROVE_PROPOSAL.value, AuditEvent.outcome == "done"
        )
        offered = select(func.count()).select_from(Assignment)
        unlike = session.scalar(noted) != session.scalar(offered)
    lost = [word for word in words if not word.isdecimal() or int(word) not in stored]
    return len(lost) + len(stored ^ assigned) + unlike


def _reveal(scene: Scene, database: Database, say: Say) -> None:
    while True:
        with database.session() as session:
            stays = Family.withdrawn_at.is_(None)
            family = session.scalars(select(Family).where(stays).order_by(Family.id)).first()
            shown = families.reveal(session, scene.desk, family, parts={Part.NAME}, now=NOW)
            say(f"saw {shown.name}")


def _unaudited(database: Database, seen: int) -> int:
    """How many looks no row of the log tells of."""
    with database.transaction(reads_only=True) as session:
        rows = select(func.count()).where(
            AuditEvent.action == Action.REVEAL_FAMILY.value, AuditEvent.outcome == "done"
        )
        return max(0, seen - (session.scalar(rows) or 0))


def _revealed_badly(scene: Scene, database: Database, words: list[str]) -> int:
    scene.seen += words.count("saw Carmen")
    strange = [word for word in words if word != "saw Carmen"]
    return _unaudited(database, scene.seen) + len(strange)


def _erase(_scene: Scene, database: Database, say: Say) -> None:
    from dispatch.erasing import queries
    from dispatch.erasing.service import owners

    with database.transaction(reads_only=True) as session:
        due = queries.due_families(session, now=NOW)[:12]
    for one in due:
        owners.erase(database, one, now=NOW)
        say(str(one.owner_uid))


def _erased_badly(_scene: Scene, database: Database, words: list[str]) -> int:
    with database.transaction(reads_only=True) as session:
        ended = {
            str(one.owner_uid)
            for one in session.scalars(select(Erasure).where(Erasure.state == ErasureState.ERASED))
        }
        there = {str(uid) for uid in session.scalars(select(Family.uid))}
    return len([word for word in words if word not in ended or word in there])


def _rotate(_scene: Scene, database: Database, say: Say) -> None:
    store = database.vault.keys
    while True:
        say(f"version {rotate_master_key(store).version}")
        rotate_owners(database, grace=0)
        retire_master_keys(store)


def _rotated_badly(_scene: Scene, _database: Database, words: list[str]) -> int:
    # That everything still opens is looked at after every kill.
    return len([word for word in words if not word.startswith("version ")])


def _back_up(scene: Scene, database: Database, say: Say) -> None:
    to = [scene.identity.to_public()]
    for number in range(1000):
        now = NOW + timedelta(seconds=number + int(time.time() * 1000) % 10**7)
        say(making.make(scene.settings, database, scene.backups, to, now=now).name)


def _backed_up_badly(scene: Scene, _database: Database, words: list[str]) -> int:
    if not scene.backups.exists():
        return len(words)
    listed = {one.name: one for one in listing.listed(scene.backups)}
    torn = 0
    for name, backup in listed.items():
        for kind in (DATA, KEYS):
            file = scene.backups / f"{name}{kind}"
            torn += file.exists() and listing.digest_of(file) != backup.digests[kind]
    return torn + len([word for word in words if word not in listed])


TASKS = {
    "approve": Task(_approve, _approved_badly),
    "reveal": Task(_reveal, _revealed_badly),
    "erase": Task(_erase, _erased_badly),
    "rotate": Task(_rotate, _rotated_badly),
    "backup": Task(_back_up, _backed_up_badly),
}


def _goes_on(scene: Scene) -> int:
    """After the last kill everything that was begun comes to its end; what does not."""
    with closing_database(scene) as database:
        report = running.run(database, now=NOW + timedelta(hours=1))
        rotate_owners(database, grace=0)
        rotate_master_key(database.vault.keys)
        with database.transaction(reads_only=True) as session:
            stuck = select(func.count()).where(Erasure.state == ErasureState.ERASING)
            left = select(func.count()).where(Family.withdrawn_at.is_not(None))
            undone = (session.scalar(stuck) or 0) + (session.scalar(left) or 0)
        several = any(one != two for one, two in database.vault.keys.numbers().values())
        return undone + (not report.agrees) + several + _whole(scene, database)


def _controls(scene: Scene) -> int:
    """What was said and is not so has to be noticed: in each task, and a look without a row."""
    with closing_database(scene) as database:
        for name, word in _lies(database):
            if name in scene.tasks:
                control(TASKS[name].troubles(scene, database, [word]) > 0, f"a false word: {name}")
        control(_unaudited(database, 1) == 1, "a look that no row tells of")
    scene.seen = 0
    return len(scene.tasks) + 1


def _lies(database: Database) -> Iterator[tuple[str, str]]:
    with database.transaction(reads_only=True) as session:
        yield "approve", str(session.scalars(select(Proposal.id)).first())
        yield "erase", str(session.scalars(select(Family.uid)).first())
    yield "reveal", "saw Carmen"
    yield "rotate", "failed OperationalError"
    yield "backup", "dispatch-20270308T170000Z"
