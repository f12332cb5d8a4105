"""Every route that a shift could drive: its sets of rides, each in its cheapest order.

Depth-first over sequences of stops, with the exact schedule test on every beginning of a route:
a beginning without a schedule has no continuation with one.
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import inner, kernel
from matching.pooled.network import FAR, SLACK, Network
from matching.pooled.schedule import settle_early


class Catalogue(NamedTuple):
    """Routes found so far for one shift after another, in open-addressing tables by ride set."""

    name: np.ndarray
    """(S,) 64-bit words of ride sets; 0 marks a free slot."""
    route_at: np.ndarray
    """(S,)"""
    shift: np.ndarray
    """(R,)"""
    driven: np.ndarray
    """(R,)"""
    first: np.ndarray
    """(R,)"""
    size: np.ndarray
    """(R,) stops."""
    stops: np.ndarray
    counts: np.ndarray
    """(3,) routes, stops, beginnings looked at."""


def empty_catalogue(routes: int, mean_stops: int) -> Catalogue:
    """Room for so many routes."""
    slots = 1 << (2 * routes - 1).bit_length()
    return Catalogue(
        np.zeros(slots, np.int64),
        np.zeros(slots, np.int32),
        np.zeros(routes, np.int32),
        np.zeros(routes),
        np.zeros(routes, np.int64),
        np.zeros(routes, np.int32),
        np.zeros(routes * mean_stops, np.int32),
        np.zeros(3, np.int64),
    )


@inner
def record(
    catalogue: Catalogue, word: int, v: int, driven: float, stops: np.ndarray, count: int
) -> bool:
    """Note a route of `count` stops after the start; False when the catalogue is full."""
    routes, used = catalogue.counts[0], catalogue.counts[1]
    if word == 0:
        word = np.int64(1)
    mask = len(catalogue.name) - 1
    slot = (word ^ (word >> np.int64(29))) & mask
    while catalogue.name[slot] != 0 and catalogue.name[slot] != word:
        slot = (slot + 1) & mask
    if catalogue.name[slot] == word:
        route = catalogue.route_at[slot]
        if driven >= catalogue.driven[route] - SLACK:
            return True
        used = catalogue.first[route]
    else:
        if routes == len(catalogue.first) or used + count > len(catalogue.stops):
            return False
        route = routes
        catalogue.name[slot] = word
        catalogue.route_at[slot] = route
        catalogue.shift[route] = v
        catalogue.first[route] = used
        catalogue.size[route] = count
        catalogue.counts[0] = routes + 1
        catalogue.counts[1] = used + count
    catalogue.driven[route] = driven
    for k in range(count):
        catalogue.stops[used + k] = stops[k + 1]
    return True


@kernel
def enumerate_shift(net: Network, v: int, catalogue: Catalogue, most_beginnings: int) -> bool:  # noqa: C901 - one hot loop, its state would be ten arguments
    """Add all routes of shift `v`; False when there is no room or patience for them."""
    n = len(net.need)
    count = 0
    candidates = np.empty(n, np.int64)
    for ride in range(n):
        if net.pair_cost[ride, v] < FAR:
            candidates[count] = ride
            count += 1
    room = 2 * min(count, net.count_limit[v]) + 2
    stops = np.zeros(room, np.int64)
    early = np.zeros((room, room))
    late = np.full(room, FAR)
    driven = np.zeros(room)
    marks = np.zeros(room, np.int64)
    choice = np.zeros(room, np.int64)
    state = np.zeros(n, np.int8)
    load = np.zeros(net.need.shape[1])
    place = np.zeros(n, np.int64)
    stops[0] = net.start[v]
    early[0, 0] = net.hours[v, 0]
    late[0] = net.hours[v, 1]
    aboard = 0
    taken = 0
    depth = 0
    salt = (v + 1) * np.int64(0x1E3779B97F4A7C15)
    beginnings = 0
    while depth >= 0:
        if choice[depth] == 2 * count:
            choice[depth] = 0
            if depth > 0:
                node = stops[depth]
                ride = node if node < n else node - n
                if node < n:
                    state[ride] = 0
                    aboard -= 1
                    taken -= 1
                    load -= net.need[ride]
                else:
                    state[ride] = 1
                    aboard += 1
                    load += net.need[ride]
            depth -= 1
            continue
        action = choice[depth]
        choice[depth] += 1
        ride = candidates[action % count]
        pickup = action < count
        if state[ride] != (0 if pickup else 1):
            continue
        node = ride if pickup else n + ride
        here = stops[depth]
        leaves = early[depth, depth] + net.service[here]
        at = max(net.opens[node], leaves + net.leg[here, node])
        if at > net.closes[node] + SLACK:
            continue
        if pickup:
            if taken >= net.count_limit[v]:
                continue
            roomy = True
            for c in range(len(load)):
                roomy = roomy and load[c] + net.need[ride, c] <= net.capacity[v, c] + SLACK
            if not roomy:
                continue
        way = driven[depth] + net.leg[here, node]
        home = net.leg[node, net.end[v]]
        if net.metric:
            if way + home > net.drive_limit[v] + SLACK:
                continue
            if at + net.service[node] + home > net.hours[v, 1] + SLACK:
                continue
        elif way > net.drive_limit[v] + SLACK:
            continue
        # People aboard must still be able to get out in time.
        if net.metric and (aboard > 0 or pickup):
            leaves = at + net.service[node]
            possible = True
            for k in range(count):
                other = candidates[k]
                if state[other] == 1 and other != ride:
                    reach = leaves + net.leg[node, n + other]
                    possible = possible and reach <= net.closes[n + other] + SLACK
            if not possible:
                continue
        deep = depth + 1
        for k in range(deep):
            early[deep, k] = early[depth, k]
        early[deep, deep] = at
        stops[deep] = node
        late[deep] = net.closes[node]
        if not settle_early(net, v, stops, deep + 1, early[deep], late, deep, place):
            continue
        beginnings += 1
        if beginnings > most_beginnings:
            return False
        driven[deep] = way
        depth = deep
        if pickup:
            state[ride] = 1
            aboard += 1
            taken += 1
            load += net.need[ride]
            marks[deep] = marks[deep - 1] ^ net.mark[ride]
            continue
        state[ride] = 2
        aboard -= 1
        load -= net.need[ride]
        marks[deep] = marks[deep - 1]
        if aboard > 0 or way + home > net.drive_limit[v] + SLACK:
            continue
        # The car is empty: is this a whole route?
        if deep + 1 >= room:
            continue
        for k in range(deep + 1):
            early[deep + 1, k] = early[deep, k]
        early[deep + 1, deep + 1] = net.hours[v, 0]
        stops[deep + 1] = net.end[v]
        late[deep + 1] = net.hours[v, 1]
        if not settle_early(net, v, stops, deep + 2, early[deep + 1], late, deep + 1, place):
            continue
        if not record(catalogue, marks[deep] ^ salt, v, way + home, stops, deep):
            return False
    catalogue.counts[2] += beginnings
    return True
