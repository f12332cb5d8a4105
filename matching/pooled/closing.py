"""Bounds and better plans of days with too many routes to list, goal by goal.

Column generation gives a bound and columns; an integer program over the columns gives a plan.
Where the two are close, all routes that a better plan can hold are listed and the program over
them settles the day. Pricing relaxes the ride times, so a column may hold rides that no one can
drive together in that order: here each gets the cheapest order that can be driven, or is dropped.
"""

import time

import numpy as np

from matching.pooled import labels
from matching.pooled.dive import dive
from matching.pooled.enumeration import empty_catalogue, enumerate_shift
from matching.pooled.found import WEIGHTS, Column, Found, Seen, seen_in
from matching.pooled.generation import Level, Proof, column_of, converge
from matching.pooled.network import FAR, Network
from matching.pooled.partition import Columns, Measure, Question, Routes
from matching.pooled.pool import Pool
from matching.pooled.proof import ROUNDING, Goals, Verdict, least_cost, settle

MOST_LISTED, MOST_MIXED = 12_000, 3_000
"""Routes of an integer program that settles a day; and, twice, of one that looks for a plan."""
MOST_BEGUN = 30_000
"""Labels of one shift at most where all routes are listed."""
CLOSE = 0.01
"""Share of the bound that a plan may be above it for all better routes to be listed."""
MOST_TRIED = 50_000
"""Beginnings of routes tried to find the best order of one column's rides."""
LARGEST = 2**62
CONVERGING, MIXING, DIVING = 0.6, 0.5, 0.5
"""Shares of the time left for the relaxation, then for a plan of its columns, and of that for
the dive."""


