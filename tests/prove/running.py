"""`python3 -m dispatch prove`: the whole table, four rows at a time, and whether it holds.

Each row runs in a process of its own (`python -m tests.prove.one`), so that none sees what
another planted and one that dies takes nothing along.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.prove import rows
from tests.prove.figure import Figure, Row

ROOT = Path(__file__).resolve().parents[2]
# Many rows wait: for a browser, a disk, a process they killed. Four keep two cores busy.
_AT_ONCE = 4


@dataclass(frozen=True)
class Outcome:
    """A row with what came out; without a figure where it broke."""

    name: str
    row: Row
    figure: Figure | None
    trouble: str
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the promise is shown: reached, over enough things, by a detector that works."""
        found = self.figure
        return (
            found is not None
            and found.holds
            and found.controls > 0
            and found.looked_at >= self.row.fewest(self.row.full)
        )


def names() -> list[str]:
    """The rows of the table, by the name of their module."""
    return sorted(module.name for module in iter_modules(rows.__path__))


def row_of(name: str) -> Row:
    """The promise of the row `name`."""
    return import_module(f"tests.prove.rows.{name}").ROW


def run(arguments: list[str]) -> int:
    """Show the rows that `arguments` name, all without any; 0 if every one holds."""
    parser = argparse.ArgumentParser(
        prog="python3 -m dispatch prove",
        description="Show in figures what the project promises about addresses and accounts.",
    )
    parser.add_argument("row", nargs="*", choices=[*names(), []], help="one of the rows; or all")
    wanted = parser.parse_args(arguments).row or names()
    wanted.sort(key=lambda name: (not row_of(name).is_long, name))
    board = _Progress(wanted)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = list(pool.map(lambda name: _show(name, board), wanted))
    sys.stdout.write(f"\n{table(outcomes)}\n")
    short = [one for one in outcomes if not one.holds]
    for one in short:
        sys.stdout.write(f"\n{one.name} does not hold. {one.trouble}\n")
    return 1 if short else 0


def table(outcomes: Iterable[Outcome]) -> str:
    """The outcomes as a table for a README."""
    lines = ["| What | Must be | Measured | Looked at | Planted faults found | Seconds |"]
    lines.append("|---|---|---|---|---|---|")
    for one in outcomes:
        found = one.figure
        cells = ["no figure", "", ""]
        if found is not None:
            cells = [found.measured, f"{found.looked_at:,} {found.unit}", f"{found.controls}"]
        said = [one.row.what, one.row.must, *cells, f"{one.seconds:.0f}"]
        lines.append(f"| {' | '.join(said)} |")
    return "\n".join(lines)


class _Progress:
    """Says on the terminal what is under way."""

    def __init__(self, wanted: list[str]) -> None:
        self._total, self._done = len(wanted), 0
        self._lock = threading.Lock()

    def say(self, name: str, text: str, *, done: bool = False) -> None:
        with self._lock:
            self._done += done
            sys.stdout.write(f"[{self._done}/{self._total}] {name}: {text}\n")
            sys.stdout.flush()


def _show(name: str, board: _Progress) -> Outcome:
    """Run one row, and tell how far it is."""
    started = time.monotonic()
    row = row_of(name)
    board.say(name, row.what)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.prove.one", name],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    complaints: list[str] = []
    reader = threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True)
    reader.start()
    figure, told = None, time.monotonic()
    for line in process.stdout or ():
        if line.startswith("figure "):
            figure = Figure(**json.loads(line.removeprefix("figure ")))
        elif line.startswith("share ") and time.monotonic() - told > 20:
            told = time.monotonic()
            board.say(name, f"{float(line.removeprefix('share ')):.0%}")
    process.wait()
    reader.join(timeout=5)
    trouble = "" if figure is not None else "".join(complaints[-12:])
    outcome = Outcome(name, row, figure, trouble, time.monotonic() - started)
    board.say(name, _verdict(outcome), done=True)
    return outcome


def _verdict(outcome: Outcome) -> str:
    if outcome.figure is None:
        return "broke"
    return f"{outcome.figure.measured}; {'holds' if outcome.holds else 'DOES NOT HOLD'}"
