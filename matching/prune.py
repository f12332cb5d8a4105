"""Which shift could take which ride, and why not.

The answers are about one ride and one shift with nothing else to do; where ways over other places
could be shorter than the direct one the reasons stay on the safe side (see `reach`).
"""

from __future__ import annotations

from matching import reach
from matching.problem import Problem, Ride, Shift
from matching.solution import Reason


def compatible(ride: Ride, shift: Shift) -> bool:
    """Whether the shift has what the ride needs and its driver is not excluded."""
    return not reach.missing_needs(ride, shift) and shift.driver not in ride.excluded_drivers


def obstacle(problem: Problem, ride: Ride) -> tuple[Reason, str] | None:
    """Why no shift could take `ride` even if it had nothing else to do; None if one could.

    The sentence is for a person and names no ids but those of needs.
    """
    matrix = problem.travel_seconds
    loaded = matrix[ride.pickup_place][ride.dropoff_place]
    if loaded < 0:
        return Reason.UNREACHABLE, "there is no road from its pickup to its drop-off"
    fitting = [shift for shift in problem.shifts if compatible(ride, shift)]
    if not fitting:
        return Reason.NO_COMPATIBLE_DRIVER, _what_lacks(problem, ride)
    at_work = [shift for shift in fitting if _at_work(ride, shift)]
    if not at_work:
        detail = f"{_count(len(fitting), 'compatible shift')}, none at work in its windows"
        return Reason.NO_DRIVER_IN_TIME, detail
    obstacles = []
    for shift in at_work:
        before = matrix[shift.start_place][ride.pickup_place]
        after = matrix[ride.dropoff_place][shift.end_place]
        why = reach.route_obstacle(ride, shift, before, loaded, after)
        if why is None:
            return None
        obstacles.append((before < 0 or after < 0, why))
    if all(no_road for no_road, _ in obstacles):
        return Reason.UNREACHABLE, "no shift that could take it has a road to it and back"
    most = max({why for _, why in obstacles}, key=[why for _, why in obstacles].count)
    return Reason.TOO_FAR, f"{_count(len(at_work), 'shift')} at work then; the nearest {most}"


def _at_work(ride: Ride, shift: Shift) -> bool:
    """Whether the shift's hours touch both of the ride's windows."""
    return (
        shift.earliest <= ride.pickup_window[1]
        and ride.pickup_window[0] + ride.board_seconds <= shift.latest
        and shift.earliest <= ride.dropoff_window[1]
        and ride.dropoff_window[0] + ride.alight_seconds <= shift.latest
    )


def _what_lacks(problem: Problem, ride: Ride) -> str:
    """Which need nobody meets, or that nobody meets all, or that all who do are excluded."""
    if not problem.shifts:
        return "no shift is offered on that day"
    lacks = [set(reach.missing_needs(ride, shift)) for shift in problem.shifts]
    nobody = sorted(set.intersection(*lacks))
    if nobody:
        return f"no shift offers {nobody[0]} on that day"
    if all(lacks):
        needs = [f"{name} >= {amount}" for name, amount in sorted(ride.load.items())]
        return f"no shift offers {' and '.join([*needs, *sorted(ride.skills)])} together"
    return "every driver who could is excluded"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