class Sequences:
    """Which columns can be driven, and in which order; a class because it remembers."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self._can: dict[Column, bool] = {}
        self._best: dict[tuple[int, tuple[int, ...]], Column | None] = {}
        self._alone = np.full_like(found.net.pair_cost, FAR)

    def can_be_driven(self, column: Column) -> bool:
        """Whether the column can be driven as it stands."""
        if column not in self._can:
            v, stops = int(self.found.shift[column.fleet]), np.array(column.stops, np.int64)
            self._can[column] = bool(labels.can_drive(self.found.net, v, stops))
        return self._can[column]

    def best(self, column: Column) -> Column | None:
        """The cheapest order of the column's rides that can be driven; None if there is none.

        Raises
            TimeoutError: there are too many orders to try.
        """
        key = (column.fleet, column.rides)
        if key not in self._best:
            self._best[key] = self._found_best(column)
        return self._best[key]

    def _found_best(self, column: Column) -> Column | None:
        net, v = self.found.net, int(self.found.shift[column.fleet])
        rides = list(column.rides)
        self._alone[rides, v] = net.pair_cost[rides, v]
        catalogue = empty_catalogue(2 ** min(len(rides), 12), 2 * len(rides))
        alone = net._replace(pair_cost=self._alone)
        tried_all = enumerate_shift(alone, v, catalogue, MOST_TRIED)
        self._alone[rides, v] = FAR
        if not tried_all:
            raise TimeoutError
        for k in np.flatnonzero(catalogue.size[: catalogue.counts[0]] == 2 * len(rides)):
            stops = catalogue.stops[catalogue.first[k] : catalogue.first[k] + 2 * len(rides)]
            driven = float(catalogue.driven[k])
            return Column(column.fleet, column.rides, tuple(map(int, stops)), driven)
        return None


class Generation:
    """What is known of one day's routes and bounds; a class because every proof adds to it."""

    def __init__(self, net: Network, goals: Goals) -> None:
        self.found = Found(net, goals)
        self.sequences = Sequences(self.found)
        self.proofs: dict[tuple[int, tuple[float, ...]], Proof] = {}
        """Goal and limits on the goals before it -> what is proven."""
        self.is_tight = False
        """Whether the last proof would be no better with more time for the relaxations."""

    def prove(
        self, pool: Pool, plan: Routes, worth: tuple[int, int, int], deadline: float
    ) -> Verdict | None:
        """Bounds for the best plan and for plans as good as it in the earlier goals.

        `worth` are the three measures of `plan`, which may be bettered on the way. None if the
        time did not do for the first bound.
        """
        found, best, bounds = self.found, worth, []
        picked, seen = found.columns_of(plan), seen_in(found.net, pool)
        self.is_tight = True
        for goal in range(3):
            limits = tuple(float(value) for value in best[:goal])
            proof = self._proof(goal, limits, seen, best[goal], _part(CONVERGING, deadline))
            self.is_tight &= proof is not None and proof.is_tight
            if proof is None:
                break
            bound, picked = self._close(goal, limits, proof, seen, picked, deadline)
            bounds.append(bound)
            best = found.worth(picked)
        if not bounds:
            return None
        bounds += self._lowest()[len(bounds) :]
        return Verdict(*bounds, found.routes_of(picked) if best != worth else None)

    def _proof(
        self, goal: int, limits: tuple[float, ...], seen: Seen, target: int, deadline: float
    ) -> Proof | None:
        """The bound of column generation, as far as it comes."""
        known = self.proofs.get((goal, limits))
        if known is None or not known.is_tight:
            new = converge(Level(self.found, goal, limits), seen, target, deadline)
            if new is not None and (known is None or new.bound > known.bound):
                self.proofs[goal, limits] = known = new
        return known

    def _lowest(self) -> list[int]:
        """Bounds that need no search."""
        return [0, 0, least_cost(self.found.net, self.found.goals)]

    def _close(
        self,
        goal: int,
        limits: tuple[float, ...],
        proof: Proof,
        seen: Seen,
        picked: list[Column],
        deadline: float,
    ) -> tuple[int, list[Column]]:
        """A bound in whole numbers, and the best plan known: `picked` or a better one."""
        bound = self._lowest()[goal]
        if proof.bound > bound:
            bound = int(np.ceil(proof.bound - ROUNDING))
        value = self.found.worth(picked)[goal]
        if bound < value:
            near = self._near(goal, proof, seen, value)
            _, picked = self._mix(goal, limits, near, picked, _part(MIXING, deadline))
            value = self.found.worth(picked)[goal]
        if bound < value <= bound + CLOSE * abs(bound) + 1:
            columns = self._all(goal, proof, value, deadline)
            if columns is not None:
                reached, picked = self._mix(goal, limits, columns, picked, deadline)
                bound = max(bound, reached)
        return bound, picked

    def _mix(
        self,
        goal: int,
        limits: tuple[float, ...],
        columns: list[Column],
        picked: list[Column],
        deadline: float,
    ) -> tuple[int, list[Column]]:
        """The best plan of these columns and `picked`, and a bound on plans of them alone."""
        cheapest: dict[tuple[int, tuple[int, ...]], Column] = {}
        for column in [*picked, *columns]:
            known = cheapest.setdefault((column.fleet, column.rides), column)
            if column.driven < known.driven:
                cheapest[column.fleet, column.rides] = column
        picked = [cheapest[column.fleet, column.rides] for column in picked]
        columns = list(cheapest.values())
        place = {column: k for k, column in enumerate(columns)}
        known = [place[column] for column in picked]
        question = question_of(self.found, columns, goal, limits)
        value = self.found.worth(picked)[goal]
        dived = dive(question, _part(DIVING, deadline))
        if dived is not None and round(question.goal.of(question.columns, dived)) < value:
            known, value = dived, round(question.goal.of(question.columns, dived))
        bound, chosen = settle(question, np.array(known, np.int64), value, deadline)
        best = [columns[k] for k in (known if chosen is None else chosen)]
        return (-LARGEST if bound is None else bound), best

    def _near(self, goal: int, proof: Proof, seen: Seen, value: int) -> list[Column]:
        """The best columns found or seen that a better plan may hold; they may not be all."""
        gap, gains = value - 1 - proof.bound + ROUNDING, self.found.gains(goal, proof.prices)
        columns = list(self.found.columns.values())
        above = self._reduced(goal, proof, columns)
        best = _smallest(above, gap)
        near = [columns[k] for k in best if self.sequences.can_be_driven(columns[k])]
        best = _smallest(seen.reduced(WEIGHTS[goal], proof.prices, gains), gap)
        return near + [seen.column(int(k)) for k in best]

    def _all(self, goal: int, proof: Proof, value: int, deadline: float) -> list[Column] | None:
        """All columns that a better plan may hold; None if they are too many."""
        listed: dict[tuple[int, tuple[int, ...]], Column] = {}
        gap = value - 1 - proof.bound + ROUNDING
        for fleet, gain in enumerate(self.found.gains(goal, proof.prices)):
            bar = float(proof.prices.fleet[fleet]) + gap
            columns = self._below(goal, fleet, gain, bar)
            if columns is None or time.monotonic() > deadline:
                return None
            for column in columns:
                key = (fleet, column.rides)
                if key not in listed or column.driven < listed[key].driven:
                    listed[key] = column
            if len(listed) > MOST_LISTED:
                return None
        return self._driven(list(listed.values()), deadline)

    def _below(self, goal: int, fleet: int, gain: np.ndarray, bar: float) -> list[Column] | None:
        """All routes of a fleet below `bar`, some of them in several orders."""
        net, lab, v = self.found.net, self.found.labels, int(self.found.shift[fleet])
        chosen = np.zeros(2 * MOST_LISTED, np.int64)
        made = labels.grow(net, v, gain, WEIGHTS[goal], bar, True, lab, MOST_BEGUN)
        count = labels.harvest_all(lab, made, bar, chosen)
        if made == MOST_BEGUN or count < 0:
            return None
        return [column_of(net, lab, fleet, v, int(label)) for label in chosen[:count]]

    def _driven(self, columns: list[Column], deadline: float) -> list[Column] | None:
        """The columns, each in its best order, without those that nobody can drive."""
        kept = []
        for column in columns:
            if self.sequences.can_be_driven(column):
                kept.append(column)
                continue
            try:
                best = self.sequences.best(column)
            except TimeoutError:
                return None
            if time.monotonic() > deadline:
                return None
            kept += [] if best is None else [best]
        return kept

    def _reduced(self, goal: int, proof: Proof, columns: list[Column]) -> np.ndarray:
        """How much each column is above what its rides and its shift are worth."""
        weight, gains = WEIGHTS[goal], self.found.gains(goal, proof.prices)
        return np.array(
            [
                weight * column.driven
                - gains[column.fleet, list(column.rides)].sum()
                - proof.prices.fleet[column.fleet]
                for column in columns
            ]
        )


def question_of(
    found: Found, columns: list[Column], goal: int, limits: tuple[float, ...]
) -> Question:
    """Set partitioning over these columns."""
    first = np.cumsum([0, *(len(column.rides) for column in columns)])
    rides = [ride for column in columns for ride in column.rides]
    fleet = np.array([column.fleet for column in columns], np.int64)
    table = Columns(fleet, first.astype(np.int64), np.array(rides, np.int64))
    values = np.array([found.values(column) for column in columns]).reshape(-1, 3)
    measures = [Measure(values[:, k], found.absent[k]) for k in range(3)]
    held = tuple(zip(measures, limits, strict=False))
    return Question(table, found.fleet_size, measures[goal], held)


def _smallest(values: np.ndarray, limit: float) -> np.ndarray:
    """The places of the smallest values up to `limit`, the smallest first."""
    below = np.flatnonzero(values <= limit)
    return below[np.argsort(values[below], kind="stable")[:MOST_MIXED]]


def _part(share: float, deadline: float) -> float:
    """The moment when that share of the time left is over."""
    now = time.monotonic()
    return now + share * max(0.0, deadline - now)
