"""Can the locks of each shift be kept together?"""

from __future__ import annotations

import numpy as np

from matching.solo import pricing
from matching.solo.arcs import Arcs
from matching.solo.cuts import no_cuts
from matching.solo.network import Network

LABELS = 400_000


def route_with_all(network: Network, arcs: Arcs, shift: int, rides: list[int]) -> list[int] | None:
    """The cheapest route of `shift`, as pairs, that has all of `rides`; None if there is none.

    Other rides may be on it: on odd road networks they can make the way possible. However much
    they are wished for, they are on it for nothing else: another shift may have them too.
    """
    net = network.arrays
    prize = 1.0 + 4.0 * float(np.abs(net.wish).sum() + net.latest[shift] - net.earliest[shift])
    wanted = np.isin(net.ride, rides)
    pair = np.where(wanted, net.wish - prize, np.maximum(net.wish, 0.0) + 1.0)
    nothing = np.zeros(len(network.shifts))
    prices = pricing.Prices(
        1.0,
        pair.astype(np.float64),
        nothing,
        nothing.copy(),
        no_cuts(len(network.rides), len(network.shifts)),
    )
    found = pricing.price(
        net, arcs, prices, np.array([shift]), bar=prize * (0.5 - len(rides)), most=1, labels=LABELS
    )
    if not len(found.shift):
        return None
    return [int(pair) for pair in found.rides[: found.first[1]]]


def smallest_clash(network: Network, arcs: Arcs, shift: int, rides: list[int]) -> list[int]:
    """A set of `rides` that clash on `shift`, of which none can be left out."""
    clash = list(rides)
    for ride in rides:
        fewer = [other for other in clash if other != ride]
        if fewer and route_with_all(network, arcs, shift, fewer) is None:
            clash = fewer
    return clash
