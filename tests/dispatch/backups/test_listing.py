"""The notes beside backups, and whose time is over."""

from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.backups import listing
from dispatch.backups.listing import DATA, KEYS, NOTE, Backup, BadBackup
from tests.conftest import NOW


def a_backup(folder: Path, days: int = 0) -> Backup:
    """A backup made so many days ago."""
    made_at = NOW - timedelta(days=days)
    name = f"dispatch-{made_at:%Y%m%dT%H%M%SZ}"
    for kind in (DATA, KEYS):
        (folder / f"{name}{kind}").write_bytes(kind.encode())
    digests = {kind: listing.digest_of(folder / f"{name}{kind}") for kind in (DATA, KEYS)}
    backup = Backup(name, made_at, "sqlite", "0011", 7, "ab" * 32, digests)
    listing.write(folder, backup)
    return backup


def test_a_note_says_what_was_written(tmp_path: Path):
    backup = a_backup(tmp_path)
    assert listing.read(tmp_path / f"{backup.name}{NOTE}") == backup


def test_the_newest_comes_first_and_counts_once_it_is_proven(tmp_path: Path):
    old, new = a_backup(tmp_path, 2), a_backup(tmp_path)
    assert listing.listed(tmp_path) == [new, old]
    listing.mark_proven(tmp_path, old, now=NOW)
    assert [one.proven_at for one in listing.listed(tmp_path)] == [None, NOW]


@pytest.mark.parametrize("text", ["", "{}", '{"made_at": "never", "proven_at": null}'])
def test_what_is_no_note_is_said_so(tmp_path: Path, text: str):
    (tmp_path / "note.json").write_text(text)
    with pytest.raises(BadBackup, match="no note"):
        listing.read(tmp_path / "note.json")


def test_another_file_than_the_note_speaks_of_is_refused(tmp_path: Path):
    backup = a_backup(tmp_path)
    file = tmp_path / f"{backup.name}{DATA}"
    listing.check_file(file, backup, DATA)
    file.write_bytes(b"another")
    with pytest.raises(BadBackup, match="not the file"):
        listing.check_file(file, backup, DATA)
    file.unlink()
    with pytest.raises(BadBackup, match="missing"):
        listing.check_file(file, backup, DATA)


@pytest.mark.parametrize(
    ("days", "gone"),
    [(6, set()), (7, {KEYS}), (89, {KEYS}), (90, {KEYS, DATA, NOTE})],
)
def test_keys_go_after_a_week_and_data_after_three_months(
    tmp_path: Path, days: int, gone: set[str]
):
    a_backup(tmp_path, days)
    removed = listing.remove_old(tmp_path, tmp_path, now=NOW)
    assert {file.name.partition("Z")[2] for file in removed} == gone
    assert not [file for file in removed if file.exists()]
