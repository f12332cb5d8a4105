"""What one shift could do for one ride if it had nothing else to do.

Plain arithmetic on a single ride, without any solver: validation of locks, pruning and
explanations ask it. Where a way by other places could be shorter than the direct one (a travel
matrix need not obey the triangle inequality, and stops of other rides may lie on the way), the
answers stay on the safe side: nothing is called impossible that some route could do.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.problem import Problem, Ride, Shift


def missing_needs(ride: Ride, shift: Shift) -> list[str]:
    """What the ride needs and the shift lacks, each as `name >= amount` or as a skill."""
    lacks = [
        f"{name} >= {amount}"
        for name, amount in sorted(ride.load.items())
        if shift.capacity.get(name, 0) < amount
    ]
    return lacks + sorted(ride.skills - shift.skills)


def pickup_interval(ride: Ride, loaded: int) -> tuple[int, int] | None:
    """The earliest and latest moments boarding may start when the drive takes `loaded` seconds.

    Every moment between them allows some drop-off inside its window and the ride-time limit when
    nothing else happens on the way. None when there is none.
    """
    opens, closes = ride.pickup_window
    closes = min(closes, ride.dropoff_window[1] - ride.board_seconds - loaded)
    if ride.max_ride_seconds is not None:
        if loaded > ride.max_ride_seconds:
            return None
        opens = max(opens, ride.dropoff_window[0] - ride.board_seconds - ride.max_ride_seconds)
    return (opens, closes) if opens <= closes else None


def ride_end(ride: Ride, loaded: int, start: int) -> int:
    """When alighting is over at the earliest if boarding starts at `start`, in seconds."""
    at = max(start + ride.board_seconds + loaded, ride.dropoff_window[0])
    return at + ride.alight_seconds


def shortest_from(matrix: Sequence[Sequence[int]], place: int) -> list[int]:
    """Least seconds from `place` to every place over any other places; -1 where no way leads.

    Dijkstra's method; service times on the way are left out, so no route can be quicker.
    """
    best = [-1] * len(matrix)
    queue = [(0, place)]
    while queue:
        seconds, here = heapq.heappop(queue)
        if best[here] >= 0:
            continue
        best[here] = seconds
        for there, step in enumerate(matrix[here]):
            if step >= 0 and best[there] < 0:
                heapq.heappush(queue, (seconds + step, there))
    return best


def lock_obstacle(problem: Problem, ride: Ride, shift: Shift) -> str | None:
    """Why `ride` can never be on `shift`, whatever else it does, or None if it may be."""
    lacks = missing_needs(ride, shift)
    if lacks:
        return f"does not offer {lacks[0]}"
    if shift.driver in ride.excluded_drivers:
        return f"belongs to the excluded driver {shift.driver!r}"
    matrix = problem.travel_seconds
    loaded = matrix[ride.pickup_place][ride.dropoff_place]
    if problem.pooling and _alone(matrix, ride, shift, loaded) is not None:
        loaded = shortest_from(matrix, ride.pickup_place)[ride.dropoff_place]
    obstacle = _alone(matrix, ride, shift, loaded)
    if obstacle is None:
        return None
    before = shortest_from(matrix, shift.start_place)[ride.pickup_place]
    after = shortest_from(matrix, ride.dropoff_place)[shift.end_place]
    return route_obstacle(ride, shift, before, loaded, after)


def _alone(matrix: Sequence[Sequence[int]], ride: Ride, shift: Shift, loaded: int) -> str | None:
    before = matrix[shift.start_place][ride.pickup_place]
    after = matrix[ride.dropoff_place][shift.end_place]
    return route_obstacle(ride, shift, before, loaded, after)


def route_obstacle(ride: Ride, shift: Shift, before: int, loaded: int, after: int) -> str | None:
    """Why the route of this one ride with these three drives, in seconds, breaks a rule.

    The answer completes the sentence "the shift …"; None if it breaks none.
    """
    if shift.max_rides == 0:
        return "takes no rides (max_rides)"
    if min(before, loaded, after) < 0:
        return "has no road to drive it"
    interval = pickup_interval(ride, loaded)
    if interval is None:
        return "cannot drive it within the ride's own windows and ride-time limit"
    start = max(interval[0], shift.earliest + before)
    if start > interval[1]:
        return "cannot be at the pickup before its window closes"
    home = ride_end(ride, loaded, start) + after
    if home > shift.latest:
        return "cannot be back by its end"
    if shift.max_drive_seconds is not None and before + loaded + after > shift.max_drive_seconds:
        return "would drive longer than max_drive_seconds allows"
    if shift.max_duration_seconds is not None:
        latest = min(interval[1], latest_start(ride, loaded, shift.latest - after))
        duration = before + ride_end(ride, loaded, latest) - latest + after
        if duration > shift.max_duration_seconds:
            return "would be out longer than max_duration_seconds allows"
    return None


def latest_start(ride: Ride, loaded: int, end: int) -> int:
    """The last moment boarding may start so that alighting is over by `end`, in seconds."""
    return end - ride.alight_seconds - loaded - ride.board_seconds
