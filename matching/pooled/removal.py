"""Which rides to take out of a plan before it is rebuilt.

Random, related (Shaw 1998, doi:10.1007/3-540-49481-2_30), worst and whole-route removal as in
Ropke and Pisinger (2006), doi:10.1287/trsc.1050.0135; strings of neighbouring stops after
Christiaens and Vanden Berghe (2020), doi:10.1287/trsc.2019.0914.
"""

import math

import numpy as np

from matching.compiled import inner, tiny
from matching.pooled.chance import below, fraction
from matching.pooled.insertion import Desk
from matching.pooled.network import Network
from matching.pooled.schedule import Plan

STRINGS, RANDOM, RELATED, WORST, ROUTE = range(5)
WAYS = 5

LONGEST_STRING = 10
"""Stops; strings in longer routes are no longer than this."""


@tiny
def release(plan: Plan, ride: int, dirty: np.ndarray) -> int:
    """Mark a served ride as nobody's and its route as changed."""
    v = plan.shift_of[ride]
    if v < 0:
        return 0
    dirty[v] = True
    plan.shift_of[ride] = -1
    return 1


@inner
def remove_strings(
    net: Network, plan: Plan, count: int, dirty: np.ndarray, rng: np.ndarray
) -> None:
    """One string of stops from each of several routes near a random ride."""
    n = len(net.need)
    centre = below(rng, n)
    removed = 0
    for k in range(-1, net.near.shape[1]):
        if removed >= count:
            return
        ride = centre if k < 0 else net.near[centre, k]
        v = plan.shift_of[ride]
        if v < 0 or dirty[v]:
            continue
        inside = plan.size[v] - 2
        length = 1 + below(rng, min(inside, LONGEST_STRING))
        node = ride if fraction(rng) < 0.5 else n + ride
        at = 1
        while plan.stops[v, at] != node:
            at += 1
        first = max(1, at - below(rng, length))
        for position in range(first, min(first + length, inside + 1)):
            stop = plan.stops[v, position]
            if removed < count:
                removed += release(plan, stop if stop < n else stop - n, dirty)
        dirty[v] = True


@inner
def remove_random(net: Network, plan: Plan, count: int, dirty: np.ndarray, rng: np.ndarray) -> None:
    """Any rides."""
    n = len(net.need)
    for _ in range(2 * count):
        if count == 0:
            return
        count -= release(plan, below(rng, n), dirty)


@inner
def remove_related(
    net: Network, plan: Plan, count: int, dirty: np.ndarray, rng: np.ndarray, list_of: np.ndarray
) -> None:
    """Rides near a random ride, or near one already removed."""
    n = len(net.need)
    if n == 1:
        release(plan, 0, dirty)
        return
    list_of[0] = below(rng, n)
    listed = 1
    count -= release(plan, list_of[0], dirty)
    for _ in range(4 * count):
        if count <= 0:
            return
        ride = list_of[below(rng, listed)]
        other = net.near[ride, int(net.near.shape[1] * fraction(rng) ** 4)]
        if release(plan, other, dirty):
            list_of[listed] = other
            listed += 1
            count -= 1


@tiny
def removal_gain(net: Network, plan: Plan, v: int, ride: int, first: int, second: int) -> float:
    """What the route would save in legs without the stops at positions `first` < `second`."""
    stops = plan.stops[v]
    leg = net.leg
    before, after = stops[first - 1], stops[second + 1]
    pickup, drop = stops[first], stops[second]
    if second == first + 1:
        if plan.size[v] == 4:
            return plan.cost[v]
        return leg[before, pickup] + leg[pickup, drop] + leg[drop, after] - leg[before, after]
    inner_after, inner_before = stops[first + 1], stops[second - 1]
    return (
        leg[before, pickup]
        + leg[pickup, inner_after]
        - leg[before, inner_after]
        + leg[inner_before, drop]
        + leg[drop, after]
        - leg[inner_before, after]
    )


@inner
def remove_worst(
    net: Network,
    plan: Plan,
    count: int,
    dirty: np.ndarray,
    rng: np.ndarray,
    place: np.ndarray,
    gain: np.ndarray,
) -> None:
    """Rides that cost much where they are, with chance in the choice."""
    n = len(net.need)
    for v in range(len(plan.size)):
        for k in range(1, plan.size[v] - 1):
            node = plan.stops[v, k]
            if node < n:
                place[node] = k
            else:
                ride = node - n
                saved = removal_gain(net, plan, v, ride, place[ride], k)
                saved += max(net.pair_cost[ride, v], 0.0)
                gain[ride] = saved * (0.5 + fraction(rng))
    for _ in range(count):
        worst = -1
        for ride in range(n):
            if plan.shift_of[ride] >= 0 and (worst < 0 or gain[ride] > gain[worst]):
                worst = ride
        if worst < 0:
            return
        release(plan, worst, dirty)


@inner
def remove_route(net: Network, plan: Plan, count: int, dirty: np.ndarray, rng: np.ndarray) -> None:
    """Whole routes, that of a random ride and those near it, up to `count` rides in all."""
    n = len(net.need)
    centre = below(rng, n)
    for k in range(-1, net.near.shape[1]):
        ride = centre if k < 0 else net.near[centre, k]
        v = plan.shift_of[ride]
        if v < 0:
            continue
        inside = plan.size[v] - 2
        for position in range(1, inside + 1):
            stop = plan.stops[v, position]
            if stop < n and count > 0:
                count -= release(plan, stop, dirty)
        if count <= 0:
            return


@inner
def remove(
    net: Network, plan: Plan, way: int, count: int, dirty: np.ndarray, rng: np.ndarray, desk: Desk
) -> None:
    """Release about `count` rides in the given way; `desk` is scratch."""
    if way == STRINGS:
        remove_strings(net, plan, count, dirty, rng)
    elif way == RANDOM:
        remove_random(net, plan, count, dirty, rng)
    elif way == RELATED:
        remove_related(net, plan, count, dirty, rng, desk.place)
    elif way == WORST:
        remove_worst(net, plan, count, dirty, rng, desk.place, desk.key)
    else:
        remove_route(net, plan, count, dirty, rng)


@tiny
def spin(weight: np.ndarray, rng: np.ndarray) -> int:
    """An index with chance in proportion to its weight."""
    total = 0.0
    for share in weight:
        total += share
    ball = fraction(rng) * total
    for k in range(len(weight)):
        ball -= weight[k]
        if ball < 0:
            return k
    return len(weight) - 1


@tiny
def cooled(start: float, end: float, share: float) -> float:
    """The temperature after `share` of the way from `start` to `end`, geometrically."""
    return start * math.exp(share * math.log(end / start))
