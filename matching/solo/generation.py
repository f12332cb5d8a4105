"""Column generation: prices from the master, routes from pricing, and a bound at every step.

The bound is Lagrangian (Geoffrion 1974, doi:10.1007/BFb0120690): at any prices the rides' prices
plus the cheapest route of every shift undercut every plan. Prices are smoothed towards those of
the best bound so far, so that they do not swing (Wentges 1997,
doi:10.1016/S0969-6016(97)00018-0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matching.solo import cuts, pricing
from matching.solo.arcs import Arcs, lay_out
from matching.solo.clock import Clock
from matching.solo.columns import Column, Pool
from matching.solo.master import Duals, Master, Phase
from matching.solo.network import Floats, Network, may_drop

ROUTES_A_SHIFT = 6
"""Most new routes of a shift in one pricing round,"""
FEWER_ROUTES = 3
"""and on days of more than `MANY_RIDES`, whose program they would only make slower."""
MANY_RIDES = 200
LABELS = 400_000
"""Most labels of one shift's pricing; more, and the round gives a weaker bound."""
EPS = 1e-6
FEW_RIDES = 800
"""On days of more rides it would take too long to look whether any ride may be left out."""
THIN = 25
"""So many arcs of each ride are tried first."""
ENOUGH = {200: 3e-4, 500: 7e-4}
"""A program of more than so many rides ends when its bound is so near, as a share of its value."""
ROUGH = 2e-3
"""Rounds with those arcs end when the program is so near to its end, as a share of its value."""
CUTS = 100
"""Most cuts of one round."""
WORTH = 0.02
"""A round of cuts is worth its time if the bound rises by such a share of what is open,"""
IDLE = 2
"""and after so many rounds that were not, there are no more."""
PULL = 0.6
"""Prices are taken so far from the program's own towards those of the best bound."""


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
    """No plan within the aim is below; in the units of the phase."""
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
        self.master = Master(network)
        self.strain = {phase: np.zeros(len(network.shifts)) for phase in Phase}
        self.waiting: list[Column] = []
        """Columns of the pool that the master does not have yet."""
        self.taken = 0
        """How many columns of the pool were looked at."""
        self.routes = FEWER_ROUTES if len(network.rides) > MANY_RIDES else ROUTES_A_SHIFT
        """Most new routes of a shift in one pricing round."""
        self._drops: bool | None = None
        """Whether a route without one of its rides is a route, once that was looked at."""
        self.shifts = np.flatnonzero(np.diff(network.arrays.first))

    def whole(self, bound: float) -> int:
        """The bound as the whole number that no plan's value is below."""
        return math.ceil(bound - EPS - 1e-9 * abs(bound))

    def prices(self, aim: Aim, duals: Duals) -> pricing.Prices:
        """The duals as prices of legs, pairs and shifts in the units of the phase."""
        net = self.network.arrays
        weight = 1.0 if aim.phase is Phase.COST else 0.0
        change = (1.0 if aim.phase is Phase.CHANGES else 0.0) - duals.changes
        pair = weight * net.wish + change * net.changed - duals.ride[net.ride]
        sizes = len(self.network.rides), len(self.network.shifts)
        fines = cuts.priced(*sizes, self.master.cuts.rows, duals.cut)
        return pricing.Prices(weight, pair, -duals.shift, self.strain[aim.phase], fines)

    def _price(self, aim: Aim, arcs: Arcs, duals: Duals) -> pricing.Found:
        """The best new routes at `duals`.

        Where driving costs nothing, a ride that pays nothing is on the best route for nothing:
        without it the route is as good, if leaving rides out makes no way longer.
        """
        prices = self.prices(aim, duals)
        if aim.phase is not Phase.COST and self._may_drop():
            idle = prices.pair >= 0.0
            prices = prices._replace(pair=np.where(idle, 2.0 * pricing.CLOSED, prices.pair))
        return pricing.price(
            self.network.arrays, arcs, prices, self.shifts,
            bar=-EPS, most=self.routes, labels=LABELS,
        )  # fmt: skip

    def _may_drop(self) -> bool:
        if self._drops is None:
            small = len(self.network.rides) <= FEW_RIDES
            self._drops = small and bool(may_drop(self.network.arrays))
        return self._drops

    def bound(self, aim: Aim, duals: Duals, least: Floats) -> float:
        """The Lagrangian bound at `duals` when no route of each shift reduces more than `least`."""
        network = self.network
        unserved = np.array([self.master.worth(i) for i in range(len(network.rides))])
        unserved -= duals.ride + duals.lost * network.priority + duals.changes * network.previous
        unserved[network.locked >= 0] = 0.0
        total = float(duals.ride.sum() + np.minimum(0.0, unserved).sum())
        total += float(np.minimum(0.0, least + duals.shift[self.shifts]).sum())
        total += sum(
            dual * rows.limit() for dual, rows in zip(duals.cut, self.master.cuts.rows, strict=True)
        )
        if aim.lost is not None:
            total += duals.lost * aim.lost
        if aim.changes is not None:
            total += duals.changes * aim.changes
        return total

    def converge(self, aim: Aim, upper: float, start: Duals | None = None) -> Reached | None:
        """Bring the linear program of `aim` to its end, or until its bound meets `upper`.

        None if not even the first program could be solved in time.
        """
        reached = self._begin(aim, start)
        if reached is None:
            return None
        costs = aim.phase is Phase.COST
        if costs and len(self.arcs.to) > THIN * len(self.network.arrays.ride):
            thin = lay_out(self.network.arrays, THIN)
            solved = self._descend(aim, thin, reached, math.inf, ROUGH)
            reached = Reached(-math.inf, reached.duals, reached.value, converged=False)
            if not solved:
                return reached
        self._descend(aim, self.arcs, reached, upper, self._enough(aim))
        return reached

    def _enough(self, aim: Aim) -> float:
        """How near the bound must come to the program's value, as a share of it."""
        rides, costs = len(self.network.rides), aim.phase is Phase.COST
        near = [share for many, share in ENOUGH.items() if costs and rides > many]
        return max(near, default=0.0)

    def tighten(self, aim: Aim, reached: Reached, upper: float) -> None:
        """Cut off what no plan can be, round by round, as long as that brings the bound of a
        converged program visibly nearer to `upper`."""
        idle, sizes = 0, (len(self.network.rides), len(self.network.shifts))
        while idle < IDLE and not self.clock.is_over():
            # Whatever was done with the program since, the cuts are for its own solution.
            if self.master.solve(self.clock.left()) is None:
                return
            found = cuts.broken(*sizes, self.master.fractions(), CUTS)
            if not found:
                return
            self.master.cut(found)
            value = self.master.solve(self.clock.left())
            if value is None:
                return
            reached.duals = reached.duals.with_cuts(len(self.master.cut_rows))
            reached.value, before = value, reached.bound
            self._descend(aim, self.arcs, reached, upper, self._enough(aim))
            if self.whole(reached.bound) >= upper:
                return
            idle = idle + 1 if reached.bound - before < WORTH * (upper - before) else 0

    def _begin(self, aim: Aim, start: Duals | None) -> Reached | None:
        """Solve the program of `aim` with the columns of the pool; None if time is too short."""
        self.master.aim(aim.phase, aim.lost, aim.changes)
        self._take_in()
        self.master.add(self.waiting)
        self.waiting = []
        self.master.fine(*self._first_fines(aim))
        value = self.master.solve(self.clock.left())
        if value is None:
            return None
        duals = (start or self._nothing()).with_cuts(len(self.master.cut_rows))
        return Reached(-math.inf, duals, value, converged=False)

    def _descend(self, aim: Aim, arcs: Arcs, reached: Reached, upper: float, enough: float) -> bool:
        """Rounds of pricing over `arcs` until nothing gets better, or what there is is enough:
        a bound that meets `upper`, or is a share of `enough` from the program's value, or as a
        whole number as high as that lets it be. False if the program was left unsolved."""
        duals, pull = self.master.duals(), PULL if reached.is_known() else 1.0
        counting = aim.phase is not Phase.COST
        while not self.clock.is_over():
            point = reached.duals.towards(duals, 1.0 - pull)
            found = self._price(aim, arcs, point)
            bound = self.bound(aim, point, found.least)
            if bound > reached.bound:
                reached.bound, reached.duals = bound, point
            self.enter(found)
            least = self.whole(reached.bound)
            if least >= upper or (counting and least >= math.ceil(reached.value - EPS)):
                reached.converged = True
                return True
            new = self.below(aim, duals)
            if new:
                self.master.add(new)
                pull = min(PULL, pull + 0.1)
            elif pull > 0.0:
                pull = 0.0 if pull < 0.35 else min(PULL, pull - 0.3)
                continue
            elif self.master.stiffen():
                pull = 0.5
            else:
                reached.converged = True
                return True
            value = self.master.solve(self.clock.left())
            if value is None:
                return False
            reached.value = value
            if 0.0 <= value - reached.bound < enough * abs(value):
                return True
            duals = self.master.duals()
        return True

    def enter(self, found: pricing.Found) -> None:
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

    def below(self, aim: Aim, duals: Duals) -> list[Column]:
        """The waiting columns that would help at `duals`; they wait no longer."""
        new, rest = [], []
        for column in self.waiting:
            reduced = self.master.value(column) - duals.changes * column.changes
            reduced -= duals.shift[column.shift]
            for ride in column.rides:
                reduced -= duals.ride[ride]
            for cut, times in self.master.cuts.crossed(column).items():
                reduced -= times * duals.cut[cut]
            (new if reduced < -EPS else rest).append(column)
        self.waiting = rest
        return new
