"""The best new routes of a shift at given prices: label setting, exact.

The pricing problem is a shortest path with resource constraints through the shift's network
(Irnich and Desaulniers 2005, doi:10.1007/0-387-25486-2_2). A label is a partial route that has
just finished a ride. It carries the time, the driving so far, the number of rides, the length of
the day if that is limited (early, packed and last of `timing.route_of`), and the rides it must not
visit again. Labels are dropped when another at the same ride is no worse in everything, or when
even the most hopeful completion leaves the reduced cost above the bar. The completion bounds are
computed backwards over steps of time and know every rule but large limits on the number of
rides and the memory: a small limit on rides by layers, the limit on driving or else on duration
through a price on it (Lagrangian relaxation). So they are valid lower bounds.

This module is long because the kernel is one function to the compiler.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import inner, kernel, merged
from matching.solo.arcs import Arcs
from matching.solo.network import FAR, Arrays, Floats, Ints

HOPELESS = 1e18
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


class Labels(NamedTuple):
    """Partial routes of one shift, by number; `state` is 0 new, 1 extended, 2 dropped."""

    at: Ints
    """The pair of the last ride."""
    done: Ints
    drive: Ints
    cost: Floats
    total: Floats
    """Reduced cost of the route if it goes home now; `HOPELESS` if it may not."""
    parent: Ints
    rides: Ints
    packed: Ints
    last: Ints
    state: NDArray[np.int8]
    following: Ints
    """The next label at the same ride."""
    alike: Ints
    """The next label in the same chain of the table of sets."""
    set: NDArray[np.uint64]
    """A number that stands for the set of rides (Zobrist hashing)."""
    seen: NDArray[np.uint64]
    """(labels, words): the rides that must not come again."""


class Desk(NamedTuple):
    """What one shift's search keeps beside its labels."""

    head: Ints
    """(rides of the shift): the newest label at each."""
    table: Ints
    """Chains of labels by set of rides."""
    owner: Ints
    """The pair behind each bit of memory."""
    hope: Floats
    """(DEPTH, steps): completion bounds."""
    word: NDArray[np.uint64]
    """(n): the number of each ride in the hashes of sets."""
    tally: Ints
    """[labels made]."""


class Found(NamedTuple):
    """Routes, and what no route of a shift can beat."""

    shift: Ints
    first: Ints
    """(r + 1): rides of route r are rides[first[r]..first[r + 1] - 1]."""
    rides: Ints
    """Pairs, in the order of the route."""
    reduced: Floats
    least: Floats
    """(number of shifts asked): no route of the shift has a smaller reduced cost."""
    complete: bool
    """False if a limit on labels or routes cut the search short (`least` is valid still)."""


def price(
    net: Arrays,
    arcs: Arcs,
    prices: Prices,
    shifts: Ints,
    *,
    bar: float,
    most: int,
    labels: int,
    loose: bool = False,
) -> Found:
    """Up to `most` routes of each shift with reduced cost below `bar`, the best of each last ride.

    `loose` compares labels by time and cost alone: quick, and blind to some routes (then `least`
    is the completion bound).
    """
    return Found(*_price(net, arcs, prices, shifts, bar, most, labels, False, loose))


def enumerate_routes(
    net: Arrays, arcs: Arcs, prices: Prices, shifts: Ints, *, bar: float, most: int, labels: int
) -> Found:
    """Every set of rides that has a route below `bar`, in its cheapest order and timing.

    At most `most` routes a shift and `labels` labels; `complete` says whether that was enough.
    """
    return Found(*_price(net, arcs, prices, shifts, bar, most, labels, True, False))


@inner
def _strained(net, k):  # noqa: ANN001, ANN202 - compiled
    """Which limit the strain of shift k stands for: 0 none, 1 its driving, 2 its time out."""
    if net.max_drive[k] < FAR:
        return 1
    return 2 if net.max_duration[k] < net.latest[k] - net.earliest[k] else 0


@inner
def _layers(net, k):  # noqa: ANN001, ANN202 - compiled
    """How many rides the completion bounds of shift k count; 0 if it may take any number."""
    return net.max_rides[k] if net.max_rides[k] <= DEPTH else 0


