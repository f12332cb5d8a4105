"""The most tempting routes of one shift at given prices: labels for beginnings of routes.

Label setting for the pricing problem of pickups and deliveries with time windows, after Ropke and
Cordeau (2009), doi:10.1287/trsc.1090.0272. Each ride time is kept by itself, as if no other were
limited: neither what legs and services take without waiting may be too long, nor the time since
the latest pickup that the windows passed since then allow; so with the longest duration. That is
a relaxation: every route that can be driven is found or bettered, a few that cannot be driven
are found too, so bounds counted from the answer are valid. Only for roads on which no detour is
shorter.
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import inner, kernel, tiny
from matching.pooled.network import FAR, SLACK, Network
from matching.pooled.schedule import settle_early

MOST_ABOARD = 8
"""Parties in a car whose ride times are watched; those above have only their windows."""


class Beginnings(NamedTuple):
    """Beginnings of routes, numbered in the order of their creation; rides are candidates."""

    stop: np.ndarray
    time: np.ndarray
    """Earliest start of service at the node."""
    driven: np.ndarray
    spent: np.ndarray
    """Legs and services from leaving to the start of service, without waiting."""
    reduced: np.ndarray
    """Driving, if it counts, without what the rides are worth at the prices."""
    served: np.ndarray
    """How many rides."""
    took: np.ndarray
    """(L, W) bits of the rides picked up."""
    closed: np.ndarray
    """(L, W) bits of the rides picked up or out of reach."""
    aboard: np.ndarray
    """(L, W) bits of the rides in the car."""
    who: np.ndarray
    """(L, MOST_ABOARD) rides in the car, -1 behind them."""
    since: np.ndarray
    """(L, MOST_ABOARD) `spent` when their ride began."""
    until: np.ndarray
    """(L, MOST_ABOARD) latest pickup that meets the windows of all stops after it."""
    leave: np.ndarray
    """Latest leaving that does."""
    parent: np.ndarray
    after: np.ndarray
    """The next label in the list of the same node, -1 at its end."""
    head: np.ndarray
    """(N,) the first label in the list of each node."""
    whole: np.ndarray
    """Reduced cost of the route that ends here; FAR where none can."""
    alive: np.ndarray


class Prices(NamedTuple):
    """What a route costs: driving times `weight`, without the `gain` of each ride."""

    gain: np.ndarray
    """(n,) what taking the ride is worth to this shift."""
    weight: float
    """1 where driving counts, 0 where only rides do."""


def empty_labels(room: int, rides: int, nodes: int) -> Beginnings:
    """Room for so many labels over so many rides."""
    words = (rides + 63) // 64
    return Beginnings(
        stop=np.zeros(room, np.int32),
        time=np.zeros(room),
        driven=np.zeros(room),
        spent=np.zeros(room),
        reduced=np.zeros(room),
        served=np.zeros(room, np.int32),
        took=np.zeros((room, words), np.uint64),
        closed=np.zeros((room, words), np.uint64),
        aboard=np.zeros((room, words), np.uint64),
        who=np.zeros((room, MOST_ABOARD), np.int32),
        since=np.zeros((room, MOST_ABOARD)),
        until=np.zeros((room, MOST_ABOARD)),
        leave=np.zeros(room),
        parent=np.zeros(room, np.int32),
        after=np.zeros(room, np.int32),
        head=np.zeros(nodes, np.int32),
        whole=np.zeros(room),
        alive=np.zeros(room, np.bool_),
    )


@tiny
def has(bits: np.ndarray, label: int, ride: int) -> bool:
    """Whether the ride's bit is set."""
    return (bits[label, ride >> 6] >> np.uint64(ride & 63)) & np.uint64(1) != 0


@tiny
def within(bits: np.ndarray, a: int, b: int) -> bool:
    """Whether all bits of label `a` are set in label `b`."""
    for w in range(bits.shape[1]):  # noqa: SIM110 - compiled
        if bits[a, w] & ~bits[b, w]:
            return False
    return True


@tiny
def equal(bits: np.ndarray, a: int, b: int) -> bool:
    """Whether two labels have the same bits."""
    for w in range(bits.shape[1]):  # noqa: SIM110 - compiled
        if bits[a, w] != bits[b, w]:
            return False
    return True


