"""The day as arrays: rides in the order their windows close, and which shift could take which.

Without pooling a ride is one task: start boarding at p in [opens, closes], be done at
max(p + busy, free), and stand at its drop-off. The drive between two tasks, from home to the first
and from the last to home complete the picture. All times are whole seconds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching import reach
from matching.compiled import kernel
from matching.problem import Problem, Ride, Shift

FAR = 1 << 40
"""Stands for no limit and for no road: larger than any sum of a day."""

NEAR = 60
"""How many rides each ride may drag along when routes are ruined."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Arrays(NamedTuple):
    """What the kernels read; n rides in order of `closes`, m shifts, e (shift, ride) pairs."""

    opens: Ints
    closes: Ints
    busy: Ints
    """Boarding, loaded drive and alighting together."""
    free: Ints
    """Never done before: the drop-off window's opening and alighting."""
    loaded: Ints
    dead: Ints
    """(n, n): drive from the drop-off of a ride to the pickup of another; `FAR` if no road."""
    earliest: Ints
    latest: Ints
    max_drive: Ints
    max_duration: Ints
    max_rides: Ints
    first: Ints
    """(m + 1): pairs of shift k are first[k]..first[k + 1] - 1, in ride order."""
    ride: Ints
    """(e): the ride of a pair."""
    out: Ints
    """(e): drive from home to the pickup."""
    home: Ints
    """(e): drive from the drop-off home."""
    wish: Ints
    """(e): affinity of the pair, seconds."""
    last_start: Ints
    """(e): no later start leaves time for the rest of the shift."""
    least_home: Ints
    """(e): the least drive from the drop-off home over any other rides."""
    soonest: Ints
    """(e): no earlier start is possible."""
    least_out: Ints
    """(e): the least drive from home to the drop-off, over any other rides."""
    changed: Ints
    """(e): 1 if the pair is a change from the plan people know."""


@dataclass(frozen=True, slots=True)
class Network:
    """The arrays of a problem and what their numbers stand for."""

    problem: Problem
    arrays: Arrays
    rides: tuple[str, ...]
    """ids in array order; rides that nobody could ever take are left out."""
    shifts: tuple[str, ...]
    priority: Ints
    locked: Ints
    """(n): the shift a ride is locked to, or -1."""
    previous: Ints
    """(n): 1 if the plan people know serves the ride."""
    previous_shift: Ints
    """(n): the shift it is on there, or -1 if none or gone."""


