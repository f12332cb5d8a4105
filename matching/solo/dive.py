"""A plan out of the linear program: its surest routes are fixed, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.solo import pricing
from matching.solo.arcs import Arcs, lay_out
from matching.solo.columns import Column
from matching.solo.generation import EPS, LABELS, THIN, Aim, Generation
from matching.solo.master import Phase

SURE = 0.97
"""A route with so large a share in the program's solution is taken in a dive."""
LIKE = 0.25
"""Others are taken in one step with the surest if their shares are not smaller by more."""
STEPS = 40
"""In so many steps a dive is to end; fewer where there are sure routes."""
FEWER_STEPS = 15
"""Where priority or changes are counted: there is a phase to come that needs time too."""
DIVE_ROUNDS = 2
"""Most rounds of pricing after a step of a dive."""
HARD = 10.0
"""Fines are so much higher in a dive, which ends with a plan."""
PRICED = 900
"""Up to so many rides a dive looks for new routes on its way,"""
FULLY = 500
"""and up to so many over all arcs."""


def dive(generation: Generation, aim: Aim) -> list[Column]:
    """A plan by rounding the program's solution step by step, the surest routes first.

    After every step new routes are priced for the shifts that are left (diving with column
    generation, Sadykov and others 2019, doi:10.1287/ijoc.2018.0822). What it leaves unserved
    is for local search to place.
    """
    chosen: list[Column] = []
    steps = STEPS if aim.phase is Phase.COST else FEWER_STEPS
    arcs = generation.arcs
    if len(generation.network.rides) > FULLY:
        arcs = lay_out(generation.network.arrays, THIN)
    generation.master.fine(*(HARD * fine for fine in generation.master.fines))
    value = generation.master.solve(generation.clock.left())
    while value is not None and not generation.clock.is_over():
        surest = _surest(generation, chosen, steps)
        if not surest:
            break
        chosen += surest
        generation.master.fix(chosen)
        value = _price_the_rest(generation, aim, arcs, chosen)
    generation.master.fix([])
    return chosen


def _surest(generation: Generation, chosen: Sequence[Column], steps: int) -> list[Column]:
    """The routes with the largest shares that go with `chosen`, the few to take next."""
    busy = {column.shift for column in chosen}
    taken = {ride for column in chosen for ride in column.rides}
    free = [
        (share, column)
        for share, column in generation.master.fractions()
        if column.shift not in busy and taken.isdisjoint(column.rides)
    ]
    free.sort(key=lambda entry: (-entry[0], entry[1].shift, entry[1].pairs))
    most = max(1, len(generation.shifts) // steps)
    surest: list[Column] = []
    for share, column in free:
        if share < SURE and (len(surest) >= most or share < free[0][0] - LIKE):
            break
        if column.shift not in busy and taken.isdisjoint(column.rides):
            surest.append(column)
            busy.add(column.shift)
            taken.update(column.rides)
    return surest


def _price_the_rest(
    generation: Generation, aim: Aim, arcs: Arcs, chosen: Sequence[Column]
) -> float | None:
    """Solve the program with `chosen` fixed, with a few rounds of pricing for the others."""
    busy = {column.shift for column in chosen}
    shifts = np.array([k for k in generation.shifts if k not in busy], dtype=np.int64)
    closed = np.zeros(len(generation.network.rides))
    closed[[ride for column in chosen for ride in column.rides]] = 2.0 * pricing.CLOSED
    value = generation.master.solve(generation.clock.left())
    rounds = DIVE_ROUNDS if len(generation.network.rides) <= PRICED and len(shifts) else 0
    for _ in range(rounds):
        if value is None or generation.clock.is_over():
            break
        duals = generation.master.duals()
        prices = generation.prices(aim, duals)
        prices = prices._replace(pair=prices.pair + closed[generation.network.arrays.ride])
        found = pricing.price(
            generation.network.arrays, arcs, prices, shifts,
            bar=-EPS, most=generation.routes, labels=LABELS,
        )  # fmt: skip
        generation.enter(found)
        new = generation.below(aim, duals)
        if not new:
            break
        generation.master.add(new)
        before, value = value, generation.master.solve(generation.clock.left())
        if value is None or before - value < 1e-4 * abs(before):
            break
    return value
