"""Routes as columns of the master program: found once, kept by what they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from matching.solo.network import FAR, Network


@dataclass(frozen=True, slots=True)
class Column:
    """One route: its shift, its pairs in order, and what it counts."""

    shift: int
    pairs: tuple[int, ...]
    rides: tuple[int, ...]
    cost: int
    """Driving and affinity, seconds."""
    changes: int
    """Rides on it that another shift has in the plan people know."""


@dataclass(slots=True)
class Pool:
    """Every column found so far; of routes with the same rides on a shift, the cheapest.

    A class because it grows while others read it.
    """

    network: Network
    columns: list[Column] = field(default_factory=list)
    number: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)
    """(shift, rides in ascending order) -> place in `columns`."""

    def add(self, shift: int, pairs: Sequence[int]) -> int | None:
        """Take a route in; its number if it is new or cheaper than the one with the same rides."""
        column = column_of(self.network, shift, pairs)
        key = (shift, tuple(sorted(column.rides)))
        known = self.number.get(key)
        if known is not None and self.columns[known].cost <= column.cost:
            return None
        self.number[key] = len(self.columns)
        self.columns.append(column)
        return len(self.columns) - 1

    def current(self) -> Iterable[int]:
        """The numbers of the cheapest columns, without those since replaced."""
        return self.number.values()


def column_of(network: Network, shift: int, pairs: Sequence[int]) -> Column:
    """The column of a route given as pair numbers."""
    net = network.arrays
    pairs = tuple(int(pair) for pair in pairs)
    rides = tuple(int(net.ride[pair]) for pair in pairs)
    cost = int(net.out[pairs[0]]) + int(net.home[pairs[-1]])
    cost += sum(int(net.loaded[ride]) for ride in rides)
    cost += sum(int(net.dead[i, j]) for i, j in pairwise(rides))
    cost += sum(int(net.wish[pair]) for pair in pairs)
    changes = sum(int(net.changed[pair]) for pair in pairs)
    if cost >= FAR:
        raise ValueError(f"route {pairs} of shift {shift} uses a road that is not there")
    return Column(shift, pairs, rides, cost, changes)


@dataclass(frozen=True, slots=True)
class Rank:
    """What a plan is worth in the terms of the search: all three to be small."""

    lost: int
    """Priority of the rides of the network that it leaves out."""
    changes: int
    """Changes among the rides of the network."""
    cost: int

    def key(self) -> tuple[int, int, int]:
        """Sorts better plans first."""
        return (self.lost, self.changes, self.cost)


def rank_of(network: Network, columns: Iterable[Column]) -> Rank:
    """The rank of the plan made of `columns`."""
    missing = np.ones(len(network.rides), dtype=bool)
    changes = cost = 0
    for column in columns:
        missing[list(column.rides)] = False
        changes += column.changes
        cost += column.cost
    lost = int(network.priority[missing].sum())
    return Rank(lost, changes + int(network.previous[missing].sum()), cost)
