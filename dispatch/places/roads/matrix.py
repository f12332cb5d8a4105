"""What an engine for driving times answers: seconds, what they stand on, and what is not on a road.

A matrix of travel times draws a map of the homes behind it, so it lives in memory, is never stored
or logged, and goes only to an engine of the group's own.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dispatch.places.sealed import Point

NO_ROAD = -1
"""Seconds between two places that no road joins; the matcher's format knows it by this number."""


class Basis(enum.Enum):
    """What driving times stand on. Pages say so beside the times."""

    ROAD_MAP = "road_map"
    """The roads of the imported map."""
    ROAD_SERVER = "road_server"
    """A road server of the group's own."""
    NO_MAP = "no_map"
    """Nothing but the distance: there is no map with roads."""
    NO_ENGINE = "no_engine"
    """Nothing but the distance: the program that knows roads is not installed."""
    OFF_MAP = "off_map"
    """Nothing but the distance: the roads of the map do not lead there."""
    SILENT = "silent"
    """Nothing but the distance: the road engine did not answer."""

    @property
    def is_estimate(self) -> bool:
        """Whether no road was looked at."""
        return self not in (Basis.ROAD_MAP, Basis.ROAD_SERVER)


@dataclass(frozen=True)
class Matrix:
    """Travel times between points."""

    seconds: list[list[int]]
    """`seconds[i][j]` from point i to point j, whole seconds; zeros on the diagonal, -1 where no
    road leads from one to the other."""
    basis: Basis
    astray: frozenset[int] = frozenset()
    """The points that lie too far from any road: no road leads to them or away."""

    @property
    def is_estimate(self) -> bool:
        """Whether no road was looked at."""
        return self.basis.is_estimate

    def unreachable(self) -> list[tuple[int, int]]:
        """The pairs (from, to) that no road joins although both lie on a road."""
        return [
            (i, j)
            for i, row in enumerate(self.seconds)
            for j, seconds in enumerate(row)
            if seconds == NO_ROAD and not self.astray & {i, j}
        ]


@dataclass(frozen=True)
class Legs:
    """Driving through some points, one after the other."""

    minutes: list[int]
    """Whole minutes of each leg, rounded up."""
    basis: Basis


class Roads(Protocol):
    """An engine that knows how long driving takes."""

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel times between all of `points`."""
        ...

    def legs(self, points: Sequence[Point]) -> Legs:
        """Driving through coarse `points` in their order, each being near a road, not on it."""
        ...
