"""A disk that is full or read-only, a key store that is gone, a clock a day off or jumping: nothing
opens that should not, and nothing is opened without a row in the log."""

import os
import resource
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from dispatch import clock
from dispatch.app import open_database
from dispatch.audit import verifying
from dispatch.audit.models import AuditEvent
from dispatch.config import Settings
from dispatch.crypto.keyring import BadKeyring
from dispatch.db.transactions import Database, anchors_of
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.families.models import Family
from dispatch.housekeeping import Housekeeping
from dispatch.people import freezing
from dispatch.places.models import AddressGrant
from dispatch.planning import service as planning
from dispatch.planning.models import Assignment
from dispatch.planning.service import looking
from dispatch.policy import Action, Actor
from tests.conftest import NOW
from tests.prove import children, installation
from tests.prove.children import Say
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import world
from tests.services import small_disk

ROW = Row(
    what="Disk full, disk read-only, key store gone, clock a day off or jumping: looks by a "
    "coordinator and a driver, notes sealed, offers accepted",
    must="fails closed, 0 wrong grants, 0 looks without a row, database whole",
    quick=8,
    full=200,
    fewest=lambda size: size * 3,
)
_NOBODY = 65_534
_ROOM = (2_000, 8_000, 30_000, 90_000)
"""Bytes that a full disk still takes: at first not even a row of the log fits."""
_DISK = 16_000_000
"""Bytes of the small disk: the stores, and something to fill."""
_DAY = timedelta(days=1)


Attempt = Callable[["Scene", Database, datetime], str]
"""Says "opened", "done" or "wrong", or raises."""


@dataclass(frozen=True)
class Scene:
    """An installation in which our driver holds an open grant."""

    settings: Settings
    desk: Actor
    driver: Actor
    held_id: int
    offer_id: int
    family_id: int
    grants: int


@dataclass
class Count:
    """What came of all attempts."""

    words: Counter[str]
    troubles: int = 0


def prove(at: Workplace) -> Figure:
    """Try `at.size` times, each fault in turn, on a fresh copy each time."""
    place = Path(at.leaving.enter_context(tempfile.TemporaryDirectory(prefix="dispatch-faults-")))
    place.chmod(0o755)  # who meets the read-only disk is another user, and has to get there
    scene = _scene(place / "kept")
    count, tried, refused = Count(Counter()), Counter(), Counter()
    for number in range(at.size):
        name = list(FAULTS)[number % len(FAULTS)]
        words = _attempt(scene, place / "copy", name, number, count)
        tried[name] += len(words)
        refused[name] += words.count("refused")
        at.told(number / at.size)
    words = count.words
    control(all(tried[name] for name in FAULTS), "something tried under every fault")
    control(words["opened"] > 0, "looks that are allowed, where no fault is in the way")
    control(refused["disk full"] > 0, "something for which a full disk has no room")
    controls = _controls(scene, place / "copy")
    how = "on a small tmpfs" if small_disk.is_possible() else "by a limit on file size"
    return Figure(
        looked_at=words.total(),
        unit="attempts",
        measured=f"{words['wrong']} wrongly opened, {count.troubles} stores, logs or grants not as "
        f"they were; {words['refused']} refused, {words['opened']} opened with a row in the log; "
        f"disk full {how}",
        holds=words["wrong"] == 0 and count.troubles == 0,
        controls=controls + 3,
    )


def _scene(folder: Path) -> Scene:
    settings, database = installation.make(folder)
    made = world.make(database, NOW)
    things = made.ours.things
    with database.transaction(reads_only=True) as session:
        grants = session.scalar(select(func.count()).select_from(AddressGrant)) or 0
    _close(database)
    for beside in ("dispatch.kept", "dispatch.frozen"):
        (settings.data_dir / beside).unlink()
    return Scene(
        settings,
        desk=made.actors["coordinator"],
        driver=made.actors["driver"],
        held_id=things["assignment"].id,
        offer_id=things["offer"].id,
        family_id=things["family"].id,
        grants=grants,
    )


def _close(database: Database) -> None:
    database.engine.dispose()
    database.vault.keys.close()


