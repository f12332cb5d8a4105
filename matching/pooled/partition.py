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
from matching.pooled.pool import Pool, name_of
from matching.pooled.schedule import Plan

BATCH = 400
"""Most routes that enter the master at once."""

MOST_COLUMNS = 6000
"""Most routes given to the mixed-integer solver, the cheapest by reduced cost."""


Routes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Shifts, and where in one array of stops their routes begin, how many stops, and the stops."""


@dataclass(frozen=True)
class Columns:
    """Routes as columns: `rides[first[k]:first[k + 1]]` are the rides of column k, at least one."""

    fleet: np.ndarray
    """Row of the shift, or of the kind of shifts, that drives it."""
    first: np.ndarray
    rides: np.ndarray

    def of(self, k: int) -> np.ndarray:
        """The rides of column `k`."""
        return self.rides[self.first[k] : self.first[k + 1]]

    def sums(self, values: np.ndarray) -> np.ndarray:
        """For each column the sum over its rides of (n,) `values`."""
        if not len(self.rides):
            return np.zeros(0)
        return np.add.reduceat(values[self.rides], self.first[:-1])


@dataclass(frozen=True)
class Measure:
    """Something counted in a plan: so much for each column chosen and for each ride left out."""

    column: np.ndarray
    absent: np.ndarray

    def of(self, columns: Columns, picked: list[int]) -> float:
        """What it comes to when exactly these columns are chosen."""
        absent = np.ones(len(self.absent), bool)
        for k in picked:
            absent[columns.of(k)] = False
        return float(self.column[picked].sum() + self.absent[absent].sum())


@dataclass(frozen=True)
class Question:
    """Which columns make `goal` least, when each ride is served once or left out, each fleet is
    used no more than its size, and some other measures stay within limits?"""

    columns: Columns
    fleet_size: np.ndarray
    goal: Measure
    limits: tuple[tuple[Measure, float], ...] = ()


@dataclass(frozen=True)
class Relaxation:
    """A valid lower bound on a question's goal, and by how much each column is above it."""

    bound: float
    reduced: np.ndarray


