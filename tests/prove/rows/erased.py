"""An erased family opens in no copy: not in the database, and not in an old backup of it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dispatch.app import open_database
from dispatch.config import Settings, load
from dispatch.crypto.keyring import Unreadable
from dispatch.db.transactions import Database
from dispatch.erasing.service import running
from dispatch.families.models import Family
from dispatch.places.models import Place
from dispatch.places.sealed import address_of
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Erased families readable from an old backup with today's keys, and with a key store put "
    "back from before the erasure; live ones",
    must="0 of N; N of N",
    quick=20,
    full=200,
)


def prove(at: Workplace) -> Figure:
    """Erase half of `at.size` families, then read an old backup in every way there is."""
    settings, database = installation.make(at.folder)
    with database.transaction() as session:
        _group, uids = installation.some_families(session, at.size, made_at=NOW)
        gone, live = uids[::2], uids[1::2]
        for uid in gone:
            family = session.scalars(select(Family).where(Family.uid == uid)).one()
            family.withdrawn_at = NOW
    backup = _back_up(settings, at.folder / "backup")
    control(_readable(_put_back(backup, at, "before"), uids) == at.size, "a backup that opens")
    at.told(0.2)
    report = running.run(database, now=NOW + timedelta(hours=1))
    at.told(0.6)
    opened = {
        # The old database with the key store of today, and the old database with the old keys.
        "today's keys": _put_back(backup, at, "todays", keys=settings.key_store_file),
        "the old keys": _put_back(backup, at, "old", anchors=settings.anchors_file),
        "the present": database,
    }
    erased = sum(_readable(one, gone) for one in opened.values())
    still = [_readable(one, live) for one in opened.values()]
    lost = len(opened) * len(live) - sum(still)
    # Without the anchors outside, old keys open the old database: it is they that make it forget.
    control(
        _readable(_put_back(backup, at, "without"), gone) == len(gone), "old keys by themselves"
    )
    return Figure(
        looked_at=at.size,
        unit="families",
        measured=f"{erased} of {len(gone)} erased, {len(live) - lost} of {len(live)} live",
        holds=erased == 0 and lost == 0 and report.overdue == 0 and report.agrees,
        controls=2,
    )


def _back_up(settings: Settings, folder: Path) -> Path:
    """Database, key store and master key as they are now."""
    folder.mkdir()
    for file in (settings.data_dir / "dispatch.db", settings.key_store_file):
        with (
            closing(sqlite3.connect(file)) as source,
            closing(sqlite3.connect(folder / file.name)) as target,
        ):
            source.backup(target)
    shutil.copy(settings.master_key_file, folder / "master-key")
    return folder


def _put_back(
    backup: Path, at: Workplace, name: str, *, keys: Path | None = None, anchors: Path | None = None
) -> Database:
    """An installation made of `backup`, with other keys or with the anchors of the present one."""
    folder = at.folder / name
    (folder / "data" / "keys").mkdir(parents=True, mode=0o700)
    shutil.copy(backup / "dispatch.db", folder / "data" / "dispatch.db")
    shutil.copy(keys or backup / "keys.db", folder / "data" / "keys" / "keys.db")
    shutil.copy(backup / "master-key", folder / "data.master-key")
    if anchors is not None:
        shutil.copy(anchors, folder / "data.anchors")
    return open_database(load(str(folder / "data"), testing=True))


def _readable(database: Database, uids: list[UUID]) -> int:
    """How many of the families still tell anything that was under seal."""
    found = 0
    with database.transaction(reads_only=True) as session:
        for uid in uids:
            rows = session.scalars(select(Family).where(Family.uid == uid)).all()
            doors = session.scalars(select(Place).where(Place.owner_uid == uid)).all()
            found += any(
                [
                    *(
                        _opens(lambda row=row: row.unseal("sealed_name", database.vault))
                        for row in rows
                    ),
                    *(_opens(lambda door=door: address_of(door, database.vault)) for door in doors),
                ]
            )
    return found


def _opens(read: Callable[[], object]) -> bool:
    try:
        return bool(read())
    except Unreadable:
        return False
