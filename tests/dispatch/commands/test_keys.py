"""`keys` on the command line."""

from pathlib import Path

import pytest

from dispatch import cli, rotation
from dispatch.config import Settings
from dispatch.db.transactions import Database
from tests import build
from tests.dispatch.crypto import transit_server


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


def test_an_installation_moves_to_a_key_server_and_needs_its_file_no_more(
    database: Database, settings: Settings, tmp_path: Path, capsys, monkeypatch
):
    with database.transaction() as session:
        build.a_family(session, build.a_group(session))
    data = ["--data-dir", str(settings.data_dir)]
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text(transit_server.TOKEN)
    with transit_server.listening() as there:
        monkeypatch.setenv("DISPATCH_KEY_SERVER", there.url)
        monkeypatch.setenv("DISPATCH_KEY_SERVER_TOKEN", str(token))
        assert cli.main(["keys", "rotate", *data]) == 0
        said = capsys.readouterr().out
        assert "Master key 1 of the key server wraps now; 2 keys were wrapped anew." in said
        settings.master_key_file.unlink()
        assert cli.main(["keys", "rotate", *data]) == 0
        assert "Master key 2 of the key server wraps now; 2 keys" in capsys.readouterr().out
        assert cli.main(["keys", "status", *data]) == 0
        assert "master key 2 of the key server: 2 keys" in capsys.readouterr().out
        assert cli.main(["keys", "retire", *data]) == 0
        assert "Forgotten: 1 of the key server." in capsys.readouterr().out
        there.status = 503
        assert cli.main(["keys", "status", *data]) == 2
        said = capsys.readouterr()
        assert "is sealed or not ready" in said.err
        assert transit_server.TOKEN not in said.err + said.out
