"""What a partial route can come to at best: completion bounds.

Computed backwards over steps of time for one shift at a time. They know every rule but large
limits on the number of rides and which rides were driven already: a small limit on rides by
layers, the limit on driving or else on duration through a price on it (Lagrangian relaxation).
So they are valid lower bounds. After Baldacci, Christofides and Mingozzi 2008,
doi:10.1007/s10107-007-0178-5, and Fisher 2004, doi:10.1287/mnsc.1040.0263.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import inner, merged
from matching.solo.arcs import Arcs
from matching.solo.cuts import Cuts
from matching.solo.network import FAR, Arrays, Floats, Ints

HOPELESS = 1e18
CLOSED = 1e12
"""The price of a pair that no new route may have, in seconds."""
DEPTH = 6
"""Up to so many rides, a limit on rides is counted in the completion bounds."""


class Prices(NamedTuple):
    """What a route pays: `leg` for each second driven, `pair` for each ride taken, in one number.

    `pair` (e) holds affinity, change costs and minus the ride's dual, as the phase counts them.
    """

    leg: float
    pair: Floats
    shift: Floats
    """(m): minus the shift's dual, paid once by a route."""
    strain: Floats
    """(m): price of a second of the shift's limited driving or time, in completion bounds alone.
    Pricing betters it as it goes (Lagrangian relaxation of the limit)."""
    cuts: Cuts
    """What a route pays on top; completion bounds leave it out, and are valid without."""


class Desk(NamedTuple):
    """What one shift's search keeps beside its labels."""

    head: Ints
    """(rides of the shift): the newest label at each."""
    table: Ints
    """Chains of labels by set of rides."""
    hope: Floats
    """(DEPTH, steps): completion bounds."""
    word: NDArray[np.uint64]
    """(n): the number of each ride in the hashes of sets."""
    turn: Ints
    """(steps of time): the first label that waits in each."""
    alive: NDArray[np.uint64]
    """(steps of time, words): the rides whose time is not over yet."""
    open: NDArray[np.uint64]
    """(steps of time, words of cuts): the cuts with a ride whose time is not over yet."""
    tally: Ints
    """[labels made, whether there was no room for more]."""
    soonest: Ints
    """Scratch of the completion bounds, for each ride of the shift: its soonest end,"""
    busy: Ints
    """what it takes,"""
    last: Ints
    """its last start,"""
    base: Ints
    """the first of its steps,"""
    gain: Floats
    """what it pays by itself,"""
    late: Ints
    """when it is done at the latest,"""
    calm: Floats
    """and the least cost from its end over rides that the car waits for."""


@inner
def strained(net: Arrays, k: int) -> int:
    """Which limit the strain of shift k stands for: 0 none, 1 its driving, 2 its time out."""
    if net.max_drive[k] < FAR:
        return 1
    return 2 if net.max_duration[k] < net.latest[k] - net.earliest[k] else 0


@inner
def layers_of(net: Arrays, k: int) -> int:
    """How many rides the completion bounds of shift k count; 0 if it may take any number."""
    return net.max_rides[k] if net.max_rides[k] <= DEPTH else 0


