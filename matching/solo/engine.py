"""The day, one ride at a time, from nothing to a proven plan.

Ruin and recreate gives a first plan; column generation a bound and good routes for each objective
in turn; a whole-number program over those routes a better plan; and when all routes that could
still better it fit in memory, the same program over all of them the proof (route enumeration,
Baldacci, Christofides and Mingozzi 2008, doi:10.1007/s10107-007-0178-5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matching.solo import choice, locks, pricing, search
from matching.solo.arcs import Arcs, lay_out
from matching.solo.clock import Clock
from matching.solo.columns import Column, Pool, Rank, column_of, rank_of
from matching.solo.dive import dive
from matching.solo.generation import Aim, Generation, Reached
from matching.solo.master import Duals, Phase
from matching.solo.network import Network, neighbours, pairs_of
from matching.solo.parts import better_parts
from matching.solo.regions import by_regions
from matching.solo.repair import kept_routes

HUGE = 900
"""A day of more rides is planned region by region."""
CUTTING = 0.25
"""The share of the time left that bringing the bound nearer by cuts may take."""
SMALL = 200
"""Up to so many rides a day is settled as a whole."""
COOLING = search.Heat(300.0, 10.0)
POLISH = search.Heat(30.0, 3.0)
AFTER_DIVE = search.Heat(60.0, 5.0)
REPAIR = search.Heat(1000.0, 100.0, change=3000)
"""A change counts as 3000 s of cost while a plan is repaired, so that chains are found."""
MOST_ROUTES = 60_000
"""Most routes that a proof by enumeration may hold,"""
FEW_ROUTES = 8_000
"""and so many are settled before cuts are looked for."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of every plan, in the terms of the search."""

    lost: int = 0
    changes: int = 0
    cost: int | None = None
    """None as long as nothing is known."""
    within: int = 0
    """The most changes of the plans that `cost` is about."""


class Clash(Exception):
    """Locked rides, by number, that one shift cannot all take."""

    def __init__(self, rides: list[int]) -> None:
        self.rides = rides
        super().__init__(f"rides {rides}")


