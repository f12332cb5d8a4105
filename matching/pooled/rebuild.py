"""How the rides that nobody has come back into the plan.

In a random or telling order, each at its cheapest place, now and then blind to a route
("blinks", Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914); or by regret, first
the ride that would lose most by waiting (Ropke and Pisinger 2006, doi:10.1287/trsc.1050.0135).
"""

import numpy as np

from matching.compiled import inner, tiny
from matching.pooled.chance import below, fraction
from matching.pooled.insertion import DEPTH, Desk, Memo, extra_cost, insert
from matching.pooled.network import Network
from matching.pooled.schedule import Plan

ORDERED, CHEAPEST, REGRET_2, REGRET_3 = range(4)
WAYS = 4

BLINK = 0.01
"""Share of the routes that an ordered insertion does not look at."""


@tiny
def is_copy(net: Network, plan: Plan, v: int, seen_kind: np.ndarray) -> bool:
    """Whether an empty shift just like `v` has been looked at; remembers `v` otherwise."""
    kind = net.kind[v]
    if kind < 0 or plan.size[v] > 2:
        return False
    for k in range(1, seen_kind[0] + 1):
        if seen_kind[k] == kind:
            return True
    if seen_kind[0] + 1 < len(seen_kind):
        seen_kind[0] += 1
        seen_kind[seen_kind[0]] = kind
    return False


@inner
def order(net: Network, bank: np.ndarray, key: np.ndarray, count: int, rng: np.ndarray) -> None:
    """Sort the bank: worth more first, then at random or the most demanding first."""
    n = len(net.need)
    choice = below(rng, 4)
    for k in range(count):
        ride = bank[k]
        value = fraction(rng)
        if choice == 1:
            value = -net.need[ride, 0] + 0.01 * value
        elif choice == 2:
            value = -net.leg[ride, n + ride]
        elif choice == 3:
            width = net.closes[ride] - net.opens[ride]
            value = min(width, net.closes[n + ride] - net.opens[n + ride])
        at = k
        while at > 0:
            other = bank[at - 1]
            if net.worth[other] > net.worth[ride]:
                break
            if net.worth[other] == net.worth[ride] and key[at - 1] <= value:
                break
            bank[at] = other
            key[at] = key[at - 1]
            at -= 1
        bank[at] = ride
        key[at] = value


@inner
def insert_in_order(
    net: Network, plan: Plan, count: int, memo: Memo, desk: Desk, rng: np.ndarray
) -> None:
    """Each ride in the order of the bank at its cheapest place; who fits nowhere stays out."""
    order(net, desk.bank, desk.key, count, rng)
    for k in range(count):
        ride = desk.bank[k]
        best = net.worth[ride]
        chosen = -1
        desk.seen_kind[0] = 0
        for option in range(net.options.shape[1]):
            v = net.options[ride, option]
            if v < 0:
                break
            if fraction(rng) < BLINK or is_copy(net, plan, v, desk.seen_kind):
                continue
            extra = extra_cost(net, plan, v, ride, memo, desk)
            if extra < best:
                best = extra
                chosen = v
        if chosen >= 0:
            insert(net, plan, chosen, ride, memo, desk)


@inner
def rank_routes(net: Network, plan: Plan, k: int, memo: Memo, desk: Desk) -> None:
    """The `DEPTH` cheapest routes for ride `k` of the bank; a missing one costs its worth."""
    ride = desk.bank[k]
    cost, shift = desk.top_cost, desk.top_shift
    for level in range(DEPTH):
        cost[k, level] = net.worth[ride]
        shift[k, level] = -1
    desk.seen_kind[0] = 0
    for option in range(net.options.shape[1]):
        v = net.options[ride, option]
        if v < 0:
            return
        if is_copy(net, plan, v, desk.seen_kind):
            continue
        extra = extra_cost(net, plan, v, ride, memo, desk)
        if extra >= cost[k, DEPTH - 1]:
            continue
        level = DEPTH - 1
        while level > 0 and extra < cost[k, level - 1]:
            cost[k, level] = cost[k, level - 1]
            shift[k, level] = shift[k, level - 1]
            level -= 1
        cost[k, level] = extra
        shift[k, level] = v


@inner
def most_regretted(desk: Desk, count: int, depth: int) -> int:
    """The place in the bank of the ride to insert next, or -1 when none fits."""
    chosen = -1
    most = 0.0
    for k in range(count):
        if desk.top_shift[k, 0] < 0:
            continue
        value = -desk.top_cost[k, 0]
        if depth > 1:
            value = 0.0
            for level in range(1, depth):
                value += desk.top_cost[k, level] - desk.top_cost[k, 0]
        value *= desk.key[k]
        if chosen < 0 or value > most:
            most = value
            chosen = k
    return chosen


@inner
def strike(desk: Desk, k: int, last: int) -> None:
    """Put the last ride of the bank in the place of ride `k`."""
    desk.bank[k] = desk.bank[last]
    desk.key[k] = desk.key[last]
    for level in range(DEPTH):
        desk.top_cost[k, level] = desk.top_cost[last, level]
        desk.top_shift[k, level] = desk.top_shift[last, level]


@inner
def insert_by_regret(
    net: Network, plan: Plan, count: int, memo: Memo, desk: Desk, rng: np.ndarray, depth: int
) -> None:
    """Again and again the ride with the greatest regret over its `depth` best routes."""
    for k in range(count):
        rank_routes(net, plan, k, memo, desk)
        desk.key[k] = 0.9 + 0.2 * fraction(rng)
    while count > 0:
        chosen = most_regretted(desk, count, depth)
        if chosen < 0:
            return
        v = desk.top_shift[chosen, 0]
        insert(net, plan, v, desk.bank[chosen], memo, desk)
        count -= 1
        strike(desk, chosen, count)
        for k in range(count):
            # Another shift of the same kind was hidden behind this one while it was empty.
            stale = plan.size[v] == 4 and net.kind[v] >= 0
            for level in range(DEPTH):
                stale = stale or desk.top_shift[k, level] == v
            if stale:
                rank_routes(net, plan, k, memo, desk)


@inner
def rebuild(
    net: Network, plan: Plan, way: int, count: int, memo: Memo, desk: Desk, rng: np.ndarray
) -> None:
    """Insert the first `count` rides of the bank, as far as they fit."""
    if way == ORDERED:
        insert_in_order(net, plan, count, memo, desk, rng)
    else:
        insert_by_regret(net, plan, count, memo, desk, rng, way)
