"""What a folder of backups holds: each with a note beside it that says what it is, and if it was
tried. The note names nobody; without an identity nothing beside it opens."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dispatch.retention import BACKUP_DATA_DAYS, BACKUP_KEYS_DAYS

DATA, KEYS, NOTE = ".data.age", ".keys.age", ".json"
_NAMED = "dispatch-%Y%m%dT%H%M%SZ"
_KEPT = {DATA: timedelta(days=BACKUP_DATA_DAYS), KEYS: timedelta(days=BACKUP_KEYS_DAYS)}


class BadBackup(Exception):
    """A backup cannot be made, read, or trusted; the message says why."""


@dataclass(frozen=True)
class Backup:
    """One backup."""

    name: str
    made_at: datetime
    database: str
    """Which kind: sqlite or postgresql."""
    revision: str
    """Of the schema."""
    log_rows: int
    """Position of the newest row of the log."""
    log_seal: str
    """Its seal: what the copy has to end with."""
    digests: dict[str, str]
    """SHA-256 of each file, by how its name ends."""
    proven_at: datetime | None = None
    """When a drill restored it and everything held; until then it does not count."""


def write(folder: Path, backup: Backup) -> None:
    """Put the note of `backup` into `folder`."""
    told = asdict(backup)
    told["made_at"] = backup.made_at.isoformat()
    told["proven_at"] = backup.proven_at.isoformat() if backup.proven_at else None
    unfinished = folder / f"{backup.name}{NOTE}.part"
    unfinished.write_text(json.dumps(told, indent=1) + "\n")
    unfinished.replace(folder / f"{backup.name}{NOTE}")  # there whole, or not at all


def read(note: Path) -> Backup:
    """The backup that `note` is about.

    Raises
        BadBackup: there is no such note, or it is not one.
    """
    try:
        told = json.loads(note.read_text())
        made_at = datetime.fromisoformat(told.pop("made_at"))
        proven = told.pop("proven_at")
        return Backup(
            **told, made_at=made_at, proven_at=datetime.fromisoformat(proven) if proven else None
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadBackup(f"{note} is no note of a backup.") from error


def listed(folder: Path) -> list[Backup]:
    """The backups of `folder`, the newest first."""
    found = [read(note) for note in folder.glob(f"dispatch-*{NOTE}")]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def mark_proven(folder: Path, backup: Backup, *, now: datetime) -> Backup:
    """Let `backup` count from now on."""
    proven = replace(backup, proven_at=now)
    write(folder, proven)
    return proven


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check_file(file: Path, backup: Backup, kind: str) -> None:
    """Go on only if `file` is the one that the note speaks of.

    Raises
        BadBackup: it is missing or another.
    """
    if not file.is_file():
        raise BadBackup(f"{file} is missing.")
    if digest_of(file) != backup.digests.get(kind):
        raise BadBackup(f"{file} is not the file that its note speaks of.")


def name_at(made_at: datetime) -> str:
    """What the files of a backup begin with."""
    return f"{made_at:{_NAMED}}"


def too_old(folder: Path, *, now: datetime) -> Iterator[Path]:
    """The files whose time is over: keys after days, data after months, notes with the last.

    By their names, so that what a killed backup left without a note goes too.
    """
    kept = {**_KEPT, NOTE: max(_KEPT.values())}
    for kind, time in kept.items():
        for file in sorted(folder.glob(f"dispatch-*{kind}")):
            made_at = datetime.strptime(file.name.removesuffix(kind), _NAMED).replace(tzinfo=UTC)
            if now - made_at >= time:
                yield file


def remove_old(*folders: Path, now: datetime) -> list[Path]:
    """Remove every file whose time is over; which ones. Call it once a fresh one is there."""
    gone = [file for folder in set(folders) for file in too_old(folder, now=now)]
    for file in gone:
        file.unlink()
    return gone
