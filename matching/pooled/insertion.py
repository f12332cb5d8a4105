"""The cheapest way to take one more ride into a route, and what it is built from.

Windows, loads and the driving limit rule out most positions in constant time each; the exact
schedule test is asked only about positions that would be cheaper than the best so far.
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import inner, tiny
from matching.pooled.network import FAR, SLACK, Network
from matching.pooled.schedule import Plan, refresh, settle_early

DEPTH = 3
"""Best routes of a ride that an insertion by regret compares."""


class Memo(NamedTuple):
    """For each ride and shift the cheapest insertion found for one version of the route."""

    version: np.ndarray
    """(n, K) the version it holds for; -1 for none."""
    extra: np.ndarray
    """(n, K) added cost; `FAR` where the ride does not fit."""
    pickup: np.ndarray
    """(n, K) the pickup comes right after this position of the present route."""
    dropoff: np.ndarray
    """(n, K) the drop-off comes right after this position (the pickup's: right after it)."""


class Desk(NamedTuple):
    """Scratch space, so that the hot loops allocate nothing."""

    stops: np.ndarray
    early: np.ndarray
    late: np.ndarray
    place: np.ndarray
    """(n,) position of a ride's other stop."""
    bank: np.ndarray
    """(n,) rides that nobody has."""
    key: np.ndarray
    """(n,) what they are ordered by."""
    top_cost: np.ndarray
    """(n, DEPTH) for each ride of the bank the least added costs."""
    top_shift: np.ndarray
    """(n, DEPTH) the shifts that they are for; -1 for none."""
    seen_kind: np.ndarray
    """Kinds of empty shifts already looked at; first their number."""


def empty_memo(rides: int, shifts: int) -> Memo:
    """A memo that knows nothing yet."""
    shape = (rides, shifts)
    return Memo(
        np.full(shape, -1, np.int64),
        np.full(shape, FAR),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int32),
    )


def clear_desk(rides: int, room: int) -> Desk:
    """Scratch space for routes of up to `room` stops and two more."""
    return Desk(
        np.zeros(room + 2, np.int64),
        np.zeros(room + 2),
        np.zeros(room + 2),
        np.zeros(rides, np.int64),
        np.zeros(rides, np.int64),
        np.zeros(rides),
        np.zeros((rides, DEPTH)),
        np.zeros((rides, DEPTH), np.int64),
        np.zeros(64, np.int64),
    )


@tiny
def carries(net: Network, v: int, load: np.ndarray, ride: int) -> bool:
    """Whether shift `v` has room for the ride beside `load`."""
    for c in range(load.shape[0]):
        if load[c] + net.need[ride, c] > net.capacity[v, c] + SLACK:
            return False
    return True


@inner
def fits(net: Network, plan: Plan, v: int, ride: int, i: int, j: int, desk: Desk) -> bool:
    """The exact test: may the pickup follow position `i` and the drop-off position `j`?"""
    n = len(net.need)
    size = plan.size[v]
    at = 0
    for k in range(size):
        desk.stops[at] = plan.stops[v, k]
        desk.early[at] = plan.early[v, k]
        desk.late[at] = plan.late[v, k]
        at += 1
        if k == i:
            desk.stops[at] = ride
            desk.early[at] = net.opens[ride]
            desk.late[at] = net.closes[ride]
            at += 1
        if k == j:
            desk.stops[at] = n + ride
            desk.early[at] = net.opens[n + ride]
            desk.late[at] = net.closes[n + ride]
            at += 1
    return settle_early(net, v, desk.stops, size + 2, desk.early, desk.late, i + 1, desk.place)