def build(problem: Problem) -> Network:
    """The network of a problem; rides without any possible shift are not in it."""
    matrix = np.array(problem.travel_seconds, dtype=np.int64).reshape(
        len(problem.travel_seconds), len(problem.travel_seconds)
    )
    matrix[matrix < 0] = FAR
    possible = _possible(problem, matrix)
    rides = [entry[4] for entry in possible]
    number = {ride.id: i for i, ride in enumerate(rides)}
    pickups = np.array([ride.pickup_place for ride in rides], dtype=np.int64)
    dropoffs = np.array([ride.dropoff_place for ride in rides], dtype=np.int64)
    dead = matrix[np.ix_(dropoffs, pickups)] if rides else np.zeros((0, 0), np.int64)
    np.fill_diagonal(dead, FAR)
    opens = np.array([entry[1] for entry in possible], dtype=np.int64)
    closes = np.array([entry[0] for entry in possible], dtype=np.int64)
    loaded = np.array([entry[3] for entry in possible], dtype=np.int64)
    service = np.array([r.board_seconds + r.alight_seconds for r in rides], dtype=np.int64)
    free = np.array([r.dropoff_window[0] + r.alight_seconds for r in rides], dtype=np.int64)
    fits = _fitting(problem, rides)
    starts = np.array([s.start_place for s in problem.shifts], dtype=np.int64)
    ends = np.array([s.end_place for s in problem.shifts], dtype=np.int64)
    if rides and problem.shifts:
        out, home = matrix[np.ix_(starts, pickups)], matrix[np.ix_(dropoffs, ends)].T
    else:
        out = home = np.zeros((len(problem.shifts), len(rides)), np.int64)
    shift_number = {shift.id: k for k, shift in enumerate(problem.shifts)}
    limits = [_limits(shift) for shift in problem.shifts]
    earliest, latest, max_drive, max_duration, max_rides = (
        np.array([limit[i] for limit in limits], dtype=np.int64) for i in range(5)
    )
    keep, last_start, least_home, soonest, least_out = reachable(
        opens, closes, loaded + service, free, loaded, dead,
        earliest, latest, max_drive, fits, np.ascontiguousarray(out), np.ascontiguousarray(home),
    )  # fmt: skip
    keep &= (max_rides > 0)[:, None]
    pair_shift, pair_ride = np.nonzero(keep)
    wish = _wishes(problem, number)
    previous = np.zeros(len(rides), np.int64)
    previous_shift = np.full(len(rides), -1, np.int64)
    for ride, shift in problem.previous.items():
        if ride in number:
            previous[number[ride]] = 1
            previous_shift[number[ride]] = shift_number.get(shift, -1)
    locked = np.full(len(rides), -1, np.int64)
    for ride, shift in problem.locked.items():
        if ride in number:
            locked[number[ride]] = shift_number[shift]
    changed = (previous[pair_ride] == 1) & (previous_shift[pair_ride] != pair_shift)
    first = np.zeros(len(problem.shifts) + 1, np.int64)
    np.cumsum(np.bincount(pair_shift, minlength=len(problem.shifts)), out=first[1:])
    arrays = Arrays(
        opens, closes, loaded + service, free, loaded, dead,
        earliest, latest, max_drive, max_duration, max_rides,
        first, pair_ride.astype(np.int64),
        out[pair_shift, pair_ride], home[pair_shift, pair_ride], wish[pair_shift, pair_ride],
        last_start[pair_shift, pair_ride], least_home[pair_shift, pair_ride],
        soonest[pair_shift, pair_ride], least_out[pair_shift, pair_ride],
        changed.astype(np.int64),
    )  # fmt: skip
    return Network(
        problem=problem,
        arrays=arrays,
        rides=tuple(ride.id for ride in rides),
        shifts=tuple(shift.id for shift in problem.shifts),
        priority=np.array([ride.priority for ride in rides], dtype=np.int64),
        locked=locked,
        previous=previous,
        previous_shift=previous_shift,
    )


def _possible(problem: Problem, matrix: Ints) -> list[tuple[int, int, str, int, Ride]]:
    """(closes, opens, id, loaded drive, ride) in order, of rides that one car alone could do."""
    possible = []
    for ride in problem.rides:
        loaded = int(matrix[ride.pickup_place, ride.dropoff_place])
        interval = None if loaded >= FAR else reach.pickup_interval(ride, loaded)
        if interval is not None:
            possible.append((interval[1], interval[0], ride.id, loaded, ride))
    return sorted(possible, key=lambda entry: entry[:3])


def _wishes(problem: Problem, number: dict[str, int]) -> Ints:
    """(m, n): the affinity of each shift's driver for each ride."""
    wishes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (ride, driver), seconds in problem.affinity.items():
        if ride in number:
            wishes[driver].append((number[ride], seconds))
    wish = np.zeros((len(problem.shifts), len(number)), np.int64)
    for k, shift in enumerate(problem.shifts):
        for i, seconds in wishes.get(shift.driver, ()):
            wish[k, i] = seconds
    return wish


def neighbours(network: Network) -> Ints:
    """(n, NEAR): for each ride those that could come just before or after it."""
    net = network.arrays
    apart = np.minimum(net.dead, net.dead.T)
    apart = apart + np.abs(net.opens[:, None] - net.opens[None, :]) // 2
    np.fill_diagonal(apart, 4 * FAR)
    return np.ascontiguousarray(np.argsort(apart, axis=1, kind="stable")[:, :NEAR])


def pairs_of(network: Network) -> Ints:
    """(m, n): the number of each pair, -1 where there is none."""
    net = network.arrays
    pair_of = np.full((len(network.shifts), len(network.rides)), -1)
    shift = np.repeat(np.arange(len(network.shifts)), np.diff(net.first))
    pair_of[shift, net.ride] = np.arange(len(net.ride))
    return pair_of