@dataclass(slots=True)
class Engine:
    """One search; a class because plan, proof and columns grow together."""

    net: Network
    clock: Clock
    seed: int
    tell: Callable[[Engine, str], None]
    """Told about every better plan or proof, with the name of the phase."""
    arcs: Arcs | None = None
    """Laid out when they are first asked for."""
    pool: Pool = field(init=False)
    plan: tuple[Column, ...] = ()
    rank: Rank = field(init=False)
    proof: Proof = field(default_factory=Proof)
    forced: dict[int, list[int]] = field(default_factory=dict)
    """shift -> the pairs of a route that keeps its locks."""

    def __post_init__(self) -> None:
        self.pool = Pool(self.net)
        self.rank = rank_of(self.net, ())
        self.keep_locks()

    def all_arcs(self) -> Arcs:
        """The arcs of every shift."""
        if self.arcs is None:
            self.arcs = lay_out(self.net.arrays)
        return self.arcs

    def generation(self) -> Generation:
        """A program of its own for the columns of this search."""
        return Generation(self.net, self.all_arcs(), self.pool, self.clock)

    def keep_locks(self) -> None:
        """Begin with routes that hold every locked ride.

        Raises
            Clash: some cannot be held together.
        """
        by_shift: dict[int, list[int]] = {}
        for ride, shift in enumerate(self.net.locked):
            if shift >= 0:
                by_shift.setdefault(int(shift), []).append(ride)
        for shift, rides in by_shift.items():
            route = locks.route_with_all(self.net, self.all_arcs(), shift, rides)
            if route is None:
                raise Clash(locks.smallest_clash(self.net, self.all_arcs(), shift, rides))
            self.forced[shift] = route
        self.offer([column_of(self.net, shift, route) for shift, route in self.forced.items()])

    def offer(self, plan: Sequence[Column], phase: str = "first plan") -> bool:
        """Take `plan` if it is better than the present one."""
        rank = rank_of(self.net, plan)
        if self.plan and rank.key() >= self.rank.key():
            return False
        for column in plan:
            self.pool.add(column.shift, column.pairs)
        self.plan, self.rank = tuple(plan), rank
        if rank.changes > self.proof.within:
            # More priority, for more changes: of such plans nothing was proven about the cost.
            self.proof = replace(self.proof, cost=None)
        self.tell(self, phase)
        return True

    def is_proven(self) -> bool:
        """Whether no plan can be better."""
        return self.rank.key() == (self.proof.lost, self.proof.changes, self.proof.cost)

    def ruin_and_recreate(
        self,
        rounds: int,
        heat: search.Heat,
        chunks: int,
        start: Sequence[Column] | None = None,
    ) -> None:
        """Better the plan by local search, looking at time and plan between `chunks`."""
        near, pair_of = neighbours(self.net), pairs_of(self.net)
        m = len(self.net.shifts)
        plan = search.Plan(np.zeros(m, np.int64), np.zeros((m, search.LONGEST), np.int64))
        for column in self.plan if start is None else start:
            plan.size[column.shift] = len(column.pairs)
            plan.pairs[column.shift, : len(column.pairs)] = column.pairs
        fall = (heat.cold / heat.warm) ** (1.0 / chunks)
        for chunk in range(chunks):
            if self.clock.is_over():
                return
            plan, _ = search.improve(
                self.net.arrays, plan, near, pair_of, self.net.priority, self.net.previous,
                (self.net.locked >= 0).astype(np.int64), rounds=max(1, rounds // chunks),
                heat=heat._replace(
                    warm=heat.warm * fall**chunk, cold=heat.warm * fall ** (chunk + 1)
                ),
                seed=self.seed + chunk,
            )  # fmt: skip
            columns = self._columns(plan)
            for column in columns:
                self.pool.add(column.shift, column.pairs)
            self.offer(columns, "ruin and recreate")

    def _columns(self, plan: search.Plan) -> list[Column]:
        return [
            column_of(self.net, shift, plan.pairs[shift, :size])
            for shift, size in enumerate(plan.size)
            if size
        ]

    def run(self) -> None:
        """Everything, until the plan is proven or time is up."""
        size = len(self.net.rides)
        self.offer(self._columns_at_once())
        rounds = 300 + size * min(200, 20 + size)
        if self.net.previous.any():
            self._repair(rounds)
        else:
            self.ruin_and_recreate(rounds, COOLING, 6 + min(size, 200) // 12)
        self._hopeless()
        if size > HUGE and self.plan:
            duals = by_regions(self)
        else:
            generation = self.generation()
            self._count_least(generation, Phase.PRIORITY)
            self._count_least(generation, Phase.CHANGES)
            duals = self.cost_least(generation)
        if not self.is_proven():
            better_parts(self, duals, Phase.COST, self.clock)

    def of_part(self, part: Network, clock: Clock) -> Engine:
        """A search for a part of the day; nobody listens, its plan is told as part of the whole."""
        return Engine(part, clock, self.seed, _nobody)

    def _repair(self, rounds: int) -> None:
        """A plan from what is left of the known one: first any, then one with few changes."""
        kept = kept_routes(self.net, self.all_arcs())
        few = 300 + 10 * len(self.net.rides)
        self.ruin_and_recreate(few, POLISH, 1, kept)
        self.ruin_and_recreate(rounds, REPAIR, 10, kept)
        self.ruin_and_recreate(few, POLISH, 2)

    def _columns_at_once(self) -> list[Column]:
        return [column_of(self.net, shift, route) for shift, route in self.forced.items()]

    def _count_least(self, generation: Generation, phase: Phase) -> None:
        """Less priority lost, or fewer changes at the priority reached: proof, then plan."""
        aim = Aim(phase, *self.rank.key()[:phase])
        if self.is_settled(phase):
            return
        generation.clock = self.clock.within(0.6 * self.clock.left())
        reached = generation.converge(aim, self._value(phase))
        if reached is None or not reached.is_known():
            return
        self._note(phase, generation.whole(reached.bound))
        if not self.is_settled(phase):
            self._dive(generation, aim)
        if not self.is_settled(phase):
            generation.clock = self.clock.within(0.1 * self.clock.left())
            generation.tighten(aim, reached, self._value(phase))
            self._note(phase, generation.whole(reached.bound))
        if not self.is_settled(phase):
            clock = self.clock.within(0.2 * self.clock.left())
            self._choose(generation, aim, reached, phase.name.lower(), clock)
        if not self.is_settled(phase):
            clock = self.clock.within(0.2 * self.clock.left())
            better_parts(self, reached.duals, phase, clock)

    def _note(self, phase: Phase, least: int) -> None:
        """Note that no plan loses less priority, or has fewer changes, than `least`."""
        if phase is Phase.PRIORITY:
            self.prove(lost=max(self.proof.lost, least), phase="priority")
        else:
            self.prove(changes=max(self.proof.changes, least), phase="changes")

    def _value(self, phase: Phase) -> int:
        """What the plan is worth in the units of a phase."""
        return self.rank.key()[phase]

    def is_settled(self, phase: Phase) -> bool:
        """Whether no plan can be better in a phase, given what was reached in those before."""
        if phase is Phase.PRIORITY:
            return self.rank.lost <= self.proof.lost
        if phase is Phase.CHANGES:
            return self.rank.changes <= self.proof.changes
        return self.is_proven()

    def _hopeless(self) -> None:
        """Rides without any shift are lost in every plan."""
        net = self.net.arrays
        alone = np.ones(len(self.net.rides), dtype=bool)
        alone[net.ride] = False
        self.prove(lost=int(self.net.priority[alone].sum()), phase="first plan")

    def cost_least(self, generation: Generation) -> Duals:
        """Less cost at the priority and the changes reached; the prices of the program."""
        aim = Aim(Phase.COST, *self.rank.key()[:2])
        generation.clock = self.clock.within(0.7 * self.clock.left())
        start = self.prices_of_the_plan()
        reached = generation.converge(aim, self.rank.cost, start)
        if reached is None:
            return start
        if reached.is_known():
            cost = generation.whole(reached.bound)
            self.prove(cost=cost, within=self.rank.changes, phase="cost")
        far = not reached.is_known() or self._gap(reached) > 0.002 * abs(reached.bound)
        if far and not self.is_proven():
            self._dive(generation, aim)
        if reached.is_known() and not self.is_proven():
            if len(self.net.rides) <= SMALL:
                self._settle(generation, aim, reached)
            else:
                self._tighten(generation, aim, reached)
                self._dive(generation, aim)
        return reached.duals

    def _tighten(self, generation: Generation, aim: Aim, reached: Reached) -> None:
        """Bring the bound on the cost nearer by cuts."""
        generation.clock = self.clock.within(CUTTING * self.clock.left())
        generation.tighten(aim, reached, self.rank.cost)
        self.prove(cost=generation.whole(reached.bound), within=self.rank.changes, phase="cuts")

    def _settle(self, generation: Generation, aim: Aim, reached: Reached) -> None:
        """Find the best plan and prove it: from few routes at once, otherwise when cuts have left
        fewer, and then a plan that was bettered part by part."""
        left = self.clock.left()
        self._choose(generation, aim, reached, "cost", self.clock.within(0.1 * left))
        if not self.is_proven():
            self._prove_by_all(generation, aim, reached, FEW_ROUTES, self.clock.within(0.3 * left))
        if not self.is_proven():
            self._tighten(generation, aim, reached)
        if not self.is_proven():
            clock = self.clock.within(0.5 * self.clock.left())
            self._prove_by_all(generation, aim, reached, MOST_ROUTES, clock)
        if not self.is_proven():
            clock = self.clock.within(0.5 * self.clock.left())
            better_parts(self, reached.duals, Phase.COST, clock)
        if not self.is_proven():
            self._prove_by_all(generation, aim, reached, MOST_ROUTES, self.clock)

    def _dive(self, generation: Generation, aim: Aim) -> None:
        """A plan from the linear program's solution, bettered by local search."""
        share = 0.4 if aim.phase is Phase.COST else 0.7
        generation.clock = self.clock.within(share * self.clock.left())
        plan = dive(generation, aim)
        have = {column.shift for column in plan}
        taken = {ride for column in plan for ride in column.rides}
        for shift, route in self.forced.items():
            column = column_of(self.net, shift, route)
            if shift not in have and not taken.intersection(column.rides):
                plan.append(column)
        if all(self._holds(plan, ride) for ride in self._locked()):
            self.ruin_and_recreate(20 * len(self.net.rides), AFTER_DIVE, 8, plan)

    def _locked(self) -> list[int]:
        return [int(ride) for ride in np.flatnonzero(self.net.locked >= 0)]

    def _holds(self, plan: Sequence[Column], ride: int) -> bool:
        return any(ride in column.rides for column in plan)

    def prices_of_the_plan(self) -> Duals:
        """Prices to begin with: what each ride of the plan costs where it is."""
        ride = np.zeros(len(self.net.rides))
        for column in self.plan:
            for pair, number in zip(column.pairs, column.rides, strict=True):
                rest = tuple(other for other in column.pairs if other != pair)
                try:
                    without = column_of(self.net, column.shift, rest).cost if rest else 0
                except ValueError:
                    continue  # the way past this ride has no road
                ride[number] = column.cost - without
        # At a high price of priority leaving a ride out pays for none.
        price = float(np.max(ride / self.net.priority, initial=0.0))
        alone = np.bincount(self.net.arrays.ride, minlength=len(ride)) == 0
        ride = np.where(alone, price * self.net.priority, ride)
        return Duals(ride, np.zeros(len(self.net.shifts)), -price, 0.0)

    def _gap(self, reached: Reached) -> float:
        """By how much a better plan could still be cheaper than this one, in seconds."""
        return self.rank.cost - reached.bound

    def prove(self, *, phase: str, **parts: int) -> None:
        """Note a better proof."""
        better = replace(self.proof, **parts)
        if better != self.proof:
            self.proof = better
            self.tell(self, phase)

    def _choose(
        self, generation: Generation, aim: Aim, reached: Reached, phase: str, clock: Clock
    ) -> choice.Choice:
        """The best plan of the routes in the pool that could be part of a better one."""
        value = self._value(aim.phase)
        prices = generation.prices(aim, reached.duals)
        columns = [
            column
            for number in self.pool.current()
            if (column := self.pool.columns[number])
            and pricing.reduced(self.net.arrays, column, prices) <= value - reached.bound + 1e-6
        ]
        columns.sort(key=lambda column: pricing.reduced(self.net.arrays, column, prices))
        return self._choose_of(columns[:MOST_ROUTES], aim, phase, clock)

    def _choose_of(
        self, columns: Iterable[Column], aim: Aim, phase: str, clock: Clock
    ) -> choice.Choice:
        kept = {(column.shift, column.pairs): column for column in (*columns, *self.plan)}
        clock = clock.within(clock.left() - 0.02 * len(self.net.rides) ** 0.5)
        answer = choice.choose(self.net, list(kept.values()), aim, clock, known=self.plan)
        if answer.columns is not None:
            self.offer(answer.columns, phase)
        return answer

    def _prove_by_all(
        self, generation: Generation, aim: Aim, reached: Reached, most: int, clock: Clock
    ) -> None:
        """Settle the cost by every route that a cheaper plan could have, if `most` are enough."""
        if clock.is_over():
            return
        prices = generation.prices(aim, reached.duals)
        bar = self._gap(reached) - 1.0 + 1e-6
        found = pricing.enumerate_routes(
            self.net.arrays, self.all_arcs(), prices, generation.shifts,
            bar=bar, most=most, labels=20 * most,
        )  # fmt: skip
        if not found.complete or len(found.shift) > most:
            return
        columns = [
            column_of(self.net, int(shift), found.rides[found.first[r] : found.first[r + 1]])
            for r, shift in enumerate(found.shift)
        ]
        answer = self._choose_of(columns, aim, "proof", clock)
        if answer.finished:
            self.prove(cost=self.rank.cost, phase="proof")


def _nobody(*_: object) -> None:
    """Hears what a search in a part of the day tells."""