@inner
def _complete(net, arcs, prices, k, member, strain, best):  # noqa: ANN001, ANN202, C901, PLR0912, PLR0913 - compiled
    """Fill `best` (layers, steps): the least cost from the end of a ride in that step to home.

    Layer x allows x more rides; without a small limit on rides layer 0 allows any number. What
    the strained limit counts costs `strain` a second on top. Returns the least cost of a whole
    route, with the strain of all that the limit allows taken off: no route is cheaper.
    """
    layers = _layers(net, k)
    timed = _strained(net, k) == 2
    leg = prices.leg + strain
    for layer in range(max(layers, 1)):
        onward_layer = max(layer - 1, 0)
        for x in range(len(arcs.event_ride)):
            i = arcs.event_ride[x]
            p = member[i]
            if p < 0:
                continue
            step = arcs.event_step[x]
            done = max(net.opens[i] + net.busy[i], net.free[i]) + (step << arcs.shift)
            least = HOPELESS
            if done + net.home[p] <= net.latest[k]:
                least = leg * net.home[p]
            if layer > 0 or layers == 0:
                for a in range(arcs.first[p], arcs.first[p + 1]):
                    q = arcs.to[a]
                    j = net.ride[q]
                    start = done + net.dead[i, j]
                    if start > net.last_start[q]:
                        continue
                    end = max(max(net.opens[j], start) + net.busy[j], net.free[j])
                    soonest = max(net.opens[j] + net.busy[j], net.free[j])
                    onward = best[onward_layer, arcs.slot[j] + ((end - soonest) >> arcs.shift)]
                    if onward < HOPELESS:
                        cost = leg * (net.dead[i, j] + net.loaded[j]) + prices.pair[q] + onward
                        if timed:
                            cost += strain * (net.busy[j] - net.loaded[j])
                        least = min(least, cost)
            best[layer, arcs.slot[i] + step] = least
    root = HOPELESS
    top = max(layers - 1, 0)
    for q in range(net.first[k], net.first[k + 1]):
        start = net.earliest[k] + net.out[q]
        if net.out[q] < FAR and start <= net.last_start[q]:
            j = net.ride[q]
            end = max(max(net.opens[j], start) + net.busy[j], net.free[j])
            soonest = max(net.opens[j] + net.busy[j], net.free[j])
            onward = best[top, arcs.slot[j] + ((end - soonest) >> arcs.shift)]
            cost = leg * (net.out[q] + net.loaded[j]) + prices.pair[q] + onward
            if timed:
                cost += strain * (net.busy[j] - net.loaded[j])
            root = min(root, cost)
    if strain > 0.0:
        root -= strain * (net.max_duration[k] if timed else net.max_drive[k])
    return root + prices.shift[k]


@merged
def _best_strain(net, arcs, prices, k, member, bar, best, other):  # noqa: ANN001, ANN202, PLR0913 - compiled
    """Completion bounds of shift k at the best of a few strains; returns (hope, strain).

    The table is left in `best`; `other` is for tries.
    """
    strain = prices.strain[k]
    hope = _complete(net, arcs, prices, k, member, strain, best)
    kind = _strained(net, k)
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
            reached = _complete(net, arcs, prices, k, member, trial, other)
            if reached > hope:
                hope, strain, improved = reached, trial, True
                best[: max(_layers(net, k), 1)] = other[: max(_layers(net, k), 1)]
                break
        step *= 1.0 if improved else 0.4
    prices.strain[k] = strain
    return hope, strain


@merged
def _no_worse(lab, a, b, words, by_drive, by_count, by_duration):  # noqa: ANN001, ANN202, C901, PLR0911, PLR0913 - compiled
    """Whether label `a` can do everything that `b` can, at no higher cost."""
    if lab.done[a] > lab.done[b] or lab.cost[a] > lab.cost[b] + 1e-9:
        return False
    if by_drive and lab.drive[a] > lab.drive[b]:
        return False
    if by_count and lab.rides[a] > lab.rides[b]:
        return False
    if by_duration and (lab.packed[a] > lab.packed[b] or lab.last[a] < lab.last[b]):
        return False
    for w in range(words):
        if lab.seen[a, w] & ~lab.seen[b, w]:
            return False
    return True


