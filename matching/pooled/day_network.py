"""A problem of one day as a network: ids become numbers, the three objectives one number.

Priority, changes and cost stay lexicographic because one unit of the earlier weighs more than all
there can be of the later; whole numbers below 2**53 are exact in doubles. Days whose numbers are
too large for that are searched with smaller weights; plans are compared in whole numbers anyway.
"""

from collections.abc import Sequence

import numpy as np

from matching.compiled import kernel
from matching.pooled.network import (
    FAR,
    Network,
    nearest_rides,
    ride_marks,
    tighten_by_direct_leg,
    tighten_by_ride_limit,
)
from matching.problem import Problem, Shift
from matching.prune import compatible

EXACT = 2.0**52
"""Sums of weights stay below this."""

MOST_PLACES_COMPARED = 600
"""With more places no one looks whether detours are ever shorter: it takes their cube."""


@kernel
def no_detour_is_shorter(seconds: np.ndarray) -> bool:
    """Whether (P, P) `seconds` obey the triangle inequality."""
    places = len(seconds)
    for i in range(places):
        for j in range(places):
            first = seconds[i, j]
            for k in range(places):
                if first + seconds[j, k] < seconds[i, k]:
                    return False
    return True


def network_of(problem: Problem) -> Network:
    """The network of a day; rides and shifts keep their order."""
    n, shifts = len(problem.rides), problem.shifts
    seconds = np.array(problem.travel_seconds, dtype=float).reshape(-1, len(problem.travel_seconds))
    seconds[seconds < 0] = FAR
    metric = len(seconds) <= MOST_PLACES_COMPARED and bool(no_detour_is_shorter(seconds))
    depots = sorted({place for s in shifts for place in (s.start_place, s.end_place)})
    node_of = {place: 2 * n + k for k, place in enumerate(depots)}
    places = [ride.pickup_place for ride in problem.rides]
    places += [ride.dropoff_place for ride in problem.rides] + depots
    leg = np.ascontiguousarray(seconds[np.ix_(places, places)])
    opens, closes, service = _windows(problem, len(depots))
    ride_limit = _limits([ride.max_ride_seconds for ride in problem.rides])
    tighten_by_ride_limit(opens, closes, service, ride_limit)
    if metric:
        tighten_by_direct_leg(leg, opens, closes, service, n)
        tighten_by_ride_limit(opens, closes, service, ride_limit)
    need, capacity = _loads(problem)
    start = np.array([node_of[s.start_place] for s in shifts], np.int64)
    end = np.array([node_of[s.end_place] for s in shifts], np.int64)
    hours = np.array([(s.earliest, s.latest) for s in shifts], float).reshape(-1, 2)
    drive_limit = _limits([s.max_drive_seconds for s in shifts])
    allowed = _allowed(problem)
    if metric:
        allowed &= _alone(leg, opens, closes, service, start, end, hours, drive_limit)
    pair_cost, worth = _weights(problem, allowed, np.minimum(drive_limit, hours @ [-1.0, 1.0]))
    net = Network(
        leg=leg,
        opens=opens,
        closes=closes,
        service=service,
        need=need,
        ride_limit=ride_limit,
        start=start,
        end=end,
        hours=hours,
        capacity=capacity,
        drive_limit=drive_limit,
        duration_limit=_limits([s.max_duration_seconds for s in shifts]),
        count_limit=_count_limits(problem),
        kind=np.arange(len(shifts), dtype=np.int64),
        pair_cost=pair_cost,
        options=_options(allowed),
        worth=worth,
        near=nearest_rides(leg, opens, closes, service, n),
        metric=metric,
        mark=ride_marks(n),
    )
    return net._replace(kind=_kinds(net))


def _limits(values: Sequence[int | None]) -> np.ndarray:
    return np.array([FAR if value is None else value for value in values], float)


