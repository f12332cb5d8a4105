"""The peer OR-Tools: its routing library, modelled as its official examples do.

PARALLEL_CHEAPEST_INSERTION and GUIDED_LOCAL_SEARCH, a disjunction for each stop, dimensions for
time, driving, load and number of stops. It does not know affinity or the plan people know.
"""

from __future__ import annotations

from itertools import chain

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from matching import prune
from matching.problem import Problem
from matching.solution import Kind, Route, Stop

NO_WAY = 10**8
"""Seconds of a leg where there is no road: more than any day has."""
PENALTY = 10**6


def routes(problem: Problem, seconds: float) -> list[Route]:
    """The routes found within `seconds`; empty when there are none."""
    rides, shifts = problem.rides, problem.shifts
    n, m = len(rides), len(shifts)
    if not n or not m:
        return []
    places = [ride.pickup_place for ride in rides] + [ride.dropoff_place for ride in rides]
    places += [shift.start_place for shift in shifts] + [shift.end_place for shift in shifts]
    service = [ride.board_seconds for ride in rides] + [ride.alight_seconds for ride in rides]
    service += [0] * (2 * m)
    travel = problem.travel_seconds
    drive = [[_leg(travel[i][j]) for j in places] for i in places]
    spend = [[leg + service[i] for leg in row] for i, row in enumerate(drive)]
    starts = list(range(2 * n, 2 * n + m))
    manager = pywrapcp.RoutingIndexManager(len(places), m, starts, [start + m for start in starts])
    model = pywrapcp.RoutingModel(manager)
    driving = model.RegisterTransitMatrix(drive)
    model.SetArcCostEvaluatorOfAllVehicles(driving)
    horizon = max(shift.latest for shift in shifts) + 1
    model.AddDimension(model.RegisterTransitMatrix(spend), horizon, horizon, False, "time")
    limits = [_or(shift.max_drive_seconds, NO_WAY - 1) for shift in shifts]
    model.AddDimensionWithVehicleCapacity(driving, 0, limits, True, "drive")
    counts = [2 * min(n, _or(shift.max_rides, n)) for shift in shifts]
    one = model.RegisterUnaryTransitVector([1] * (2 * n) + [0] * (2 * m))
    model.AddDimensionWithVehicleCapacity(one, 0, counts, True, "stops")
    for name, loads, room in _loads(problem):
        row = model.RegisterUnaryTransitVector([*loads, *(-load for load in loads), *[0] * (2 * m)])
        model.AddDimensionWithVehicleCapacity(row, 0, room, True, f"load {name}")
    time = model.GetDimensionOrDie("time")
    for k, shift in enumerate(shifts):
        for index in (model.Start(k), model.End(k)):
            time.CumulVar(index).SetRange(shift.earliest, shift.latest)
        if shift.max_duration_seconds is not None:
            time.SetSpanUpperBoundForVehicle(shift.max_duration_seconds, k)
    for i, ride in enumerate(rides):
        first, last = manager.NodeToIndex(i), manager.NodeToIndex(n + i)
        model.AddPickupAndDelivery(first, last)
        model.solver().Add(model.VehicleVar(first) == model.VehicleVar(last))
        model.solver().Add(time.CumulVar(first) <= time.CumulVar(last))
        time.CumulVar(first).SetRange(*ride.pickup_window)
        time.CumulVar(last).SetRange(*ride.dropoff_window)
        if ride.max_ride_seconds is not None:
            longest = ride.max_ride_seconds + ride.board_seconds
            model.solver().Add(time.CumulVar(last) - time.CumulVar(first) <= longest)
        locked = problem.locked.get(ride.id)
        able = [
            k
            for k, shift in enumerate(shifts)
            if prune.compatible(ride, shift) and locked in (None, shift.id)
        ]
        for index in (first, last):
            model.VehicleVar(index).SetValues(able if locked else [-1, *able])
            if not locked:
                model.AddDisjunction([index], PENALTY * ride.priority)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
    searches = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = searches.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1000 * seconds))
    answer = model.SolveWithParameters(parameters)
    if answer is None:
        return []
    return [route for k in range(m) if (route := _read(problem, manager, model, answer, k)).stops]


def _leg(seconds: int) -> int:
    return NO_WAY if seconds < 0 else seconds


def _or(limit: int | None, otherwise: int) -> int:
    return otherwise if limit is None else limit


def _loads(problem: Problem) -> list[tuple[str, list[int], list[int]]]:
    """(name, load of each ride, room of each shift); without pooling also one party at a time."""
    names = sorted(set(chain.from_iterable(ride.load for ride in problem.rides)))
    rows = [
        (
            name,
            [ride.load.get(name, 0) for ride in problem.rides],
            [shift.capacity.get(name, 0) for shift in problem.shifts],
        )
        for name in names
    ]
    if not problem.pooling:
        rows.append(("party", [1] * len(problem.rides), [1] * len(problem.shifts)))
    return rows


def _read(
    problem: Problem,
    manager: pywrapcp.RoutingIndexManager,
    model: pywrapcp.RoutingModel,
    answer: pywrapcp.Assignment,
    k: int,
) -> Route:
    n, time = len(problem.rides), model.GetDimensionOrDie("time")
    stops = []
    index = answer.Value(model.NextVar(model.Start(k)))
    while not model.IsEnd(index):
        node = manager.IndexToNode(index)
        kind = Kind.PICKUP if node < n else Kind.DROPOFF
        at = answer.Min(time.CumulVar(index))
        stops.append(Stop(problem.rides[node % n].id, kind, at))
        index = answer.Value(model.NextVar(index))
    return Route(problem.shifts[k].id, tuple(stops))