@inner
def complete(  # noqa: C901 - compiled
    net: Arrays, arcs: Arcs, prices: Prices, k: int, member: Ints, strain: float, best: Floats,
    desk: Desk,
) -> float:  # fmt: skip
    """Fill `best` (layers, steps): the least cost from the end of a ride in that step to home.

    Layer x allows x more rides; without a small limit on rides layer 0 allows any number. What
    the strained limit counts costs `strain` a second on top. Returns the least cost of a whole
    route, with the strain of all that the limit allows taken off: no route is cheaper.
    """
    dead, ride_of, home, out = net.dead, net.ride, net.home, net.out
    arc_first, arc_tight, arc_to, slot = arcs.first, arcs.tight, arcs.to, arcs.slot
    event_ride, event_step, shift = arcs.event_ride, arcs.event_step, arcs.shift
    layers = layers_of(net, k)
    timed = strained(net, k) == 2
    leg = prices.leg + strain
    first, end = net.first[k], net.first[k + 1]
    earliest, latest = net.earliest[k], net.latest[k]
    size = end - first
    soonest, busy, last, base, gain = desk.soonest, desk.busy, desk.last, desk.base, desk.gain
    late, calm = desk.late, desk.calm
    for x in range(size):
        j = ride_of[first + x]
        soonest[x] = max(net.opens[j] + net.busy[j], net.free[j])
        busy[x] = net.busy[j]
        last[x] = net.last_start[first + x]
        late[x] = max(last[x] + busy[x], net.free[j])
        base[x] = slot[j]
        gain[x] = prices.pair[first + x] + leg * net.loaded[j]
        if timed:
            gain[x] += strain * (net.busy[j] - net.loaded[j])
    for layer in range(max(layers, 1)):
        onward = best[max(layer - 1, 0)]
        here = best[layer]
        calm[:size] = 2.0 * HOPELESS
        for x in range(len(event_ride)):
            i = event_ride[x]
            p = member[i]
            if p < 0:
                continue
            z = p - first
            done = soonest[z] + (event_step[x] << shift)
            if done > late[z]:
                continue
            least = HOPELESS
            if done + home[p] <= latest:
                least = leg * home[p]
            if layer > 0 or layers == 0:
                if calm[z] > HOPELESS:
                    rest = HOPELESS
                    for a in range(arc_first[p], arc_tight[p]):
                        q = np.int64(arc_to[a])
                        y = q - first
                        rest = min(rest, leg * dead[i, ride_of[q]] + gain[y] + onward[base[y]])
                    calm[z] = rest
                least = min(least, calm[z])
                for a in range(arc_tight[p], arc_first[p + 1]):
                    q = np.int64(arc_to[a])
                    y = q - first
                    way = dead[i, ride_of[q]]
                    start = done + way
                    if start <= last[y]:
                        over = max(start + busy[y], soonest[y])
                        onto = base[y] + ((over - soonest[y]) >> shift)
                        least = min(least, leg * way + gain[y] + onward[onto])
            here[slot[i] + event_step[x]] = least
    root = HOPELESS
    onward = best[max(layers - 1, 0)]
    for y in range(size):
        q = first + y
        start = earliest + out[q]
        if out[q] < FAR and start <= last[y]:
            over = max(start + busy[y], soonest[y])
            cost = leg * out[q] + gain[y] + onward[base[y] + ((over - soonest[y]) >> shift)]
            root = min(root, cost)
    if strain > 0.0:
        root -= strain * (net.max_duration[k] if timed else net.max_drive[k])
    return root + prices.shift[k]


@merged
def best_strain(
    net: Arrays, arcs: Arcs, prices: Prices, k: int, member: Ints, bar: float, other: Floats,
    desk: Desk,
) -> tuple[float, float]:  # fmt: skip
    """Completion bounds of shift k at the best of a few strains; returns (hope, strain).

    The table is left in `desk.hope`; `other` is for tries.
    """
    best = desk.hope
    strain = prices.strain[k]
    hope = complete(net, arcs, prices, k, member, strain, best, desk)
    kind = strained(net, k)
    if kind == 0:
        return hope, 0.0
    step = -0.3 * hope / (net.max_drive[k] if kind == 1 else net.max_duration[k])
    for _ in range(2 if strain > 0.0 else 5):
        if hope >= bar or step < 0.02 * strain:
            break
        improved = False
        for trial in (strain + step, strain - step):
            if trial < 0.0:
                continue
            reached = complete(net, arcs, prices, k, member, trial, other, desk)
            if reached > hope:
                hope, strain, improved = reached, trial, True
                best[: max(layers_of(net, k), 1)] = other[: max(layers_of(net, k), 1)]
                break
        step *= 1.0 if improved else 0.4
    prices.strain[k] = strain
    return hope, strain
