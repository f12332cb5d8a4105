"""Prices of a large day, found region by region before all of it is priced at once.

A region is a set of shifts whose homes are near each other, with the rides they have in the plan.
The programs of the regions are small and quickly near their ends; their routes and prices are a
good place for the whole day's program to begin. By themselves these prices give no bound worth
having: routes across the borders are far too cheap at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from matching.solo.arcs import lay_out
from matching.solo.columns import Column, Pool, rank_of
from matching.solo.generation import THIN, Aim, Generation
from matching.solo.master import Duals, Phase
from matching.solo.network import FAR, Ints, Network, neighbours
from matching.solo.parts import Parts

if TYPE_CHECKING:
    from matching.solo.engine import Engine

REGION = 100
"""Shifts of a region."""
SHARE = 0.4
"""The share of the time left that the regions may take."""


def by_regions(engine: Engine, start: Duals) -> Duals:
    """Routes of every region's program for the pool, and the prices of its rides."""
    net, ride = engine.net, start.ride.copy()
    parts = Parts(net, engine.pool, start, neighbours(net))
    until = engine.clock.within(SHARE * engine.clock.left())
    for shifts, rides in regions(net, engine.plan, REGION):
        if until.is_over():
            break
        part, _, plan, back = parts.cut(engine.plan, shifts, rides)
        pool = Pool(part)
        for column in plan:
            pool.add(column.shift, column.pairs)
        generation = Generation(part, lay_out(part.arrays, THIN), pool, until)
        aim = Aim(Phase.COST, *rank_of(part, plan).key()[:2])
        reached = generation.approach(aim, parts.prices(shifts, rides))
        if reached is not None:
            ride[rides] = reached.duals.ride
        for column in pool.columns:
            outside = back(column)
            engine.pool.add(outside.shift, outside.pairs)
    return engine.with_absence(ride)


def regions(network: Network, plan: Sequence[Column], size: int) -> list[tuple[Ints, Ints]]:
    """Shifts and rides of about `size` shifts each; every ride and shift is in one of them."""
    near = _between_homes(network)
    centres = _apart(near, max(1, round(len(network.shifts) / size)))
    home = np.argmin(near[:, centres], axis=1)
    owner = np.full(len(network.rides), -1)
    for column in plan:
        owner[list(column.rides)] = home[column.shift]
    net = network.arrays
    shift = np.repeat(np.arange(len(network.shifts)), np.diff(net.first))
    for ride in np.flatnonzero(owner < 0):
        pairs = np.flatnonzero(net.ride == ride)
        if len(pairs):
            owner[ride] = home[shift[pairs[np.argmin(net.out[pairs] + net.home[pairs])]]]
    owner = np.maximum(owner, 0)
    return [(np.flatnonzero(home == c), np.flatnonzero(owner == c)) for c in range(len(centres))]


def _between_homes(network: Network) -> Ints:
    """(m, m): seconds between the homes of shifts, there and back."""
    places = np.array([shift.start_place for shift in network.problem.shifts], dtype=np.int64)
    travel = np.array(network.problem.travel_seconds, dtype=np.int64)
    travel[travel < 0] = FAR
    there = travel[np.ix_(places, places)]
    return there + there.T


def _apart(near: Ints, count: int) -> list[int]:
    """`count` shifts far from each other (farthest-first traversal, Gonzalez 1985,
    doi:10.1016/0304-3975(85)90224-5), none a lonely outlier: the median of its neighbours."""
    centres = [int(np.argmin(near.sum(axis=1)))]
    while len(centres) < count:
        centres.append(int(np.argmax(near[:, centres].min(axis=1))))
    for _ in range(5):
        home = np.argmin(near[:, centres], axis=1)
        centres = [
            int(members[np.argmin(near[np.ix_(members, members)].sum(axis=1))])
            for c in range(len(centres))
            if len(members := np.flatnonzero(home == c))
        ]
    return centres
