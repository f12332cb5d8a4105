"""A real week in the browser: `python -m tests.benchmarks.week --data DIR`.

DIR holds a group's spreadsheets: places.csv, addresses.csv, drivers.csv, requests.csv. They are
imported by the command line into an installation of its own; then a coordinator presses "Match
this day" for each day that has rides, and what the board says afterwards is printed. The seconds
count from the press of the button until the page shows the end, which it looks for once a second.
"""

import argparse
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from dispatch import config, installation
from dispatch.demo import processes
from tests.browser import tabs
from tests.browser.roles import LONGEST_RUN, Coordinator, Steward
from tests.services import chromium

GROUP = "The week"
SHEETS = ("places", "addresses", "drivers", "requests")
CALL = "import sys; from dispatch import cli; sys.exit(cli.main(sys.argv[1:]))"


@dataclass(frozen=True)
class Matched:
    """What the board says of a day after the run."""

    states: Counter[str]
    reasons: Counter[str]
    """Of the rides that nobody drives."""
    card: str
    seconds: float

    def told(self, day: date) -> str:
        """One line of the report, and one for each reason."""
        rides = sum(self.states.values())
        states = ", ".join(f"{number} {state}" for state, number in self.states.most_common())
        lines = [f"{day:%a %Y-%m-%d}  {rides:3} rides: {states}; {self.seconds:.1f} s"]
        lines += [f"    {self.card}"]
        lines += [f"    {number} x {reason}" for reason, number in self.reasons.most_common()]
        return "\n".join(lines)


def command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One command of the program on the installation in `data`, ended."""
    name, *rest = words
    line = [sys.executable, "-c", CALL, name, "--data-dir", str(data), *rest]
    return subprocess.run(line, cwd=config.REPOSITORY, text=True, capture_output=True, check=False)


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The web server and the worker of the installation in `data`; the address."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    settings = config.load(str(data), base_url=f"http://127.0.0.1:{port}")
    commands = {
        "web server": installation.serving_command("127.0.0.1", port, workers=2),
        "worker": installation.working_command(),
    }
    environ = installation.environment(settings)
    with (
        processes.Stop() as stop,
        processes.running(commands, environ=environ, folder=config.REPOSITORY, logs=data) as both,
    ):
        processes.wait_until_healthy(port, both, stop)
        yield settings.base_url


def take_in(data: Path, sheets: Path) -> None:
    """Import every sheet, and print what became of its rows."""
    for name in SHEETS:
        began = time.perf_counter()
        told = command(data, "import", "--group", GROUP, str(sheets / f"{name}.csv"))
        lines = told.stdout.splitlines() or told.stderr.splitlines()
        print(f"{name}: {lines[-1]} {time.perf_counter() - began:.1f} s")  # noqa: T201
        if name == "requests":
            print("\n".join(refused(lines)))  # noqa: T201


def refused(lines: list[str]) -> list[str]:
    """The refused rows of a report, each with its sentences."""
    found: list[str] = []
    is_refused = False
    for line in lines[:-1]:
        if re.match(r" *\d+  ", line):
            is_refused = "  refused" in line
        if is_refused:
            found.append(f"    {line}")
    return found


def match(rosa: Coordinator, day: date) -> Matched:
    """Press "Match this day", and read the board once the run has ended."""
    rosa.open_board(day)
    began = time.perf_counter()
    run = rosa.card("Match run")
    with rosa.tab.expect_navigation():
        rosa.press("Match this day")
    expect(run.locator(".busy")).to_have_count(0, timeout=LONGEST_RUN)
    seconds = time.perf_counter() - began
    rows = rosa.tab.locator("#list .ride")
    return Matched(
        Counter(map(state_of, rows.all())),
        Counter(rosa.tab.locator("#list .ride.is-unserved .why").all_inner_texts()),
        " · ".join(run.inner_text().split("\n")),
        seconds,
    )


def state_of(row: Locator) -> str:
    """The state that a row of the list has."""
    return re.search(r"\bis-(\w+)", row.get_attribute("class"))[1]


def main() -> None:
    """Import the week, match its days, print what came of it."""
    words = argparse.ArgumentParser(prog="python -m tests.benchmarks.week")
    words.add_argument("--data", type=Path, required=True, help="the folder of the four sheets")
    words.add_argument("--first", type=date.fromisoformat, default=date(2027, 3, 8))
    words.add_argument("--zone", default="America/Vancouver")
    told = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        data = Path(folder) / "data"
        made = command(data, "init", "--name", "Sam", "--email", "sam@example.org")
        code = re.search(r"/invite/(\S+)", made.stdout)[1]
        with served(data) as address, ExitStack() as stack:
            sam, rosa = (
                role(stack.enter_context(tabs.opened(browser, address)))
                for role in (Steward, Coordinator)
            )
            sam.open_invitation(f"/invite/{code}")
            sam.make_group(GROUP, told.zone)
            rosa.open_invitation(sam.invite("Coordinator", "Rosa", "rosa@example.org"))
            take_in(data, told.data)
            for offset in range(7):
                day = told.first + timedelta(days=offset)
                print(match(rosa, day).told(day))  # noqa: T201


if __name__ == "__main__":
    main()
