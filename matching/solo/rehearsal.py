"""A small made-up day that uses every compiled function once: what set-up compiles them with."""

from __future__ import annotations

import time
from dataclasses import replace

from matching.problem import Problem, Ride, Shift
from matching.solo import network
from matching.solo.clock import Clock
from matching.solo.engine import Engine
from matching.solo.search import Heat
from matching.solo.solver import solve_solo


def solve_a_small_day() -> None:
    """Solve it, and so compile whatever is not compiled yet."""
    solve_solo(
        _small_day(), deadline=time.monotonic() + 600, seed=0, report=_nobody, should_stop=None
    )


def better_a_small_day() -> None:
    """Only the local search: it compiles for as long as all the rest, and can do so beside it."""
    engine = Engine(
        network.build(replace(_small_day(), locked={})),
        Clock(time.monotonic() + 600, None),
        0,
        _nobody,
    )
    engine.ruin_and_recreate(rounds=1, heat=Heat(1.0, 1.0), chunks=1)


def _nobody(*_: object) -> None:
    """Nobody listens at a rehearsal."""


def _small_day() -> Problem:
    """Three shifts, one with every limit, and five rides that cannot all be served."""
    travel = tuple(
        tuple(0 if i == j else 240 + 60 * ((i + 2 * j) % 5) for j in range(6)) for i in range(6)
    )
    shifts = (
        Shift("a", "a", 0, 0, 0, 9000, {"seats": 4}),
        Shift("b", "b", 1, 1, 0, 8000, {"seats": 4}, max_drive_seconds=3000),
        Shift(
            "c", "c", 2, 2, 0, 7000, {"seats": 4},
            max_drive_seconds=2500, max_duration_seconds=4000, max_rides=2,
        ),
    )  # fmt: skip
    rides = tuple(
        Ride(
            f"r{i}", i % 6, (i + 1) % 6, (1000 * (i % 3), 1000 * (i % 3) + 2400), (0, 9000), 60, 60,
            {"seats": 1},
        )
        for i in range(9)
    )  # fmt: skip
    return Problem(travel, shifts, rides, locked={"r0": "a"}, previous={"r1": "b", "r2": "c"})
