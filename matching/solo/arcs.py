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


WAIT = 4
"""So many seconds of waiting weigh as much as one of driving where arcs are left out."""


class Arcs(NamedTuple):
    """For e (shift, ride) pairs: where a route may go on to, and what it must remember."""

    first: Ints
    """(e + 1): arcs of pair p are first[p]..first[p + 1] - 1."""
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
    """The arcs of every shift: all, or of each pair the `most` that drive and wait least."""
    n = len(arrays.opens)
    wait = arrays.opens[None, :] - (arrays.closes + arrays.busy)[:, None] - arrays.dead
    order = np.argsort(arrays.dead + np.maximum(wait, 0) // WAIT, axis=1, kind="stable")
    first, to, bit, words = _lay_out(arrays, order, n if most is None else most)
    shortest = int(arrays.busy.min()) if len(arrays.busy) else 0
    shift = min(LONGEST_STEP, shortest.bit_length() - 1) if shortest >= 32 else -1
    slot, event_ride, event_step = _steps(arrays, shift)
    return Arcs(first, to, bit, words, shift, slot, event_ride, event_step)


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
            for p in range(net.first[k], net.first[k + 1]):
                member[net.ride[p]] = p
            for p in range(net.first[k], net.first[k + 1]):
                i = net.ride[p]
                end = max(net.soonest[p] + busy[i], free[i])
                onward = FAR
                first[p] = count
                for x in range(n):
                    j = order[i, x]
                    if dead[i, j] >= FAR or count - first[p] >= most:
                        break
                    q = member[j]
                    way = dead[i, j]
                    if (
                        q >= 0
                        and end + way <= last_start[q]
                        and least_out[p] + way + loaded[j] + least_home[q] <= limit
                    ):
                        if filling:
                            to[count] = q
                        count += 1
                        onward = min(onward, way + busy[j])
                if filling and onward < FAR:
                    to[first[p] : count].sort()
                    back = FAR
                    for q in range(net.first[k], net.first[k + 1]):
                        back = min(back, dead[net.ride[q], i])
                    if end + onward + back <= last_start[p]:
                        bit[p] = repeatable
                        repeatable += 1
            for p in range(net.first[k], net.first[k + 1]):
                member[net.ride[p]] = -1
            words[k] = (repeatable + 63) // 64
        first[e] = count
    return first, to, bit, words
