"""Better plans part by part: a few near shifts and their rides are planned anew, all at once.

POPMUSIC after Taillard and Voss 2002, doi:10.1007/978-1-4615-1507-4_27. A part is a problem like
the whole day: column generation from the routes and prices known, then the best plan of all
routes that could better it, or of those found where they are too many. What the rest of the plan
does stays as it is, so a better part is a better plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from matching.solo import choice, pricing
from matching.solo.arcs import lay_out
from matching.solo.clock import Clock
from matching.solo.columns import Column, Pool, column_of, rank_of
from matching.solo.generation import Aim, Generation
from matching.solo.master import Duals, Phase
from matching.solo.network import Ints, Network, neighbours, part_of

if TYPE_CHECKING:
    from matching.solo.engine import Engine

FIRST_PART = 45
"""About so many rides have the parts that are planned anew first: those end at once."""
LARGEST_PART = 60
"""So many shifts have the largest: parts grow by one with every failure."""
FAILURES = 80
"""After so many parts in a row that could not be bettered the plan is left."""
SECONDS = 5.0
"""Most time for one part."""
MOST_ROUTES = 6_000
"""Most routes that a part is settled with."""


def better_parts(engine: Engine, duals: Duals, phase: Phase, clock: Clock) -> None:
    """Plan part after part anew until none gets better, or nothing can in this phase."""
    parts = Parts(engine.net, engine.pool, duals, neighbours(engine.net), phase)
    random = np.random.default_rng(engine.seed)
    served = sum(len(column.rides) for column in engine.plan)
    size = min(LARGEST_PART, 1 + FIRST_PART * len(engine.plan) // max(1, served))
    failures = 0
    while engine.plan and failures < FAILURES and not clock.is_over():
        if engine.is_settled(phase):
            return
        ride = int(random.choice(_worth_a_look(engine.net, engine.plan, phase)))
        shifts, rides = parts.around(engine.plan, ride, size)
        plan = parts.better(engine.plan, shifts, rides, clock) if len(rides) else None
        if plan is not None and engine.offer(plan, "parts"):
            failures = 0
        else:
            failures += 1
            size = min(size + 1, LARGEST_PART)


def _worth_a_look(network: Network, plan: Sequence[Column], phase: Phase) -> Ints:
    """The rides around which a part may get better: unserved, on another shift, or any."""
    net = network.arrays
    out = np.bincount(net.ride, minlength=len(network.rides)) > 0
    for column in plan:
        for pair, ride in zip(column.pairs, column.rides, strict=True):
            out[ride] = phase is Phase.CHANGES and net.changed[pair] > 0
    return np.flatnonzero(out) if phase is not Phase.COST and out.any() else np.arange(len(out))


@dataclass(slots=True)
class Parts:
    """A plan under betterment; a class because routes found for one part serve the next."""

    network: Network
    pool: Pool
    duals: Duals
    """Prices of the whole day's program, where those of a part begin."""
    near: Ints
    """(n, c): the rides closest to each."""
    phase: Phase = Phase.COST
    """What is to get better."""
    by_shift: list[list[Column]] = field(init=False)
    seen: int = 0
    """How many columns of the pool are in `by_shift`."""

    def __post_init__(self) -> None:
        self.by_shift = [[] for _ in self.network.shifts]

    def around(self, plan: Sequence[Column], ride: int, size: int) -> tuple[Ints, Ints]:
        """About `size` shifts around `ride` and their rides: the routes of rides near it, and
        shifts without any that could drive it; rides near it that nobody has are among them."""
        owner = {one: column.shift for column in plan for one in column.rides}
        ring = [ride, *(int(one) for one in self.near[ride])]
        shifts = list(dict.fromkeys(owner[one] for one in ring if one in owner))[:size]
        net = self.network.arrays
        busy = {column.shift for column in plan}
        pairs = np.flatnonzero(net.ride == ride)
        pairs = pairs[np.argsort(net.out[pairs] + net.home[pairs], kind="stable")]
        owners = np.searchsorted(net.first, pairs, side="right") - 1
        idle = [int(shift) for shift in owners if int(shift) not in busy]
        shifts += idle[: size // 2]
        chosen = set(shifts)
        rides = {one for one in ring if one not in owner and self.network.locked[one] < 0}
        rides.update(one for column in plan if column.shift in chosen for one in column.rides)
        return np.array(sorted(chosen)), np.array(sorted(rides))

    def better(
        self, plan: Sequence[Column], shifts: Ints, rides: Ints, clock: Clock
    ) -> list[Column] | None:
        """The plan with the part of `shifts` and `rides` bettered, or None if it is not."""
        part, pairs, start, back = self.cut(plan, shifts, rides)
        pool = Pool(part)
        for column in (*start, *self._known(part, pairs, shifts, rides)):
            pool.add(column.shift, column.pairs)
        prices = self._prices(shifts, rides)
        found = _settle(part, pool, start, prices, self.phase, clock.within(SECONDS))
        for column in pool.columns:
            outside = back(column)
            self.pool.add(outside.shift, outside.pairs)
        if found is None:
            return None
        inside = set(shifts.tolist())
        rest = [column for column in plan if column.shift not in inside]
        return rest + [back(column) for column in found]

    def cut(
        self, plan: Sequence[Column], shifts: Ints, rides: Ints
    ) -> tuple[Network, Ints, list[Column], Callable[[Column], Column]]:
        """A part's network, its pairs' numbers in the whole, the plan in it, and the way back."""
        part, pairs = part_of(self.network, shifts, rides)

        def back(column: Column) -> Column:
            outside = [int(pairs[pair]) for pair in column.pairs]
            return column_of(self.network, int(shifts[column.shift]), outside)

        inside = set(shifts.tolist())
        start = [_inside(part, shifts, pairs, column) for column in plan if column.shift in inside]
        return part, pairs, start, back

    def _prices(self, shifts: Ints, rides: Ints) -> Duals:
        duals = self.duals
        return Duals(duals.ride[rides], duals.shift[shifts], duals.lost, duals.changes)

    def _known(self, part: Network, pairs: Ints, shifts: Ints, rides: Ints) -> list[Column]:
        """The columns of the pool that lie inside the part, as its own."""
        for column in self.pool.columns[self.seen :]:
            self.by_shift[column.shift].append(column)
        self.seen = len(self.pool.columns)
        inside = set(rides.tolist())
        return [
            _inside(part, shifts, pairs, column)
            for shift in shifts
            for column in self.by_shift[shift]
            if inside.issuperset(column.rides)
        ]


def _inside(part: Network, shifts: Ints, pairs: Ints, column: Column) -> Column:
    """A column of the whole as one of the part; `pairs` are its pairs' numbers in the whole."""
    shift = int(np.searchsorted(shifts, column.shift))
    return column_of(part, shift, np.searchsorted(pairs, column.pairs))


def _settle(
    part: Network, pool: Pool, start: list[Column], duals: Duals, phase: Phase, clock: Clock
) -> tuple[Column, ...] | None:
    """A plan for the part that is better than `start`, or None."""
    arcs = lay_out(part.arrays)
    generation = Generation(part, arcs, pool, clock)
    rank = rank_of(part, start)
    value = rank.key()[phase]
    aim = Aim(phase, *rank.key()[:phase])
    reached = generation.converge(aim, value, duals)
    if reached is None or not reached.is_known() or generation.whole(reached.bound) >= value:
        return None
    prices = generation.prices(aim, reached.duals)
    gap = value - reached.bound
    found = pricing.enumerate_routes(
        part.arrays, arcs, prices, generation.shifts,
        bar=gap - 1.0 + 1e-6, most=MOST_ROUTES, labels=20 * MOST_ROUTES,
    )  # fmt: skip
    if found.complete and len(found.shift) <= MOST_ROUTES:
        columns = [
            column_of(part, int(shift), found.rides[found.first[r] : found.first[r + 1]])
            for r, shift in enumerate(found.shift)
        ]
    else:
        known = [pool.columns[number] for number in pool.current()]
        columns = [one for one in known if pricing.reduced(part.arrays, one, prices) <= gap]
    kept = {(column.shift, column.pairs): column for column in (*columns, *start)}
    answer = choice.choose(part, list(kept.values()), aim, clock, known=start)
    if answer.columns is None or rank_of(part, answer.columns).key() >= rank.key():
        return None
    return answer.columns
