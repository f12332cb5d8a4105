"""One search and its state: rounds of annealing, each followed by recombining known routes.

Rounds are counted in iterations and grow, so that a short limit ends with a short, finished
annealing and a long one with a long one; the same seed gives the same rounds.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from matching.pooled import search
from matching.pooled.chance import seeded
from matching.pooled.insertion import Desk, Memo, clear_desk, empty_memo
from matching.pooled.network import SLACK, Network
from matching.pooled.partition import Routes, recombine
from matching.pooled.pool import Pool, empty_pool, forget
from matching.pooled.schedule import Plan, empty_plan

POOL_ROUTES, POOL_STOPS = 60_000, 24
"""Routes remembered at most, and stops for each on average."""

CHUNK = 500
"""Iterations between two looks at whether every ride is served, where that is the aim."""

CHUNK_SECONDS = 0.05
"""About how long a kernel runs before deadline and cancellation are looked at."""

FIRST_ROUND, GROWTH, LONGEST_ROUND = 10_000, 2, 640_000
"""Iterations of the rounds of annealing."""

PATIENCE = 4
"""Rounds of the full length without a better plan after which the search ends."""

HEAT = (1.0, 0.01)
"""First and last temperature of a round, in mean cost of a ride."""

MOST_REMOVED = 16
"""Rides taken out at once, at most; no more than a third of all."""

LEAST_LEFT = 0.5
"""Seconds that must be left for a recombination to begin."""

RECOMBINE_SHARE = 0.1
"""Share of the time left that one recombination may take."""


def forever() -> bool:
    """Never stop: for callers that do not cancel."""
    return False


@dataclass
class Descent:
    """The state of one search; a class because rounds continue where the last one ended."""

    net: Network
    seed: int
    deadline: float
    """A value of time.monotonic()."""
    all_served: bool
    """Whether plans with unserved rides are compared by how long they have been so."""
    should_stop: Callable[[], bool] = forever
    on_tick: Callable[["Descent"], None] | None = None
    """Called some twenty times a second; reads only `best` and `best_score`."""
    plan: Plan = field(init=False)
    before: Plan = field(init=False)
    best: Plan = field(init=False)
    memo: Memo = field(init=False)
    desk: Desk = field(init=False)
    pool: Pool = field(init=False)
    wheel: search.Wheel = field(init=False)
    rng: np.ndarray = field(init=False)
    best_score: float = field(init=False)
    rate: float = 2000.0
    """Iterations a second, measured; decides only how often the clock is read."""

    def __post_init__(self) -> None:
        rides, shifts = self.net.pair_cost.shape
        most = int(min(rides, self.net.count_limit.max(initial=0)))
        self.plan, self.before, self.best = (empty_plan(self.net, most) for _ in range(3))
        self.memo = empty_memo(rides, shifts)
        self.desk = clear_desk(rides, 2 * most + 2)
        self.pool = empty_pool(POOL_ROUTES, POOL_STOPS)
        self.wheel = search.new_wheel(rides)
        self.rng = seeded(self.seed)
        self.fill()
        search.adopt(self.plan, self.best)
        self.best_score = search.score(self.net, self.best)

    def fill(self) -> None:
        """Insert the rides that the present plan leaves out, as far as they fit."""
        search.fill_plan(self.net, self.plan, self.memo, self.desk, self.rng)
        search.adopt(self.plan, self.before)

    def out_of_time(self) -> bool:
        """Whether the search has to end now."""
        return time.monotonic() >= self.deadline or self.should_stop()

    def missing(self) -> int:
        """How many rides the best plan leaves out."""
        return int((self.best.shift_of < 0).sum())

    def anneal(self, length: int, *, until_served: bool = False) -> bool:
        """One round of `length` iterations; False when the time ran out in it."""
        rides = len(self.net.need)
        unit = max(float(np.abs(self.best.cost).sum()) / rides, 1e-6)
        heat = np.array([HEAT[0] * unit, HEAT[1] * unit])
        most = max(1, min(MOST_REMOVED, math.ceil(0.35 * rides)))
        step = 0
        while step < length:
            if self.out_of_time():
                return False
            stride = CHUNK if until_served else max(1, int(self.rate * CHUNK_SECONDS))
            span = np.array([step, min(length, step + stride), length])
            began = time.monotonic()
            self.best_score = search.anneal(
                self.net, self.plan, self.before, self.best, self.memo, self.desk, self.pool,
                self.wheel, self.rng, heat, span, most, self.all_served,
            )  # fmt: skip
            self.rate = (span[1] - step) / max(time.monotonic() - began, 1e-6)
            step = int(span[1])
            if self.on_tick is not None:
                self.on_tick(self)
            if until_served and self.missing() == 0:
                return True
        return True

    def lay(self, routes: Routes) -> None:
        """Continue from these routes; they become the best plan if they are better."""
        score = search.lay_routes(self.net, self.plan, self.desk, *routes)
        search.adopt(self.plan, self.before)
        if score < self.best_score - SLACK:
            self.best_score = score
            search.adopt(self.plan, self.best)

    def start_from(self, routes: Routes) -> None:
        """Begin again from these routes and what else fits, whatever was best before."""
        search.lay_routes(self.net, self.plan, self.desk, *routes)
        self.fill()
        search.adopt(self.plan, self.best)
        self.best_score = search.score(self.net, self.best)

    def begin_afresh(self) -> None:
        """Continue from a plan made anew; the best plan is kept."""
        nothing = np.zeros(0, np.int64)
        search.lay_routes(self.net, self.plan, self.desk, nothing, nothing, nothing, nothing)
        self.fill()

    def restart_from_best(self) -> None:
        """Continue from the best plan."""
        search.adopt(self.best, self.plan)
        search.adopt(self.best, self.before)

    def recombine(self) -> None:
        """Continue from the best plan that the routes seen so far make together."""
        left = self.deadline - time.monotonic()
        if left < LEAST_LEFT:
            self.restart_from_best()
            return
        until = time.monotonic() + RECOMBINE_SHARE * left
        routes = recombine(self.net, self.pool, self.best, self.best_score, until)
        if routes is None:
            self.restart_from_best()
        else:
            self.lay(routes)
        if self.pool.counts[0] > 0.7 * POOL_ROUTES:
            forget(self.pool)

    def rounds(self) -> Iterator[bool]:
        """Anneal and recombine, growing; yields after each round whether time is left."""
        length, idle, afresh = FIRST_ROUND, 0, False
        while idle < PATIENCE:
            before = self.best_score
            in_time = self.anneal(length)
            if in_time:
                self.recombine()
            yield in_time
            if not in_time:
                return
            stuck = self.best_score >= before - SLACK
            afresh = stuck and not afresh
            if afresh:
                self.begin_afresh()
            idle = idle + 1 if stuck and length == LONGEST_ROUND else 0
            length = min(length * GROWTH, LONGEST_ROUND)
