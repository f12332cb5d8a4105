"""A plan at once: rides one by one, each where it costs least; the start of every search."""

from __future__ import annotations

from matching import reach
from matching.problem import Problem, Ride, Shift
from matching.solo.timing import route_of


def insert_all(problem: Problem) -> dict[str, tuple[str, ...]]:
    """shift -> its rides in order, for a plan that keeps every rule except perhaps a lock.

    Locked rides first, then those of the plan people know, then the others by priority.
    """
    shifts = {shift.id: shift for shift in problem.shifts}
    orders: dict[str, tuple[Ride, ...]] = {shift.id: () for shift in problem.shifts}
    costs: dict[str, int] = dict.fromkeys(orders, 0)
    for ride in sorted(problem.rides, key=lambda ride: _turn(problem, ride)):
        wished = problem.locked.get(ride.id)
        candidates = problem.shifts if wished is None else (shifts[wished],)
        best = min(
            (
                found
                for shift in candidates
                if (found := _place(problem, shift, orders, costs, ride))
            ),
            key=lambda found: (found[1] != problem.previous.get(ride.id), found[0], found[1]),
            default=None,
        )
        if best is not None:
            _, shift_id, order, cost = best
            orders[shift_id], costs[shift_id] = order, cost
    return {shift: tuple(ride.id for ride in order) for shift, order in orders.items() if order}


def _turn(problem: Problem, ride: Ride) -> tuple[bool, int, bool, int]:
    """Whose turn it is: a key that sorts first what is hardest to place later."""
    return (
        ride.id not in problem.locked,
        -ride.priority,
        ride.id not in problem.previous,
        ride.pickup_window[0],
    )


def _place(
    problem: Problem,
    shift: Shift,
    orders: dict[str, tuple[Ride, ...]],
    costs: dict[str, int],
    ride: Ride,
) -> tuple[int, str, tuple[Ride, ...], int] | None:
    """The cheapest way to add `ride` to `shift`: (extra cost, shift, order, cost), or None."""
    if shift.driver in ride.excluded_drivers or reach.missing_needs(ride, shift):
        return None
    rides = orders[shift.id]
    wish = problem.affinity.get((ride.id, shift.driver), 0)
    found = None
    for position in range(len(rides) + 1):
        order = (*rides[:position], ride, *rides[position:])
        if route_of(problem, shift, order) is None:
            continue
        cost = _driving(problem, shift, order)
        extra = cost - costs[shift.id] + wish
        if found is None or extra < found[0]:
            found = (extra, shift.id, order, cost)
    return found


def _driving(problem: Problem, shift: Shift, rides: tuple[Ride, ...]) -> int:
    matrix, here, seconds = problem.travel_seconds, shift.start_place, 0
    for ride in rides:
        seconds += matrix[here][ride.pickup_place]
        seconds += matrix[ride.pickup_place][ride.dropoff_place]
        here = ride.dropoff_place
    return seconds + matrix[here][shift.end_place]
