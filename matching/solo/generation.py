"""Column generation: prices from the master, routes from pricing, and a bound at every step.

The bound is Lagrangian (Geoffrion 1974, doi:10.1007/BFb0120690): at any prices the rides' prices
plus the cheapest route of every shift undercut every plan. Prices are smoothed towards those of
the best bound so far, so that they do not swing (Wentges 1997,
doi:10.1016/S0969-6016(97)00018-0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.solo import pricing
from matching.solo.arcs import Arcs
from matching.solo.clock import Clock
from matching.solo.columns import Column, Pool
from matching.solo.master import Duals, Master, Phase
from matching.solo.network import Floats, Network

ROUTES_A_SHIFT = 12
"""Most new routes of a shift in one pricing round."""
LABELS = 400_000
"""Most labels of one shift's pricing; more, and the round gives a weaker bound."""
EPS = 1e-6
SURE = 0.97
"""A route with so large a share in the program's solution is taken in a dive."""
LIKE = 0.25
"""Others are taken in one step with the surest if their shares are not smaller by more."""
STEPS = 25
"""In so many steps a dive is to end; fewer where there are sure routes."""
DIVE_ROUNDS = 2
"""Most rounds of pricing after a step of a dive."""
HARD = 10.0
"""Fines are so much higher in a dive, which ends with a plan."""
CLOSED = 1e12
"""The price of a ride that a chosen route has, in seconds."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What is minimised, and what must be kept meanwhile (None: not yet limited)."""

    phase: Phase
    lost: int | None = None
    changes: int | None = None


@dataclass(slots=True)
class Reached:
    """How far the linear program was brought."""

    bound: float
    """No plan within the aim is below; in the units of the phase, ties not taken off."""
    duals: Duals
    """Prices at which the bound holds."""
    value: float
    """The program's optimal value over the columns so far."""
    converged: bool

    def is_known(self) -> bool:
        """Whether time was enough for any bound."""
        return self.bound > -math.inf


