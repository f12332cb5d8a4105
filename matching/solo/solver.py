"""From a problem to a plan and its proof, and from the search's terms back to the format's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from matching import prune
from matching.problem import Problem
from matching.solo import network as networks
from matching.solo.clock import Clock
from matching.solo.columns import Column, Rank
from matching.solo.engine import Clash, Engine
from matching.solo.network import Network
from matching.solo.timing import route_of
from matching.solution import Bound, Objective, Reason, Route, Solution, Unserved


class RidesClash(Exception):
    """Locked rides, by id, that one shift cannot all take."""

    def __init__(self, rides: tuple[str, ...]) -> None:
        self.rides = rides
        super().__init__(", ".join(rides))


def solve_solo(
    problem: Problem,
    *,
    deadline: float,
    seed: int,
    report: Callable[[Solution, str], None],
    should_stop: Callable[[], bool] | None,
) -> Solution:
    """The best plan found by `deadline` (on `time.monotonic`'s scale); not yet checked.

    `report` hears every better plan and proof on the way, with the name of the phase.

    Raises
        RidesClash: locks that cannot all be kept.
    """
    began = time.monotonic()
    network = networks.build(problem)
    clock = Clock(deadline, should_stop)

    def tell(engine: Engine, phase: str) -> None:
        report(solution_of(network, engine, time.monotonic() - began), phase)

    try:
        engine = Engine(network, clock, seed, tell)
        engine.run()
    except Clash as clash:
        raise RidesClash(tuple(network.rides[ride] for ride in clash.rides)) from clash
    return solution_of(network, engine, time.monotonic() - began)


def solution_of(network: Network, engine: Engine, seconds: float) -> Solution:
    """The engine's plan and proof in the format's terms."""
    proven = engine.proof.lost == engine.rank.lost
    objective = _objective(network, engine.rank)
    return Solution(
        routes=tuple(_routes(network, engine.plan)),
        unserved=tuple(_unserved(network, engine.plan, proven)),
        objective=objective,
        bound=_bound(network, engine, objective),
        seconds=seconds,
    )


def _routes(network: Network, plan: Sequence[Column]) -> list[Route]:
    problem = network.problem
    rides = {ride.id: ride for ride in problem.rides}
    routes = []
    for column in sorted(plan, key=lambda column: column.shift):
        order = [rides[network.rides[ride]] for ride in column.rides]
        route = route_of(problem, problem.shifts[column.shift], order)
        if route is None:
            raise ValueError(f"the route of shift {network.shifts[column.shift]!r} has no timing")
        routes.append(route)
    return routes


def _unserved(network: Network, plan: Sequence[Column], proven: bool) -> list[Unserved]:
    """The rides left out, each with its reason."""
    served = {network.rides[ride] for column in plan for ride in column.rides}
    possible = {network.rides[ride] for ride in set(network.arrays.ride.tolist())}
    unserved = []
    for ride in network.problem.rides:
        if ride.id in served:
            continue
        if ride.id not in possible:
            reason, detail = prune.obstacle(network.problem, ride) or _squeezed()
        elif proven:
            reason = Reason.OUTWEIGHED
            detail = "serving it would leave rides worth at least as much unserved"
        else:
            reason = Reason.NOT_FOUND
            detail = "the search ended before a place for it was found or ruled out"
        unserved.append(Unserved(ride.id, reason, detail))
    return unserved


def _squeezed() -> tuple[Reason, str]:
    return Reason.TOO_FAR, "no shift can drive it within its hours and limits"


def _objective(network: Network, rank: Rank) -> Objective:
    """The rank with what lies outside the network: rides nobody could take, and their changes."""
    known = set(network.rides)
    outside = sum(ride not in known for ride in network.problem.previous)
    priority = int(network.priority.sum()) - rank.lost
    return Objective(priority, rank.changes + outside, rank.cost)


def _bound(network: Network, engine: Engine, objective: Objective) -> Bound:
    """The proof so far; as long as nothing is known about the cost, that nobody drives less than
    not at all."""
    proof, rank = engine.proof, engine.rank
    priority = objective.priority + rank.lost - proof.lost
    changes = objective.changes - rank.changes + proof.changes
    known = _dearest_wishes(network) if proof.cost is None else proof.cost
    cost = min(known, rank.cost)
    proven = (priority, changes, cost) == (
        objective.priority,
        objective.changes,
        objective.cost_seconds,
    )
    return Bound(priority, changes, cost, proven)


def _dearest_wishes(network: Network) -> int:
    """The cost if every ride had its best affinity and nobody drove, in seconds."""
    best = np.zeros(len(network.rides), np.int64)
    np.minimum.at(best, network.arrays.ride, network.arrays.wish)
    return int(best.sum())