def _windows(problem: Problem, depots: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Earliest, latest and service time of every node."""
    rides = problem.rides
    rest = [0.0] * depots
    opens = [r.pickup_window[0] for r in rides] + [r.dropoff_window[0] for r in rides] + rest
    closes = [r.pickup_window[1] for r in rides] + [r.dropoff_window[1] for r in rides]
    service = [r.board_seconds for r in rides] + [r.alight_seconds for r in rides] + rest
    return np.array(opens, float), np.array(closes + [FAR] * depots), np.array(service, float)


def _loads(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """(n, C) loads and (K, C) capacities of all names that any ride brings, at least one."""
    names = sorted({name for ride in problem.rides for name in ride.load}) or [""]
    need = [[ride.load.get(name, 0) for name in names] for ride in problem.rides]
    room = [[shift.capacity.get(name, 0) for name in names] for shift in problem.shifts]
    width = len(names)
    return np.array(need, float).reshape(-1, width), np.array(room, float).reshape(-1, width)


def _allowed(problem: Problem) -> np.ndarray:
    """(n, K) whether needs, exclusions and locks let the shift take the ride."""
    return np.array(
        [
            [
                compatible(ride, shift) and problem.locked.get(ride.id, shift.id) == shift.id
                for shift in problem.shifts
            ]
            for ride in problem.rides
        ],
        bool,
    ).reshape(len(problem.rides), len(problem.shifts))


def _alone(
    leg: np.ndarray,
    opens: np.ndarray,
    closes: np.ndarray,
    service: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    hours: np.ndarray,
    drive_limit: np.ndarray,
) -> np.ndarray:
    """(n, K) what windows, hours and driving limit leave, where no detour is shorter."""
    n = (len(opens) - len(set(start) | set(end))) // 2
    pickup, dropoff = np.arange(n), np.arange(n, 2 * n)
    there, back = leg[start][:, pickup].T, leg[dropoff][:, end]
    at = np.maximum(opens[pickup, None], hours[None, :, 0] + there)
    loaded = leg[pickup, dropoff]
    drop = np.maximum(opens[dropoff, None], at + (service[pickup] + loaded)[:, None])
    home = drop + service[dropoff, None] + back
    return (
        (at <= closes[pickup, None])
        & (drop <= closes[dropoff, None])
        & (home <= hours[None, :, 1])
        & (there + loaded[:, None] + back <= drive_limit[None, :])
    )


def _weights(
    problem: Problem, allowed: np.ndarray, most_driven: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(n, K) pair costs and (n,) worths that keep the three objectives in their order."""
    position = {shift.id: k for k, shift in enumerate(problem.shifts)}
    wish = np.array(
        [
            [problem.affinity.get((ride.id, shift.driver), 0) for shift in problem.shifts]
            for ride in problem.rides
        ],
        float,
    ).reshape(allowed.shape)
    priority = np.array([ride.priority for ride in problem.rides], float)
    known = np.array(
        [position.get(problem.previous.get(ride.id, ""), -1) for ride in problem.rides], np.int64
    )
    change = 1.0 + 2.0 * (most_driven.sum() + np.abs(wish).max(axis=1, initial=0.0).sum())
    served = change * (1.0 + (known >= 0).sum())
    scale = min(1.0, EXACT / (2.0 * served * (1.0 + priority.sum())))
    change, served = max(change * scale, 1.0), max(served * scale, 1.0)
    moved = (known >= 0)[:, None] & (known[:, None] != np.arange(len(problem.shifts))[None, :])
    pair_cost = np.where(allowed, wish + change * moved, FAR)
    worth = served * priority + change * (known >= 0)
    locked = np.array([ride.id in problem.locked for ride in problem.rides], bool)
    return pair_cost, worth + locked * served * (1.0 + priority.sum())


def _count_limits(problem: Problem) -> np.ndarray:
    """Most rides of each shift: what it says, all there are, or what service time leaves."""
    n = len(problem.rides)
    least = min((ride.board_seconds + ride.alight_seconds for ride in problem.rides), default=0)

    def limit(shift: Shift) -> int:
        by_time = (shift.latest - shift.earliest) // least if least else n
        return min(n, by_time, n if shift.max_rides is None else shift.max_rides)

    return np.array([limit(shift) for shift in problem.shifts], np.int64)


def _options(allowed: np.ndarray) -> np.ndarray:
    """For each ride the shifts allowed, in their order, filled up with -1."""
    width = int(allowed.sum(axis=1).max(initial=0))
    options = np.full((len(allowed), max(width, 1)), -1, np.int64)
    for ride, row in enumerate(allowed):
        shifts = np.flatnonzero(row)
        options[ride, : len(shifts)] = shifts
    return options


def _kinds(net: Network) -> np.ndarray:
    """Equal numbers for shifts that nothing tells apart; negative ones for all others."""
    groups: dict[bytes, list[int]] = {}
    for v in range(len(net.start)):
        ends = net.leg[net.start[v]].tobytes() + net.leg[:, net.end[v]].tobytes()
        numbers = [*net.hours[v], *net.capacity[v], net.drive_limit[v]]
        numbers += [net.duration_limit[v], net.count_limit[v], *net.pair_cost[:, v]]
        groups.setdefault(ends + np.array(numbers).tobytes(), []).append(v)
    kind = np.zeros(len(net.start), np.int64)
    for number, shifts in enumerate(groups.values()):
        kind[shifts] = number if len(shifts) > 1 else -1 - shifts[0]
    return kind
