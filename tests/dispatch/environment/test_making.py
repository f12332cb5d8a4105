"""Set-ups from beginning to end, by the real installer, with a library made here."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.environment import making
from dispatch.environment.state import Environment, SetupFailed
from tests.dispatch.environment import wheels

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A project that was never set up, on a machine that has uv and no other Python."""
    (tmp_path / "path").mkdir()
    (tmp_path / "path/uv").symlink_to(Path(sys.prefix) / "bin/uv")
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return Environment(wheels.project(tmp_path / "project"))


def imports(environment: Environment, name: str) -> bool:
    """Whether the library `name` is there."""
    command = [environment.python, "-c", f"import {name}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def program(place: Path, script: str) -> None:
    """A shell script in the place of a program."""
    place.unlink(missing_ok=True)
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)


def uv_of(environment: Environment) -> Path:
    return environment.root.parent / "path/uv"


def test_a_set_up_installs_the_list_and_is_finished(environment: Environment):
    making.prepare(environment, "run")
    assert imports(environment, "runs")
    assert not imports(environment, "checks")
    assert making.is_finished(environment, "run")
    assert not making.is_finished(environment, "test")


def test_the_tests_tools_come_on_top(environment: Environment):
    making.prepare(environment, "test")
    assert imports(environment, "runs")
    assert imports(environment, "checks")


def test_a_finished_environment_is_left_alone(environment: Environment):
    making.prepare(environment, "run")
    program(uv_of(environment), "exit 1")
    making.prepare(environment, "run")


@pytest.mark.parametrize("planted", ["", "{broken", "[]"])
def test_a_set_up_that_was_cut_short_is_made_again(environment: Environment, planted: str):
    half = environment.folder / "lib/half.py"
    half.parent.mkdir(parents=True)
    half.touch()
    (environment.folder / "ready.json").write_text(planted)
    making.prepare(environment, "run")
    assert imports(environment, "runs")
    assert not half.exists()


def test_a_changed_list_makes_the_environment_anew(environment: Environment):
    making.prepare(environment, "test")
    with (environment.root / "requirements.txt").open("a") as wanted:
        wanted.write("# another pin\n")
    making.prepare(environment, "run")
    assert imports(environment, "runs")
    assert not imports(environment, "checks")


def test_a_package_with_another_hash_is_refused(environment: Environment):
    pins = environment.root / "requirements.txt"
    pins.write_text(pins.read_text().replace("sha256:", "sha256:0000")[:-5] + "\n")
    with pytest.raises(SetupFailed, match="refused"):
        making.prepare(environment, "run")
    assert not imports(environment, "runs")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "error: dns error: failed to lookup address information",
            "Is this machine on the network",
        ),
        ("Temporary failure in name resolution", "Is this machine on the network"),
        ("OSError: [Errno 28] No space left on device", "no room left on the disk"),
        ("something new", "something new"),
    ],
)
def test_a_failing_installer_is_explained_in_a_sentence(
    environment: Environment, said: str, told: str
):
    program(uv_of(environment), f"echo '{said}' >&2; exit 2")
    with pytest.raises(SetupFailed, match=told):
        making.prepare(environment, "run")


def test_hooks_run_inside_once_and_again_when_their_files_change(environment: Environment):
    hook = environment.root / "matching/compile.py"
    hook.parent.mkdir()
    hook.write_text("import runs\nopen('ran', 'a').write('x')\n")
    ran = environment.root / "ran"
    for _ in range(2):
        making.prepare(environment, "run")
        assert ran.read_text() == "x"
    (hook.parent / "solo").mkdir()
    (hook.parent / "solo/pricing.py").touch()
    making.prepare(environment, "run")
    assert ran.read_text() == "xx"


def test_a_failing_hook_is_tried_again_by_the_next_command(environment: Environment):
    hook = environment.root / "matching/compile.py"
    hook.parent.mkdir()
    hook.write_text("raise SystemExit('no compiler')")
    for _ in range(2):
        with pytest.raises(SetupFailed, match="no compiler"):
            making.prepare(environment, "run")


def test_of_two_commands_at_once_one_sets_up_and_both_go_on(environment: Environment):
    real = Path(sys.prefix) / "bin/uv"
    program(uv_of(environment), f'echo x >> {environment.root}/installs\nexec {real} "$@"')
    script = (
        "import sys; from pathlib import Path; from dispatch.environment import making, state;"
        "making.prepare(state.Environment(Path(sys.argv[1])), 'run')"
    )
    command = [sys.executable, "-c", script, str(environment.root)]
    both = [subprocess.Popen(command, cwd=ROOT, env=os.environ) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert (environment.root / "installs").read_text() == "x\n"
    assert imports(environment, "runs")


def test_an_installer_that_outlives_its_set_up_keeps_the_next_one_waiting(
    environment: Environment, tmp_path: Path
):
    environment.folder.mkdir()
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    orphan = ["sh", "-c", f"cat {gate} >/dev/null 2>&1 &"]
    with making._one_at_a_time(environment) as lock:
        making._Workshop(environment, lock).run("An orphan", orphan)
    with environment.lock.open("w") as next_one:
        with pytest.raises(BlockingIOError):
            fcntl.flock(next_one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gate.write_text("")
        fcntl.flock(next_one, fcntl.LOCK_EX)


def test_a_python_found_later_is_taken_into_use(environment: Environment, monkeypatch):
    monkeypatch.setattr(making.pythons, "PREFERRED", ((3, 98), (3, 99)))
    monkeypatch.setattr(making.pythons, "OLDEST", (3, 11))
    making.prepare(environment, "run")
    assert making.is_finished(environment, "run")
    program(environment.root.parent / "path/python3.98", "exit 1")
    assert not making.is_finished(environment, "run")
    making.prepare(environment, "run")
    assert environment.passed_over() == [str(environment.root.parent / "path/python3.98")]
    assert making.is_finished(environment, "run")
