"""What a row promises, what it works with, and what it found."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.postgres import Postgres

Told = Callable[[float], None]
"""Hears how much of the work is done, from 0 to 1."""


class ControlMissed(AssertionError):
    """A detector did not find the fault that was planted for it: its figure would say nothing."""


@dataclass(frozen=True)
class Row:
    """A promise: what is looked at, and what must come out."""

    what: str
    """The first column of the table."""
    must: str
    """The goal, as the table says it."""
    quick: int
    """How much work the ordinary tests ask for, in the row's own unit: seconds, not minutes."""
    full: int
    """How much work `prove` asks for."""
    fewest: Callable[[int], int] = lambda size: size
    """The least that must have been looked at for a size; below it the figure counts as lost."""
    is_long: bool = False
    """Whether it takes many minutes in full, and so is begun first."""
    comes_first: bool = False
    """Whether it gives way to none of the others: all wait for its end, or it may not wait."""
    needs: tuple[str, ...] = ()
    """Groups of programs that the machine must have, see `tests.gaps`; PostgreSQL is asked for."""


@dataclass(frozen=True)
class Figure:
    """What a row came to."""

    looked_at: int
    """How many things were looked at."""
    unit: str
    """What they are: "cells", "runs", "kills"."""
    measured: str
    """The outcome as the table says it: "0 mismatches"."""
    holds: bool
    """Whether the goal is reached."""
    controls: int
    """How many planted faults the detector found; every one that was planted."""


@dataclass
class Workplace:
    """What a row works with."""

    folder: Path
    """Empty, its own, thrown away afterwards."""
    size: int
    told: Told = lambda _share: None
    postgres: Callable[[], Postgres] = field(default=lambda: _no_postgres())
    """A running server; a row that asks for it cannot be shown without one."""
    leaving: ExitStack = field(default_factory=ExitStack)
    """Closed when the row is done."""


def control(found: bool, planted: str) -> None:
    """Go on only if the detector found what was `planted`.

    Raises
        ControlMissed: it did not.
    """
    if not found:
        raise ControlMissed(f"not found: {planted}")


def _no_postgres() -> Postgres:
    raise LookupError("this run has no PostgreSQL server")