def _copy(scene: Scene, folder: Path) -> Scene:
    """The scene in `folder`, in place of whatever was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(scene.settings.data_dir.parent, folder)
    data = folder / scene.settings.data_dir.name
    settings = replace(
        scene.settings,
        data_dir=data,
        database_url=f"sqlite:///{data / 'dispatch.db'}",
        master_key_file=folder / scene.settings.master_key_file.name,
    )
    return replace(scene, settings=settings)


def _attempt(kept: Scene, folder: Path, name: str, number: int, count: Count) -> list[str]:
    scene = _copy(kept, folder)
    words = children.said_by(lambda say: FAULTS[name](scene, number, say))
    _give_back(scene.settings)
    count.words.update(words)
    count.troubles += _troubles(kept, scene, words)
    return words


def _troubles(kept: Scene, scene: Scene, words: list[str]) -> int:
    """How much is not as it should be after an attempt."""
    store = scene.settings.key_store_file
    if not store.exists():
        shutil.copy(kept.settings.key_store_file, store)
    troubles = 0
    for file in (scene.settings.data_dir / "dispatch.db", store):
        troubles += _is_torn(file)
    database = open_database(scene.settings)
    with database.transaction(reads_only=True) as session:
        troubles += not verifying.check(session, anchors_of(session)).is_whole
        rows = select(func.count()).where(
            AuditEvent.action.in_([Action.REVEAL_FAMILY.value, Action.MEET_FAMILY.value]),
            AuditEvent.outcome == "done",
        )
        troubles += (session.scalar(rows) or 0) < words.count("opened")
        grants = session.scalar(select(func.count()).select_from(AddressGrant))
        troubles += grants != scene.grants
    _close(database)
    return troubles


def _is_torn(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        try:
            return connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
        except sqlite3.DatabaseError:
            return True


# --- What is tried --------------------------------------------------------------------------------


def _try_everything(
    scene: Scene,
    database: Database,
    say: Say,
    now: datetime = NOW,
    attempts: tuple[Attempt, ...] = (),
) -> None:
    for attempt in attempts or (*_LAW, _note_is_sealed):
        try:
            say(attempt(scene, database, now))
        except Exception:
            say("refused")  # whatever the stores raised, nothing was shown


def _desk_looks(scene: Scene, database: Database, now: datetime) -> str:
    with database.session() as session:
        family = session.get_one(Family, scene.family_id)
        desk = replace(scene.desk, is_frozen=freezing.is_frozen(session))
        shown = families.reveal(session, desk, family, parts={Part.NAME}, now=now)
    return "opened" if shown.name == "Carmen" else "wrong"


def _driver_looks(scene: Scene, database: Database, now: datetime) -> str:
    with database.session() as session:
        held = session.get_one(Assignment, scene.held_id)
        driver = replace(scene.driver, is_frozen=freezing.is_frozen(session))
        shown = looking.look(session, driver, held, now=now)
    return "opened" if now == NOW and shown.first_name == "Carmen" else "wrong"


def _note_is_sealed(scene: Scene, database: Database, _now: datetime) -> str:
    with database.transaction() as session:
        family = session.get_one(Family, scene.family_id)
        family.seal("sealed_notes", "Folds a stroller. " * 20, database.vault)
    return "done"


def _offer_is_accepted(scene: Scene, database: Database, now: datetime) -> str:
    with database.session() as session:  # taken back: no fault may make its grants stay
        offer = session.get_one(Assignment, scene.offer_id)
        driver = replace(scene.driver, is_frozen=freezing.is_frozen(session))
        planning.accept(session, driver, offer, now=now)
        session.rollback()
    return "done"


_LAW: tuple[Attempt, ...] = (_desk_looks, _driver_looks, _offer_is_accepted)
"""What the law decides about."""


# --- The faults -----------------------------------------------------------------------------------


def _full_disk(scene: Scene, number: int, say: Say) -> None:
    """What is written has no room, or a little: on a small disk, else by a limit on file size."""
    room = _ROOM[number // len(FAULTS) % len(_ROOM)]
    if small_disk.is_possible():
        _on_small_disk(scene, room, say)
        return
    database = open_database(scene.settings)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    for _turn in range(3):
        _try_everything(scene, database, say)


def _on_small_disk(scene: Scene, room: int, say: Say) -> None:
    """All stores lie on a disk of their own, which fills up while they are open."""
    data, small = scene.settings.data_dir, scene.settings.data_dir.parent / "small"
    small_disk.mount(small, _DISK)
    there = small / data.name
    shutil.copytree(data, there)
    moved = replace(
        scene.settings,
        data_dir=there,
        database_url=f"sqlite:///{there / 'dispatch.db'}",
        anchors=scene.settings.anchors_file,
    )
    database = open_database(moved)
    with database.transaction(reads_only=True) as session:
        session.get_one(Family, scene.family_id)
    small_disk.fill(small, leaves=room)
    for _turn in range(3):
        _try_everything(scene, database, say)
    _close(database)
    shutil.copytree(there, data, dirs_exist_ok=True)  # for whoever looks, after this disk is gone


def _read_only(scene: Scene, _number: int, say: Say) -> None:
    folder = scene.settings.data_dir.parent
    for path in [folder, *folder.rglob("*")]:
        if os.geteuid() == 0:
            os.chown(path, _NOBODY, _NOBODY)
        path.chmod(0o500 if path.is_dir() else 0o400)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    try:
        database = open_database(scene.settings)
    except Exception:
        say("refused")  # it does not even start
        return
    _try_everything(scene, database, say)


def _key_store_gone(scene: Scene, _number: int, say: Say) -> None:
    database = open_database(scene.settings)
    _close(database)
    scene.settings.key_store_file.unlink()
    _try_everything(scene, database, say)
    try:
        open_database(scene.settings)
    except BadKeyring:
        say("refused")
    else:
        say("wrong")  # a start with a new store in place of the lost one


def _clock(shift: timedelta) -> Callable[[Scene, int, Say], None]:
    def run(scene: Scene, _number: int, say: Say) -> None:
        _try_everything(scene, open_database(scene.settings), say, NOW + shift)

    return run


def _jump(shift: timedelta) -> Callable[[Scene, int, Say], None]:
    """The clock jumps between two beats of a worker: then nothing opens, until two people look."""

    def run(scene: Scene, _number: int, say: Say) -> None:
        database, shown = open_database(scene.settings), NOW
        clock.now, clock.uptime = (lambda: shown), (lambda: _DAY)
        housekeeping = Housekeeping(database)
        housekeeping.watch_clock()
        shown = NOW + shift
        housekeeping.watch_clock()
        _try_everything(scene, database, say if not shift else _must_refuse(say), shown, _LAW)

    return run


def _must_refuse(say: Say) -> Say:
    return lambda word: say(word if word == "refused" else "wrong")


FAULTS: dict[str, Callable[[Scene, int, Say], None]] = {
    "disk full": _full_disk,
    "read-only": _read_only,
    "key store gone": _key_store_gone,
    "clock a day late": _clock(-_DAY),
    "clock a day early": _clock(_DAY),
    "clock jumps ahead": _jump(_DAY),
    "clock jumps back": _jump(-_DAY),
    "none": _jump(timedelta(0)),
}


def _give_back(settings: Settings) -> None:
    """Let whoever looks afterwards read and write again."""
    folder = settings.data_dir.parent
    for path in [folder, *folder.rglob("*")]:
        with suppress(FileNotFoundError):
            if os.geteuid() == 0:
                os.chown(path, 0, 0)
            path.chmod(0o700 if path.is_dir() else 0o600)


def _controls(kept: Scene, folder: Path) -> int:
    """A look without a row, a grant that nobody gave, a torn file and a jump of the clock that no
    worker watched have to be noticed."""
    scene = _copy(kept, folder)

    def unwatched(say: Say) -> None:
        database = open_database(scene.settings)
        _try_everything(scene, database, _must_refuse(say), NOW + _DAY, _LAW)

    control("wrong" in children.said_by(unwatched), "a clock that jumped unwatched")
    scene = _copy(kept, folder)
    control(_troubles(kept, scene, ["opened"]) == 1, "a look without a row in the log")
    control(_troubles(kept, replace(scene, grants=scene.grants - 1), []) == 1, "a grant too many")
    file = scene.settings.data_dir / "dispatch.db"
    with file.open("r+b") as torn:
        torn.seek(file.stat().st_size - 4096)
        torn.write(os.urandom(4096))
    control(_is_torn(file), "a database that is torn")
    return 4
