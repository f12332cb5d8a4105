"""`keys` on the command line."""

import pytest

from dispatch import cli, rotation
from dispatch.config import Settings
from dispatch.db.transactions import Database
from tests import build


def test_keys_are_counted_changed_and_retired(
    database: Database, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch
):
    with database.transaction() as session:
        build.a_family(session, build.a_group(session))
    data = ["--data-dir", str(settings.data_dir)]
    assert cli.main(["keys", "status", *data]) == 0
    said = capsys.readouterr().out
    assert "master key 1: 2 keys" in said
    assert "1 families and people have a key, 0 an older one too." in said
    assert cli.main(["keys", "retire", *data]) == 0
    assert "Every master key is needed." in capsys.readouterr().out
    monkeypatch.setattr(rotation, "GRACE", 0.0)
    assert cli.main(["keys", "rotate", "--families", *data]) == 0
    said = capsys.readouterr()
    assert "Master key 2 wraps now; 2 keys were wrapped anew." in said.out
    assert "4 records were sealed again" in said.out
    assert "2 of 2 keys" in said.err
    assert cli.main(["keys", "retire", *data]) == 0
    assert "Forgotten: 1." in capsys.readouterr().out
    assert cli.main(["keys", "status", *data]) == 0
    assert "master key 2: 2 keys" in capsys.readouterr().out
