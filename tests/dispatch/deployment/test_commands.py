"""The commands for whoever sets up a server: what they print and leave behind."""

import json
from pathlib import Path

from dispatch import cli
from dispatch.deployment import commands, components


def test_the_command_writes_the_units_and_names_them(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(commands, "REPOSITORY", Path("/opt/dispatch"))
    assert cli.main(["units", str(tmp_path / "made"), "--user", "rides"]) == 0
    named = capsys.readouterr().out.split()
    assert named == [str(file) for file in sorted((tmp_path / "made").iterdir())]


def test_the_command_says_why_it_writes_nothing(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(commands, "REPOSITORY", Path("/home/rosa/dispatch"))
    assert cli.main(["units", str(tmp_path / "made")]) == 1
    assert "home directory" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_the_command_prints_it(capsys):
    assert cli.main(["components"]) == 0
    assert json.loads(capsys.readouterr().out) == components.bill()
