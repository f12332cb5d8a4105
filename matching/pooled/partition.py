"""Which of many known routes make the best plan together: set partitioning over the pool.

The linear relaxation is solved by pricing the pool's own routes, so that the master stays small;
its duals rule out all routes that no better plan can hold, and a mixed-integer solver decides
about the rest. For its use after a large neighbourhood search see Gschwind and Drexl (2019),
doi:10.1287/trsc.2018.0837.
"""

import time
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from matching.pooled.network import Network
from matching.pooled.pool import Pool
from matching.pooled.schedule import Plan

BATCH = 400
"""Most routes that enter the master at once."""

MOST_COLUMNS = 6000
"""Most routes given to the mixed-integer solver, the cheapest by reduced cost."""


Routes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Shifts, and where in one array of stops their routes begin, how many stops, and the stops."""


@dataclass(frozen=True)
class Columns:
    """Routes as columns: `rides[first[k]:first[k + 1]]` are the rides of column k."""

    cost: np.ndarray
    fleet: np.ndarray
    """Row of the shift, or of the kind of shifts, that drives it."""
    first: np.ndarray
    rides: np.ndarray

    def of(self, k: int) -> np.ndarray:
        """The rides of column `k`."""
        return self.rides[self.first[k] : self.first[k + 1]]

    def reduced(self, ride_dual: np.ndarray, fleet_dual: np.ndarray) -> np.ndarray:
        """Reduced costs of all columns."""
        sums = np.add.reduceat(ride_dual[self.rides], self.first[:-1]) if len(self.cost) else 0.0
        return self.cost - sums - fleet_dual[self.fleet]


@dataclass(frozen=True)
class Rows:
    """What columns may share: each ride once or for its worth never, each fleet its size."""

    worth: np.ndarray
    fleet_size: np.ndarray


class Master:
    """The linear relaxation over a growing part of the columns; holds the solver's state."""

    def __init__(self, rows: Rows, columns: Columns) -> None:
        self.columns = columns
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.ride_rows = [self.solver.Constraint(1.0, 1.0) for _ in rows.worth]
        self.fleet_rows = [
            self.solver.Constraint(-self.solver.infinity(), float(size))
            for size in rows.fleet_size
        ]
        self.goal = self.solver.Objective()
        for row, worth in zip(self.ride_rows, rows.worth, strict=True):
            absent = self.solver.NumVar(0.0, self.solver.infinity(), "")
            row.SetCoefficient(absent, 1.0)
            self.goal.SetCoefficient(absent, float(worth))
        self.inside = np.zeros(len(columns.cost), bool)

    def add(self, chosen: np.ndarray) -> None:
        """Let these columns enter."""
        for k in chosen:
            share = self.solver.NumVar(0.0, self.solver.infinity(), "")
            self.goal.SetCoefficient(share, float(self.columns.cost[k]))
            self.fleet_rows[self.columns.fleet[k]].SetCoefficient(share, 1.0)
            for ride in self.columns.of(k):
                self.ride_rows[ride].SetCoefficient(share, 1.0)
        self.inside[chosen] = True

    def solve(self, seconds: float) -> tuple[float, np.ndarray, np.ndarray] | None:
        """Value, duals of rides, duals of fleets; None when the time did not do."""
        self.solver.SetTimeLimit(max(1, int(seconds * 1000)))
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        ride_dual = np.array([row.dual_value() for row in self.ride_rows])
        fleet_dual = np.array([row.dual_value() for row in self.fleet_rows])
        return self.goal.Value(), ride_dual, fleet_dual


def relax(
    rows: Rows, columns: Columns, start: np.ndarray, deadline: float
) -> tuple[float, np.ndarray] | None:
    """Value of the relaxation over all columns, and their reduced costs; None if out of time."""
    master = Master(rows, columns)
    master.add(start)
    while True:
        left = deadline - time.monotonic()
        found = master.solve(left) if left > 0 else None
        if found is None:
            return None
        value, ride_dual, fleet_dual = found
        reduced = columns.reduced(ride_dual, fleet_dual)
        tempting = np.flatnonzero((reduced < -1e-6) & ~master.inside)
        if not len(tempting):
            return value, reduced
        best = tempting[np.argsort(reduced[tempting], kind="stable")[:BATCH]]
        master.add(best)


