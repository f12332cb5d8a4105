"""Which Python is taken, with shell scripts in the place of interpreters."""

from pathlib import Path

import pytest

from dispatch.environment import pythons
from dispatch.environment.state import SetupFailed


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which only the Python that runs the tests is installed."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def install(place: Path, answer: str) -> str:
    """An interpreter at `place` that answers the question with `answer`; its path."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\necho '{answer}'\n")
    place.chmod(0o755)
    return str(place)


def test_a_newer_python_on_path_is_taken_where_3_11_runs(machine: Path):
    install(machine / "path/python3.12", '["/opt/python3.12", 3, 12]')
    assert pythons.choose(False, running=(3, 11)) == ("/opt/python3.12", (3, 12), [])


def test_pyenv_is_searched_and_its_latest_release_comes_first(machine: Path):
    for release in ("3.12.1", "3.12.10", "3.12.9", "3.11.7"):
        home = machine / "pyenv/versions" / release
        install(home / "bin/python3.12", f'["{release}", 3, 12]')
    assert pythons.choose(False, running=(3, 11))[0] == "3.12.10"


def test_3_12_comes_before_3_13(machine: Path):
    install(machine / "path/python3.13", '["thirteen", 3, 13]')
    install(machine / "path/python3.12", '["twelve", 3, 12]')
    assert pythons.choose(False, running=(3, 11))[0] == "twelve"


def test_a_shim_without_its_python_is_passed_over_and_remembered(machine: Path):
    shim = install(machine / "path/python3.12", "pyenv: python3.12: command not found")
    install(machine / "path/python3.13", '["thirteen", 3, 13]')
    assert pythons.choose(False, running=(3, 11)) == ("thirteen", (3, 13), [shim])


def test_3_11_is_taken_where_nothing_newer_is_installed(machine: Path):
    path, version, passed_over = pythons.choose(False, running=(3, 11))
    assert Path(path).exists()
    assert version[0] == 3
    assert passed_over == []


@pytest.mark.parametrize("running", [(3, 8), (3, 10), (3, 14)])
def test_a_python_out_of_range_is_told_which_ones_are_in_it(machine: Path, running):
    with pytest.raises(SetupFailed, match=r"runs on 3\.11 to 3\.13"):
        pythons.choose(False, running=running)


def test_a_python_out_of_range_hands_over_to_one_in_it(machine: Path):
    install(machine / "path/python3.13", '["thirteen", 3, 13]')
    assert pythons.choose(False, running=(3, 9))[1] == (3, 13)


def test_a_python_out_of_range_hands_over_to_the_oldest_that_serves(machine: Path):
    install(machine / "path/python3.11", '["eleven", 3, 11]')
    assert pythons.choose(False, running=(3, 14)) == ("eleven", (3, 11), [])


def test_a_bare_debian_python_is_told_the_package_it_lacks(machine: Path, monkeypatch):
    monkeypatch.setattr(pythons, "ask", lambda path, needs_pip: None)
    with pytest.raises(SetupFailed, match="apt-get install python3-venv"):
        pythons.choose(True, running=(3, 11))


def test_pip_is_asked_for_only_where_it_is_needed(machine: Path):
    python = machine / "path/python3.12"
    install(python, '["twelve", 3, 12]')
    python.write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n' + "echo '[\"x\", 3, 12]'"
    )
    assert pythons.ask(str(python), needs_pip=False) == ("x", (3, 12))
    assert pythons.ask(str(python), needs_pip=True) is None
