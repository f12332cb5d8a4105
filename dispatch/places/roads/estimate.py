"""Driving times by distance alone, where there is no map with roads: an honest estimate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatch.places.roads.matrix import Basis, Legs, Matrix
from dispatch.places.sealed import Point

EARTH_METRES = 6_371_008.8
"""Mean radius of the earth."""
CIRCUITY = 1.35
"""Road metres for each metre as the crow flies, between the medians of two real cities."""
METRES_PER_SECOND = 27 / 3.6
"""27 km/h over the whole way, stops at lights included."""


@dataclass(frozen=True)
class Estimate:
    """Great circle times circuity at one speed for all roads."""

    basis: Basis = Basis.NO_MAP
    """Why nothing better is there."""

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel times between all of `points`, the same in both directions.

        Two hundred points are 40,000 pairs; each is computed once for both directions.
        """
        vectors = [_unit(point) for point in points]
        seconds = [[0] * len(vectors) for _ in vectors]
        for i, one in enumerate(vectors):
            row = seconds[i]
            for j in range(i):
                row[j] = seconds[j][i] = _seconds(_arc(one, vectors[j]))
        return Matrix(seconds, self.basis)

    def legs(self, points: Sequence[Point]) -> Legs:
        """Driving through `points` in their order."""
        minutes = [self.minutes_between(start, end) for start, end in pairwise(points)]
        return Legs(minutes, self.basis)

    def minutes_between(self, start: Point, end: Point) -> int:
        """Whole minutes from `start` to `end`, rounded up."""
        return -(-_seconds(metres_between(start, end)) // 60)


def metres_between(one: Point, other: Point) -> float:
    """As the crow flies."""
    return _arc(_unit(one), _unit(other))


def metres_by_road(one: Point, other: Point) -> float:
    """About how long the way is."""
    return metres_between(one, other) * CIRCUITY


def _unit(point: Point) -> tuple[float, float, float]:
    latitude, longitude = map(math.radians, point)
    flat = math.cos(latitude)
    return flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)


def _arc(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    # By the chord: exact for points that lie close together, where the cosine rule is not.
    return 2 * EARTH_METRES * math.asin(min(1.0, math.dist(one, other) / 2))


def _seconds(metres: float) -> int:
    return round(metres * CIRCUITY / METRES_PER_SECOND)
