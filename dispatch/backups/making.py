"""Making a backup while people go on working: data and keys in files of their own."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import make_url

from dispatch.audit.service import end_of
from dispatch.backups import copying, listing, sealing
from dispatch.backups.listing import DATA, KEYS, Backup
from dispatch.config import Settings
from dispatch.db.transactions import Database, anchors_of

_UNFINISHED = ".making-"
COPY, STORE, ANCHORS = "database", "keys.db", "anchors"
"""What the two files hold, by name. The master key is in neither."""


def make(
    settings: Settings,
    database: Database,
    folder: Path,
    to: Sequence[sealing.Recipient],
    *,
    keys_folder: Path | None = None,
    now: datetime,
) -> Backup:
    """A backup in `folder`, its keys in `keys_folder` if one is named; older ones go in time.

    The database is copied before the keys: every row in it was sealed under a key that is in the
    store by then. It counts once a drill restored it.

    Raises
        BadBackup: what is missing on this machine.
    """
    keys_folder = keys_folder or folder
    for one in {folder, keys_folder}:
        one.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = listing.name_at(now)
    with (
        _alone_in(folder, keys_folder),
        tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as place,
    ):
        with database.transaction(reads_only=True) as session:
            rows, seal = end_of(session)
            anchors = anchors_of(session).contents()
            revision = MigrationContext.configure(session.connection()).get_current_revision()
        copying.copy_out(settings.database_url, Path(place) / COPY)
        database.vault.keys.copy_to(Path(place) / STORE)
        files = {DATA: folder / f"{name}{DATA}", KEYS: keys_folder / f"{name}{KEYS}"}
        sealing.seal({COPY: Path(place) / COPY, ANCHORS: anchors}, files[DATA], to)
        sealing.seal({STORE: Path(place) / STORE, ANCHORS: anchors}, files[KEYS], to)
    backup = Backup(
        name=name,
        made_at=now,
        database=make_url(settings.database_url).get_backend_name(),
        revision=revision or "",
        log_rows=rows,
        log_seal=seal.hex(),
        digests={kind: listing.digest_of(file) for kind, file in files.items()},
    )
    for one in {folder, keys_folder}:
        listing.write(one, backup)
    listing.remove_old(folder, keys_folder, now=now)
    return backup


@contextmanager
def _alone_in(folder: Path, keys_folder: Path) -> Iterator[None]:
    """One backup at a time; what one that was killed left behind goes first."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        for one in {folder, keys_folder}:
            for left in one.glob("dispatch-*.part"):
                left.unlink()
        yield