class Generation:
    """The growing set of routes of one problem; a class because master and pool live on."""

    def __init__(self, network: Network, arcs: Arcs, pool: Pool, clock: Clock) -> None:
        self.network = network
        self.arcs = arcs
        self.pool = pool
        self.clock = clock
        self.tie = min(1e-7, 0.2 / (1.0 + self._most_cost()))
        self.master = Master(network, self.tie)
        self.strain = {phase: np.zeros(len(network.shifts)) for phase in Phase}
        self.waiting: list[Column] = []
        """Columns of the pool that the master does not have yet."""
        self.taken = 0
        """How many columns of the pool were looked at."""
        self.shifts = np.flatnonzero(np.diff(network.arrays.first))

    def _most_cost(self) -> float:
        """No plan costs more, in seconds."""
        net = self.network.arrays
        hours = np.minimum(net.max_drive, net.latest - net.earliest)
        wishes = np.zeros(len(net.opens))
        np.maximum.at(wishes, net.ride, net.wish)
        return float(hours.sum() + wishes.sum())

    def slack(self, phase: Phase) -> float:
        """What ties may add to the bound of a phase."""
        return EPS if phase is Phase.COST else self.tie * self._most_cost() + EPS

    def whole(self, phase: Phase, bound: float) -> int:
        """The bound as the whole number that no plan's value is below."""
        return math.ceil(bound - self.slack(phase) - 1e-9 * abs(bound))

    def prices(self, aim: Aim, duals: Duals) -> pricing.Prices:
        """The duals as prices of legs, pairs and shifts in the units of the phase."""
        net = self.network.arrays
        weight = 1.0 if aim.phase is Phase.COST else self.tie
        change = (1.0 if aim.phase is Phase.CHANGES else 0.0) - duals.changes
        pair = weight * net.wish + change * net.changed - duals.ride[net.ride]
        return pricing.Prices(weight, pair, -duals.shift, self.strain[aim.phase])

    def bound(self, aim: Aim, duals: Duals, least: Floats) -> float:
        """The Lagrangian bound at `duals` when no route of each shift reduces more than `least`."""
        network = self.network
        unserved = np.array([self.master.worth(i) for i in range(len(network.rides))])
        unserved -= duals.ride + duals.lost * network.priority + duals.changes * network.previous
        unserved[network.locked >= 0] = 0.0
        total = float(duals.ride.sum() + np.minimum(0.0, unserved).sum())
        total += float(np.minimum(0.0, least + duals.shift[self.shifts]).sum())
        if aim.lost is not None:
            total += duals.lost * aim.lost
        if aim.changes is not None:
            total += duals.changes * aim.changes
        return total

    def converge(self, aim: Aim, upper: float, start: Duals | None = None) -> Reached | None:
        """Bring the linear program of `aim` to its end, or until its bound meets `upper`.

        None if not even the first program could be solved in time.
        """
        self.master.aim(aim.phase, aim.lost, aim.changes)
        self._take_in()
        self.master.add(self.waiting)
        self.waiting = []
        self.master.fine(*self._first_fines(aim))
        value = self.master.solve(self.clock.left())
        if value is None:
            return None
        duals = self.master.duals()
        center = start or self._nothing()
        reached = Reached(-math.inf, center, value, converged=False)
        pull = 0.6
        while not self.clock.is_over():
            point = center.towards(duals, 1.0 - pull)
            found = pricing.price(
                self.network.arrays, self.arcs, self.prices(aim, point), self.shifts,
                bar=-EPS, most=ROUTES_A_SHIFT, labels=LABELS,
            )  # fmt: skip
            bound = self.bound(aim, point, found.least)
            if bound > reached.bound:
                reached.bound, reached.duals = bound, point
            center = reached.duals
            self._enter(found)
            if self.whole(aim.phase, reached.bound) >= upper:
                reached.converged = True
                break
            new = self._below(aim, duals)
            if new:
                self.master.add(new)
                value = self.master.solve(self.clock.left())
                if value is None:
                    break
                reached.value = value
                duals = self.master.duals()
                pull = min(0.6, pull + 0.1)
            elif pull > 0.0:
                pull = 0.0 if pull < 0.35 else pull - 0.3
            elif self.master.stiffen():
                value = self.master.solve(self.clock.left())
                if value is None:
                    break
                duals, pull = self.master.duals(), 0.5
            else:
                reached.converged = True
                break
        return reached

    def dive(self, aim: Aim) -> list[Column]:
        """A plan by rounding the program's solution step by step, the surest routes first.

        After every step new routes are priced for the shifts that are left (diving with column
        generation, Sadykov and others 2019, doi:10.1287/ijoc.2018.0822). What it leaves unserved
        is for local search to place.
        """
        chosen: list[Column] = []
        self.master.fine(*(HARD * fine for fine in self.master.fines))
        value = self.master.solve(self.clock.left())
        while value is not None and not self.clock.is_over():
            surest = self._surest(chosen)
            if not surest:
                break
            chosen += surest
            self.master.fix(chosen)
            value = self._price_the_rest(aim, chosen)
        self.master.fix([])
        return chosen

    def _surest(self, chosen: Sequence[Column]) -> list[Column]:
        """The routes with the largest shares that go with `chosen`, the few to take next."""
        busy = {column.shift for column in chosen}
        taken = {ride for column in chosen for ride in column.rides}
        free = [
            (share, column)
            for share, column in self.master.fractions()
            if column.shift not in busy and taken.isdisjoint(column.rides)
        ]
        free.sort(key=lambda entry: (-entry[0], entry[1].shift, entry[1].pairs))
        most = max(1, len(self.shifts) // STEPS)
        surest: list[Column] = []
        for share, column in free:
            if share < SURE and (len(surest) >= most or share < free[0][0] - LIKE):
                break
            if column.shift not in busy and taken.isdisjoint(column.rides):
                surest.append(column)
                busy.add(column.shift)
                taken.update(column.rides)
        return surest

    def _price_the_rest(self, aim: Aim, chosen: Sequence[Column]) -> float | None:
        """Solve the program with `chosen` fixed, with a few rounds of pricing for the others."""
        busy = {column.shift for column in chosen}
        shifts = np.array([k for k in self.shifts if k not in busy], dtype=np.int64)
        closed = np.zeros(len(self.network.rides))
        closed[[ride for column in chosen for ride in column.rides]] = CLOSED
        value = self.master.solve(self.clock.left())
        for _ in range(DIVE_ROUNDS if len(shifts) else 0):
            if value is None or self.clock.is_over():
                break
            duals = self.master.duals()
            prices = self.prices(aim, duals)
            prices = prices._replace(pair=prices.pair + closed[self.network.arrays.ride])
            found = pricing.price(
                self.network.arrays, self.arcs, prices, shifts,
                bar=-EPS, most=ROUTES_A_SHIFT, labels=LABELS,
            )  # fmt: skip
            self._enter(found)
            new = self._below(aim, duals)
            if not new:
                break
            self.master.add(new)
            before, value = value, self.master.solve(self.clock.left())
            if value is None or before - value < 1e-4 * abs(before):
                break
        return value

    def _enter(self, found: pricing.Found) -> None:
        """Take new routes into the pool and from there."""
        for r, shift in enumerate(found.shift):
            self.pool.add(int(shift), found.rides[found.first[r] : found.first[r + 1]])
        self._take_in()

    def _first_fines(self, aim: Aim) -> tuple[float, float]:
        """Fines to begin with: about what a ride costs, in the units of the phase."""
        if aim.phase is not Phase.COST:
            return 0.5, 2.0
        net = self.network.arrays
        usual = 4.0 * float(net.loaded.mean()) if len(net.loaded) else 1.0
        return 0.2 * usual + 1.0, usual + 1.0

    def _nothing(self) -> Duals:
        """Prices at which nothing is worth a drive: a calm place to begin."""
        return Duals(
            np.zeros(len(self.network.rides)), np.zeros(len(self.network.shifts)), 0.0, 0.0
        )

    def _take_in(self) -> None:
        """Columns that others put into the pool wait for the master."""
        self.waiting += self.pool.columns[self.taken :]
        self.taken = len(self.pool.columns)

    def _below(self, aim: Aim, duals: Duals) -> list[Column]:
        """The waiting columns that would help at `duals`; they wait no longer."""
        new, rest = [], []
        for column in self.waiting:
            reduced = self.master.value(column) - duals.changes * column.changes
            reduced -= duals.shift[column.shift]
            for ride in column.rides:
                reduced -= duals.ride[ride]
            (new if reduced < -EPS else rest).append(column)
        self.waiting = rest
        return new