@inner
def _remember(net, arcs, lab, desk, new, q, words):  # noqa: ANN001, ANN202, PLR0913 - compiled
    """Add the ride to the label's memory and forget those whose time is over."""
    if arcs.bit[q] >= 0:
        lab.seen[new, arcs.bit[q] >> 6] |= np.uint64(1) << np.uint64(arcs.bit[q] & 63)
    for w in range(words):
        left = lab.seen[new, w]
        b = 64 * w
        while left:
            if left & np.uint64(1) and net.last_start[desk.owner[b]] < lab.done[new]:
                lab.seen[new, w] &= ~(np.uint64(1) << np.uint64(b & 63))
            left >>= np.uint64(1)
            b += 1


@merged
def _keep(lab, desk, new, place, words, by, every):  # noqa: ANN001, ANN202, PLR0913 - compiled
    """Enter the label unless another is no worse; drop those that are no better than it."""
    by_drive, by_count, by_duration = by
    entry = np.int64((lab.set[new] ^ np.uint64(place * 7919)) & np.uint64(len(desk.table) - 1))
    other = desk.table[entry] if every else desk.head[place]
    while other >= 0:
        same = not every or (lab.set[other] == lab.set[new] and lab.at[other] == lab.at[new])
        if same and lab.state[other] != 2:
            if _no_worse(lab, other, new, words, by_drive, by_count, by_duration):
                return
            if _no_worse(lab, new, other, words, by_drive, by_count, by_duration):
                lab.state[other] = 2
        other = lab.alike[other] if every else lab.following[other]
    if every:
        lab.alike[new] = desk.table[entry]
        desk.table[entry] = new
    lab.following[new] = desk.head[place]
    desk.head[place] = new
    desk.tally[0] = new + 1


@merged
def _extend(net, arcs, prices, lab, desk, k, label, q, bar, strain, by, every, loose):  # noqa: ANN001, ANN202, C901, PLR0911, PLR0912, PLR0913 - compiled
    """Go on from `label` (home if negative) to pair `q`. Returns the hope of the way from home."""
    j = net.ride[q]
    words = arcs.words[k]
    by_duration = by[2]
    if label < 0:
        way = net.out[q]
        done, drive, cost = net.earliest[k], np.int64(0), prices.shift[k]
        rides, packed, last = np.int64(0), np.int64(0), np.int64(FAR)
    else:
        b = arcs.bit[q]
        if b >= 0 and lab.seen[label, b >> 6] >> np.uint64(b & 63) & np.uint64(1):
            return HOPELESS
        way = net.dead[net.ride[lab.at[label]], j]
        done, drive, cost = lab.done[label], lab.drive[label], lab.cost[label]
        rides, packed, last = lab.rides[label], lab.packed[label], lab.last[label]
    start = done + way
    if start > net.last_start[q] or rides >= net.max_rides[k]:
        return HOPELESS
    drive += way + net.loaded[j]
    if drive + net.least_home[q] > net.max_drive[k]:
        return HOPELESS
    done = max(max(net.opens[j], start) + net.busy[j], net.free[j])
    cost += prices.leg * (way + net.loaded[j]) + prices.pair[q]
    promise = -HOPELESS
    if arcs.shift >= 0:
        soonest = max(net.opens[j] + net.busy[j], net.free[j])
        layer = max(net.max_rides[k] - rides - 1, 0) if _layers(net, k) else 0
        promise = cost + desk.hope[layer, arcs.slot[j] + ((done - soonest) >> arcs.shift)]
        if strain > 0.0 and _strained(net, k) == 1:
            promise += strain * (drive - net.max_drive[k])
        elif strain > 0.0:
            promise += strain * (packed + way + net.busy[j] - net.max_duration[k])
        if promise >= bar:
            return promise
    if by_duration:
        last = min(last, net.closes[j] - way - packed)
        packed += way + net.busy[j]
        if max(packed, done - last) + net.least_home[q] > net.max_duration[k]:
            return promise
    new = desk.tally[0]
    if new == len(lab.at):
        desk.tally[1] = 1
        return promise
    lab.at[new], lab.done[new], lab.drive[new], lab.cost[new] = q, done, drive, cost
    lab.parent[new], lab.rides[new], lab.packed[new], lab.last[new] = label, rides + 1, packed, last
    lab.state[new] = 0
    lab.set[new] = desk.word[j]
    if label >= 0:
        lab.set[new] ^= lab.set[label]
    if words:
        for w in range(words):
            lab.seen[new, w] = lab.seen[label, w] if label >= 0 else np.uint64(0)
        _remember(net, arcs, lab, desk, new, q, words)
    back = net.home[q]
    lab.total[new] = HOPELESS
    if done + back <= net.latest[k] and drive + back <= net.max_drive[k]:
        if not by_duration or max(packed, done - last) + back <= net.max_duration[k]:
            lab.total[new] = cost + prices.leg * back
    if loose:
        _keep(lab, desk, new, q - net.first[k], np.int64(0), (False, False, False), False)
    else:
        _keep(lab, desk, new, q - net.first[k], words, by, every)
    return promise


