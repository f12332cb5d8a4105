"""Each peer is asked the same question, and its answer keeps the rules."""

import pytest

from matching.benchmark import race
from matching.benchmark.orders import plan_of
from matching.benchmark.vroom_peer import cut_windows
from matching.check import violations
from matching.problem import Problem, Ride, Shift

ROADS = ((0, 300, 600), (300, 0, 300), (600, 300, 0))


def a_day(pooling):
    """Two rides that one car can share, and a lift that only the second shift has."""
    rides = tuple(
        Ride(
            f"r{k}", 1, 2, (1000, 1600), (1000, 2600), 30, 30, {"seats": 1},
            skills=frozenset({"lift"}) if k == 2 else frozenset(), max_ride_seconds=500,
        )
        for k in (1, 2)
    )  # fmt: skip
    shifts = (
        Shift("s1", "d1", 0, 0, 0, 9000, {"seats": 4}),
        Shift("s2", "d2", 0, 0, 0, 9000, {"seats": 4}, skills=frozenset({"lift"})),
    )
    return Problem(ROADS, shifts, rides, pooling=pooling)


@pytest.mark.parametrize("peer", ["ortools", "vroom"])
@pytest.mark.parametrize(("pooling", "cost"), [(True, 1200), (False, 2400)])
def test_a_peer_serves_both_rides(peer, pooling, cost):
    day = a_day(pooling)
    orders, effort = race.peer(peer, day, time_limit=1)
    plan = plan_of(day, orders)
    assert violations(day, plan) == []
    assert (plan.objective.priority, plan.objective.cost_seconds) == (2, cost)
    assert effort.megabytes > 10


def test_a_peer_that_wants_few_vehicles_uses_one():
    rides = tuple(Ride(f"r{k}", 1, 2, (0, 9000), (0, 9000), load={"load": 1}) for k in (1, 2))
    shifts = tuple(Shift(f"s{k}", f"d{k}", 0, 0, 0, 9000, {"load": 1}) for k in (1, 2))
    day = Problem(ROADS, shifts, rides, pooling=True)
    orders, _ = race.peer("pyvrp", day, time_limit=1, vehicle_cost=10**6)
    plan = plan_of(day, orders)
    assert violations(day, plan) == []
    assert len(plan.routes) == 1


@pytest.mark.parametrize(
    ("pickup", "dropoff", "cut"),
    [
        ((1000, 1100), (1000, 9000), ((1000, 1100), (1330, 1530))),
        ((0, 9000), (2000, 2100), ((1570, 1770), (2000, 2100))),
        ((0, 100), (9000, 9100), None),
    ],
)
def test_no_ride_within_cut_windows_lasts_too_long(pickup, dropoff, cut):
    ride = Ride("r", 1, 2, pickup, dropoff, 30, 30, max_ride_seconds=500)
    assert cut_windows(ride, 300, alone=False) == cut
