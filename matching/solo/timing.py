"""When the stops of one shift happen, given the order of its rides.

Of all timings that serve the rides in that order, the one with the shortest time from leaving
home to being back, and of those the earliest: nobody waits longer than the windows make them.
"""

from __future__ import annotations

from collections.abc import Sequence

from matching import reach
from matching.problem import Problem, Ride, Shift
from matching.solution import Kind, Route, Stop


def route_of(problem: Problem, shift: Shift, rides: Sequence[Ride]) -> Route | None:
    """The route of `shift` over `rides` one after the other, or None if a rule forbids it.

    A route of time windows maps the moment s of leaving home to the moment everything is done,
    max(early, s + packed) for s <= last (all in seconds), after Savelsbergh's forward slack,
    doi:10.1287/ijoc.4.2.146; composing ride by ride gives all three at once.
    """
    matrix = problem.travel_seconds
    early, packed, last = shift.earliest, 0, None
    here, driven = shift.start_place, 0
    for ride in rides:
        drive = matrix[here][ride.pickup_place]
        loaded = matrix[ride.pickup_place][ride.dropoff_place]
        interval = None if min(drive, loaded) < 0 else reach.pickup_interval(ride, loaded)
        if interval is None or early + drive > interval[1]:
            return None
        slack = interval[1] - drive - packed
        last = slack if last is None else min(last, slack)
        early = reach.ride_end(ride, loaded, max(interval[0], early + drive))
        packed += drive + ride.board_seconds + loaded + ride.alight_seconds
        driven += drive + loaded
        here = ride.dropoff_place
    home = matrix[here][shift.end_place]
    if home < 0 or last is None or early + home > shift.latest:
        return None
    duration = max(packed, early - last) + home
    if not _within(shift.max_drive_seconds, driven + home):
        return None
    if not _within(shift.max_duration_seconds, duration):
        return None
    if not _within(shift.max_rides, len(rides)):
        return None
    leave = min(last, early - packed)
    return Route(shift.id, tuple(_stops(problem, shift, rides, max(leave, shift.earliest))))


def _within(limit: int | None, value: int) -> bool:
    return limit is None or value <= limit


def _stops(problem: Problem, shift: Shift, rides: Sequence[Ride], leave: int) -> list[Stop]:
    """The stops at their earliest when the car leaves home at `leave`."""
    matrix = problem.travel_seconds
    now, here = leave, shift.start_place
    stops = []
    for ride in rides:
        loaded = matrix[ride.pickup_place][ride.dropoff_place]
        opens = (reach.pickup_interval(ride, loaded) or ride.pickup_window)[0]
        pickup = max(opens, now + matrix[here][ride.pickup_place])
        now = reach.ride_end(ride, loaded, pickup)
        stops.append(Stop(ride.id, Kind.PICKUP, pickup))
        stops.append(Stop(ride.id, Kind.DROPOFF, now - ride.alight_seconds))
        here = ride.dropoff_place
    return stops
