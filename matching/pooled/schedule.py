"""When may a car stop where? The exact schedule test of a route of shared rides.

The start of service at each stop, the moment of leaving and the moment of being back form a
system of difference constraints (legs and service times forwards; longest ride times and the
longest duration backwards). Its least solution, if there is one, is the fixed point of pushing
every moment up to what the others demand; it is reached within as many forward sweeps as there
are backward constraints, plus one, unless there is no solution at all. See Firat and Woeginger
(2011), doi:10.1016/j.orl.2010.11.004, and Tang et al. (2010), doi:10.1016/j.orl.2010.05.002, for
the same test by other means.
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import inner
from matching.pooled.network import SLACK, Network


class Plan(NamedTuple):
    """Routes of all K shifts. A route of m stops has start and end node at 0 and m - 1."""

    stops: np.ndarray
    """(K, M) nodes."""
    size: np.ndarray
    """(K,) nodes in the route, start and end included: 2 when it is empty."""
    early: np.ndarray
    """(K, M) earliest start of service in any schedule of the route."""
    late: np.ndarray
    """(K, M) latest start of service in any schedule of the route."""
    load: np.ndarray
    """(K, M, C) load on leaving the stop."""
    driven: np.ndarray
    """(K,) driving time."""
    cost: np.ndarray
    """(K,) driving time and pair costs."""
    mark: np.ndarray
    """(K,) exclusive or of the marks of the rides served."""
    version: np.ndarray
    """(K,) changes whenever the route does; equal versions of a shift are equal routes."""
    shift_of: np.ndarray
    """(n,) the shift that takes the ride, or -1."""
    clock: np.ndarray
    """(1,) the last version given out."""


def empty_plan(net: Network, most_rides: int) -> Plan:
    """A plan without rides, with room for `most_rides` on each route."""
    shifts, room = len(net.start), 2 * most_rides + 2
    plan = Plan(
        stops=np.zeros((shifts, room), np.int64),
        size=np.full(shifts, 2, np.int64),
        early=np.zeros((shifts, room)),
        late=np.zeros((shifts, room)),
        load=np.zeros((shifts, room, net.need.shape[1])),
        driven=np.zeros(shifts),
        cost=np.zeros(shifts),
        mark=np.zeros(shifts, np.int64),
        version=np.arange(shifts, dtype=np.int64),
        shift_of=np.full(len(net.need), -1, np.int64),
        clock=np.array([shifts], np.int64),
    )
    plan.stops[:, 0], plan.stops[:, 1] = net.start, net.end
    plan.early[:, :2], plan.late[:, :2] = net.hours[:, :1], net.hours[:, 1:]
    return plan


@inner
def settle_early(  # noqa: C901 - one hot loop, its state would be ten arguments
    net: Network,
    v: int,
    stops: np.ndarray,
    size: int,
    early: np.ndarray,
    late: np.ndarray,
    first: int,
    place: np.ndarray,
) -> bool:
    """Push `early` up to the least schedule; False when there is none.

    `early` holds lower bounds, `late` upper bounds, both valid before the call; stops before
    `first` are settled. `place` is scratch: the position of each pickup.
    """
    n = len(net.need)
    for k in range(1, first):
        if stops[k] < n:
            place[stops[k]] = k
    for _ in range(size + 2):
        again = size
        for k in range(first, size):
            node = stops[k]
            before = stops[k - 1]
            moment = early[k - 1] + net.service[before] + net.leg[before, node]
            if early[k] < moment:
                early[k] = moment
            if early[k] > late[k] + SLACK:
                return False
            if node < n:
                place[node] = k
            elif node < 2 * n:
                pickup = place[node - n]
                demand = early[k] - net.ride_limit[node - n] - net.service[node - n]
                if demand > early[pickup] + SLACK:
                    early[pickup] = demand
                    if demand > late[pickup] + SLACK:
                        return False
                    again = min(again, pickup + 1)
        demand = early[size - 1] - net.duration_limit[v]
        if demand > early[0] + SLACK:
            early[0] = demand
            again = 1
        if again == size:
            return True
        first = again
    return False


@inner
def settle_late(
    net: Network, v: int, stops: np.ndarray, size: int, late: np.ndarray, place: np.ndarray
) -> None:
    """Push `late` down to the greatest schedule of a route that has one.

    `place` is scratch: the position of each drop-off.
    """
    n = len(net.need)
    last = size - 2
    for _ in range(size + 2):
        again = -1
        for k in range(last, -1, -1):
            node = stops[k]
            after = stops[k + 1]
            moment = late[k + 1] - net.leg[node, after] - net.service[node]
            if late[k] > moment:
                late[k] = moment
            if node >= 2 * n:
                continue
            if node >= n:
                place[node - n] = k
            else:
                dropoff = place[node]
                limit = late[k] + net.service[node] + net.ride_limit[node]
                if limit < late[dropoff] - SLACK:
                    late[dropoff] = limit
                    again = max(again, dropoff - 1)
        limit = late[0] + net.duration_limit[v]
        if limit < late[size - 1] - SLACK:
            late[size - 1] = limit
            again = size - 2
        if again < 0:
            return
        last = again


@inner
def refresh(net: Network, plan: Plan, v: int, place: np.ndarray) -> bool:
    """Recompute everything that follows from the stops of route `v`; False if it is infeasible."""
    n = len(net.need)
    size = plan.size[v]
    stops, early, late, load = plan.stops[v], plan.early[v], plan.late[v], plan.load[v]
    plan.clock[0] += 1
    plan.version[v] = plan.clock[0]
    plan.mark[v] = 0
    plan.driven[v] = 0.0
    plan.cost[v] = 0.0
    early[0] = early[size - 1] = net.hours[v, 0]
    late[0] = late[size - 1] = net.hours[v, 1]
    for c in range(load.shape[1]):
        load[0, c] = 0.0
    if size == 2:
        return True
    driven = net.leg[stops[size - 2], stops[size - 1]]
    pair_cost = 0.0
    for k in range(1, size - 1):
        node = stops[k]
        driven += net.leg[stops[k - 1], node]
        early[k] = net.opens[node]
        late[k] = net.closes[node]
        if node < n:
            plan.mark[v] ^= net.mark[node]
            pair_cost += net.pair_cost[node, v]
            for c in range(load.shape[1]):
                load[k, c] = load[k - 1, c] + net.need[node, c]
        else:
            for c in range(load.shape[1]):
                load[k, c] = load[k - 1, c] - net.need[node - n, c]
    plan.driven[v] = driven
    plan.cost[v] = driven + pair_cost
    if driven > net.drive_limit[v] + SLACK:
        return False
    if not settle_early(net, v, stops, size, early, late, 1, place):
        return False
    settle_late(net, v, stops, size, late, place)
    return True
