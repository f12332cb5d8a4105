"""Which ride may follow which on a shift, and which rides a route could visit twice.

The arcs of each shift's network, laid out once and read by every pricing round.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled import kernel
from matching.solo.network import FAR, Arrays, Ints

LONGEST_STEP = 8
"""Binary logarithm of the longest step of the completion bounds, in seconds."""


class Arcs(NamedTuple):
    """For e (shift, ride) pairs: where a route may go on to, and what it must remember."""

    first: Ints
    """(e + 1): arcs of pair p are first[p]..first[p + 1] - 1."""
    tight: Ints
    """(e): arcs first[p]..tight[p] - 1 lead to rides that the car waits for, however late pair p
    was done; the others have times that matter."""
    to: NDArray[np.int32]
    """The pair at the head of an arc, of the same shift."""
    bit: Ints
    """(e): the place of the ride in a label's memory; -1 if no route could come back to it."""
    words: Ints
    """(m): 64-bit words of memory that the shift's labels need."""
    shift: int
    """A step of the completion bounds is 2 ** shift seconds; -1 if tasks are too short for any."""
    slot: Ints
    """(n + 1): steps of ride i are slot[i]..slot[i + 1] - 1."""
    event_ride: Ints
    """All steps of all rides, the latest first: the ride."""
    event_step: Ints
    """And which of its steps."""


def lay_out(arrays: Arrays, most: int | None = None) -> Arcs:
    """The arcs of every shift: all, or of each pair the `most` with the least drive."""
    if most is None:
        order = np.zeros((0, 0), np.int64)
    else:
        order = np.argsort(arrays.dead, axis=1, kind="stable")
    first, tight, to, bit, words = _lay_out(arrays, order, most or len(arrays.opens))
    shortest = int(arrays.busy.min()) if len(arrays.busy) else 0
    shift = min(LONGEST_STEP, shortest.bit_length() - 1) if shortest >= 32 else -1
    slot, event_ride, event_step = _steps(arrays, shift)
    return Arcs(first, tight, to, bit, words, shift, slot, event_ride, event_step)


def _steps(arrays: Arrays, shift: int) -> tuple[Ints, Ints, Ints]:
    """The steps in which each ride may be done, and all of them from late to early."""
    soonest = np.maximum(arrays.opens + arrays.busy, arrays.free)
    latest = np.maximum(arrays.closes + arrays.busy, arrays.free)
    count = ((latest - soonest) >> shift) + 1 if shift >= 0 else np.ones_like(soonest)
    slot = np.zeros(len(soonest) + 1, np.int64)
    np.cumsum(count, out=slot[1:])
    ride = np.repeat(np.arange(len(soonest)), count)
    step = np.arange(len(ride)) - slot[ride]
    order = np.argsort(-(soonest[ride] + (step << max(shift, 0))), kind="stable")
    return slot, ride[order], step[order]


@kernel
def _lay_out(net, order, most):  # noqa: ANN001, ANN202, C901 - compiled
    m, n = len(net.earliest), len(net.opens)
    e = len(net.ride)
    busy, free, loaded, dead = net.busy, net.free, net.loaded, net.dead
    last_start, least_home, least_out = net.last_start, net.least_home, net.least_out
    member = np.full(n, -1)
    first = np.zeros(e + 1, np.int64)
    tight = np.zeros(e, np.int64)
    to = np.empty(0, np.int32)
    bit = np.full(e, -1)
    words = np.zeros(m, np.int64)
    for filling in (False, True):
        if filling:
            to = np.empty(first[e], np.int32)
        count = 0
        for k in range(m):
            repeatable = 0
            limit = net.max_drive[k]
            low, high = net.first[k], net.first[k + 1]
            for p in range(low, high):
                member[net.ride[p]] = p
            for p in range(low, high):
                i = net.ride[p]
                end = max(net.soonest[p] + busy[i], free[i])
                late = max(last_start[p] + busy[i], free[i])
                onward = FAR
                begin = count
                calm, hasty = begin, tight[p]
                for x in range(n if len(order) else high - low):
                    j = order[i, x] if len(order) else net.ride[low + x]
                    way = dead[i, j]
                    if len(order) and (way >= FAR or count - begin >= most):
                        break
                    q = member[j]
                    if q < 0 or way >= FAR or end + way > last_start[q]:
                        continue
                    if least_out[p] + way + loaded[j] + least_home[q] > limit:
                        continue
                    waits = late + way <= last_start[q]
                    waits = waits and late + way + busy[j] <= max(net.opens[j] + busy[j], free[j])
                    if not filling:
                        calm += waits
                    elif waits:
                        to[calm] = q
                        calm += 1
                    else:
                        to[hasty] = q
                        hasty += 1
                    count += 1
                    onward = min(onward, way + busy[j])
                first[p] = begin
                if not filling:
                    tight[p] = calm
                elif onward < FAR:
                    to[begin:calm].sort()
                    to[calm:count].sort()
                    back = FAR
                    for q in range(low, high):
                        back = min(back, dead[net.ride[q], i])
                    if end + onward + back <= last_start[p]:
                        bit[p] = repeatable
                        repeatable += 1
            for p in range(low, high):
                member[net.ride[p]] = -1
            words[k] = (repeatable + 63) // 64
        first[e] = count
    return first, tight, to, bit, words
