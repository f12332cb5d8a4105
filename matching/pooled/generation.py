"""A bound for days with too many routes to list: column generation, goal by goal.

The linear relaxation of set partitioning over all routes, whose columns are found as they are
needed: among the routes that the search has seen, then by exact pricing (`labels`). What the
prices of any round prove over all routes is a valid bound (for both see Ropke and Cordeau 2009,
doi:10.1287/trsc.1090.0272).
"""

import time
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from matching.pooled import labels
from matching.pooled.found import MOST_LABELS, WEIGHTS, Column, Found, Prices, Seen
from matching.pooled.network import Network
from matching.pooled.proof import ROUNDING

STAGES = (2_000, 20_000, MOST_LABELS)
"""Labels of one shift at first and later; where one needs more there is no bound."""
BATCH = 300
"""Routes seen before that enter the master at once."""
EACH, ENOUGH = 8, 150
"""New routes of a fleet, and of all fleets about, that enter the master at once."""
TEMPTED = -1e-7
"""Reduced costs above this count as zero."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A bound on a goal and the prices that prove it."""

    bound: float
    prices: Prices
    is_tight: bool
    """Whether more time would make it no better."""


class Level:
    """The relaxation for one goal, with limits on the goals before; its master grows."""

    def __init__(self, found: Found, goal: int, limits: tuple[float, ...]) -> None:
        self.found, self.goal, self.limits = found, goal, limits
        self.weight = WEIGHTS[goal]
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        none, far = -self.solver.infinity(), self.solver.infinity()
        self.ride_rows = [self.solver.Constraint(1.0, 1.0) for _ in found.absent[0]]
        self.fleet_rows = [self.solver.Constraint(none, float(z)) for z in found.fleet_size]
        self.limit_rows = [self.solver.Constraint(none, limit) for limit in limits]
        self.objective = self.solver.Objective()
        for ride, row in enumerate(self.ride_rows):
            absent = self.solver.NumVar(0.0, far, "")
            row.SetCoefficient(absent, 1.0)
            self.objective.SetCoefficient(absent, float(found.absent[goal][ride]))
            for earlier, limit in enumerate(self.limit_rows):
                limit.SetCoefficient(absent, float(found.absent[earlier][ride]))
        for column in found.columns.values():
            self.add(column)

    def add(self, column: Column) -> None:
        """Let a column enter."""
        share = self.solver.NumVar(0.0, self.solver.infinity(), "")
        values = self.found.values(column)
        self.objective.SetCoefficient(share, values[self.goal])
        self.fleet_rows[column.fleet].SetCoefficient(share, 1.0)
        for ride in column.rides:
            self.ride_rows[ride].SetCoefficient(share, 1.0)
        for earlier, limit in enumerate(self.limit_rows):
            limit.SetCoefficient(share, values[earlier])

    def prices(self, seconds: float) -> Prices | None:
        """What the columns inside say; None if the time does not do."""
        self.solver.SetTimeLimit(max(1, int(1000 * seconds)))
        if seconds <= 0 or self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        return Prices(
            np.array([row.dual_value() for row in self.ride_rows]),
            np.array([min(0.0, row.dual_value()) for row in self.fleet_rows]),
            np.array([min(0.0, row.dual_value()) for row in self.limit_rows]),
        )

    def bound(self, prices: Prices, least: np.ndarray) -> float:
        """What is proven when no route of fleet f has a reduced cost below `least[f]`."""
        found = self.found
        absent = found.absent[self.goal] - prices.ride
        total = prices.ride.sum()
        for earlier, price in enumerate(prices.limit):
            absent = absent - price * found.absent[earlier]
            total += price * self.limits[earlier]
        fleets = (prices.fleet + np.minimum(least, 0.0)) * found.fleet_size
        return float(total + fleets.sum() + np.minimum(absent, 0.0).sum())

    def tempting(self, seen: Seen, prices: Prices, gains: np.ndarray) -> list[Column]:
        """The best routes seen before that are not in the master and should be."""
        reduced = seen.reduced(self.weight, prices, gains)
        best = np.flatnonzero(reduced < TEMPTED)
        best = best[np.argsort(reduced[best], kind="stable")[:BATCH]]
        return [new for k in best if (new := self.found.note(seen.column(int(k))))]

    def price(
        self, fleet: int, gain: np.ndarray, bar: float, most: int
    ) -> tuple[float | None, list[Column]]:
        """The least of (driving without gains) of the fleet's routes, and the best new routes
        below `bar`; None for the least where `most` labels are not all."""
        found = self.found
        net, lab, v = found.net, found.labels, int(found.shift[fleet])
        made = labels.grow(net, v, gain, self.weight, bar, False, lab, most)
        chosen = np.zeros(EACH, np.int64)
        count = labels.harvest(lab, made, bar, chosen)
        least = float(lab.whole[chosen[0]]) if count else min(bar, 0.0)
        routes = [column_of(net, lab, fleet, v, int(label)) for label in chosen[:count]]
        fresh = [new for route in routes if (new := found.note(route))]
        return (least if made < most else None), fresh


