"""Days too large for one program in the time there is: planned region by region.

A region is a set of shifts whose homes are near each other, with the rides they have in the plan.
Each is solved by column generation; borders are for the parts that are planned anew afterwards.
The prices of the regions together give no bound for the whole day that is worth having: routes
across the borders are far too cheap at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from matching.solo.columns import Column
from matching.solo.master import Duals
from matching.solo.network import FAR, Ints, Network, neighbours
from matching.solo.parts import Parts

if TYPE_CHECKING:
    from matching.solo.engine import Engine

REGION = 130
"""Most shifts of a region."""
SHARE = 0.7
"""The share of the time left that the regions may take."""


def by_regions(engine: Engine) -> Duals:
    """Plan region by region; the prices of its rides there."""
    ride = engine.prices_of_the_plan().ride
    parts = Parts(engine.net, engine.pool, engine.prices_of_the_plan(), neighbours(engine.net))
    places = regions(engine.net, engine.plan, REGION)
    until = engine.clock.within(SHARE * engine.clock.left())
    for number, (shifts, rides) in enumerate(places):
        if until.is_over():
            break
        clock = until.within(until.left() / (len(places) - number))
        part, _, start, back = parts.cut(engine.plan, shifts, rides)
        region = engine.of_part(part, clock)
        region.offer(start)
        ride[rides] = region.cost_least(region.generation()).ride
        inside = set(shifts.tolist())
        rest = [column for column in engine.plan if column.shift not in inside]
        engine.offer(rest + [back(column) for column in region.plan], "regions")
    return Duals(ride, np.zeros(len(engine.net.shifts)), 0.0, 0.0)


def regions(network: Network, plan: Sequence[Column], size: int) -> list[tuple[Ints, Ints]]:
    """Shifts and rides of at most `size` shifts each; every ride and shift is in one of them."""
    parts = _halved(_between_homes(network), np.arange(len(network.shifts)), size)
    home = np.zeros(len(network.shifts), np.int64)
    for number, shifts in enumerate(parts):
        home[shifts] = number
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
    return [(np.flatnonzero(home == c), np.flatnonzero(owner == c)) for c in range(len(parts))]


def _between_homes(network: Network) -> Ints:
    """(m, m): seconds between the homes of shifts, there and back."""
    places = np.array([shift.start_place for shift in network.problem.shifts], dtype=np.int64)
    travel = np.array(network.problem.travel_seconds, dtype=np.int64)
    travel[travel < 0] = FAR
    there = travel[np.ix_(places, places)]
    return there + there.T


def _halved(near: Ints, shifts: Ints, size: int) -> list[Ints]:
    """Sets of at most `size` shifts: halved again and again between two that are far apart."""
    if len(shifts) <= max(1, size):
        return [shifts]
    one = shifts[np.argmax(near[shifts[0], shifts])]
    other = shifts[np.argmax(near[one, shifts])]
    order = np.argsort(near[shifts, one] - near[shifts, other], kind="stable")
    middle = len(shifts) // 2
    halves = np.sort(shifts[order[:middle]]), np.sort(shifts[order[middle:]])
    return [part for half in halves for part in _halved(near, half, size)]
