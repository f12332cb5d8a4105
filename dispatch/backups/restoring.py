"""Putting an installation back from a backup, and trying whether one could be."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, make_url, select
from sqlalchemy.orm import Session

from dispatch import rotation
from dispatch.app import open_database
from dispatch.audit import verifying
from dispatch.audit.service import end_of
from dispatch.backups import copying, listing, sealing
from dispatch.backups.listing import DATA, KEYS, Backup, BadBackup
from dispatch.backups.making import ANCHORS, COPY, STORE
from dispatch.config import Settings
from dispatch.crypto.anchors import Anchor, Kind
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import mark_of
from dispatch.crypto.sealed import SealsColumns
from dispatch.db import upgrade
from dispatch.db.engine import make_engine
from dispatch.db.transactions import Database, anchors_of
from dispatch.families.models import Family
from dispatch.notify import deliveries


@dataclass(frozen=True)
class Drill:
    """What came of trying a backup."""

    seconds: float
    log_rows: int
    live: int
    """Live families whose name opened: one is tried, none if there is none."""
    erased: int
    """Records of erased families and people that were tried."""
    erased_opened: int
    """How many of them opened: none may."""


def restore(
    settings: Settings,
    note: Path,
    by: Sequence[sealing.Identity],
    *,
    keys: Path | None = None,
    now: datetime,
) -> Database:
    """Put the backup of `note` back into an empty installation; `keys` is the file of the keys.

    What was destroyed since, as far as the anchors here or in the backup know, is destroyed again
    before anybody can read it.

    Raises
        BadBackup: the installation is not empty, or the backup is not whole.
        BadKeyring: the master key is not here.
    """
    backup = listing.read(note)
    data = note.with_name(f"{backup.name}{DATA}")
    keys = keys or note.with_name(f"{backup.name}{KEYS}")
    listing.check_file(data, backup, DATA)
    if keys.name.startswith(backup.name):
        listing.check_file(keys, backup, KEYS)
    _require_empty(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.data_dir) as place:
        here, there = Path(place) / "data", Path(place) / "keys"
        sealing.unseal_into(data, here, by)
        sealing.unseal_into(keys, there, by)
        settings.key_store_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(there / STORE, settings.key_store_file)
        copying.copy_in(settings.database_url, here / COPY)
        copied = [(folder / ANCHORS).read_bytes() for folder in (here, there)]
    database = open_database(settings)
    upgrade.upgrade(database.engine)
    _go_on_from(database, copied, now)
    return database


def drill(
    settings: Settings,
    note: Path,
    by: Sequence[sealing.Identity],
    *,
    keys: Path | None = None,
    scratch_url: str | None = None,
    now: datetime,
) -> Drill:
    """Restore the backup of `note` where it harms nobody, and look whether everything holds.

    One of PostgreSQL needs `scratch_url`, an empty database. Marks the backup as proven.

    Raises
        BadBackup: it cannot be restored, or something does not hold.
    """
    backup, began = listing.read(note), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dispatch-drill-") as place:
        tried = _beside(settings, Path(place), backup, scratch_url)
        database = restore(tried, note, by, keys=keys, now=now)
        try:
            done = _look(database, backup, began)
        finally:
            database.engine.dispose()
            database.vault.keys.close()
    listing.mark_proven(note.parent, backup, now=now)
    return done


def _require_empty(settings: Settings) -> None:
    url = make_url(settings.database_url)
    if settings.key_store_file.exists():
        raise BadBackup(f"{settings.data_dir} is in use. Restore into an empty directory.")
    if url.get_backend_name() == "sqlite":
        if Path(url.database or "").exists():
            raise BadBackup(f"{url.database} is in use. Restore into an empty directory.")
        return
    engine = make_engine(settings.database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    if tables:
        raise BadBackup("The database has tables already. Restore into an empty one.")


def _go_on_from(database: Database, copied: list[bytes], now: datetime) -> None:
    """Let the anchors know where the log stands, the key store what it has to forget, and nobody
    be written to a second time."""
    with database.transaction(reads_only=True) as session:
        anchors = anchors_of(session)
        for content in copied:
            anchors.take_in(content)
        position, seal = end_of(session)
    database.vault.keys.destroy_marked(anchors.marks())
    anchors.add(Anchor(Kind.RESTORED, now, position, seal))
    with database.transaction() as session:
        deliveries.doubt_all(session, now=now)


def _beside(settings: Settings, place: Path, backup: Backup, scratch_url: str | None) -> Settings:
    """Settings of an installation for the drill, which knows what the anchors here know."""
    url = f"sqlite:///{place / 'data' / 'dispatch.db'}"
    if backup.database != "sqlite":
        if scratch_url is None:
            raise BadBackup("A backup of PostgreSQL is tried in an empty database: name it.")
        url = scratch_url
    if settings.anchors_file.exists():
        shutil.copyfile(settings.anchors_file, place / "anchors")
    return replace(settings, data_dir=place / "data", database_url=url, anchors=place / "anchors")


def _look(database: Database, backup: Backup, began: float) -> Drill:
    with database.transaction(reads_only=True) as session:
        verdict = verifying.check(session, anchors_of(session))
        if not verdict.is_whole:
            raise BadBackup(verdict.say())
        position, _seal = end_of(session)
        if position < backup.log_rows:
            raise BadBackup("The copy is shorter than its note says.")
        marks = anchors_of(session).marks()
        erased = [
            _opens(row, column, database)
            for row, column in _sealed(session)
            if mark_of(row.key_owner) in marks
        ]
        live = [one for one in session.scalars(select(Family)) if mark_of(one.uid) not in marks]
        opened = sum(_opens(one, "sealed_name", database) for one in live[:1])
    if sum(erased):
        raise BadBackup(f"{sum(erased)} records of erased families or people still open.")
    if live and not opened:
        raise BadBackup("A live family does not open with these keys.")
    return Drill(time.monotonic() - began, verdict.rows, opened, len(erased), sum(erased))


def _sealed(session: Session) -> Iterator[tuple[SealsColumns, str]]:
    """Every record under seal, by its row and column."""
    for model in rotation.sealed_models():
        columns = rotation.sealed_columns(model)
        for row in session.scalars(select(model)):
            for column in columns:
                if getattr(row, column) is not None:
                    yield row, column


def _opens(row: SealsColumns, column: str, database: Database) -> bool:
    try:
        row.unseal(column, database.vault)
    except Unreadable:
        return False
    return True
