"""A table as it is printed: row by row while the solvers run, and a summary in the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is measured of one sort of instances, and how it is shown."""

    head: Row
    results: Callable[[Path], list[Any]]
    """What every solver makes of one instance."""
    rows: Callable[[str, list[Any]], Iterable[Row]]
    """The name of an instance and its results -> a row for each solver."""
    summary_head: Row
    summary: Callable[[list[list[Any]]], Iterable[Row]]
    """The results of all instances -> a row for each solver."""

    def print(self, paths: Iterable[Path]) -> None:
        """Run every solver on every instance, and print while they do."""
        say(_line(self.head), _line(["---"] * len(self.head)))
        sets = []
        for path in paths:
            sets.append(self.results(path))
            say(*map(_line, self.rows(path.name.split(".")[0], sets[-1])))
        say("", _line(self.summary_head), _line(["---"] * len(self.summary_head)))
        say(*map(_line, self.summary(sets)))


def say(*lines: str) -> None:
    """Print lines at once, also into a file."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def gap_over(value: float, of: float) -> float | None:
    """How much above `of` a value is, as a share of it; None where that says nothing."""
    if of <= 0:
        return 0.0 if value == of else None
    return (value - of) / of


def percent(gap: float | None) -> str:
    """A gap as a table shows it."""
    return "" if gap is None else f"{100 * gap:.2f} %"


def mean_of(gaps: list[float]) -> str:
    """A mean gap, and over how many."""
    return f"{percent(mean(gaps))} ({len(gaps)})" if gaps else "(0)"
