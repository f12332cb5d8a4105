"""The peer PyVRP, for files without ride-time limits in which all vehicles are alike."""

from __future__ import annotations

from pyvrp import Model, Route
from pyvrp.stop import MaxRuntime

from matching.benchmark.orders import Orders
from matching.problem import Problem
from matching.solution import Kind


def orders(problem: Problem, seconds: float, *, vehicle_cost: int = 0) -> Orders:
    """The orders found within `seconds`; each shift that is used costs `vehicle_cost` more.

    Every ride is to be served; there is no answer where none does so.
    """
    model = Model()
    travel, shift = problem.travel_seconds, problem.shifts[0]
    places = [model.add_location(0, 0) for _ in travel]
    depot = model.add_depot(places[shift.start_place])
    names = sorted({name for ride in problem.rides for name in ride.load})
    model.add_vehicle_type(
        len(problem.shifts),
        capacity=[shift.capacity.get(name, 0) for name in names],
        start_depot=depot,
        end_depot=depot,
        fixed_cost=vehicle_cost,
        tw_early=shift.earliest,
        tw_late=shift.latest,
    )
    for here, row in zip(places, travel, strict=True):
        for there, leg in zip(places, row, strict=True):
            model.add_edge(here, there, leg, leg)
    for ride in problem.rides:
        model.add_shipment(
            places[ride.pickup_place],
            places[ride.dropoff_place],
            *(*ride.pickup_window, ride.board_seconds),
            *(*ride.dropoff_window, ride.alight_seconds),
            amount=[ride.load.get(name, 0) for name in names],
        )
    best = model.solve(MaxRuntime(seconds), collect_stats=False, display=False).best
    if not best.is_feasible():
        return {}
    used = zip(problem.shifts, best.routes(), strict=False)
    return {shift.id: _visits(problem, route) for shift, route in used}


def _visits(problem: Problem, route: Route) -> list[tuple[str, Kind]]:
    return [
        (problem.rides[stop.idx].id, Kind.PICKUP if stop.is_pickup() else Kind.DROPOFF)
        for stop in route
        if stop.is_shipment()
    ]