def part_of(network: Network, shifts: Ints, rides: Ints) -> tuple[Network, Ints]:
    """The network of some shifts and rides (both rising), and the whole's number of each pair."""
    net = network.arrays
    new_ride = np.full(len(network.rides), -1)
    new_ride[rides] = np.arange(len(rides))
    new_shift = np.full(len(network.shifts) + 1, -1)
    new_shift[shifts] = np.arange(len(shifts))
    inside = [
        pairs[new_ride[net.ride[pairs]] >= 0]
        for pairs in (np.arange(net.first[k], net.first[k + 1]) for k in shifts)
    ]
    pairs = np.concatenate([np.zeros(0, np.int64), *inside])
    first = np.zeros(len(shifts) + 1, np.int64)
    np.cumsum([len(one) for one in inside], out=first[1:])
    by_ride = ("opens", "closes", "busy", "free", "loaded")
    by_shift = ("earliest", "latest", "max_drive", "max_duration", "max_rides")
    by_pair = (
        "out", "home", "wish", "last_start", "least_home", "soonest", "least_out", "changed",
    )  # fmt: skip
    arrays = Arrays(
        **{name: getattr(net, name)[rides] for name in by_ride},
        **{name: getattr(net, name)[shifts] for name in by_shift},
        **{name: getattr(net, name)[pairs] for name in by_pair},
        dead=np.ascontiguousarray(net.dead[np.ix_(rides, rides)]),
        first=first,
        ride=new_ride[net.ride[pairs]],
    )
    part = Network(
        problem=network.problem,
        arrays=arrays,
        rides=tuple(network.rides[i] for i in rides),
        shifts=tuple(network.shifts[k] for k in shifts),
        priority=network.priority[rides],
        locked=new_shift[network.locked[rides]],
        previous=network.previous[rides],
        previous_shift=new_shift[network.previous_shift[rides]],
    )
    return part, pairs


def _limits(shift: Shift) -> tuple[int, int, int, int, int]:
    limits = (shift.max_drive_seconds, shift.max_duration_seconds, shift.max_rides)
    drive, duration, rides = (FAR if limit is None else limit for limit in limits)
    return shift.earliest, shift.latest, drive, duration, rides


def _fitting(problem: Problem, rides: list) -> NDArray[np.bool_]:
    """(m, n): capacity, skills, exclusions and locks allow the pair."""
    fits = np.ones((len(problem.shifts), len(rides)), dtype=np.bool_)
    for name in {name for ride in rides for name, amount in ride.load.items() if amount}:
        has = np.array([shift.capacity.get(name, 0) for shift in problem.shifts], dtype=np.int64)
        needs = np.array([ride.load.get(name, 0) for ride in rides], dtype=np.int64)
        fits &= has[:, None] >= needs[None, :]
    for skill in {skill for ride in rides for skill in ride.skills}:
        has_it = np.array([skill in shift.skills for shift in problem.shifts], dtype=np.bool_)
        needs_it = np.array([skill in ride.skills for ride in rides], dtype=np.bool_)
        fits &= has_it[:, None] | ~needs_it[None, :]
    for i, ride in enumerate(rides):
        locked = problem.locked.get(ride.id)
        if not ride.excluded_drivers and locked is None:
            continue
        for k, shift in enumerate(problem.shifts):
            if shift.driver in ride.excluded_drivers or locked not in (None, shift.id):
                fits[k, i] = False
    return fits


@kernel
def may_drop(net: Arrays) -> bool:  # noqa: C901 - compiled
    """Whether every route without one of its rides is a route too, and drives no longer.

    So it is if no way is shorter by a ride on the way (the triangle inequality).
    """
    dead, loaded = net.dead, net.loaded
    n = len(loaded)
    for i in range(n):
        for j in range(n):
            if dead[i, j] >= FAR:
                continue
            far = dead[i, j] + loaded[j]
            for x in range(n):
                if x != i and dead[i, x] > far + dead[j, x]:
                    return False
    for k in range(len(net.earliest)):
        for p in range(net.first[k], net.first[k + 1]):
            j = net.ride[p]
            for q in range(net.first[k], net.first[k + 1]):
                i = net.ride[q]
                if i == j:
                    continue
                if net.out[q] > net.out[p] + loaded[j] + dead[j, i]:
                    return False
                if net.home[q] > dead[i, j] + loaded[j] + net.home[p]:
                    return False
    return True