@inner
def no_worse(  # noqa: C901 - one hot loop
    lab: Beginnings, a: int, b: int, by_duration: bool, by_count: bool, every: bool
) -> bool:
    """Whether whatever continues `b` continues `a` at no more cost; both are at one node.

    With `every`, only labels of the same rides are compared, so that every set of rides lives.
    """
    if lab.time[a] > lab.time[b] + SLACK or lab.driven[a] > lab.driven[b] + SLACK:
        return False
    if lab.reduced[a] > lab.reduced[b] + SLACK:
        return False
    if by_duration and (lab.spent[a] > lab.spent[b] + SLACK or lab.leave[a] < lab.leave[b] - SLACK):
        return False
    if by_count and lab.served[a] > lab.served[b]:
        return False
    if every:
        if not (equal(lab.took, a, b) and equal(lab.aboard, a, b)):
            return False
    elif not (within(lab.aboard, a, b) and within(lab.closed, a, b)):
        return False
    for k in range(MOST_ABOARD):
        ride = lab.who[a, k]
        if ride < 0:
            break
        for other in range(MOST_ABOARD):
            if lab.who[b, other] == ride:
                riding = lab.spent[a] - lab.since[a, k]
                if riding > lab.spent[b] - lab.since[b, other] + SLACK:
                    return False
                if lab.until[a, k] < lab.until[b, other] - SLACK:
                    return False
    return True


@inner
def keep(lab: Beginnings, new: int, by_duration: bool, by_count: bool, every: bool) -> bool:
    """Put `new` into the list of its node, and what it betters out; False if it is bettered."""
    node = lab.stop[new]
    other = lab.head[node]
    while other >= 0:
        if no_worse(lab, other, new, by_duration, by_count, every):
            return False
        other = lab.after[other]
    before = -1
    other = lab.head[node]
    while other >= 0:
        following = lab.after[other]
        if no_worse(lab, new, other, by_duration, by_count, every):
            lab.alive[other] = False
            if before < 0:
                lab.head[node] = following
            else:
                lab.after[before] = following
        else:
            before = other
        other = following
    lab.after[new] = lab.head[node]
    lab.head[node] = new
    lab.alive[new] = True
    return True


@inner
def has_room(net: Network, v: int, lab: Beginnings, label: int, ride: int) -> bool:
    """Whether the car takes one more party; parties too many to be listed count as none."""
    for c in range(net.need.shape[1]):
        load = net.need[ride, c]
        for k in range(MOST_ABOARD):
            if lab.who[label, k] < 0:
                break
            load += net.need[lab.who[label, k], c]
        if load > net.capacity[v, c] + SLACK:
            return False
    return True


@inner
def step(  # noqa: C901 - one hot loop
    net: Network, v: int, lab: Beginnings, label: int, ride: int, up: bool, new: int
) -> bool:
    """Write what follows `label` when `ride` is picked up or dropped off next; False if nothing
    does. Who is in the car must still get out in time, and the car home."""
    n = len(net.need)
    here = lab.stop[label]
    node = ride if up else n + ride
    way = net.leg[here, node]
    served = net.service[here] if label > 0 else 0.0
    time = max(net.opens[node], lab.time[label] + served + way)
    if time > net.closes[node] + SLACK:
        return False
    driven = lab.driven[label] + way
    spent = lab.spent[label] + served + way
    home = net.leg[node, net.end[v]]
    done = time + net.service[node]
    if driven + home > net.drive_limit[v] + SLACK or done + home > net.hours[v, 1] + SLACK:
        return False
    leave = min(lab.leave[label], net.closes[node] - spent)
    out = max(spent, time - leave) + net.service[node] + home
    if out > net.duration_limit[v] + SLACK:
        return False
    count = 0
    for k in range(MOST_ABOARD):
        other = lab.who[label, k]
        if other < 0:
            break
        riding = spent - lab.since[label, k]
        boarding = net.service[other]
        until = min(lab.until[label, k], net.closes[node] - riding - boarding)
        riding = max(riding, time - until - boarding)
        if other == ride and not up:
            if riding > net.ride_limit[ride] + SLACK:
                return False
            continue
        drop = n + other
        more = net.service[node] + net.leg[node, drop]
        if time + more > net.closes[drop] + SLACK or riding + more > net.ride_limit[other] + SLACK:
            return False
        if driven + net.leg[node, drop] + net.leg[drop, net.end[v]] > net.drive_limit[v] + SLACK:
            return False
        lab.who[new, count] = other
        lab.since[new, count] = lab.since[label, k]
        lab.until[new, count] = until
        count += 1
    if up and count < MOST_ABOARD:
        lab.who[new, count] = ride
        lab.since[new, count] = spent + net.service[node]
        lab.until[new, count] = net.closes[node]
        count += 1
    for k in range(count, MOST_ABOARD):
        lab.who[new, k] = -1
    lab.stop[new] = node
    lab.time[new] = time
    lab.driven[new] = driven
    lab.spent[new] = spent
    lab.leave[new] = leave
    lab.served[new] = lab.served[label] + (1 if up else 0)
    lab.parent[new] = label
    bit = np.uint64(1) << np.uint64(ride & 63)
    for w in range(lab.took.shape[1]):
        lab.took[new, w] = lab.took[label, w]
        lab.closed[new, w] = lab.closed[label, w]
        lab.aboard[new, w] = lab.aboard[label, w]
    if up:
        lab.took[new, ride >> 6] |= bit
        lab.closed[new, ride >> 6] |= bit
        lab.aboard[new, ride >> 6] |= bit
    else:
        lab.aboard[new, ride >> 6] &= ~bit
    return True


