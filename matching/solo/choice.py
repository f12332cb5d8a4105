"""The best plan that can be made of given routes: the master program in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ortools.linear_solver import pywraplp

from matching.solo.clock import Clock
from matching.solo.columns import Column
from matching.solo.generation import Aim
from matching.solo.master import Phase
from matching.solo.network import Network


@dataclass(frozen=True, slots=True)
class Choice:
    """What the program answered."""

    columns: tuple[Column, ...] | None
    """The plan, or None if none was found."""
    bound: float
    """No plan made of the given routes has a smaller value, in the units of the phase."""
    finished: bool
    """Whether that is settled: the plan is the best of them, or there is none."""


def choose(
    network: Network,
    columns: Sequence[Column],
    aim: Aim,
    clock: Clock,
    *,
    known: Sequence[Column] = (),
) -> Choice:
    """The plan of least value within `aim` made of `columns`; ties of earlier phases go by cost.

    `known` is a plan to start from.
    """
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetSolverSpecificParametersAsString("separating/maxrounds=1\n")
    infinity = solver.infinity()
    rides = [solver.Constraint(1, 1) for _ in network.rides]
    shifts = {k: solver.Constraint(-infinity, 1) for k in {column.shift for column in columns}}
    lost = solver.Constraint(-infinity, infinity if aim.lost is None else aim.lost)
    changes = solver.Constraint(-infinity, infinity if aim.changes is None else aim.changes)
    objective = solver.Objective()
    objective.SetMinimization()
    unit = 1 if aim.phase is Phase.COST else 1 + sum(max(0, column.cost) for column in known)
    variables = []
    for column in columns:
        variable = solver.BoolVar("")
        for ride in column.rides:
            rides[ride].SetCoefficient(variable, 1)
        shifts[column.shift].SetCoefficient(variable, 1)
        changes.SetCoefficient(variable, column.changes)
        value = column.cost + (unit * column.changes if aim.phase is Phase.CHANGES else 0)
        objective.SetCoefficient(variable, value)
        variables.append(variable)
    unserved = []
    for ride, lock in enumerate(network.locked):
        if lock >= 0:
            continue
        variable = solver.BoolVar("")
        rides[ride].SetCoefficient(variable, 1)
        lost.SetCoefficient(variable, int(network.priority[ride]))
        changes.SetCoefficient(variable, int(network.previous[ride]))
        worth = network.priority[ride] if aim.phase is Phase.PRIORITY else network.previous[ride]
        if aim.phase is not Phase.COST:
            objective.SetCoefficient(variable, unit * int(worth))
        unserved.append((ride, variable))
    chosen = {(column.shift, column.pairs) for column in known}
    if chosen:
        served = {ride for column in known for ride in column.rides}
        solver.SetHint(
            variables + [variable for _, variable in unserved],
            [float((column.shift, column.pairs) in chosen) for column in columns]
            + [float(ride not in served) for ride, _ in unserved],
        )
    solver.SetTimeLimit(max(1, int(1000 * clock.left())))
    parameters = pywraplp.MPSolverParameters()
    parameters.SetDoubleParam(parameters.RELATIVE_MIP_GAP, 0.0)
    status = solver.Solve(parameters)
    finished = status in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.INFEASIBLE)
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return Choice(None, math.inf if finished else -math.inf, finished)
    plan = tuple(
        column
        for column, variable in zip(columns, variables, strict=True)
        if variable.solution_value() > 0.5
    )
    return Choice(plan, objective.BestBound() / unit, finished)