def best_subset(
    rows: Rows, columns: Columns, allowed: np.ndarray, hint: np.ndarray, deadline: float
) -> tuple[list[int], bool] | None:
    """The best columns among `allowed`, and whether that is proven; None if nothing was found.

    `hint` are columns of a known plan, to start from.
    """
    left = deadline - time.monotonic()
    if left <= 0.01:
        return None
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(max(1, int(left * 1000)))
    goal = solver.Objective()
    ride_rows = [solver.Constraint(1.0, 1.0) for _ in rows.worth]
    fleet_rows = [solver.Constraint(0.0, float(size)) for size in rows.fleet_size]
    known = set(hint.tolist())
    covered = {int(ride) for k in known for ride in columns.of(k)}
    variables, values = [], []
    for ride, row in enumerate(ride_rows):
        absent = solver.BoolVar("")
        row.SetCoefficient(absent, 1.0)
        goal.SetCoefficient(absent, float(rows.worth[ride]))
        variables.append(absent)
        values.append(float(ride not in covered))
    chosen = []
    for k in allowed:
        use = solver.BoolVar("")
        goal.SetCoefficient(use, float(columns.cost[k]))
        fleet_rows[columns.fleet[k]].SetCoefficient(use, 1.0)
        for ride in columns.of(k):
            ride_rows[ride].SetCoefficient(use, 1.0)
        chosen.append((int(k), use))
        variables.append(use)
        values.append(float(int(k) in known))
    solver.SetHint(variables, values)
    status = solver.Solve()
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    picked = [k for k, use in chosen if use.solution_value() > 0.5]
    return picked, status == pywraplp.Solver.OPTIMAL


def pool_columns(net: Network, pool: Pool) -> Columns:
    """The routes of the pool as columns; fleets are kinds, or shifts of a kind of their own."""
    routes = int(pool.counts[0])
    n = len(net.need)
    rides = [
        stops[stops < n]
        for stops in np.split(pool.stops[: pool.counts[1]], pool.first[1:routes])
    ]
    # An improved route keeps its place, so the places are in the order of the routes.
    first = np.concatenate([[0], np.cumsum([len(ride) for ride in rides])]).astype(np.int64)
    fleet = fleet_rows(net)[pool.shift[:routes]]
    return Columns(pool.cost[:routes].copy(), fleet, first, np.concatenate(rides))


def fleet_rows(net: Network) -> np.ndarray:
    """(K,) the row of each shift: shared by shifts that nothing tells apart."""
    return np.unique(net.kind, return_inverse=True)[1]


def recombine(
    net: Network, pool: Pool, best: Plan, score: float, deadline: float
) -> Routes | None:
    """A better plan from routes of the pool; None if none is found.

    `score` is that of `best`, whose routes must be in the pool.
    """
    columns = pool_columns(net, pool)
    rows = Rows(net.worth, np.bincount(fleet_rows(net)))
    start = np.unique(np.concatenate([_columns_of(net, pool, best), _cheapest(columns)]))
    relaxed = relax(rows, columns, start, deadline)
    if relaxed is None:
        return None
    value, reduced = relaxed
    if score - value < 1e-6:
        return None
    allowed = np.flatnonzero(reduced < score - value - 1e-6)
    allowed = allowed[np.argsort(reduced[allowed], kind="stable")[:MOST_COLUMNS]]
    known = _columns_of(net, pool, best)
    allowed = np.union1d(allowed, known)
    found = best_subset(rows, columns, allowed, known, deadline)
    if found is None:
        return None
    picked = found[0]
    total = columns.cost[picked].sum() + net.worth.sum()
    total -= sum(net.worth[columns.of(k)].sum() for k in picked)
    if total >= score - 1e-6:
        return None
    return _routes(net, pool, picked)


def _columns_of(net: Network, pool: Pool, plan: Plan) -> np.ndarray:
    """The columns of the plan's own routes."""
    routes = int(pool.counts[0])
    n = len(net.need)
    sets = {}
    fleet = fleet_rows(net)
    for k in range(routes):
        stops = pool.stops[pool.first[k] : pool.first[k] + pool.size[k]]
        sets[(int(fleet[pool.shift[k]]), frozenset(stops[stops < n].tolist()))] = k
    found = []
    for v in np.flatnonzero(plan.size > 2):
        stops = plan.stops[v, 1 : plan.size[v] - 1]
        k = sets.get((int(fleet[v]), frozenset(stops[stops < n].tolist())))
        if k is not None:
            found.append(k)
    return np.array(found, np.int64)


def _cheapest(columns: Columns) -> np.ndarray:
    """A few columns to start from: those with the least cost for a ride."""
    each = columns.cost / np.diff(columns.first)
    return np.argsort(each, kind="stable")[:BATCH]


def _routes(net: Network, pool: Pool, picked: list[int]) -> Routes:
    """Picked columns on shifts of their fleets."""
    fleet = fleet_rows(net)
    free = {int(row): list(np.flatnonzero(fleet == row)) for row in np.unique(fleet)}
    shifts = [free[int(fleet[pool.shift[k]])].pop(0) for k in picked]
    sizes = [int(pool.size[k]) for k in picked]
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    stops = [pool.stops[pool.first[k] : pool.first[k] + pool.size[k]] for k in picked]
    return (
        np.array(shifts, np.int64),
        firsts,
        np.array(sizes, np.int64),
        np.concatenate(stops).astype(np.int64),
    )
