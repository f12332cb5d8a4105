import random

import numpy as np
import pytest
from ortools.linear_solver import pywraplp

from matching import Problem, Ride, Shift
from matching.pooled.day_network import network_of
from matching.pooled.schedule import empty_plan, refresh


def random_route(seed):
    """A day of one shift and three rides, and an order of their stops."""
    chance = random.Random(seed)  # noqa: S311 - test data, no secret
    places = [[0 if i == j else chance.randint(50, 300) for j in range(4)] for i in range(4)]

    def window():
        opens = chance.randint(0, 900)
        return (opens, opens + chance.randint(100, 1500))

    rides = tuple(
        Ride(
            f"r{k}",
            chance.randrange(4),
            chance.randrange(4),
            window(),
            window(),
            chance.randint(0, 60),
            chance.randint(0, 60),
            max_ride_seconds=chance.choice([None, chance.randint(100, 900)]),
        )
        for k in range(3)
    )
    limit = chance.choice([None, chance.randint(600, 2500)])
    shift = Shift("s", "d", 0, 1, 0, 3600, max_duration_seconds=limit)
    problem = Problem(tuple(map(tuple, places)), (shift,), rides, pooling=True)
    order = chance.sample(range(3), 3)
    stops = []
    for ride in order:
        at = chance.randint(0, len(stops))
        stops.insert(at, ride)
        stops.insert(chance.randint(at + 1, len(stops)), 3 + ride)
    return problem, stops


def extreme_moments(problem, stops, sign):
    """The least (`sign` 1) or greatest (-1) moments of all stops by linear programming."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    shift, rides = problem.shifts[0], problem.rides
    places, service, moments = [shift.start_place], [0], [solver.NumVar(0, shift.latest, "")]
    for node in stops:
        ride, pickup = rides[node % 3], node < 3
        opens, closes = ride.pickup_window if pickup else ride.dropoff_window
        moments.append(solver.NumVar(opens, closes, ""))
        places.append(ride.pickup_place if pickup else ride.dropoff_place)
        service.append(ride.board_seconds if pickup else ride.alight_seconds)
    places.append(shift.end_place)
    moments.append(solver.NumVar(0, shift.latest, ""))
    for k in range(len(places) - 1):
        leg = problem.travel_seconds[places[k]][places[k + 1]]
        solver.Add(moments[k + 1] >= moments[k] + service[k] + leg)
    if shift.max_duration_seconds is not None:
        solver.Add(moments[-1] - moments[0] <= shift.max_duration_seconds)
    for number, ride in enumerate(rides):
        if ride.max_ride_seconds is not None:
            aboard = moments[1 + stops.index(3 + number)] - moments[1 + stops.index(number)]
            solver.Add(aboard <= ride.max_ride_seconds + ride.board_seconds)
    solver.Minimize(sign * sum(moments))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return [moment.solution_value() for moment in moments]


@pytest.mark.parametrize("block", range(4))
def test_the_schedule_test_agrees_with_linear_programming(block):
    seen = set()
    for seed in range(100 * block, 100 * block + 100):
        problem, stops = random_route(seed)
        net = network_of(problem)
        plan = empty_plan(net, 3)
        plan.size[0] = 8
        plan.stops[0, 1:7] = stops
        plan.stops[0, 7] = net.end[0]
        feasible = refresh(net, plan, 0, np.zeros(3, np.int64))
        least = extreme_moments(problem, stops, 1)
        assert feasible == (least is not None)
        seen.add(feasible)
        if feasible:
            assert plan.early[0, 1:8] == pytest.approx(least[1:8])
            greatest = extreme_moments(problem, stops, -1)
            assert plan.late[0, :8] == pytest.approx(greatest[:8])
    assert seen == {True, False}
