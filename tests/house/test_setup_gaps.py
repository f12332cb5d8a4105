"""A test that did not run is told, and in CI fails the run unless what it lacks is not ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GROUPS = """
from tests import gaps
pytest_plugins = ["tests.gaps"]
gaps.declare("wind", gaps.Group("Wind", lambda: False, "open the window"))
gaps.declare("sun", gaps.Group("Sun", lambda: True, "wait"))
gaps.declare("elsewhere", gaps.Group("Elsewhere", lambda: False, "go there", is_ours=False))
"""
RUNS = "def test_that_runs(): pass\n"
LEFT_OUT = {
    "a skip": "import pytest\ndef test_x(): pytest.skip('later')",
    "a skip by mark": "import pytest\n@pytest.mark.skip(reason='later')\ndef test_x(): pass",
    "a skipped module": "import pytest\npytest.skip('later', allow_module_level=True)",
    "an expected failure": "import pytest\ndef test_x(): pytest.xfail('later')",
    "no parameters": (
        "import pytest\n@pytest.mark.parametrize('later', [])\ndef test_x(later): pass"
    ),
}


@pytest.fixture
def run(tmp_path: Path):
    """A function that runs pytest on the text of a test module."""

    def run_pytest(module: str, *options: str, ci: str = "true") -> tuple[int, str]:
        (tmp_path / "conftest.py").write_text(GROUPS)
        (tmp_path / "test_runs.py").write_text(RUNS)
        (tmp_path / "test_planted.py").write_text(module)
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "."],
            cwd=tmp_path,
            env={
                **environ,
                "PYTHONPATH": str(ROOT),
                "CI": ci,
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout

    return run_pytest


@pytest.mark.parametrize("planted", LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_test_left_out_silently_fails_the_run_in_ci(run, planted: str):
    status, said = run(planted)
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "outside of every group: test_planted.py" in said
    assert "later" in said


def test_a_test_left_out_silently_is_only_told_elsewhere(run):
    status, said = run(LEFT_OUT["a skip"], ci="")
    assert status == pytest.ExitCode.OK
    assert "outside of every group: test_planted.py" in said


@pytest.mark.parametrize("planted", ["a skip", "a skipped module"])
def test_processes_in_parallel_tell_the_same(run, planted: str):
    status, said = run(LEFT_OUT[planted], "-p", "xdist", "-n", "2")
    assert status == pytest.ExitCode.TESTS_FAILED
    assert said.count("outside of every group: test_planted.py") == 1


def needs(group: str, number: int = 1) -> str:
    """A test module in which that many tests need `group`."""
    tests = [
        f"@pytest.mark.needs('{group}')\ndef test_{index}(): print('ran')"
        for index in range(number)
    ]
    return "\n".join(["import pytest", *tests])


def test_an_absent_group_is_named_with_what_to_do_and_fails_in_ci(run):
    status, said = run(needs("wind", 2))
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "Wind: 2 tests. To run: open the window" in said


def test_an_absent_group_is_only_told_elsewhere(run):
    status, said = run(needs("wind"), ci="")
    assert status == pytest.ExitCode.OK
    assert "Wind: 1 test. To run: open the window" in said


def test_what_is_not_part_of_the_project_is_told_and_never_fails(run):
    status, said = run(needs("elsewhere"))
    assert status == pytest.ExitCode.OK
    assert "Elsewhere: 1 test. To run: go there" in said


def test_a_fixture_can_find_its_group_absent(run):
    status, said = run(
        "import pytest\nfrom tests import gaps\n"
        "@pytest.fixture\ndef breeze(): gaps.require('wind')\n"
        "def test_x(request): request.getfixturevalue('breeze')"
    )
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "Wind: 1 test." in said


def test_a_group_that_is_present_runs(run):
    status, said = run(needs("sun"), "-s")
    assert status == pytest.ExitCode.OK
    assert "ran" in said
    assert "Every test that was asked for ran" in said


def test_a_group_that_nobody_declared_is_an_error(run):
    status, said = run(needs("rain"))
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "there is no group 'rain'" in said


def test_a_failing_test_fails_the_run_as_ever(run):
    status, _ = run("def test_x(): assert 1 == 2", ci="")
    assert status == pytest.ExitCode.TESTS_FAILED
