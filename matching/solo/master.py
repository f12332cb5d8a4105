"""The master program: which routes to drive, as a linear program that grows.

Set partitioning with an unserved variable for each ride (the selective dial-a-ride problem):
every ride is on one chosen route or unserved, every shift drives at most one route. The objectives
are met one after the other: priority lost, then changes, then cost, each earlier one held as a
row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
from ortools.linear_solver import pywraplp

from matching.solo.columns import Column
from matching.solo.cuts import CutSet, Rows
from matching.solo.network import Floats, Network


class Phase(IntEnum):
    """What is being minimised, in the order of the format."""

    PRIORITY = 0
    CHANGES = 1
    COST = 2


@dataclass(frozen=True, slots=True)
class Duals:
    """Prices of the rows: each ride, each shift, the priority row, the changes row, each cut."""

    ride: Floats
    shift: Floats
    lost: float
    changes: float
    cut: Floats = field(default_factory=lambda: np.zeros(0))

    def with_cuts(self, count: int) -> Duals:
        """The same with `count` cuts; new ones are free."""
        return replace(self, cut=np.append(self.cut, np.zeros(count - len(self.cut))))

    def towards(self, other: Duals, share: float) -> Duals:
        """The point `share` of the way from here to `other`."""
        return Duals(
            self.ride + share * (other.ride - self.ride),
            self.shift + share * (other.shift - self.shift),
            self.lost + share * (other.lost - self.lost),
            self.changes + share * (other.changes - self.changes),
            self.cut + share * (other.cut - self.cut),
        )


class Master:
    """The program with its present columns; a class because the solver keeps its basis."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self._fixed = False
        """Whether routes were fixed since the last solution."""
        n, m = len(network.rides), len(network.shifts)
        infinity = self.solver.infinity()
        self.ride_rows = [self.solver.Constraint(1, 1) for _ in range(n)]
        self.shift_rows = [self.solver.Constraint(-infinity, 1) for _ in range(m)]
        self.lost_row = self.solver.Constraint(-infinity, infinity)
        self.changes_row = self.solver.Constraint(-infinity, infinity)
        self.unserved = [None if lock >= 0 else self._unserved(i) for i, lock in
                         enumerate(network.locked)]  # fmt: skip
        self.crowded = [self._short(row, -1) for row in self.ride_rows]
        self.beyond = [self._short(self.lost_row, -1), self._short(self.changes_row, -1)]
        self.fines = [1.0, 1.0]
        """What one unit of `crowded` and of `beyond` costs now."""
        self.routes: list[tuple[Column, pywraplp.Variable]] = []
        self.cuts = CutSet()
        self.cut_rows: list[pywraplp.Constraint] = []
        self.phase = Phase.PRIORITY
        self.solver.Objective().SetMinimization()

    def _unserved(self, ride: int) -> pywraplp.Variable:
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        self.ride_rows[ride].SetCoefficient(variable, 1)
        self.lost_row.SetCoefficient(variable, float(self.network.priority[ride]))
        if self.network.previous[ride]:
            self.changes_row.SetCoefficient(variable, 1)
        return variable

    def _short(self, row: pywraplp.Constraint, sign: int) -> pywraplp.Variable:
        """A variable by which `row` may be broken for a fine, until it need not be.

        Fines keep the prices in a box while the routes are few (du Merle and others 1999,
        doi:10.1016/S0012-365X(98)00213-1).
        """
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        row.SetCoefficient(variable, sign)
        return variable

    def fine(self, crowded: float, beyond: float) -> None:
        """Set the fines: for a ride on two routes, and for a unit beyond an earlier objective."""
        self.fines = [crowded, beyond]
        objective = self.solver.Objective()
        for variable in self.crowded:
            objective.SetCoefficient(variable, crowded)
        for variable in self.beyond:
            objective.SetCoefficient(variable, beyond)

    def stiffen(self) -> bool:
        """Raise the fines that are still paid; whether there are any."""
        crowded = any(variable.solution_value() > 1e-7 for variable in self.crowded)
        beyond = any(variable.solution_value() > 1e-7 for variable in self.beyond)
        if crowded or beyond:
            factors = 5.0 if crowded else 1.0, 5.0 if beyond else 1.0
            self.fine(self.fines[0] * factors[0], self.fines[1] * factors[1])
        return crowded or beyond

    def aim(self, phase: Phase, lost: int | None, changes: int | None) -> None:
        """Minimise `phase` with at most so much priority lost and so many changes."""
        self.phase = phase
        infinity = self.solver.infinity()
        self.lost_row.SetUb(infinity if lost is None else lost)
        self.changes_row.SetUb(infinity if changes is None else changes)
        objective = self.solver.Objective()
        for ride, variable in enumerate(self.unserved):
            if variable is not None:
                objective.SetCoefficient(variable, self.worth(ride))
        for column, variable in self.routes:
            objective.SetCoefficient(variable, self.value(column))

    def worth(self, ride: int) -> float:
        """What leaving the ride out costs in this phase."""
        if self.phase is Phase.PRIORITY:
            return float(self.network.priority[ride])
        if self.phase is Phase.CHANGES:
            return float(self.network.previous[ride])
        return 0.0

    def value(self, column: Column) -> float:
        """What the column costs in this phase."""
        if self.phase is Phase.COST:
            return float(column.cost)
        return float(column.changes) if self.phase is Phase.CHANGES else 0.0

    def add(self, columns: Iterable[Column]) -> None:
        """Let the program use these columns too."""
        infinity = self.solver.infinity()
        objective = self.solver.Objective()
        for column in columns:
            variable = self.solver.NumVar(0, infinity, "")
            for ride in column.rides:
                self.ride_rows[ride].SetCoefficient(variable, 1)
            self.shift_rows[column.shift].SetCoefficient(variable, 1)
            if column.changes:
                self.changes_row.SetCoefficient(variable, column.changes)
            for cut, times in self.cuts.crossed(column).items():
                self.cut_rows[cut].SetCoefficient(variable, times)
            objective.SetCoefficient(variable, self.value(column))
            self.routes.append((column, variable))

    def cut(self, new: Iterable[Rows]) -> None:
        """Hold the program to these cuts too."""
        known = len(self.cut_rows)
        for rows in new:
            self.cuts.add(rows)
            self.cut_rows.append(self.solver.Constraint(-self.solver.infinity(), rows.limit()))
        for column, variable in self.routes:
            for cut, times in self.cuts.crossed(column).items():
                if cut >= known:
                    self.cut_rows[cut].SetCoefficient(variable, times)

    def fix(self, columns: Sequence[Column]) -> None:
        """Drive these routes for certain, and none that goes without one of them."""
        certain = {(column.shift, column.pairs) for column in columns}
        busy = {column.shift for column in columns}
        taken = {ride for column in columns for ride in column.rides}
        infinity = self.solver.infinity()
        self._fixed = True
        for column, variable in self.routes:
            if (column.shift, column.pairs) in certain:
                variable.SetBounds(1.0, 1.0)
            elif column.shift in busy or not taken.isdisjoint(column.rides):
                variable.SetBounds(0.0, 0.0)
            else:
                variable.SetBounds(0.0, infinity)

    def solve(self, seconds: float) -> float | None:
        """The program's optimal value, or None if time ran out or it has no solution.

        New columns leave the last solution feasible and fixed routes leave its prices so, which
        decides by which simplex method the next is near.
        """
        self.solver.SetSolverSpecificParametersAsString(
            f"use_preprocessing: false use_dual_simplex: {'true' if self._fixed else 'false'}"
        )
        self._fixed = False
        self.solver.SetTimeLimit(max(1, int(1000 * seconds)))
        status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            return None
        return self.solver.Objective().Value()

    def duals(self) -> Duals:
        """The prices of the last solution."""
        return Duals(
            np.array([row.dual_value() for row in self.ride_rows]),
            np.minimum(0.0, np.array([row.dual_value() for row in self.shift_rows])),
            min(0.0, self.lost_row.dual_value()),
            min(0.0, self.changes_row.dual_value()),
            np.minimum(0.0, np.array([row.dual_value() for row in self.cut_rows])),
        )

    def fractions(self) -> list[tuple[float, Column]]:
        """The columns in the last solution with their shares."""
        return [
            (variable.solution_value(), column)
            for column, variable in self.routes
            if variable.solution_value() > 1e-9
        ]