@inner
def cheapest_insertion(net: Network, plan: Plan, v: int, ride: int, memo: Memo, desk: Desk) -> None:  # noqa: C901 - one hot loop, its state would be ten arguments
    """Fill the memo for `ride` and route `v`."""
    n = len(net.need)
    size = plan.size[v]
    drop = n + ride
    stops, early, late, load = plan.stops[v], plan.early[v], plan.late[v], plan.load[v]
    leg, service = net.leg, net.service
    best = FAR
    best_i = 0
    best_j = 0
    room = plan.stops.shape[1]
    if size + 2 > room or size // 2 - 1 >= net.count_limit[v]:
        memo.extra[ride, v] = FAR
        memo.version[ride, v] = plan.version[v]
        return
    spare = net.drive_limit[v] - plan.driven[v] + SLACK
    between = leg[ride, drop]
    for i in range(size - 1):
        here = stops[i]
        after = stops[i + 1]
        leaves = early[i] + service[here]
        if leaves > net.closes[ride] + SLACK:
            break
        saved = 0.0 if size == 2 else leg[here, after]
        to_pickup = leg[here, ride] - saved
        # Without shorter detours the drop-off cannot win back what the pickup costs.
        if net.metric and to_pickup + leg[ride, after] >= best:
            continue
        if not carries(net, v, load[i], ride):
            continue
        at_pickup = max(net.opens[ride], leaves + leg[here, ride])
        if at_pickup > net.closes[ride] + SLACK:
            continue
        gone = at_pickup + service[ride]
        # Drop off at once.
        extra = to_pickup + between + leg[drop, after]
        if extra < best - SLACK and extra <= spare:
            at_drop = max(net.opens[drop], gone + between)
            if (
                at_drop <= net.closes[drop] + SLACK
                and at_drop + service[drop] + leg[drop, after] <= late[i + 1] + SLACK
                and fits(net, plan, v, ride, i, i, desk)
            ):
                best, best_i, best_j = extra, i, i
        # Drop off after later stops.
        detour = to_pickup + leg[ride, after]
        riding = leg[ride, after]
        moment = max(early[i + 1], gone + leg[ride, after])
        for j in range(i + 1, size - 1):
            if moment > late[j] + SLACK or riding > net.ride_limit[ride] + SLACK:
                break
            if not carries(net, v, load[j], ride):
                break
            here = stops[j]
            after = stops[j + 1]
            leaves = moment + service[here]
            if leaves > net.closes[drop] + SLACK:
                break
            extra = detour + leg[here, drop] + leg[drop, after] - leg[here, after]
            if extra < best - SLACK and extra <= spare:
                at_drop = max(net.opens[drop], leaves + leg[here, drop])
                if (
                    at_drop <= net.closes[drop] + SLACK
                    and riding + service[here] + leg[here, drop] <= net.ride_limit[ride] + SLACK
                    and at_drop + service[drop] + leg[drop, after] <= late[j + 1] + SLACK
                    and fits(net, plan, v, ride, i, j, desk)
                ):
                    best, best_i, best_j = extra, i, j
            riding += service[here] + leg[here, after]
            moment = max(early[j + 1], leaves + leg[here, after])
    if best < FAR:
        best += net.pair_cost[ride, v]
    memo.extra[ride, v] = best
    memo.pickup[ride, v] = best_i
    memo.dropoff[ride, v] = best_j
    memo.version[ride, v] = plan.version[v]


@tiny
def extra_cost(net: Network, plan: Plan, v: int, ride: int, memo: Memo, desk: Desk) -> float:
    """The least added cost of `ride` on route `v`, from the memo where it still holds."""
    if memo.version[ride, v] != plan.version[v]:
        cheapest_insertion(net, plan, v, ride, memo, desk)
    return memo.extra[ride, v]


@inner
def insert(net: Network, plan: Plan, v: int, ride: int, memo: Memo, desk: Desk) -> None:
    """Take `ride` into route `v` where the memo says."""
    n = len(net.need)
    i, j = memo.pickup[ride, v], memo.dropoff[ride, v]
    size = plan.size[v]
    stops = plan.stops[v]
    for k in range(size - 1, j, -1):
        stops[k + 2] = stops[k]
    stops[j + 2] = n + ride
    for k in range(j, i, -1):
        stops[k + 1] = stops[k]
    stops[i + 1] = ride
    plan.size[v] = size + 2
    plan.shift_of[ride] = v
    refresh(net, plan, v, desk.place)


@inner
def take_out(net: Network, plan: Plan, v: int) -> None:
    """Drop from route `v` the stops of rides that are marked as nobody's; no refresh."""
    n = len(net.need)
    stops = plan.stops[v]
    kept = 1
    for k in range(1, plan.size[v] - 1):
        node = stops[k]
        ride = node if node < n else node - n
        if plan.shift_of[ride] == v:
            stops[kept] = node
            kept += 1
    stops[kept] = stops[plan.size[v] - 1]
    plan.size[v] = kept + 1
