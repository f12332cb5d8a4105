"""`python3 -m dispatch test` hands what is typed to pytest, and keeps real data out of reach."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import running

ROOT = Path(__file__).resolve().parents[2]


def test_all_but_the_data_directory_goes_to_pytest(monkeypatch: pytest.MonkeyPatch):
    handed = []
    monkeypatch.setattr(running.pytest, "main", lambda arguments: handed.extend(arguments) or 5)
    monkeypatch.chdir(ROOT / "tests")
    typed = ["tests/house", "--data-dir", "/srv/real", "-k", "one or two", "-x"]
    assert running.run(typed) == 5
    assert handed[-4:] == ["tests/house", "-k", "one or two", "-x"]
    assert not {"--data-dir", "/srv/real"} & set(handed)
    assert Path.cwd() == ROOT


def test_help_says_what_may_be_left_out(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        running.run(["--help"])
    assert ended.value.code == 0
    assert "CI=true" in capsys.readouterr().out


def test_no_setting_of_a_real_installation_reaches_a_test():
    real = {"DATABASE_URL": "postgresql://real/", "DISPATCH_DATA": "/srv/real"}
    script = "import os, conftest; print(*os.environ)"
    command = [sys.executable, "-c", script]
    said = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **real}, capture_output=True, text=True, check=True
    )
    assert not set(real) & set(said.stdout.split())
