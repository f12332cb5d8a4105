"""Routes that keep their locks."""

from matching import Problem, Ride, Shift, solve

WISHED = -7200
"""Seconds that the ride nobody has yet is wished for, by everybody."""


def a_ride(key, opens):
    window = (opens, opens + 600)
    return Ride(key, 1, 2, window, (opens, opens + 9000), 60, 60, {"seats": 1})


def a_day(**parts):
    shifts = tuple(Shift(f"s{n}", f"d{n}", 0, 0, 0, 40_000, {"seats": 4}) for n in (1, 2))
    rides = (a_ride("r1", 3000), a_ride("r2", 3100), a_ride("free", 12_000))
    usual = {
        "travel_seconds": ((0, 300, 600), (300, 0, 400), (600, 400, 0)),
        "shifts": shifts,
        "rides": rides,
        "locked": {"r1": "s1", "r2": "s2"},
        "affinity": {("free", "d1"): WISHED, ("free", "d2"): WISHED},
    }
    return Problem(**(usual | parts))


def test_a_ride_that_everybody_is_wished_for_is_on_one_route_beside_the_locked_ones():
    solution = solve(a_day(), time_limit=30.0)
    served = [stop.ride for route in solution.routes for stop in route.stops]
    assert sorted(set(served)) == ["free", "r1", "r2"]
    assert served.count("free") == 2  # picked up and dropped off once
    assert solution.bound.proven
