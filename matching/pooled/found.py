"""The routes that column generation works with: those the search has seen, those it found.

Each is a column of a set partitioning, with what it adds to each of the three goals: priority
left out, changes, cost.
"""

from dataclasses import dataclass, field

import numpy as np

from matching.pooled import labels
from matching.pooled.network import Network
from matching.pooled.partition import Columns, Routes, fleet_rows, pool_columns
from matching.pooled.pool import Pool
from matching.pooled.proof import Goals

MOST_LABELS = 200_000
"""Labels of one shift at most."""
WEIGHTS = (0.0, 0.0, 1.0)
"""What a second of driving adds to priority left out, to changes and to cost."""


@dataclass(frozen=True, slots=True)
class Column:
    """A route: the row of its fleet, its rides, its stops in order, its driving time."""

    fleet: int
    rides: tuple[int, ...]
    stops: tuple[int, ...]
    driven: float


@dataclass(frozen=True, slots=True)
class Prices:
    """One round's prices of rides, of fleets and of the limits on earlier goals."""

    ride: np.ndarray
    fleet: np.ndarray
    limit: np.ndarray


@dataclass(frozen=True, slots=True)
class Seen:
    """Routes that the search has been through."""

    columns: Columns
    driven: np.ndarray
    first: np.ndarray
    """Where their stops begin."""
    stops: np.ndarray

    def column(self, k: int) -> Column:
        """Route `k`."""
        stops = self.stops[self.first[k] : self.first[k + 1]]
        rides = tuple(sorted(self.columns.of(k).tolist()))
        fleet = int(self.columns.fleet[k])
        return Column(fleet, rides, tuple(stops.tolist()), float(self.driven[k]))

    def reduced(self, weight: float, prices: Prices, gains: np.ndarray) -> np.ndarray:
        """How much each route is above what its rides and its shift are worth."""
        columns = self.columns
        if not len(self.driven):
            return np.zeros(0)
        of_each = np.repeat(columns.fleet, np.diff(columns.first))
        worth = np.add.reduceat(gains[of_each, columns.rides], columns.first[:-1])
        return weight * self.driven - worth - prices.fleet[columns.fleet]


def seen_in(net: Network, pool: Pool) -> Seen:
    """A copy of what the pool holds."""
    count = int(pool.counts[0])
    stops = pool.stops[: pool.counts[1]].astype(np.int64)
    first = np.concatenate([[0], np.cumsum(pool.size[:count])]).astype(np.int64)
    columns = pool_columns(net, pool)
    if not count:
        return Seen(columns, np.zeros(0), first, stops)
    legs = np.append(net.leg[stops[:-1], stops[1:]], 0.0)
    legs[first[1:] - 1] = net.leg[stops[first[1:] - 1], net.end[pool.shift[:count]]]
    out = net.leg[net.start[pool.shift[:count]], stops[first[:-1]]]
    return Seen(columns, np.add.reduceat(legs, first[:-1]) + out, first, stops)


@dataclass
class Found:
    """The columns found so far and how each goal measures them; a class because they grow."""

    net: Network
    goals: Goals
    columns: dict[tuple[int, tuple[int, ...]], Column] = field(default_factory=dict)
    """Fleet and rides -> the cheapest order known."""

    def __post_init__(self) -> None:
        net, goals = self.net, self.goals
        row = fleet_rows(net)
        self.fleet_size = np.bincount(row)
        self.shift = np.array([int(np.argmax(row == one)) for one in range(len(self.fleet_size))])
        """A shift of each fleet."""
        nothing = np.zeros((len(self.shift), len(net.need)))
        self.pairs = (nothing, goals.moved[:, self.shift].T, goals.wish[:, self.shift].T)
        """For each goal, (fleets, rides), what a pair adds."""
        self.absent = (goals.priority, goals.known, np.zeros(len(net.need)))
        """For each goal, (rides,), what leaving one out adds."""
        self.labels = labels.empty_labels(MOST_LABELS, len(net.need), len(net.leg))

    def values(self, column: Column) -> tuple[float, float, float]:
        """What a column adds to each goal."""
        rides = list(column.rides)
        moved, wish = (float(pairs[column.fleet, rides].sum()) for pairs in self.pairs[1:])
        return 0.0, moved, column.driven + wish

    def note(self, column: Column) -> Column | None:
        """Remember a column; None if it, or a cheaper order of its rides, is known."""
        key = (column.fleet, column.rides)
        if key in self.columns and self.columns[key].driven <= column.driven:
            return None
        self.columns[key] = column
        return column

    def columns_of(self, routes: Routes) -> list[Column]:
        """The routes of a plan as columns, which are remembered."""
        net, fleet, columns = self.net, fleet_rows(self.net), []
        for shift, first, size in zip(*routes[:3], strict=True):
            stops = routes[3][first : first + size]
            whole = np.concatenate([[net.start[shift]], stops, [net.end[shift]]])
            driven = float(net.leg[whole[:-1], whole[1:]].sum())
            rides = tuple(sorted(stops[stops < len(net.need)].tolist()))
            columns.append(Column(int(fleet[shift]), rides, tuple(stops.tolist()), driven))
            self.note(columns[-1])
        return columns

    def routes_of(self, columns: list[Column]) -> Routes:
        """Columns as routes on shifts of their fleets."""
        fleet = fleet_rows(self.net)
        free = {row: np.flatnonzero(fleet == row).tolist() for row in range(len(self.shift))}
        shifts = [free[column.fleet].pop(0) for column in columns]
        sizes = np.array([len(column.stops) for column in columns], np.int64)
        stops = np.array([stop for column in columns for stop in column.stops], np.int64)
        return np.array(shifts, np.int64), np.cumsum(sizes) - sizes, sizes, stops

    def worth(self, columns: list[Column]) -> tuple[int, int, int]:
        """What a plan of these columns comes to in each goal."""
        served = [ride for column in columns for ride in column.rides]
        left_out = np.ones(len(self.net.need), bool)
        left_out[served] = False
        values = np.array([self.values(column) for column in columns]).reshape(-1, 3).sum(axis=0)
        values += [absent[left_out].sum() for absent in self.absent]
        return tuple(round(value) for value in values.tolist())

    def gains(self, goal: int, prices: Prices) -> np.ndarray:
        """(fleets, rides): what taking a ride is worth to a shift."""
        gains = prices.ride[None, :] - self.pairs[goal]
        for earlier, price in enumerate(prices.limit):
            gains = gains + price * self.pairs[earlier]
        return gains