@inner
def _search(net, arcs, prices, lab, desk, k, bar, strain, every, loose):  # noqa: ANN001, ANN202, PLR0913 - compiled
    """All labels of a shift that may lead below `bar`; returns the most hopeful beginning."""
    by = (
        net.max_drive[k] < FAR,
        net.max_rides[k] < net.first[k + 1] - net.first[k],
        net.max_duration[k] < net.latest[k] - net.earliest[k],
    )
    size = net.first[k + 1] - net.first[k]
    hope = HOPELESS
    for q in range(net.first[k], net.first[k + 1]):
        if net.out[q] < FAR:
            promise = _extend(net, arcs, prices, lab, desk, k, -1, q, bar, strain, by, every, loose)
            hope = min(hope, promise)
    again = True
    while again and desk.tally[1] == 0:
        again = False
        for x in range(size):
            label = desk.head[x]
            while label >= 0:
                if lab.state[label] == 0:
                    lab.state[label] = 1
                    again = True
                    p = lab.at[label]
                    for a in range(arcs.first[p], arcs.first[p + 1]):
                        q = np.int64(arcs.to[a])
                        _extend(
                            net, arcs, prices, lab, desk, k, label, q, bar, strain, by, every, loose
                        )
                label = lab.following[label]
    return hope


@inner
def _harvest(lab, desk, size, bar, most, every, chosen):  # noqa: ANN001, ANN202, C901, PLR0913 - compiled
    """Number the best finished labels below `bar` in `chosen`; returns how many there are.

    Pricing keeps the best of each last ride, enumeration the best of each set of rides.
    """
    many = 0
    if every:
        desk.table[:] = -1
        for label in range(desk.tally[0]):
            if lab.state[label] == 2 or lab.total[label] >= bar:
                continue
            entry = np.int64(lab.set[label] & np.uint64(len(desk.table) - 1))
            other = desk.table[entry]
            while other >= 0 and lab.set[chosen[other]] != lab.set[label]:
                other = lab.alike[chosen[other]]
            if other < 0:
                if many == len(chosen):
                    return many + 1
                chosen[many] = label
                lab.alike[label] = desk.table[entry]
                desk.table[entry] = many
                many += 1
            elif lab.total[label] < lab.total[chosen[other]]:
                lab.alike[label] = lab.alike[chosen[other]]
                chosen[other] = label
        return many
    for x in range(size):
        best = -1
        label = desk.head[x]
        while label >= 0:
            if lab.total[label] < bar and (best < 0 or lab.total[label] < lab.total[best]):
                best = label
            label = lab.following[label]
        if best < 0:
            continue
        place = many
        if many == most:
            place = most - 1
            if lab.total[best] >= lab.total[chosen[place]]:
                continue
        else:
            many += 1
        while place > 0 and lab.total[chosen[place - 1]] > lab.total[best]:
            chosen[place] = chosen[place - 1]
            place -= 1
        chosen[place] = best
    return many


@merged
def _larger(array, size):  # noqa: ANN001, ANN202 - compiled
    longer = np.empty(max(size, 2 * len(array)), array.dtype)
    longer[: len(array)] = array
    return longer


