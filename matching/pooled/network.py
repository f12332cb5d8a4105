"""A problem as flat arrays: what the compiled search reads.

Rides are numbered 0..n-1. Node r is the pickup of ride r, node n + r its drop-off; nodes from 2n
on are the places where shifts start and end. Seconds and distances are doubles; whole numbers
below 2**53 stay exact in them.
"""

from typing import NamedTuple

import numpy as np

FAR = 1e15
"""Stands for "no road" and "no limit": more than any sum of real seconds."""

SLACK = 1e-9
"""Rounding that a comparison of doubles forgives; a thousandth of what checkers tolerate."""

NEAR = 40
"""How many of a ride's neighbours are kept, nearest first."""


class Network(NamedTuple):
    """n rides, N nodes, K shifts, C kinds of load; cost and driving time are the same leg."""

    leg: np.ndarray
    """(N, N) seconds to drive from node to node; `FAR` where there is no road."""
    opens: np.ndarray
    """(N,) earliest start of service; for start and end nodes 0."""
    closes: np.ndarray
    """(N,) latest start of service; for start and end nodes `FAR`."""
    service: np.ndarray
    """(N,) service time."""
    need: np.ndarray
    """(n, C) load that ride r brings."""
    ride_limit: np.ndarray
    """(n,) longest ride time; `FAR` where there is no limit."""
    start: np.ndarray
    """(K,) node where the shift starts."""
    end: np.ndarray
    """(K,) node where the shift ends."""
    hours: np.ndarray
    """(K, 2) leaves no earlier, is back no later."""
    capacity: np.ndarray
    """(K, C)"""
    drive_limit: np.ndarray
    """(K,) longest driving time."""
    duration_limit: np.ndarray
    """(K,) longest time from leaving to being back."""
    count_limit: np.ndarray
    """(K,) most rides."""
    kind: np.ndarray
    """(K,) equal numbers from 0 on for shifts that nothing tells apart; below 0: alone."""
    pair_cost: np.ndarray
    """(n, K) added to the cost when shift v takes ride r; `FAR` where it never may."""
    options: np.ndarray
    """(n, K) the shifts that may take ride r, filled up with -1."""
    worth: np.ndarray
    """(n,) added to the cost while ride r is unserved."""
    near: np.ndarray
    """(n, up to NEAR) other rides, nearest first, for the removal of related rides."""
    metric: bool
    """Whether no detour saves driving: then a stop never makes a route cheaper or quicker."""
    mark: np.ndarray
    """(n,) random 64-bit words: the exclusive or over a set of rides names the set."""


def nearest_rides(
    leg: np.ndarray, opens: np.ndarray, closes: np.ndarray, service: np.ndarray, n: int
) -> np.ndarray:
    """(n, min(n - 1, NEAR)) for each ride the others, most easily combined first.

    Two stops are as far apart as the leg between them, a fifth of the waiting that it forces and
    the lateness that it forces (after Vidal et al. 2013, doi:10.1016/j.cor.2012.07.018); two
    rides as far as the closest pair of their stops, in either order.
    """
    stops = slice(0, 2 * n)
    away = leg[stops, stops]
    ready = opens[stops, None] + service[stops, None] + away
    wait = np.maximum(opens[None, stops] - closes[stops, None] - service[stops, None] - away, 0)
    late = np.maximum(ready - closes[None, stops], 0)
    far = np.minimum(away, FAR) + 0.2 * wait + late
    pairs = far.reshape(2, n, 2, n).min(axis=(0, 2))
    pairs = np.minimum(pairs, pairs.T)
    np.fill_diagonal(pairs, np.inf)
    return np.argsort(pairs, axis=1, kind="stable")[:, : min(n - 1, NEAR)].astype(np.int64)


def ride_marks(n: int) -> np.ndarray:
    """(n,) the same random words in every run, whatever its seed."""
    return np.random.default_rng(20030401).integers(1, 2**63 - 1, size=n, dtype=np.int64)


def tighten_by_ride_limit(
    opens: np.ndarray, closes: np.ndarray, service: np.ndarray, limit: np.ndarray
) -> None:
    """Narrow windows in place by what the longest ride time alone rules out."""
    n = len(limit)
    pickup, dropoff = slice(0, n), slice(n, 2 * n)
    opens[pickup] = np.maximum(opens[pickup], opens[dropoff] - limit - service[pickup])
    closes[dropoff] = np.minimum(closes[dropoff], closes[pickup] + service[pickup] + limit)


def tighten_by_direct_leg(
    leg: np.ndarray, opens: np.ndarray, closes: np.ndarray, service: np.ndarray, n: int
) -> None:
    """Narrow windows in place where no way from pickup to drop-off beats the direct leg."""
    pickup, dropoff = np.arange(n), np.arange(n, 2 * n)
    direct = service[pickup] + leg[pickup, dropoff]
    closes[pickup] = np.minimum(closes[pickup], closes[dropoff] - direct)
    opens[dropoff] = np.maximum(opens[dropoff], opens[pickup] + direct)
