"""The peer OR-Tools: its routing library, modelled as its official examples do.

PARALLEL_CHEAPEST_INSERTION and GUIDED_LOCAL_SEARCH, a disjunction for each stop, dimensions for
time, driving, load and number of stops. It does not know affinity or the plan people know.
"""

from __future__ import annotations

from itertools import chain

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from matching import prune
from matching.benchmark.orders import Orders
from matching.problem import Problem, Ride
from matching.solution import Kind

NO_WAY = 10**8
"""Seconds of a leg where there is no road: more than any day has."""
PENALTY = 10**6
"""For each stop left out, or twice what a vehicle costs; times the priority."""


class _Day:
    """A problem as a routing model: nodes are pickups, drop-offs, starts and ends, in this order.

    A class because the library wants its manager and model kept together and alive.
    """

    def __init__(self, problem: Problem, vehicle_cost: int) -> None:
        self.problem = problem
        self.penalty = max(PENALTY, 2 * vehicle_cost)
        rides, shifts = problem.rides, problem.shifts
        self.n, self.m = len(rides), len(shifts)
        self.places = [ride.pickup_place for ride in rides]
        self.places += [ride.dropoff_place for ride in rides]
        self.places += [shift.start_place for shift in shifts]
        self.places += [shift.end_place for shift in shifts]
        starts = list(range(2 * self.n, 2 * self.n + self.m))
        ends = [start + self.m for start in starts]
        self.manager = pywrapcp.RoutingIndexManager(len(self.places), self.m, starts, ends)
        self.model = pywrapcp.RoutingModel(self.manager)
        self.model.SetFixedCostOfAllVehicles(vehicle_cost)
        self._add_driving()
        self._add_clock()
        self._add_loads()
        for number, ride in enumerate(rides):
            self._add_ride(number, ride)

    def _add_driving(self) -> None:
        """Legs are the cost, and each shift's driving has a limit."""
        travel = self.problem.travel_seconds
        self.drive = [[_leg(travel[i][j]) for j in self.places] for i in self.places]
        driving = self.model.RegisterTransitMatrix(self.drive)
        self.model.SetArcCostEvaluatorOfAllVehicles(driving)
        limits = [_or(shift.max_drive_seconds, NO_WAY - 1) for shift in self.problem.shifts]
        self.model.AddDimensionWithVehicleCapacity(driving, 0, limits, True, "drive")

    def _add_clock(self) -> None:
        rides, shifts = self.problem.rides, self.problem.shifts
        service = [ride.board_seconds for ride in rides] + [ride.alight_seconds for ride in rides]
        service += [0] * (2 * self.m)
        spend = [[leg + service[i] for leg in row] for i, row in enumerate(self.drive)]
        horizon = max(shift.latest for shift in shifts) + 1
        transit = self.model.RegisterTransitMatrix(spend)
        self.model.AddDimension(transit, horizon, horizon, False, "time")
        self.time = self.model.GetDimensionOrDie("time")
        for k, shift in enumerate(shifts):
            for index in (self.model.Start(k), self.model.End(k)):
                self.time.CumulVar(index).SetRange(shift.earliest, shift.latest)
            if shift.max_duration_seconds is not None:
                self.time.SetSpanUpperBoundForVehicle(shift.max_duration_seconds, k)

    def _add_loads(self) -> None:
        """What the cars hold, and how many stops a shift makes at most."""
        still = [0] * (2 * self.m)
        counts = [2 * min(self.n, _or(shift.max_rides, self.n)) for shift in self.problem.shifts]
        one = self.model.RegisterUnaryTransitVector([1] * (2 * self.n) + still)
        self.model.AddDimensionWithVehicleCapacity(one, 0, counts, True, "stops")
        for name, loads, room in _loads(self.problem):
            row = [*loads, *(-load for load in loads), *still]
            transit = self.model.RegisterUnaryTransitVector(row)
            self.model.AddDimensionWithVehicleCapacity(transit, 0, room, True, f"load {name}")

    def _add_ride(self, number: int, ride: Ride) -> None:
        first = self.manager.NodeToIndex(number)
        last = self.manager.NodeToIndex(self.n + number)
        solver, at = self.model.solver(), self.time.CumulVar
        self.model.AddPickupAndDelivery(first, last)
        solver.Add(self.model.VehicleVar(first) == self.model.VehicleVar(last))
        solver.Add(at(first) <= at(last))
        at(first).SetRange(*ride.pickup_window)
        at(last).SetRange(*ride.dropoff_window)
        if ride.max_ride_seconds is not None:
            solver.Add(at(last) - at(first) <= ride.max_ride_seconds + ride.board_seconds)
        locked = self.problem.locked.get(ride.id)
        able = [
            k
            for k, shift in enumerate(self.problem.shifts)
            if prune.compatible(ride, shift) and locked in (None, shift.id)
        ]
        for index in (first, last):
            self.model.VehicleVar(index).SetValues(able if locked else [-1, *able])
            if not locked:
                self.model.AddDisjunction([index], self.penalty * ride.priority)

    def search(self, seconds: float) -> Orders:
        """The best orders found within `seconds`; none if there were none."""
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        strategies = routing_enums_pb2.FirstSolutionStrategy
        parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
        searches = routing_enums_pb2.LocalSearchMetaheuristic
        parameters.local_search_metaheuristic = searches.GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(int(1000 * seconds))
        answer = self.model.SolveWithParameters(parameters)
        if answer is None:
            return {}
        shifts = self.problem.shifts
        return {shift.id: self._visits(answer, k) for k, shift in enumerate(shifts)}

    def _visits(self, answer: pywrapcp.Assignment, k: int) -> list[tuple[str, Kind]]:
        visits = []
        index = answer.Value(self.model.NextVar(self.model.Start(k)))
        while not self.model.IsEnd(index):
            node = self.manager.IndexToNode(index)
            kind = Kind.PICKUP if node < self.n else Kind.DROPOFF
            visits.append((self.problem.rides[node % self.n].id, kind))
            index = answer.Value(self.model.NextVar(index))
        return visits


def orders(problem: Problem, seconds: float, *, vehicle_cost: int = 0) -> Orders:
    """The orders found within `seconds`; each shift that is used costs `vehicle_cost` more."""
    if not problem.rides or not problem.shifts:
        return {}
    day = _Day(problem, vehicle_cost)
    return day.search(seconds)


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
