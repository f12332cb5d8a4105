"""A command typed on a bare Python goes on inside the environment."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch import bootstrap
from tests.dispatch.environment import wheels

ROOT = Path(__file__).resolve().parents[2]
GROUND = [
    "__init__.py",
    "__main__.py",
    "bootstrap.py",
    *(f"environment/{path.name}" for path in (ROOT / "dispatch/environment").glob("*.py")),
]
COMMAND = """
import sys
from dispatch import bootstrap
bootstrap.ensure("run")
import runs
print(sys.prefix, *sys.argv[1:])
sys.exit(7)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of nothing but the ground and one command, never set up."""
    root = wheels.project(tmp_path / "project")
    for name in GROUND:
        (root / "dispatch" / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "dispatch" / name, root / "dispatch" / name)
    (root / "command").mkdir()
    (root / "command/__main__.py").write_text(COMMAND)
    (tmp_path / "path").mkdir()
    (tmp_path / "path/uv").symlink_to(Path(sys.prefix) / "bin/uv")
    return root


def type_command(project: Path, python: Path | str, **more: str) -> subprocess.CompletedProcess:
    """Type the command in the project's folder, on the given Python."""
    environ = {"PATH": f"{project.parent / 'path'}:/usr/bin:/bin", "HOME": str(project), **more}
    command = [python, "-m", "command", "--day", "two words"]
    return subprocess.run(
        command, cwd=project, env=environ, capture_output=True, text=True, check=False
    )


def test_the_command_goes_on_inside_with_its_arguments_and_its_status(project: Path):
    for python in (sys._base_executable, project / ".venv/bin/python"):
        ended = type_command(project, python)
        assert ended.returncode == 7, ended.stderr
        assert ended.stdout == f"{project}/.venv --day two words\n"


def test_setting_up_says_nothing_on_the_output_and_nothing_at_all_when_warm(project: Path):
    assert "Installing the libraries" in type_command(project, sys._base_executable).stderr
    assert type_command(project, sys._base_executable).stderr == ""


def test_the_environment_can_be_made_anew_from_inside_it(project: Path):
    type_command(project, sys._base_executable)
    with (project / "requirements.txt").open("a") as wanted:
        wanted.write("# another pin\n")
    ended = type_command(project, project / ".venv/bin/python")
    assert ended.returncode == 7, ended.stderr


def test_a_set_up_that_fails_is_a_sentence_and_no_traceback(project: Path):
    uv = project.parent / "path/uv"
    uv.unlink()
    uv.write_text("#!/bin/sh\necho 'dns error'; exit 1")
    uv.chmod(0o755)
    ended = type_command(project, sys._base_executable)
    assert ended.returncode == 1
    assert "Is this machine on the network?" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("reason", "status", "said"),
    [
        (PermissionError(13, "Permission denied", "/srv/.venv"), "/srv/.venv", ""),
        (KeyboardInterrupt(), "130", "Set-up stopped"),
    ],
)
def test_a_set_up_that_is_refused_or_stopped_ends_calmly(
    monkeypatch, capsys, reason: BaseException, status: str, said: str
):
    def refuse(*_: object) -> None:
        raise reason

    monkeypatch.setattr(bootstrap.making, "prepare", refuse)
    with pytest.raises(SystemExit, match=status):
        bootstrap.ensure("run")
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", GROUND)
def test_older_pythons_can_read_the_ground(name: str):
    ast.parse((ROOT / "dispatch" / name).read_text(), feature_version=(3, 7))
