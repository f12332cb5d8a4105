"""The peer VROOM, through `pyvroom`, where it can express the day: one ride at a time.

It knows no limit on a route's duration, no affinity and no plan people know; what breaks a rule
afterwards loses rides (see `tables`). Needs and exclusions are told as skills of pairs.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom

from matching import prune, reach
from matching.problem import Problem

NO_WAY = 10**7
MOST_PRIORITY = 100


def orders(problem: Problem, seconds: float) -> dict[str, list[str]]:
    """shift -> its rides in order."""
    day = vroom.Input()
    matrix = np.array(problem.travel_seconds, dtype=np.int64)
    matrix[matrix < 0] = NO_WAY
    day.set_durations_matrix(profile="car", matrix_input=matrix.astype(np.uint32))
    able: list[set[int]] = [set() for _ in problem.shifts]
    for i, ride in enumerate(problem.rides):
        locked = problem.locked.get(ride.id)
        for k, shift in enumerate(problem.shifts):
            if prune.compatible(ride, shift) and locked in (None, shift.id):
                able[k].add(i + 1)
    for k, shift in enumerate(problem.shifts):
        limits = {}
        if shift.max_drive_seconds is not None:
            limits["max_travel_time"] = shift.max_drive_seconds
        if shift.max_rides is not None:
            limits["max_tasks"] = 2 * shift.max_rides
        day.add_vehicle(
            vroom.Vehicle(
                k + 1,
                start=shift.start_place,
                end=shift.end_place,
                capacity=[1],
                skills=able[k],
                time_window=vroom.TimeWindow(shift.earliest, shift.latest),
                **limits,
            )
        )
    for i, ride in enumerate(problem.rides):
        loaded = problem.travel_seconds[ride.pickup_place][ride.dropoff_place]
        interval = None if loaded < 0 else reach.pickup_interval(ride, loaded)
        if interval is None:
            continue
        day.add_shipment(
            vroom.ShipmentStep(
                i + 1,
                ride.pickup_place,
                default_service=ride.board_seconds,
                time_windows=[vroom.TimeWindow(*interval)],
            ),
            vroom.ShipmentStep(
                i + 1,
                ride.dropoff_place,
                default_service=ride.alight_seconds,
                time_windows=[vroom.TimeWindow(*ride.dropoff_window)],
            ),
            amount=vroom.Amount([1]),
            skills={i + 1},
            priority=min(MOST_PRIORITY, 10 * ride.priority),
        )
    answer = day.solve(
        exploration_level=5, nb_threads=1, timeout=timedelta(seconds=max(0.1, seconds))
    )
    found: dict[str, list[str]] = {}
    for _, row in answer.routes.iterrows():
        if row["type"] == "pickup":
            shift = problem.shifts[int(row["vehicle_id"]) - 1].id
            found.setdefault(shift, []).append(problem.rides[int(row["id"]) - 1].id)
    return found