@kernel
def reachable(  # noqa: C901 - compiled
    opens: Ints, closes: Ints, busy: Ints, free: Ints, loaded: Ints, dead: Ints,
    earliest: Ints, latest: Ints, max_drive: Ints, fits: Flags, out: Ints, home: Ints,
) -> tuple[Flags, Ints, Ints, Ints, Ints]:  # fmt: skip
    """Which pairs some route of the shift could hold, by time and by driving, each on its own.

    Returns (m, n) arrays: keep, last_start, least_home, soonest, least_out. Labels are corrected
    until nothing changes: arcs may run both ways between rides with overlapping windows.
    """
    m, n = fits.shape
    keep = np.zeros((m, n), np.bool_)
    last_start = np.full((m, n), -FAR)
    least_home = np.full((m, n), FAR)
    all_soonest = np.full((m, n), FAR)
    all_least_out = np.full((m, n), FAR)
    members = np.empty(n, np.int64)
    for k in range(m):
        size = 0
        soonest, least_out = all_soonest[k], all_least_out[k]
        for i in range(n):
            if fits[k, i] and closes[i] >= earliest[k] and opens[i] + busy[i] <= latest[k]:
                members[size] = i
                size += 1
                soonest[i] = FAR
                least_out[i] = FAR
                if out[k, i] < FAR:
                    start = max(opens[i], earliest[k] + out[k, i])
                    if start <= closes[i]:
                        soonest[i] = start
                        least_out[i] = out[k, i] + loaded[i]
        moved = True
        while moved:
            moved = False
            for x in range(size):
                i = members[x]
                if soonest[i] >= FAR:
                    continue
                end = max(soonest[i] + busy[i], free[i])
                for y in range(size):
                    j = members[y]
                    if dead[i, j] >= FAR or closes[j] < end + dead[i, j]:
                        continue
                    start = max(opens[j], end + dead[i, j])
                    if start < soonest[j]:
                        soonest[j] = start
                        moved = True
                    if least_out[i] + dead[i, j] + loaded[j] < least_out[j]:
                        least_out[j] = least_out[i] + dead[i, j] + loaded[j]
                        moved = True
        for x in range(size):
            i = members[x]
            if soonest[i] < FAR and home[k, i] < FAR and free[i] <= latest[k] - home[k, i]:
                last_start[k, i] = min(closes[i], latest[k] - home[k, i] - busy[i])
                if last_start[k, i] < soonest[i]:
                    last_start[k, i] = -FAR
                else:
                    least_home[k, i] = home[k, i]
        moved = True
        while moved:
            moved = False
            for x in range(size - 1, -1, -1):
                i = members[x]
                if soonest[i] >= FAR:
                    continue
                end = max(soonest[i] + busy[i], free[i])
                for y in range(size):
                    j = members[y]
                    if dead[i, j] >= FAR or last_start[k, j] < end + dead[i, j]:
                        continue
                    start = min(closes[i], last_start[k, j] - dead[i, j] - busy[i])
                    if start > last_start[k, i] and start >= soonest[i]:
                        last_start[k, i] = start
                        moved = True
                    if dead[i, j] + loaded[j] + least_home[k, j] < least_home[k, i]:
                        least_home[k, i] = dead[i, j] + loaded[j] + least_home[k, j]
                        moved = True
        for x in range(size):
            i = members[x]
            keep[k, i] = (
                soonest[i] < FAR
                and last_start[k, i] >= soonest[i]
                and least_out[i] + least_home[k, i] <= max_drive[k]
            )
    return keep, last_start, least_home, all_soonest, all_least_out
