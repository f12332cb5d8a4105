"""`backup` and `restore` on the command line."""

from pathlib import Path

import pytest

from dispatch import cli
from dispatch.backups.sealing import Identity
from dispatch.config import Settings
from dispatch.db.transactions import Database
from tests import build
from tests.conftest import Moment


@pytest.fixture
def identity(tmp_path: Path) -> tuple[str, Path]:
    made, file = Identity.generate(), tmp_path / "identity"
    file.write_text(str(made))
    return str(made.to_public()), file


def test_a_backup_is_made_tried_and_put_back(
    database: Database,
    settings: Settings,
    moment: Moment,
    identity: tuple[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    recipient, file = identity
    with database.transaction() as session:
        build.a_family(session, build.a_group(session))
    data, folder = ["--data-dir", str(settings.data_dir)], tmp_path / "backups"
    assert cli.main(["backup", "make", str(folder), "--recipient", recipient, *data]) == 0
    note = capsys.readouterr().out.splitlines()[0]
    assert cli.main(["backup", "list", str(folder)]) == 0
    assert "NOT TRIED: does not count" in capsys.readouterr().out
    assert cli.main(["backup", "drill", note, "--identity", str(file), *data]) == 0
    said = capsys.readouterr().out
    assert "Live families opened: 1 tried, 1 opened." in said
    assert "Erased: 0 records tried, 0 opened." in said
    assert cli.main(["backup", "list", str(folder)]) == 0
    assert "tried 2027-03-08" in capsys.readouterr().out
    there = tmp_path / "there"
    (tmp_path / "there.master-key").write_bytes(settings.master_key_file.read_bytes())
    (tmp_path / "there.master-key").chmod(0o600)
    again = ["--data-dir", str(there)]
    assert cli.main(["restore", note, "--identity", str(file), *again]) == 0
    assert (there / "dispatch.db").exists()


def test_what_cannot_be_is_a_sentence(
    settings: Settings, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    data = ["--data-dir", str(settings.data_dir)]
    assert cli.main(["backup", "make", str(tmp_path), "--recipient", "age1x", *data]) == 1
    assert "No recipient of the age format" in capsys.readouterr().err
    assert cli.main(["restore", "nowhere.json", "--identity", "nowhere", *data]) == 1
    assert "holds no identity" in capsys.readouterr().err