@inner
def promise(
    net: Network,
    v: int,
    lab: Beginnings,
    new: int,
    rides: np.ndarray,
    gain: np.ndarray,
    weight: float,
) -> float:
    """A bound on the reduced cost of every route that begins so; closes rides out of reach."""
    n = len(net.need)
    node = lab.stop[new]
    end = net.end[v]
    finish = net.leg[node, end]
    for k in range(MOST_ABOARD):
        if lab.who[new, k] < 0:
            break
        out = n + lab.who[new, k]
        finish = max(finish, net.leg[node, out] + net.leg[out, end])
    best = lab.reduced[new] + weight * finish
    leaves = lab.time[new] + net.service[node]
    full = lab.served[new] >= net.count_limit[v]
    for ride in rides:
        if has(lab.closed, new, ride):
            continue
        there = leaves + net.leg[node, ride]
        way = net.leg[node, ride] + net.leg[ride, n + ride] + net.leg[n + ride, end]
        drop = max(
            net.opens[n + ride],
            max(there, net.opens[ride]) + net.service[ride] + net.leg[ride, n + ride],
        )
        if (
            full
            or there > net.closes[ride] + SLACK
            or lab.driven[new] + way > net.drive_limit[v] + SLACK
            or drop + net.service[n + ride] + net.leg[n + ride, end] > net.hours[v, 1] + SLACK
        ):
            lab.closed[new, ride >> 6] |= np.uint64(1) << np.uint64(ride & 63)
        else:
            best -= max(gain[ride], 0.0)
    return best


@inner
def ending(net: Network, v: int, lab: Beginnings, new: int, weight: float) -> float:
    """The reduced cost of going home now; FAR with somebody aboard."""
    for w in range(lab.aboard.shape[1]):
        if lab.aboard[new, w]:
            return FAR
    return lab.reduced[new] + weight * net.leg[lab.stop[new], net.end[v]]


@inner
def tempting_rides(net: Network, v: int, gain: np.ndarray, every: bool, rides: np.ndarray) -> int:
    """List the rides that may be worth a stop; returns how many.

    A ride worth nothing never makes a route better; for a list of all routes it counts all the
    same.
    """
    count = 0
    for ride in range(len(net.need)):
        if net.pair_cost[ride, v] < FAR and (every or gain[ride] > SLACK):
            rides[count] = ride
            count += 1
    return count


@inner
def begin(net: Network, v: int, lab: Beginnings) -> None:
    """The label of leaving."""
    lab.head[:] = -1
    lab.stop[0] = net.start[v]
    lab.time[0] = net.hours[v, 0]
    lab.driven[0] = 0.0
    lab.spent[0] = 0.0
    lab.leave[0] = net.hours[v, 1]
    lab.reduced[0] = 0.0
    lab.served[0] = 0
    lab.took[0] = np.uint64(0)
    lab.closed[0] = np.uint64(0)
    lab.aboard[0] = np.uint64(0)
    lab.who[0] = -1
    lab.parent[0] = -1
    lab.whole[0] = FAR
    lab.alive[0] = True


