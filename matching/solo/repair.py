"""What is left of the plan people know: the rides that stay where they are.

A day is repaired when a driver drops out or a ride is new or cancelled. What can stay stays: each
shift keeps as many of its rides as a route can still hold, found exactly by pricing.
"""

from __future__ import annotations

import numpy as np

from matching.solo import pricing
from matching.solo.arcs import Arcs
from matching.solo.columns import Column, column_of
from matching.solo.cuts import no_cuts
from matching.solo.network import Floats, Network

LABELS = 400_000
MOST_WISHED = 1e6
"""No ride is wished for or driven at so many seconds."""


def kept_routes(network: Network, arcs: Arcs) -> list[Column]:
    """For each shift the cheapest route with its locked rides and the most of its known ones.

    A route that must leave some out keeps those that are worth most together.
    """
    net = network.arrays
    shift = np.repeat(np.arange(len(network.shifts)), np.diff(net.first))
    stays = (network.previous_shift[net.ride] == shift) | (network.locked[net.ride] == shift)
    pair = np.where(stays, net.wish - _prizes(network)[net.ride], 2.0 * pricing.CLOSED)
    nothing = np.zeros(len(network.shifts))
    free = no_cuts(len(network.rides), len(network.shifts))
    found = pricing.price(
        net, arcs, pricing.Prices(1.0, pair, nothing, nothing.copy(), free),
        np.unique(shift[stays]), bar=-MOST_WISHED, most=1, labels=LABELS,
    )  # fmt: skip
    return [
        column_of(network, int(one), found.rides[found.first[r] : found.first[r + 1]])
        for r, one in enumerate(found.shift)
    ]


def _prizes(network: Network) -> Floats:
    """(n): what keeping a ride is worth: a lock above all, then priority, then being kept."""
    count = 1.0 + len(network.rides)
    worth = 1.0 + network.priority.astype(np.float64)
    worth[network.locked >= 0] = count * worth.max(initial=1.0)
    return 4.0 * MOST_WISHED * worth
