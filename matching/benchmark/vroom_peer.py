"""The peer VROOM, through `pyvroom`.

It knows no ride-time limit, no limit on a route's duration, no affinity and no plan people know.
Windows are cut so that the ride-time limit always holds; what breaks another rule afterwards
loses rides (see `orders`). Needs and exclusions are told as skills of pairs.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom

from matching import prune, reach
from matching.benchmark.orders import Orders
from matching.problem import Problem, Ride, Shift
from matching.solution import Kind

NO_WAY = 10**7
MOST_PRIORITY = 100
EXPLORATION = 5
"""The most thorough of its settings."""


def orders(problem: Problem, seconds: float, *, vehicle_cost: int = 0) -> Orders:
    """The orders found within `seconds`; each shift that is used costs `vehicle_cost` more."""
    day = vroom.Input()
    matrix = np.array(problem.travel_seconds, dtype=np.int64)
    matrix[matrix < 0] = NO_WAY
    day.set_durations_matrix(profile="car", matrix_input=matrix.astype(np.uint32))
    names = sorted({name for ride in problem.rides for name in ride.load})
    if not problem.pooling:
        names = []
    for k, shift in enumerate(problem.shifts):
        day.add_vehicle(_vehicle(problem, k, shift, names, vehicle_cost))
    for i, ride in enumerate(problem.rides):
        shipment = _shipment(problem, i, ride, names)
        if shipment is not None:
            day.add_shipment(*shipment[:2], **shipment[2])
    limit = timedelta(seconds=max(0.1, seconds))
    answer = day.solve(exploration_level=EXPLORATION, nb_threads=1, timeout=limit)
    found: dict[str, list[tuple[str, Kind]]] = {}
    kinds = {"pickup": Kind.PICKUP, "delivery": Kind.DROPOFF}
    for _, row in answer.routes.iterrows():
        if row["type"] in kinds:
            shift = problem.shifts[int(row["vehicle_id"]) - 1].id
            ride = problem.rides[int(row["id"]) - 1].id
            found.setdefault(shift, []).append((ride, kinds[row["type"]]))
    return found


def _vehicle(problem: Problem, k: int, shift: Shift, names: list[str], fixed: int) -> vroom.Vehicle:
    """Shift `k`; without names of loads it takes one party at a time."""
    limits = {}
    if shift.max_drive_seconds is not None:
        limits["max_travel_time"] = shift.max_drive_seconds
    if shift.max_rides is not None:
        limits["max_tasks"] = 2 * shift.max_rides
    able = {
        i + 1
        for i, ride in enumerate(problem.rides)
        if prune.compatible(ride, shift) and problem.locked.get(ride.id, shift.id) == shift.id
    }
    return vroom.Vehicle(
        k + 1,
        start=shift.start_place,
        end=shift.end_place,
        capacity=[shift.capacity.get(name, 0) for name in names] or [1],
        skills=able,
        time_window=vroom.TimeWindow(shift.earliest, shift.latest),
        costs=vroom.VehicleCosts(fixed=fixed),
        **limits,
    )


def _shipment(
    problem: Problem, i: int, ride: Ride, names: list[str]
) -> tuple[vroom.ShipmentStep, vroom.ShipmentStep, dict] | None:
    """Pickup, drop-off and options of ride `i`; None where nobody could drive it."""
    loaded = problem.travel_seconds[ride.pickup_place][ride.dropoff_place]
    windows = None if loaded < 0 else cut_windows(ride, loaded, alone=not problem.pooling)
    if windows is None:
        return None
    pickup = vroom.ShipmentStep(
        i + 1,
        ride.pickup_place,
        default_service=ride.board_seconds,
        time_windows=[vroom.TimeWindow(*windows[0])],
    )
    dropoff = vroom.ShipmentStep(
        i + 1,
        ride.dropoff_place,
        default_service=ride.alight_seconds,
        time_windows=[vroom.TimeWindow(*windows[1])],
    )
    loads = [ride.load.get(name, 0) for name in names] or [1]
    priority = min(MOST_PRIORITY, 10 * ride.priority)
    return pickup, dropoff, {"amount": vroom.Amount(loads), "skills": {i + 1}, "priority": priority}


def cut_windows(
    ride: Ride, loaded: int, *, alone: bool
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Windows of pickup and drop-off in which no ride can last too long; None if there are none.

    The narrower of the two stays whole. A ride that shares its car with nobody waits nowhere but
    at its drop-off, so there the pickup's window alone does.
    """
    interval = reach.pickup_interval(ride, loaded)
    if interval is None:
        return None
    (opens, closes), (first, last) = interval, ride.dropoff_window
    first = max(first, opens + ride.board_seconds + loaded)
    if alone or ride.max_ride_seconds is None:
        return (opens, closes), (first, last)
    longest = ride.board_seconds + ride.max_ride_seconds
    if closes - opens <= last - first:
        last = min(last, opens + longest)
        closes = min(closes, last - ride.board_seconds - loaded)
    else:
        opens = max(opens, last - longest)
        first = max(first, opens + ride.board_seconds + loaded)
    return ((opens, closes), (first, last)) if opens <= closes and first <= last else None
