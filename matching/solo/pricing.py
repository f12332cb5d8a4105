"""The best new routes of a shift at given prices: label setting, exact.

The pricing problem is a shortest path with resource constraints through the shift's network
(Irnich and Desaulniers 2005, doi:10.1007/0-387-25486-2_2). A label is a partial route that has
just finished a ride. It carries the time, the driving so far, the number of rides, the length of
the day if that is limited (early, packed and last of `timing.route_of`), and the rides it must not
visit again, and the cuts of which it holds an odd number of rows: the next has their price to
pay. Labels are dropped when another at the same ride is no worse in everything, or when even
the most hopeful completion leaves the reduced cost above the bar.

This module is long because the kernel is one function to the compiler.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import inner, kernel, merged, tiny
from matching.solo import cuts
from matching.solo.arcs import Arcs
from matching.solo.columns import Column
from matching.solo.completion import (
    CLOSED,
    DEPTH,
    HOPELESS,
    Desk,
    Prices,
    best_strain,
    strained,
)
from matching.solo.network import FAR, Arrays, Floats, Ints

MOST_TURNS = 1 << 13
"""Most steps of time in which labels wait for their turn."""


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
    odd: NDArray[np.uint64]
    """(labels, words of cuts): the cuts of which the route has an odd number of rows."""
    queued: Ints
    """The next label that waits in the same step of time."""


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
) -> Found:
    """Up to `most` routes of each shift with reduced cost below `bar`, the best for each end."""
    return Found(*_price(net, arcs, prices, shifts, bar, most, labels, False))


def reduced(net: Arrays, column: Column, prices: Prices) -> float:
    """The reduced cost of a route at `prices`."""
    paid = prices.shift[column.shift] + sum(prices.pair[pair] for pair in column.pairs)
    driving = column.cost - sum(int(net.wish[pair]) for pair in column.pairs)
    return float(paid + prices.leg * driving) + cuts.paid(prices.cuts, column.shift, column.rides)


def enumerate_routes(
    net: Arrays, arcs: Arcs, prices: Prices, shifts: Ints, *, bar: float, most: int, labels: int
) -> Found:
    """Every set of rides that has a route below `bar`, in its cheapest order and timing.

    At most `most` routes a shift and `labels` labels; `complete` says whether that was enough.
    """
    return Found(*_price(net, arcs, prices, shifts, bar, most, labels, True))


@tiny
def _sum_of(fine, word, bits):  # noqa: ANN001, ANN202 - compiled
    """The prices of the cuts whose bits are set, of word `word`."""
    total = 0.0
    place = word << 6
    while bits:
        if bits & np.uint64(1):
            total += fine[place]
        bits >>= np.uint64(1)
        place += 1
    return total


@inner
def _search(net, arcs, prices, lab, desk, k, bar, strain, step, every):  # noqa: ANN001, ANN202, C901 - compiled
    """All labels of a shift that may lead below `bar`.

    Labels are extended in the order of their time, in steps that are shorter than any task on
    usual days, so that few are extended in vain.
    """
    opens, closes, busy, free = net.opens, net.closes, net.busy, net.free
    loaded, dead, ride_of, out, home = net.loaded, net.dead, net.ride, net.out, net.home
    last_start, least_home = net.last_start, net.least_home
    arc_first, arc_to, bit, slot = arcs.first, arcs.to, arcs.bit, arcs.slot
    price_of, hope = prices.pair, desk.hope
    at, done_at, driven, cost_of, total = lab.at, lab.done, lab.drive, lab.cost, lab.total
    parent, rides_of, packed_of, last_of = lab.parent, lab.rides, lab.packed, lab.last
    state, following, alike = lab.state, lab.following, lab.alike
    set_of, seen, odd, queued = lab.set, lab.seen, lab.odd, lab.queued
    head, table, word, turn, alive = desk.head, desk.table, desk.word, desk.turn, desk.alive
    cut_of, cut_at, fine = prices.cuts.of_ride, prices.cuts.of_shift, prices.cuts.price
    still_open = desk.open
    cut_words = cut_of.shape[1]
    first, end, earliest, latest = net.first[k], net.first[k + 1], net.earliest[k], net.latest[k]
    max_drive, max_duration, max_rides = net.max_drive[k], net.max_duration[k], net.max_rides[k]
    leg, words, room, made = prices.leg, arcs.words[k], len(at), np.int64(0)
    by_drive, by_count = max_drive < FAR, max_rides < end - first
    by_duration = max_duration < latest - earliest
    layers = max_rides if max_rides <= DEPTH else 0
    kind = strained(net, k) if strain > 0.0 else 0
    turns = ((latest - earliest) >> step) + 1
    mask = np.uint64(len(table) - 1)
    turn[:turns] = -1
    label, now = np.int64(-1), np.int64(0)
    while True:
        if label < 0:
            low, high = first, end
            i = np.int64(0)
            done, drive, cost = earliest, np.int64(0), prices.shift[k]
            rides, packed, last = np.int64(0), np.int64(0), np.int64(FAR)
        else:
            state[label] = 1
            p = at[label]
            low, high = arc_first[p], arc_first[p + 1]
            i = ride_of[p]
            done, drive, cost = done_at[label], driven[label], cost_of[label]
            rides, packed, last = rides_of[label], packed_of[label], last_of[label]
            if rides >= max_rides:
                high = low
        for a in range(low, high):
            if label < 0:
                q = a
                way = out[q]
                if way >= FAR:
                    continue
            else:
                q = np.int64(arc_to[a])
                way = dead[i, ride_of[q]]
            start = done + way
            if start > last_start[q]:
                continue
            j = ride_of[q]
            far = drive + way + loaded[j]
            if far + least_home[q] > max_drive:
                continue
            soonest = max(opens[j] + busy[j], free[j])
            over = max(start + busy[j], soonest)
            paid = cost + leg * (way + loaded[j]) + price_of[q]
            for w in range(cut_words):
                held = odd[label, w] if label >= 0 else cut_at[k, w]
                second = held & cut_of[j, w]
                if second:
                    paid += _sum_of(fine, w, second)
            if arcs.shift >= 0:
                layer = max(max_rides - rides - 1, 0) if layers else 0
                promise = paid + hope[layer, slot[j] + ((over - soonest) >> arcs.shift)]
                if kind == 1:
                    promise += strain * (far - max_drive)
                elif kind == 2:
                    promise += strain * (packed + way + busy[j] - max_duration)
                if promise >= bar:
                    continue
            b = bit[q]
            again = b >= 0 and label >= 0
            if again and seen[label, b >> 6] >> np.uint64(b & 63) & np.uint64(1):
                continue
            until, out_for = last, packed
            if by_duration:
                until = min(last, closes[j] - way - packed)
                out_for = packed + way + busy[j]
                if max(out_for, over - until) + least_home[q] > max_duration:
                    continue
            if made == room:
                desk.tally[0] = made
                desk.tally[1] = 1
                return
            new = made
            when = (over - earliest) >> step
            for w in range(words):
                memory = seen[label, w] if label >= 0 else np.uint64(0)
                if b >= 0 and b >> 6 == w:
                    memory |= np.uint64(1) << np.uint64(b & 63)
                seen[new, w] = memory & alive[min(when, turns - 1), w]
            for w in range(cut_words):
                held = odd[label, w] if label >= 0 else cut_at[k, w]
                odd[new, w] = (held ^ cut_of[j, w]) & still_open[min(when, turns - 1), w]
            sign = word[j]
            if label >= 0:
                sign ^= set_of[label]
            place = q - first
            entry = np.int64((sign ^ np.uint64(place * 7919)) & mask)
            other = table[entry] if every else head[place]
            before = np.int64(-1)
            beaten = False
            while other >= 0:
                onward = alike[other] if every else following[other]
                same = not every or (set_of[other] == sign and at[other] == q)
                worse = False
                if same and state[other] != 2:
                    # May `other` do all that the new one can, or the new one all that it can?
                    fits = done_at[other] <= over and cost_of[other] <= paid + 1e-9
                    worse = done_at[other] >= over and cost_of[other] >= paid - 1e-9
                    if by_drive:
                        fits = fits and driven[other] <= far
                        worse = worse and driven[other] >= far
                    if by_count:
                        fits = fits and rides_of[other] <= rides + 1
                        worse = worse and rides_of[other] >= rides + 1
                    if by_duration:
                        fits = fits and packed_of[other] <= out_for and last_of[other] >= until
                        worse = worse and packed_of[other] >= out_for and last_of[other] <= until
                    if fits or worse:
                        for w in range(words):
                            lasting = seen[other, w] & alive[min(when, turns - 1), w]
                            fits = fits and not lasting & ~seen[new, w]
                            worse = worse and not seen[new, w] & ~seen[other, w]
                    if fits and cut_words:
                        least = cost_of[other]
                        for w in range(cut_words):
                            more = odd[other, w] & ~odd[new, w]
                            if more:
                                least += _sum_of(
                                    fine, w, more & still_open[min(when, turns - 1), w]
                                )
                        fits = least <= paid + 1e-9
                    if worse and cut_words:
                        least = paid
                        for w in range(cut_words):
                            more = odd[new, w] & ~odd[other, w]
                            if more:
                                least += _sum_of(fine, w, more)
                        worse = least <= cost_of[other] + 1e-9
                    if fits:
                        beaten = True
                        break
                if worse:
                    state[other] = 2
                    if not every:
                        if before < 0:
                            head[place] = onward
                        else:
                            following[before] = onward
                        other = onward
                        continue
                before = other
                other = onward
            if beaten:
                continue
            made += 1
            at[new], done_at[new], driven[new], cost_of[new] = q, over, far, paid
            parent[new], state[new], set_of[new] = label, 0, sign
            rides_of[new], packed_of[new], last_of[new] = rides + 1, out_for, until
            back = home[q]
            total[new] = HOPELESS
            short = not by_duration or max(out_for, over - until) + back <= max_duration
            if short and over + back <= latest and far + back <= max_drive:
                total[new] = paid + leg * back
            if every:
                alike[new] = table[entry]
                table[entry] = new
            following[new] = head[place]
            head[place] = new
            if when < turns:
                queued[new] = turn[when]
                turn[when] = new
        # The next label that was not extended yet, the earliest first.
        label = np.int64(-1)
        while now < turns:
            label = turn[now]
            if label < 0:
                now += 1
                continue
            turn[now] = queued[label]
            if state[label] == 0:
                break
        if now >= turns:
            desk.tally[0] = made
            return


@inner
def _harvest(lab, desk, size, bar, most, every, chosen):  # noqa: ANN001, ANN202, C901 - compiled
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


@inner
def _mark_alive(net, arcs, of_ride, k, step, alive, still_open):  # noqa: ANN001, ANN202 - compiled
    """For each step of time the rides of shift k that may still come, and their cuts, as bits."""
    turns = ((net.latest[k] - net.earliest[k]) >> step) + 1
    alive[:turns] = 0
    still_open[:turns] = 0
    for p in range(net.first[k], net.first[k + 1]):
        b = arcs.bit[p]
        if b >= 0:
            for x in range(min(turns, ((net.last_start[p] - net.earliest[k]) >> step) + 1)):
                alive[x, b >> 6] |= np.uint64(1) << np.uint64(b & 63)
        for w in range(of_ride.shape[1]):
            bits = of_ride[net.ride[p], w]
            if bits:
                for x in range(min(turns, ((net.last_start[p] - net.earliest[k]) >> step) + 1)):
                    still_open[x, w] |= bits


@merged
def _larger(array, size):  # noqa: ANN001, ANN202 - compiled
    longer = np.empty(max(size, 2 * len(array)), array.dtype)
    longer[: len(array)] = array
    return longer


@kernel
def _price(net, arcs, prices, shifts, bar, most, cap, every):  # noqa: ANN001, ANN202, C901 - compiled
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
        np.empty((cap, prices.cuts.of_ride.shape[1]), np.uint64), np.empty(cap, np.int64),
    )  # fmt: skip
    word = np.empty(n, np.uint64)
    spin = np.uint64(0x9E3779B97F4A7C15)
    for i in range(n):
        spin ^= spin << np.uint64(13)
        spin ^= spin >> np.uint64(7)
        spin ^= spin << np.uint64(17)
        word[i] = spin
    turns, step = np.int64(1), np.int64(max(arcs.shift, 5))
    for s in range(len(shifts)):
        hours = net.latest[shifts[s]] - net.earliest[shifts[s]]
        while hours >> step >= MOST_TURNS:
            step += 1
        turns = max(turns, (hours >> step) + 1)
    desk = Desk(
        np.empty(widest, np.int64), np.empty(1 << 15 if every else 1, np.int64),
        np.empty((DEPTH, arcs.slot[n]), np.float64), word,
        np.empty(turns, np.int64), np.empty((turns, words), np.uint64),
        np.empty((turns, prices.cuts.of_ride.shape[1]), np.uint64), np.zeros(2, np.int64),
        np.empty(widest, np.int64), np.empty(widest, np.int64), np.empty(widest, np.int64),
        np.empty(widest, np.int64), np.empty(widest, np.float64), np.empty(widest, np.int64),
        np.empty(widest, np.float64),
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
            if prices.pair[p] < CLOSED:
                member[net.ride[p]] = p
        _mark_alive(net, arcs, prices.cuts.of_ride, k, step, desk.alive, desk.open)
        hope, strain = -HOPELESS, 0.0
        if arcs.shift >= 0:
            hope, strain = best_strain(net, arcs, prices, k, member, bar, spare, desk)
        # Search with a low bar first: what hope promises is often half true, and a low bar
        # leaves few labels.
        here = bar if every or arcs.shift < 0 else min(bar, 0.35 * hope)
        many = 0
        while hope < bar:
            desk.head[:size] = -1
            desk.table[:] = -1
            desk.tally[:] = 0
            _search(net, arcs, prices, lab, desk, k, here, strain, step, every)
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
        least[s] = hope if desk.tally[1] else lowest
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
