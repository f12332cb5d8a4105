"""Every route worth remembering, once, for the set partitioning that recombines them.

A set of rides on a kind of shift is named by a 64-bit word; only its cheapest order is kept.
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import inner
from matching.pooled.network import SLACK, Network
from matching.pooled.schedule import Plan

KIND_STEP = np.int64(0x1E3779B97F4A7C15)
"""Tells equal ride sets on different kinds of shifts apart; an odd number, wrapped to 64 bits."""


class Pool(NamedTuple):
    """Up to R routes in S slots of an open-addressing table; `counts` = routes, stops."""

    name: np.ndarray
    """(S,) 64-bit words; 0 marks a free slot."""
    route_at: np.ndarray
    """(S,) number of the route."""
    first: np.ndarray
    """(R,) where its stops begin."""
    size: np.ndarray
    """(R,) its stops, without start and end."""
    shift: np.ndarray
    """(R,) a shift that can drive it."""
    cost: np.ndarray
    """(R,)"""
    stops: np.ndarray
    counts: np.ndarray
    """(2,)"""


def empty_pool(routes: int, mean_stops: int) -> Pool:
    """Room for so many routes."""
    slots = 1 << (2 * routes - 1).bit_length()
    return Pool(
        np.zeros(slots, np.int64),
        np.zeros(slots, np.int32),
        np.zeros(routes, np.int64),
        np.zeros(routes, np.int32),
        np.zeros(routes, np.int32),
        np.zeros(routes),
        np.zeros(routes * mean_stops, np.int32),
        np.zeros(2, np.int64),
    )


def name_of(marks: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """The words that `remember` gives routes with these marks on these kinds of shifts."""
    words = marks ^ (kinds * KIND_STEP)
    return np.where(words == 0, 1, words)


def forget(pool: Pool) -> None:
    """Empty the pool."""
    pool.name[:] = 0
    pool.counts[:] = 0


@inner
def remember(net: Network, plan: Plan, v: int, pool: Pool) -> None:
    """Note route `v`; silently not when the pool is full."""
    inside = plan.size[v] - 2
    routes, used = pool.counts
    if inside == 0:
        return
    word = plan.mark[v] ^ (net.kind[v] * KIND_STEP)
    if word == 0:
        word = np.int64(1)
    mask = len(pool.name) - 1
    slot = (word ^ (word >> np.int64(29))) & mask
    while pool.name[slot] != 0 and pool.name[slot] != word:
        slot = (slot + 1) & mask
    if pool.name[slot] == word:
        route = pool.route_at[slot]
        if plan.cost[v] >= pool.cost[route] - SLACK:
            return
        used = pool.first[route]
    else:
        if routes == len(pool.first) or used + inside > len(pool.stops):
            return
        route = routes
        pool.name[slot] = word
        pool.route_at[slot] = route
        pool.first[route] = used
        pool.size[route] = inside
        pool.counts[0] = routes + 1
        pool.counts[1] = used + inside
    pool.shift[route] = v
    pool.cost[route] = plan.cost[v]
    for k in range(inside):
        pool.stops[used + k] = plan.stops[v, k + 1]
