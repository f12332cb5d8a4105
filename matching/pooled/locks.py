"""Which locked rides cannot be kept together: asked only when the search could not keep them."""

import numpy as np

from matching.pooled.enumeration import Catalogue, empty_catalogue, enumerate_shift
from matching.pooled.network import FAR, Network
from matching.problem import Problem

PATIENCE = 20_000_000
"""Beginnings of routes looked at before a set of locks counts as possible."""


def clash(problem: Problem, net: Network) -> tuple[str, ...]:
    """The ids of a set of locked rides that clash, none of which can be left out; or nothing.

    Locks clash only with locks on the same shift; all routes of their rides are enumerated.
    """
    by_shift: dict[str, list[int]] = {}
    for number, ride in enumerate(problem.rides):
        if ride.id in problem.locked:
            by_shift.setdefault(problem.locked[ride.id], []).append(number)
    for v, shift in enumerate(problem.shifts):
        rides = by_shift.get(shift.id, [])
        if rides and not _possible(net, v, rides):
            return tuple(problem.rides[ride].id for ride in _smallest(net, v, rides))
    return ()


def _smallest(net: Network, v: int, rides: list[int]) -> list[int]:
    """A subset that clashes while every part of it does not."""
    kept = list(rides)
    for ride in rides:
        fewer = [other for other in kept if other != ride]
        if fewer and not _possible(net, v, fewer):
            kept = fewer
    return kept


def _possible(net: Network, v: int, rides: list[int]) -> bool:
    """Whether one route of shift `v` takes all of `rides`."""
    pair_cost = np.full_like(net.pair_cost, FAR)
    pair_cost[rides, v] = net.pair_cost[rides, v]
    catalogue = empty_catalogue(2 ** min(len(rides), 16), 2 * len(rides))
    complete = enumerate_shift(net._replace(pair_cost=pair_cost), v, catalogue, PATIENCE)
    return _most_rides(catalogue) == len(rides) or not complete


def _most_rides(catalogue: Catalogue) -> int:
    return int(catalogue.size[: catalogue.counts[0]].max(initial=0)) // 2