def column_of(net: Network, lab: labels.Beginnings, fleet: int, v: int, label: int) -> Column:
    """The route that ends with a label."""
    stops = labels.route_of(lab, label)
    rides = tuple(sorted(stop for stop in stops if stop < len(net.need)))
    driven = float(lab.driven[label] + net.leg[stops[-1], net.end[v]])
    return Column(fleet, rides, tuple(stops), driven)


def converge(level: Level, seen: Seen, target: int, deadline: float) -> Proof | None:
    """The best bound on the level's goal by `deadline`; None if there was no time for prices.

    Ends early when the bound meets `target`, a value that some plan has. As long as few labels
    find new columns, more are not asked for. The bound is minus infinity until prices have met
    the routes of all fleets.
    """
    best, turn, stage = None, 0, 0
    while time.monotonic() < deadline:
        prices = level.prices(deadline - time.monotonic())
        if prices is None:
            break
        best = best or Proof(-np.inf, prices, is_tight=False)
        gains = level.found.gains(level.goal, prices)
        fresh = level.tempting(seen, prices, gains)
        if not fresh:
            least, fresh, turn = _price(level, prices, gains, turn, STAGES[stage], deadline)
            best = _better(level, best, prices, least)
            if least is not None and (not fresh or np.ceil(best.bound - ROUNDING) >= target):
                return Proof(best.bound, best.prices, is_tight=True)
            if least is None and len(fresh) < ENOUGH:
                stage += 1
        if stage == len(STAGES):
            break
        for column in fresh:
            level.add(column)
    return best


def _better(level: Level, best: Proof, prices: Prices, least: np.ndarray | None) -> Proof:
    """The better of a proof and what these prices prove."""
    bound = -np.inf if least is None else level.bound(prices, least)
    return Proof(bound, prices, is_tight=False) if bound > best.bound else best


def _price(
    level: Level, prices: Prices, gains: np.ndarray, turn: int, most: int, deadline: float
) -> tuple[np.ndarray | None, list[Column], int]:
    """The least reduced cost of each fleet's routes, new columns, and whose turn is next.

    Begins with fleet `turn` and stops at enough new columns; then, and where time or labels did
    not do, the least costs are None.
    """
    least, fresh, is_whole = np.zeros(len(gains)), [], True
    for step in range(len(gains)):
        fleet = (turn + step) % len(gains)
        if time.monotonic() >= deadline or len(fresh) >= ENOUGH:
            return None, fresh, fleet
        bar = float(prices.fleet[fleet]) + TEMPTED
        least_here, new = level.price(fleet, gains[fleet], bar, most)
        fresh += new
        if least_here is None:
            is_whole = False
        else:
            least[fleet] = least_here - prices.fleet[fleet]
    return (least if is_whole else None), fresh, turn
