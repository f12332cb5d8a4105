"""What a run of the tests left out, said plainly at its end; in CI a gap is a failure.

A test that needs a program or files that a machine may lack belongs to a group. It says so by
`@pytest.mark.needs("redis")`, or by a fixture that calls `require`. Where the group is absent the
test is skipped, counted, and the summary says what to install. There is no other skip: under
`CI=true` any test that did not run outside of a declared group fails the run, and so does an
absent group, unless what it needs is not part of the project at all.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
"""Real extracts, weeks and benchmark instances: beside the project, too large to belong to it."""


@dataclass(frozen=True)
class Group:
    """Tests that need the same thing."""

    title: str
    is_present: Callable[[], bool]
    remedy: str
    """What to do so that they run."""
    is_ours: bool = True
    """Whether CI has to have it."""


GROUPS: dict[str, Group] = {}
"""By the name that tests use; whoever offers what a group needs declares it."""

_NEEDS = "needs the group: "
_gaps: Counter[str] = Counter()
_silent: list[str] = []


def declare(name: str, group: Group) -> str:
    """Make `group` known under `name`, which is handed back for `require`."""
    GROUPS[name] = group
    return name


def require(group: str) -> None:
    """Skip the running test, and have it counted, where `group` is absent."""
    if not GROUPS[group].is_present():
        leave_out(group)


def leave_out(group: str) -> None:
    """Skip the running test as one of `group`."""
    pytest.skip(_NEEDS + group)


_SHARED_DATA = declare(
    "shared data",
    Group(
        "shared data",
        SHARED.is_dir,
        f"put the real extracts and benchmark instances into {SHARED}",
        is_ours=False,
    ),
)


@pytest.fixture(scope="session")
def shared_data() -> Callable[..., Path]:
    """A function from the parts of a path below the shared data to that path, which exists."""

    def find(*parts: str) -> Path:
        path = SHARED.joinpath(*parts)
        if not path.exists():
            leave_out(_SHARED_DATA)
        return path

    return find


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and forget an earlier run in this process."""
    config.addinivalue_line("markers", f"needs(group): one of {', '.join(GROUPS)}")
    _gaps.clear()
    _silent.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave the test out before its fixtures start anything."""
    for mark in item.iter_markers("needs"):
        for group in mark.args:
            if group not in GROUPS:
                pytest.fail(f"there is no group {group!r}; there are {', '.join(GROUPS)}")
            require(group)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the tests that did not run; an expected failure is one of them."""
    if report.skipped:
        _count(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Count the modules that did not run."""
    if report.skipped:
        _count(report)


def _count(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    group = reason.removeprefix("Skipped: ").removeprefix(_NEEDS)
    if group in GROUPS:
        _gaps[group] += 1
    else:
        _silent.append(f"{report.nodeid}: {reason.removeprefix('Skipped: ').splitlines()[0]}")


def _unpardoned() -> bool:
    return bool(_silent) or any(GROUPS[group].is_ours for group in _gaps)


def _in_ci() -> bool:
    return os.environ.get("CI", "") not in ("", "0", "false")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run with gaps into a failed one in CI."""
    if _in_ci() and _unpardoned() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which groups did not run and what to do about it."""
    if not _gaps and not _silent:
        terminalreporter.write_line("Every test that was asked for ran; no group is missing.")
        return
    terminalreporter.section("not run")
    for group, number in sorted(_gaps.items()):
        tests = "1 test" if number == 1 else f"{number} tests"
        terminalreporter.write_line(
            f"{GROUPS[group].title}: {tests}. To run: {GROUPS[group].remedy}"
        )
    for line in _silent:
        terminalreporter.write_line(f"outside of every group: {line}")
    if _in_ci() and _unpardoned():
        terminalreporter.write_line("In CI a gap is a failure.", red=True)
