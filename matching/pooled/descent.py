"""One search and its state: rounds of annealing, each followed by recombining known routes.

Rounds are counted in iterations and grow, so that a short limit ends with a short, finished
annealing and a long one with a long one; the same seed gives the same rounds.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from matching.pooled import search
from matching.pooled.chance import seeded
from matching.pooled.insertion import Desk, Memo, clear_desk, empty_memo
from matching.pooled.network import SLACK, Network
from matching.pooled.partition import recombine
from matching.pooled.pool import Pool, empty_pool, forget
from matching.pooled.schedule import Plan, empty_plan

CHUNK_SECONDS = 0.05
"""About how long a kernel runs before deadline and cancellation are looked at."""

FIRST_ROUND, GROWTH, LONGEST_ROUND = 4000, 2.0, 400_000
"""Iterations of the rounds of annealing."""

HEAT = (0.4, 0.004)
"""First and last temperature, in mean cost of a ride."""


@dataclass
class Descent:
    """The state of one search; a class because rounds continue where the last one ended."""

    net: Network
    seed: int
    deadline: float
    """A value of time.monotonic()."""
    should_stop: Callable[[], bool]
    all_served: bool
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
        self.pool = empty_pool(60_000, 24)
        self.wheel = search.new_wheel(rides)
        self.rng = seeded(self.seed)
        self.best_score = search.start_plan(
            self.net, self.plan, self.memo, self.desk, self.rng
        )
        search.adopt(self.plan, self.before)
        search.adopt(self.plan, self.best)

    def out_of_time(self) -> bool:
        """Whether the search has to end now."""
        return time.monotonic() >= self.deadline or self.should_stop()

    def anneal(self, length: int, heat: tuple[float, float], most: int) -> bool:
        """One round of `length` iterations; False when the time ran out in it."""
        step = 0
        while step < length:
            if self.out_of_time():
                return False
            until = min(length, step + max(1, int(self.rate * CHUNK_SECONDS)))
            began = time.monotonic()
            self.best_score = search.anneal(
                self.net, self.plan, self.before, self.best, self.memo, self.desk, self.pool,
                self.wheel, self.rng, np.array(heat), np.array([step, until, length]), most,
                self.all_served,
            )  # fmt: skip
            self.rate = (until - step) / max(time.monotonic() - began, 1e-6)
            step = until
        return True

    def lay(self, shifts: np.ndarray, firsts: np.ndarray, sizes: np.ndarray, stops: np.ndarray) -> None:
        """Continue from these routes; they become the best plan if they are better."""
        score = search.lay_routes(self.net, self.plan, self.desk, shifts, firsts, sizes, stops)
        search.adopt(self.plan, self.before)
        if score < self.best_score - SLACK:
            self.best_score = score
            search.adopt(self.plan, self.best)

    def restart_from_best(self) -> None:
        """Continue from the best plan."""
        search.adopt(self.best, self.plan)
        search.adopt(self.best, self.before)