class Master:
    """The linear relaxation over a growing part of the columns; holds the solver's state."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        none = -self.solver.infinity()
        goal = question.goal
        self.ride_rows = [self.solver.Constraint(1.0, 1.0) for _ in goal.absent]
        self.fleet_rows = [self.solver.Constraint(none, float(z)) for z in question.fleet_size]
        self.limit_rows = [self.solver.Constraint(none, limit) for _, limit in question.limits]
        self.goal = self.solver.Objective()
        for ride, row in enumerate(self.ride_rows):
            absent = self.solver.NumVar(0.0, self.solver.infinity(), "")
            row.SetCoefficient(absent, 1.0)
            self.goal.SetCoefficient(absent, float(goal.absent[ride]))
            for (measure, _), limit_row in zip(question.limits, self.limit_rows, strict=True):
                limit_row.SetCoefficient(absent, float(measure.absent[ride]))
        self.inside = np.zeros(len(goal.column), bool)
        self.shares: dict[int, pywraplp.Variable] = {}
        """Column -> its variable."""

    def add(self, chosen: np.ndarray) -> None:
        """Let these columns enter."""
        question = self.question
        for k in chosen:
            share = self.solver.NumVar(0.0, self.solver.infinity(), "")
            self.goal.SetCoefficient(share, float(question.goal.column[k]))
            self.fleet_rows[question.columns.fleet[k]].SetCoefficient(share, 1.0)
            for ride in question.columns.of(k):
                self.ride_rows[ride].SetCoefficient(share, 1.0)
            for (measure, _), row in zip(question.limits, self.limit_rows, strict=True):
                row.SetCoefficient(share, float(measure.column[k]))
            self.shares[int(k)] = share
        self.inside[chosen] = True

    def solve(self, seconds: float) -> Relaxation | None:
        """What the present duals prove over all columns; None when the time did not do.

        The bound is counted from the duals, so it is valid however roughly they were found.
        """
        self.solver.SetTimeLimit(max(1, int(seconds * 1000)))
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        question, columns = self.question, self.question.columns
        ride_dual = np.array([row.dual_value() for row in self.ride_rows])
        fleet_dual = np.array([min(0.0, row.dual_value()) for row in self.fleet_rows])
        reduced = question.goal.column - columns.sums(ride_dual) - fleet_dual[columns.fleet]
        absent = question.goal.absent - ride_dual
        bound = ride_dual.sum()
        for (measure, limit), row in zip(question.limits, self.limit_rows, strict=True):
            dual = min(0.0, row.dual_value())
            reduced = reduced - dual * measure.column
            absent = absent - dual * measure.absent
            bound += dual * limit
        least = np.zeros(len(fleet_dual))
        np.minimum.at(least, columns.fleet, reduced)
        bound += ((fleet_dual + least) * question.fleet_size).sum() + np.minimum(absent, 0).sum()
        return Relaxation(float(bound), reduced)


def relax(question: Question, start: np.ndarray, deadline: float) -> Relaxation | None:
    """The relaxation over all columns, begun with those of `start`; None if out of time."""
    master = Master(question)
    master.add(start)
    while True:
        left = deadline - time.monotonic()
        found = master.solve(left) if left > 0 else None
        if found is None:
            return None
        tempting = np.flatnonzero((found.reduced < -1e-6) & ~master.inside)
        if not len(tempting):
            return found
        master.add(tempting[np.argsort(found.reduced[tempting], kind="stable")[:BATCH]])


def best_subset(
    question: Question, allowed: np.ndarray, hint: np.ndarray, deadline: float
) -> tuple[list[int], bool] | None:
    """The best columns among `allowed`, and whether that is proven; None if nothing was found.

    `hint` are columns of a known plan, to start from.
    """
    left = deadline - time.monotonic()
    if left <= 0.01:
        return None
    columns = question.columns
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(max(1, int(left * 1000)))
    goal, none = solver.Objective(), -solver.infinity()
    ride_rows = [solver.Constraint(1.0, 1.0) for _ in question.goal.absent]
    fleet_rows = [solver.Constraint(none, float(size)) for size in question.fleet_size]
    limit_rows = [solver.Constraint(none, limit) for _, limit in question.limits]
    known = set(hint.tolist())
    covered = {int(ride) for k in known for ride in columns.of(k)}
    variables, values = [], []
    for ride, row in enumerate(ride_rows):
        absent = solver.BoolVar("")
        row.SetCoefficient(absent, 1.0)
        goal.SetCoefficient(absent, float(question.goal.absent[ride]))
        for (measure, _), limit_row in zip(question.limits, limit_rows, strict=True):
            limit_row.SetCoefficient(absent, float(measure.absent[ride]))
        variables.append(absent)
        values.append(float(ride not in covered))
    for k in allowed:
        use = solver.BoolVar("")
        goal.SetCoefficient(use, float(question.goal.column[k]))
        fleet_rows[columns.fleet[k]].SetCoefficient(use, 1.0)
        for ride in columns.of(k):
            ride_rows[ride].SetCoefficient(use, 1.0)
        for (measure, _), limit_row in zip(question.limits, limit_rows, strict=True):
            limit_row.SetCoefficient(use, float(measure.column[k]))
        variables.append(use)
        values.append(float(int(k) in known))
    solver.SetHint(variables, values)
    exactly = pywraplp.MPSolverParameters()
    exactly.SetDoubleParam(exactly.RELATIVE_MIP_GAP, 0.0)
    status = solver.Solve(exactly)
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    uses = variables[len(ride_rows) :]
    picked = [int(k) for k, use in zip(allowed, uses, strict=True) if use.solution_value() > 0.5]
    return picked, status == pywraplp.Solver.OPTIMAL


def pool_columns(net: Network, pool: Pool) -> Columns:
    """The routes of the pool as columns; fleets are kinds, or shifts of a kind of their own."""
    routes = int(pool.counts[0])
    stops = pool.stops[: pool.counts[1]]
    # A pool holds its routes one behind the other; an improved route keeps its place.
    first = np.concatenate([[0], np.cumsum(pool.size[:routes]) // 2]).astype(np.int64)
    rides = stops[stops < len(net.need)].astype(np.int64)
    return Columns(fleet_rows(net)[pool.shift[:routes]], first, rides)


def fleet_rows(net: Network) -> np.ndarray:
    """(K,) the row of each shift: shared by shifts that nothing tells apart."""
    return np.unique(net.kind, return_inverse=True)[1]


def recombine(net: Network, pool: Pool, best: Plan, score: float, deadline: float) -> Routes | None:
    """A better plan from routes of the pool; None if none is found.

    `score` is that of `best`, whose routes must be in the pool.
    """
    columns = pool_columns(net, pool)
    cost = pool.cost[: pool.counts[0]].copy()
    goal = Measure(cost, net.worth)
    question = Question(columns, np.bincount(fleet_rows(net)), goal)
    known = _columns_of(net, pool, best)
    cheap = np.argsort(cost / np.diff(columns.first), kind="stable")[:BATCH]
    relaxed = relax(question, np.union1d(known, cheap), deadline)
    if relaxed is None or score - relaxed.bound < 1e-6:
        return None
    tempting = np.flatnonzero(relaxed.reduced < score - relaxed.bound - 1e-6)
    best_first = np.argsort(relaxed.reduced[tempting], kind="stable")
    allowed = np.union1d(tempting[best_first[:MOST_COLUMNS]], known)
    found = best_subset(question, allowed, known, deadline)
    if found is None or goal.of(columns, found[0]) >= score - 1e-6:
        return None
    return _routes(net, pool, found[0])


def _columns_of(net: Network, pool: Pool, plan: Plan) -> np.ndarray:
    """The columns of the plan's own routes."""
    used = np.flatnonzero(plan.size > 2)
    words = name_of(plan.mark[used], net.kind[used])
    return pool.route_at[np.flatnonzero(np.isin(pool.name, words))].astype(np.int64)


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