@kernel
def _price(net, arcs, prices, shifts, bar, most, cap, every, loose):  # noqa: ANN001, ANN202, C901, PLR0913, PLR0915 - compiled
    n = len(net.opens)
    words = np.int64(1)
    widest = np.int64(1)
    for s in range(len(shifts)):
        words = max(words, arcs.words[shifts[s]])
        widest = max(widest, net.first[shifts[s] + 1] - net.first[shifts[s]])
    lab = Labels(
        np.empty(cap, np.int64), np.empty(cap, np.int64), np.empty(cap, np.int64),
        np.empty(cap, np.float64), np.empty(cap, np.float64), np.empty(cap, np.int64),
        np.empty(cap, np.int64), np.empty(cap, np.int64), np.empty(cap, np.int64),
        np.empty(cap, np.int8), np.empty(cap, np.int64), np.empty(cap, np.int64),
        np.empty(cap, np.uint64), np.empty((cap, words), np.uint64),
    )  # fmt: skip
    word = np.empty(n, np.uint64)
    spin = np.uint64(0x9E3779B97F4A7C15)
    for i in range(n):
        spin ^= spin << np.uint64(13)
        spin ^= spin >> np.uint64(7)
        spin ^= spin << np.uint64(17)
        word[i] = spin
    desk = Desk(
        np.empty(widest, np.int64), np.empty(1 << 15 if every else 1, np.int64),
        np.zeros(64 * words, np.int64), np.empty((DEPTH, arcs.slot[n]), np.float64), word,
        np.zeros(2, np.int64),
    )  # fmt: skip
    spare = np.empty((DEPTH, arcs.slot[n]), np.float64)
    member = np.full(n, -1)
    chosen = np.empty(most, np.int64)
    route_shift, route_cost = np.empty(64, np.int64), np.empty(64, np.float64)
    route_first, rides = np.zeros(65, np.int64), np.empty(256, np.int64)
    routes = 0
    least = np.zeros(len(shifts), np.float64)
    complete = True
    for s in range(len(shifts)):
        k = shifts[s]
        size = net.first[k + 1] - net.first[k]
        for p in range(net.first[k], net.first[k + 1]):
            member[net.ride[p]] = p
            if arcs.bit[p] >= 0:
                desk.owner[arcs.bit[p]] = p
        hope, strain = -HOPELESS, 0.0
        if arcs.shift >= 0:
            hope, strain = _best_strain(net, arcs, prices, k, member, bar, desk.hope, spare)
        # Search with a low bar first: what hope promises is often half true, and a low bar
        # leaves few labels.
        here = bar if every or arcs.shift < 0 else min(bar, 0.35 * hope)
        many = 0
        while hope < bar:
            desk.head[:size] = -1
            desk.table[:] = -1
            desk.tally[:] = 0
            _search(net, arcs, prices, lab, desk, k, here, strain, every, loose)
            many = _harvest(lab, desk, size, here, most, every, chosen)
            if many or desk.tally[1] or here >= bar:
                break
            here = bar if here > 0.05 * hope else 0.5 * here
        if hope >= bar:
            desk.tally[:] = 0
        if desk.tally[1] or many > most:
            complete = False
            many = min(many, most)
        lowest = max(here, hope)
        for x in range(many):
            lowest = min(lowest, lab.total[chosen[x]])
        least[s] = hope if desk.tally[1] or loose else lowest
        for x in range(many):
            label = chosen[x]
            if routes == len(route_shift):
                route_shift, route_cost = _larger(route_shift, 0), _larger(route_cost, 0)
                route_first = _larger(route_first, 2 * routes + 1)
            length = lab.rides[label]
            until = route_first[routes] + length
            if until > len(rides):
                rides = _larger(rides, until)
            route_shift[routes] = k
            route_cost[routes] = lab.total[label]
            route_first[routes + 1] = until
            while label >= 0:
                until -= 1
                rides[until] = lab.at[label]
                label = lab.parent[label]
            routes += 1
        for p in range(net.first[k], net.first[k + 1]):
            member[net.ride[p]] = -1
    return (
        route_shift[:routes], route_first[: routes + 1], rides[: route_first[routes]],
        route_cost[:routes], least, complete,
    )  # fmt: skip
