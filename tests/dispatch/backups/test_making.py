"""A backup is made while others work, and never holds the master key."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from dispatch.backups import listing, making, sealing
from dispatch.backups.listing import DATA, KEYS, NOTE
from dispatch.backups.sealing import Identity
from dispatch.config import Settings
from dispatch.crypto import keyring
from dispatch.db.transactions import Database
from tests.conftest import NOW


@pytest.fixture
def opened(settings: Settings, database: Database, tmp_path: Path, identity: Identity) -> Path:
    """A folder with everything that a backup holds, unpacked."""
    to = [identity.to_public()]
    backup = making.make(settings, database, tmp_path / "backups", to, now=NOW)
    for kind in (DATA, KEYS):
        file = tmp_path / "backups" / f"{backup.name}{kind}"
        sealing.unseal_into(file, tmp_path / "opened" / kind, [identity])
    return tmp_path / "opened"


def test_data_and_keys_lie_apart_and_the_master_key_in_neither(opened: Path, settings: Settings):
    files = {str(one.relative_to(opened)) for one in opened.rglob("*") if one.is_file()}
    assert files == {
        ".data.age/database",
        ".data.age/anchors",
        ".keys.age/keys.db",
        ".keys.age/anchors",
    }
    secret = keyring.load(settings.master_key_file).keys[1]
    line = settings.master_key_file.read_bytes().split()[1]
    contents = [one.read_bytes() for one in opened.rglob("*") if one.is_file()]
    assert [one for one in contents if secret in one or line in one] == []


def test_nothing_unfinished_stays_beside_a_backup(
    settings: Settings, database: Database, tmp_path: Path, identity: Identity
):
    folder, elsewhere = tmp_path / "backups", tmp_path / "elsewhere"
    to = [identity.to_public()]
    backup = making.make(settings, database, folder, to, keys_folder=elsewhere, now=NOW)
    assert {one.name for one in folder.iterdir() if one.name != ".lock"} == {
        f"{backup.name}{DATA}",
        f"{backup.name}{NOTE}",
    }
    assert {one.name for one in elsewhere.iterdir()} == {
        f"{backup.name}{KEYS}",
        f"{backup.name}{NOTE}",
    }
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_backup_left_behind_goes_with_the_next(
    settings: Settings, database: Database, tmp_path: Path, identity: Identity
):
    folder = tmp_path / "backups"
    (folder / ".making-x").mkdir(parents=True)
    (folder / ".making-x" / "keys.db").touch()
    (folder / "dispatch-20270301T000000Z.keys.age.part").touch()
    (folder / f"dispatch-20270101T000000Z{KEYS}").touch()
    making.make(settings, database, folder, [identity.to_public()], now=NOW)
    left = {one.name for one in folder.iterdir()}
    assert not [name for name in left if name.startswith((".making", "dispatch-20270101"))]
    assert not [name for name in left if name.endswith(".part")]


def test_a_fresh_backup_takes_the_place_of_old_keys(
    settings: Settings,
    database: Database,
    tmp_path: Path,
    identity: Identity,
):
    folder, to = tmp_path / "backups", [identity.to_public()]
    old = making.make(settings, database, folder, to, now=NOW)
    new = making.make(settings, database, folder, to, now=NOW + timedelta(days=7))
    assert not (folder / f"{old.name}{KEYS}").exists()
    assert (folder / f"{old.name}{DATA}").exists()
    assert (folder / f"{new.name}{KEYS}").exists()
    assert [one.name for one in listing.listed(folder)] == [new.name, old.name]


def test_the_note_says_how_long_the_log_was(
    settings: Settings, database: Database, tmp_path: Path, identity: Identity, families: UUID
):
    backup = making.make(settings, database, tmp_path / "b", [identity.to_public()], now=NOW)
    assert (backup.database, backup.proven_at) == ("sqlite", None)
    assert backup.revision.isdecimal()


@pytest.fixture
def families(database: Database) -> None:
    """Nobody: the log is empty."""
