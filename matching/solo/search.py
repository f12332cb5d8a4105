"""Better plans by ruin and recreate, with exact constant-time insertion tests.

Slack induction by string removals after Christiaens and Vanden Berghe 2020,
doi:10.1287/trsc.2019.0914: take rides that are close in time and place out of their routes, put
them back one by one where they fit best, keep the result by simulated annealing on the cost.
Unserved rides try again on every route that was touched. Plans are compared by priority, then
changes, then cost, never by a sum of the three.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import inner, kernel, merged
from matching.solo.network import FAR, Arrays, Ints

Words = NDArray[np.uint64]

FEW = 24
"""So many shifts with the nearest homes are tried for a ride, and those of so many near rides."""
BLINK = 0.01
"""The chance that a good place is passed over, so that the search does not repeat itself."""
STRICT = 10_000_000
"""A toll, in seconds, that no saving of driving makes up for."""
LONGEST = 64
"""Most rides on a route that the search builds; longer ones are left to column generation."""


class Heat(NamedTuple):
    """How freely the search moves on: what it is ready to lose for a while."""

    warm: float
    """The temperature at the beginning, in seconds of cost,"""
    cold: float
    """and at the end."""
    absence: int = STRICT
    """The toll on a unit of priority left out, in seconds."""
    change: int = STRICT
    """The toll on a change, in seconds."""


class Plan(NamedTuple):
    """Routes as rows of pair numbers."""

    size: Ints
    """(m): rides on each route."""
    pairs: Ints
    """(m, LONGEST)"""


def improve(
    net: Arrays, start: Plan, near: Ints, pair_of: Ints, priority: Ints, was: Ints, fixed: Ints,
    *, rounds: int, heat: Heat, seed: int,
) -> tuple[Plan, tuple[int, int, int]]:  # fmt: skip
    """The best plan of `rounds` ruins, and its (priority lost, changes, cost).

    `near` (n, c) lists the rides closest to each; `pair_of` (m, n) gives pair numbers or -1;
    `was` (n) is 1 where being unserved is a change; `fixed` (n) marks rides that stay put.
    """
    size, pairs, rank = _improve(
        net, start.size, start.pairs, near, pair_of, priority, was, fixed, rounds,
        np.uint64(seed * 2654435761 + 88172645463325252), heat,
    )  # fmt: skip
    return Plan(size, pairs), (int(rank[0]), int(rank[1]), int(rank[2]))


class State(NamedTuple):
    """The plan being changed, with what the insertion test reads."""

    size: Ints
    pairs: Ints
    shift: Ints
    """(n): the shift of a ride, -1 if unserved."""
    done: Ints
    """(m, LONGEST): the soonest each ride of a route is over."""
    until: Ints
    """(m, LONGEST): the last start of each ride that leaves the rest of the route feasible."""
    drive: Ints
    """(m): driving seconds of each route."""
    packed: Ints
    """(m, LONGEST): from leaving home to the end of each ride without any wait."""
    last: Ints
    """(m, LONGEST): no later departure from home keeps the windows up to each ride."""
    rest: Ints
    """(m, LONGEST): from the start of each ride to being home without any wait."""
    back: Ints
    """(m, LONGEST): the soonest the car can be home if each ride starts as soon as it may."""
    trial: Ints
    """(m): the shifts to be tried for a ride, as many as `_candidates` says."""
    tried: NDArray[np.bool_]
    """(m): those that are among them already."""


@inner
def _random(rng):  # noqa: ANN001, ANN202 - compiled
    """A double in [0, 1), by Marsaglia's xorshift, doi:10.18637/jss.v008.i14."""
    word = rng[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    rng[0] = word
    return (word >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def _refresh(net, st, k):  # noqa: ANN001, ANN202 - compiled
    """Times, slacks and driving of route k anew.

    With `packed`, `last`, `rest` and `back` a route is a chain of maps from the moment of leaving
    home to that of being back, as in `timing.route_of`; so a longer route is timed at once.
    """
    opens, closes, busy, free, dead = net.opens, net.closes, net.busy, net.free, net.dead
    ride_of, pairs = net.ride, st.pairs[k]
    at, until, packed_at, last_at = st.done[k], st.until[k], st.packed[k], st.last[k]
    rest_of, back_at = st.rest[k], st.back[k]
    size = st.size[k]
    done, drive = net.earliest[k], np.int64(0)
    packed, last = np.int64(0), np.int64(FAR)
    i = np.int64(0)
    for x in range(size):
        q = pairs[x]
        j = ride_of[q]
        way = net.out[q] if x == 0 else dead[i, j]
        last = min(last, closes[j] - way - packed)
        done = max(max(opens[j], done + way) + busy[j], free[j])
        packed += way + busy[j]
        drive += way + net.loaded[j]
        at[x], packed_at[x], last_at[x] = done, packed, last
        i = j
    if size:
        q = pairs[size - 1]
        drive += net.home[q]
        rest, late, back = net.home[q], net.latest[k] - net.home[q], np.int64(-FAR)
        for x in range(size - 1, -1, -1):
            i = ride_of[pairs[x]]
            late = min(closes[i], late - busy[i])
            back = max(back, max(opens[i] + busy[i], free[i]) + rest)
            rest += busy[i]
            until[x], rest_of[x], back_at[x] = late, rest, back
            if x:
                way = dead[ride_of[pairs[x - 1]], i]
                late -= way
                rest += way
    st.drive[k] = drive


@inner
def _ruin(net, st, rng, near, fixed, touched, out):  # noqa: ANN001, ANN202, C901 - compiled
    """Take strings of rides around a random one out; returns how many rides and shifts."""
    n = len(net.opens)
    gone = 0
    shifts = 0
    wanted = 1 + np.int64(_random(rng) * 16)
    longest = 1 + np.int64(_random(rng) * 4)
    seed = np.int64(_random(rng) * n)
    for c in range(-1, near.shape[1]):
        i = seed if c < 0 else near[seed, c]
        k = st.shift[i]
        if k < 0:
            continue
        known = False
        for x in range(shifts):
            if touched[x] == k:
                known = True
        if known:
            continue
        size = st.size[k]
        length = min(size, 1 + np.int64(_random(rng) * longest))
        place = 0
        while net.ride[st.pairs[k, place]] != i:
            place += 1
        low = max(0, place - length + 1)
        high = min(place, size - length)
        begin = low + np.int64(_random(rng) * (high - low + 1))
        kept = 0
        for x in range(size):
            q = st.pairs[k, x]
            j = net.ride[q]
            if begin <= x < begin + length and not fixed[j]:
                st.shift[j] = -1
                out[gone] = j
                gone += 1
            else:
                st.pairs[k, kept] = q
                kept += 1
        if kept == size:
            continue
        st.size[k] = kept
        touched[shifts] = k
        shifts += 1
        if gone >= wanted:
            break
    for x in range(shifts):
        _refresh(net, st, touched[x])
    return gone, shifts


@inner
def _candidates(st, j, near, options, first, last, wide):  # noqa: ANN001, ANN202 - compiled
    """List the shifts to be tried for ride j: all its options, or the likely ones of many."""
    trial, tried, shift = st.trial, st.tried, st.shift
    many = np.int64(0)
    for y in range(first, last if wide else min(last, first + FEW)):
        trial[many] = options[y]
        many += 1
    if wide:
        return many
    for x in range(many):
        tried[trial[x]] = True
    for c in range(min(FEW, near.shape[1])):
        k = shift[near[j, c]]
        if k >= 0 and not tried[k]:
            tried[k] = True
            trial[many] = k
            many += 1
    for x in range(many):
        tried[trial[x]] = False
    return many


@inner
def _recreate(  # noqa: C901 - compiled
    net: Arrays, st: State, rng: Words, order: Ints, count: int, only: Ints, shifts: int,
    pair_of: Ints, near: Ints, options: Ints, first_option: Ints, change: int,
) -> None:  # fmt: skip
    """Put rides back in `order`, each where it costs least; `shifts` >= 0 limits them to `only`.

    Tables are taken apart first: every look into one inside the loops would count its owners.
    """
    opens, closes, busy, free, loaded = net.opens, net.closes, net.busy, net.free, net.loaded
    dead, ride_of, outs, homes, changed_of = net.dead, net.ride, net.out, net.home, net.changed
    earliest, latest, wish = net.earliest, net.latest, net.wish
    max_drive, max_rides, max_duration = net.max_drive, net.max_rides, net.max_duration
    sizes, routes, ends, untils, drives = st.size, st.pairs, st.done, st.until, st.drive
    packeds, lasts, rests, backs = st.packed, st.last, st.rest, st.back
    for x in range(count):
        j = order[x]
        least, place, chosen, pair = np.int64(FAR), -1, -1, np.int64(-1)
        first, end = first_option[j], first_option[j + 1]
        wide = shifts >= 0 or end - first <= 2 * FEW
        while True:
            many = shifts
            if shifts < 0:
                many = _candidates(st, j, near, options, first, end, wide)
            for y in range(many):
                k = only[y] if shifts >= 0 else st.trial[y]
                q = pair_of[k, j]
                if q < 0:
                    continue
                size = sizes[k]
                if size >= max_rides[k] or size >= LONGEST:
                    continue
                fixed_cost = wish[q] + change * changed_of[q]
                before = np.int64(-1)
                for z in range(size + 1):
                    i = before
                    ready = earliest[k] if z == 0 else ends[k, z - 1]
                    after = ride_of[routes[k, z]] if z < size else np.int64(-1)
                    before = after
                    if ready > closes[j]:
                        break
                    way = outs[q] if z == 0 else dead[i, j]
                    start = max(opens[j], ready + way)
                    if start > closes[j]:
                        continue
                    done = max(start + busy[j], free[j])
                    if z == size:
                        back = homes[q]
                        if done + back > latest[k]:
                            continue
                        old = homes[routes[k, z - 1]] if size else np.int64(0)
                    else:
                        back = dead[j, after]
                        if done + back > untils[k, z]:
                            continue
                        old = outs[routes[k, 0]] if z == 0 else dead[i, after]
                    extra = way + loaded[j] + back - old
                    worth = extra + fixed_cost
                    if worth >= least or drives[k] + extra > max_drive[k]:
                        continue
                    if _random(rng) < BLINK:
                        continue
                    if max_duration[k] < FAR:
                        packed = packeds[k, z - 1] if z else np.int64(0)
                        last = lasts[k, z - 1] if z else np.int64(FAR)
                        last = min(last, closes[j] - way - packed)
                        packed += way + busy[j]
                        if z == size:
                            home = done + back
                            packed += back
                        else:
                            last = min(last, untils[k, z] - back - packed)
                            home = max(done + back + rests[k, z], backs[k, z])
                            packed += back + rests[k, z]
                        if max(packed, home - last) > max_duration[k]:
                            continue
                    least, place, chosen, pair = worth, z, k, q
            if place >= 0 or wide:
                break
            wide = True
        if place >= 0:
            size = sizes[chosen]
            for z in range(size, place, -1):
                routes[chosen, z] = routes[chosen, z - 1]
            routes[chosen, place] = pair
            sizes[chosen] = size + 1
            st.shift[j] = chosen
            _refresh(net, st, chosen)


@inner
def _rank(net, st, priority, was, rank):  # noqa: ANN001, ANN202 - compiled
    """(priority lost, changes, cost) of the plan, into `rank`."""
    rank[:] = 0
    for i in range(len(priority)):
        if st.shift[i] < 0:
            rank[0] += priority[i]
            rank[1] += was[i]
    for k in range(len(st.size)):
        rank[2] += st.drive[k]
        for x in range(st.size[k]):
            q = st.pairs[k, x]
            rank[1] += net.changed[q]
            rank[2] += net.wish[q]


@inner
def _part(net, st, ks, count, removed, gone, priority, was, rank):  # noqa: ANN001, ANN202 - compiled
    """The share of the rank that shifts `ks` and the rides of `removed` make up."""
    rank[:] = 0
    for x in range(gone):
        if st.shift[removed[x]] < 0:
            rank[0] += priority[removed[x]]
            rank[1] += was[removed[x]]
    for y in range(count):
        k = ks[y]
        rank[2] += st.drive[k]
        for x in range(st.size[k]):
            rank[1] += net.changed[st.pairs[k, x]]
            rank[2] += net.wish[st.pairs[k, x]]


@merged
def _options(net):  # noqa: ANN001, ANN202 - compiled
    """The shifts of each ride, those without a change and with the nearest homes first."""
    n, m = len(net.opens), len(net.earliest)
    first_option = np.zeros(n + 1, np.int64)
    for q in range(len(net.ride)):
        first_option[net.ride[q] + 1] += 1
    for i in range(n):
        first_option[i + 1] += first_option[i]
    cursor = first_option[:n].copy()
    options = np.empty(len(net.ride), np.int64)
    distance = np.empty(len(net.ride), np.int64)
    for k in range(m):
        for q in range(net.first[k], net.first[k + 1]):
            options[cursor[net.ride[q]]] = k
            distance[cursor[net.ride[q]]] = net.out[q] + net.home[q] + net.changed[q] * FAR
            cursor[net.ride[q]] += 1
    for i in range(n):
        first, end = first_option[i], first_option[i + 1]
        options[first:end] = options[first:end][np.argsort(distance[first:end], kind="mergesort")]
    return first_option, options


@kernel
def _improve(  # noqa: C901 - compiled
    net: Arrays, size: Ints, pairs: Ints, near: Ints, pair_of: Ints, priority: Ints, was: Ints,
    fixed: Ints, rounds: int, seed: int, plan_heat: Heat,
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    warm, cold, absence, change = plan_heat
    n, m = len(net.opens), len(net.earliest)
    st = State(
        size.copy(), pairs.copy(), np.full(n, -1), np.zeros((m, LONGEST), np.int64),
        np.zeros((m, LONGEST), np.int64), np.zeros(m, np.int64),
        np.zeros((m, LONGEST), np.int64), np.zeros((m, LONGEST), np.int64),
        np.zeros((m, LONGEST), np.int64), np.zeros((m, LONGEST), np.int64),
        np.empty(m, np.int64), np.zeros(m, np.bool_),
    )  # fmt: skip
    rng = np.array([seed], np.uint64)
    for k in range(m):
        _refresh(net, st, k)
        for x in range(st.size[k]):
            st.shift[net.ride[st.pairs[k, x]]] = k
    first_option, options = _options(net)
    order = np.empty(n, np.int64)
    keys = np.empty(n, np.float64)
    count = 0
    for i in range(n):
        if st.shift[i] < 0 and first_option[i + 1] > first_option[i]:
            order[count] = i
            count += 1
    nobody = np.empty(0, np.int64)
    # The first plan: rare rides first within each priority.
    for x in range(count):
        i = order[x]
        keys[x] = -priority[i] * 1e9 - was[i] * 1e8 + first_option[i + 1] - first_option[i]
    order[:count] = order[:count][np.argsort(keys[:count])]
    _recreate(net, st, rng, order, count, nobody, -1, pair_of, near, options, first_option, change)
    rank = np.zeros(3, np.int64)
    _rank(net, st, priority, was, rank)
    best_rank, best_size, best_pairs = rank.copy(), st.size.copy(), st.pairs.copy()
    if n == 0 or m == 0:
        return best_size, best_pairs, best_rank
    touched = np.empty(m, np.int64)
    is_touched = np.zeros(m, np.bool_)
    is_ahead = np.zeros(m, np.bool_)
    out = np.empty(n, np.int64)
    before, after = np.zeros(3, np.int64), np.zeros(3, np.int64)
    old_shift = st.shift.copy()
    old_size, old_pairs = st.size.copy(), st.pairs.copy()
    changed_shifts = np.empty(m, np.int64)
    absent = np.empty(n, np.int64)
    cooling = (cold / warm) ** (1.0 / max(1, rounds))
    heat = warm
    for _ in range(rounds):
        heat *= cooling
        gone, shifts = _ruin(net, st, rng, near, fixed, touched, out)
        if gone == 0:
            continue
        how = _random(rng)
        for x in range(gone):
            i = out[x]
            if how < 0.4:
                keys[x] = _random(rng)
            elif how < 0.7:
                keys[x] = first_option[i + 1] - first_option[i]
            elif how < 0.85:
                keys[x] = -net.loaded[i]
            else:
                keys[x] = net.opens[i] if how < 0.93 else -net.opens[i]
        order[:gone] = out[:gone][np.argsort(keys[:gone])]
        # Rides that nobody has try the shifts that have new room, before or after the others.
        missing = 0
        for i in range(n):
            if old_shift[i] < 0 and first_option[i + 1] > first_option[i]:
                absent[missing] = i
                missing += 1
        for x in range(missing - 1, 0, -1):
            y = np.int64(_random(rng) * (x + 1))
            absent[x], absent[y] = absent[y], absent[x]
        first = missing > 0 and _random(rng) < 0.3
        if first:
            _recreate(
                net, st, rng, absent, missing, touched, shifts, pair_of, near, options,
                first_option, change,
            )  # fmt: skip
        _recreate(
            net, st, rng, order, gone, nobody, -1, pair_of, near, options, first_option, change
        )
        if missing and not first:
            _recreate(
                net, st, rng, absent, missing, touched, shifts, pair_of, near, options,
                first_option, change,
            )  # fmt: skip
        # Every shift that differs now: those ruined and those that took a ride.
        many = 0
        for x in range(shifts):
            is_touched[touched[x]] = True
            changed_shifts[many] = touched[x]
            many += 1
        moved = gone
        for x in range(missing):
            out[moved] = absent[x]
            moved += 1
        for x in range(moved):
            k = st.shift[out[x]]
            if k >= 0 and not is_touched[k]:
                is_touched[k] = True
                changed_shifts[many] = k
                many += 1
        _part(net, st, changed_shifts, many, out, moved, priority, was, after)
        before[:] = 0
        for x in range(moved):
            if old_shift[out[x]] < 0:
                before[0] += priority[out[x]]
                before[1] += was[out[x]]
        for y in range(many):
            k = changed_shifts[y]
            is_touched[k] = False
            here = np.int64(-1)
            for x in range(old_size[k]):
                q = old_pairs[k, x]
                j = net.ride[q]
                before[1] += net.changed[q]
                before[2] += net.wish[q] + net.loaded[j]
                before[2] += net.out[q] if x == 0 else net.dead[here, j]
                here = j
                if x == old_size[k] - 1:
                    before[2] += net.home[q]
        worse = after[2] - before[2] + absence * (after[0] - before[0])
        worse += change * (after[1] - before[1])
        if worse < -heat * np.log(1.0 - _random(rng)):
            for c in range(3):
                rank[c] += after[c] - before[c]
            for y in range(many):
                k = changed_shifts[y]
                is_ahead[k] = True
                old_size[k] = st.size[k]
                old_pairs[k, : st.size[k]] = st.pairs[k, : st.size[k]]
            for x in range(moved):
                old_shift[out[x]] = st.shift[out[x]]
            better = rank[0] < best_rank[0]
            if rank[0] == best_rank[0]:
                better = rank[1] < best_rank[1]
                if rank[1] == best_rank[1]:
                    better = rank[2] < best_rank[2]
            if better:
                best_rank[:] = rank
                for k in range(m):
                    if is_ahead[k]:
                        is_ahead[k] = False
                        best_size[k] = st.size[k]
                        best_pairs[k, : st.size[k]] = st.pairs[k, : st.size[k]]
        else:
            for y in range(many):
                k = changed_shifts[y]
                st.size[k] = old_size[k]
                st.pairs[k, : old_size[k]] = old_pairs[k, : old_size[k]]
                _refresh(net, st, k)
            for x in range(moved):
                st.shift[out[x]] = old_shift[out[x]]
    return best_size, best_pairs, best_rank
