"""What is best, written once for every solver: priority served, then changes, then cost.

The checker does not use it: it counts for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matching.problem import Problem, Ride, Shift
from matching.solution import Objective, Route


def driving_seconds(problem: Problem, shift: Shift, places: Iterable[int]) -> int:
    """Seconds at the wheel from the shift's start over the stops' `places` to its end.

    A shift without stops drives nothing, wherever it starts and ends.
    """
    seconds, here, moved = 0, shift.start_place, False
    for place in places:
        seconds += problem.travel_seconds[here][place]
        here, moved = place, True
    return seconds + problem.travel_seconds[here][shift.end_place] if moved else 0


def changes(problem: Problem, shift_of: Mapping[str, str]) -> int:
    """How many rides of the plan people know are now on another shift or unserved."""
    return sum(shift_of.get(ride) != shift for ride, shift in problem.previous.items())


def objective_of(problem: Problem, routes: Iterable[Route]) -> Objective:
    """The three numbers that plans are compared by."""
    rides: dict[str, Ride] = {ride.id: ride for ride in problem.rides}
    shifts = {shift.id: shift for shift in problem.shifts}
    shift_of: dict[str, str] = {}
    cost = 0
    for route in routes:
        shift = shifts[route.shift]
        places = [
            rides[stop.ride].pickup_place
            if stop.kind == "pickup"
            else rides[stop.ride].dropoff_place
            for stop in route.stops
        ]
        cost += driving_seconds(problem, shift, places)
        for ride in {stop.ride for stop in route.stops}:
            shift_of[ride] = shift.id
            cost += problem.affinity.get((ride, shift.driver), 0)
    priority = sum(rides[ride].priority for ride in shift_of)
    return Objective(priority, changes(problem, shift_of), cost)