@kernel
def grow(  # noqa: C901 - one hot loop
    net: Network,
    v: int,
    gain: np.ndarray,
    weight: float,
    bar: float,
    every: bool,
    lab: Beginnings,
    most: int,
) -> int:
    """All labels of shift `v` that may lead below `bar`; returns how many.

    Stops at `most`; then some are missing, those of the longest routes. With `every`, all sets of
    rides with a route below `bar` are among them, not only the best.
    """
    n = len(net.need)
    rides = np.empty(n, np.int64)
    count = tempting_rides(net, v, gain, every, rides)
    rides = rides[:count]
    by_duration = net.duration_limit[v] < net.hours[v, 1] - net.hours[v, 0]
    by_count = net.count_limit[v] < count
    begin(net, v, lab)
    if net.count_limit[v] == 0:
        return 1
    made = 1
    label = 0
    while label < made:
        if not lab.alive[label]:
            label += 1
            continue
        for ride in rides:
            up = not has(lab.took, label, ride)
            if up and (has(lab.closed, label, ride) or not has_room(net, v, lab, label, ride)):
                continue
            if not up and not has(lab.aboard, label, ride):
                continue
            if made == most:
                return made
            if not step(net, v, lab, label, ride, up, made):
                continue
            way = net.leg[lab.stop[label], lab.stop[made]]
            lab.reduced[made] = lab.reduced[label] + weight * way - (gain[ride] if up else 0.0)
            if promise(net, v, lab, made, rides, gain, weight) >= bar:
                continue
            lab.whole[made] = ending(net, v, lab, made, weight)
            if keep(lab, made, by_duration, by_count, every):
                made += 1
        label += 1
    return made


@kernel
def least_of(lab: Beginnings, made: int) -> float:
    """The least reduced cost of a whole route; 0 for none at all."""
    least = 0.0
    for label in range(1, made):
        least = min(least, lab.whole[label])
    return least


@kernel
def harvest(lab: Beginnings, made: int, bar: float, chosen: np.ndarray) -> int:
    """Number the best labels that end routes below `bar`, one for each set of rides; how many."""
    most = len(chosen)
    count = 0
    for label in range(1, made):
        value = lab.whole[label]
        if value >= bar or (count == most and value >= lab.whole[chosen[count - 1]]):
            continue
        twin = -1
        for k in range(count):
            if equal(lab.took, chosen[k], label):
                twin = k
        if twin >= 0:
            if lab.whole[chosen[twin]] <= value:
                continue
            place = twin
        else:
            place = count if count < most else most - 1
            count = min(count + 1, most)
        while place > 0 and lab.whole[chosen[place - 1]] > value:
            chosen[place] = chosen[place - 1]
            place -= 1
        chosen[place] = label
    return count


@kernel
def harvest_all(lab: Beginnings, made: int, bar: float, chosen: np.ndarray) -> int:
    """Number all labels that end routes below `bar`; -1 if they are too many."""
    count = 0
    for label in range(1, made):
        if lab.whole[label] < bar:
            if count == len(chosen):
                return -1
            chosen[count] = label
            count += 1
    return count


@kernel
def can_drive(net: Network, v: int, nodes: np.ndarray) -> bool:
    """Whether shift `v` can drive these stops in this order, by all rules but its load."""
    size = len(nodes) + 2
    stops = np.empty(size, np.int64)
    early, late = np.empty(size), np.empty(size)
    stops[0], stops[size - 1] = net.start[v], net.end[v]
    early[0] = early[size - 1] = net.hours[v, 0]
    late[0] = late[size - 1] = net.hours[v, 1]
    for k in range(1, size - 1):
        stops[k] = nodes[k - 1]
        early[k] = net.opens[stops[k]]
        late[k] = net.closes[stops[k]]
    place = np.zeros(len(net.need), np.int64)
    return settle_early(net, v, stops, size, early, late, 1, place)


def route_of(lab: Beginnings, label: int) -> list[int]:
    """The nodes of the route that ends with a label, without start and end."""
    nodes = []
    while label > 0:
        nodes.append(int(lab.stop[label]))
        label = int(lab.parent[label])
    return nodes[::-1]
