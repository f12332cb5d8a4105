"""A plan from a relaxation: fix the columns it likes best and solve again, until all are whole.

On the way the measures that have limits are priced instead: a relaxation that only keeps a limit
uses it up to the last part of a unit, and whole columns then seldom keep it.
"""

import time

import numpy as np
from ortools.linear_solver import pywraplp

from matching.pooled.partition import Master, Question

SURE = 0.8
"""Columns with at least this share are fixed together; where there is none, the largest is."""
PRICE = 1e5
"""Of one unit of a measure that has a limit."""
WHOLE = 1e-6
"""How far from 0 and 1 a share counts as that."""


def dive(question: Question, deadline: float) -> list[int] | None:
    """Columns of a plan within the question's limits; None if the dive finds none in time."""
    master = Master(question)
    master.add(np.arange(len(question.goal.column)))
    solver, shares = master.solver, list(master.shares.values())
    for row in master.limit_rows:
        amount = solver.NumVar(0.0, solver.infinity(), "")
        row.SetUb(0.0)
        row.SetCoefficient(amount, -1.0)
        master.goal.SetCoefficient(amount, PRICE)
    is_fixed = np.zeros(len(shares), bool)
    while time.monotonic() < deadline:
        solver.SetTimeLimit(max(1, int(1000 * (deadline - time.monotonic()))))
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        values = np.array([share.solution_value() for share in shares])
        if (np.minimum(values, 1 - values) <= WHOLE).all():
            picked = np.flatnonzero(values > 0.5).tolist()
            kept = (
                measure.of(question.columns, picked) <= limit + WHOLE
                for measure, limit in question.limits
            )
            return picked if all(kept) else None
        free = np.where(is_fixed, 0.0, values)
        chosen = np.flatnonzero((free >= SURE) & ~is_fixed)
        for k in chosen if len(chosen) else [int(free.argmax())]:
            shares[k].SetLb(1.0)
            is_fixed[k] = True
    return None
