"""The best plan of a small day and its proof: all routes, then set partitioning, goal by goal.

Priority first, then changes with that priority, then cost with both: each goal is an integer
program of its own, so that no goal is blurred by another.
"""

import time
from dataclasses import dataclass

import numpy as np

from matching.pooled.enumeration import Catalogue, empty_catalogue, enumerate_shift
from matching.pooled.network import FAR, Network
from matching.pooled.partition import Columns, Measure, Question, Routes, best_subset, relax

MOST_ROUTES, MOST_BEGINNINGS = 100_000, 600_000
"""Days with more routes, or more ways to begin one, are not enumerated: it takes a second."""

LEAST_LEFT = 1.5
"""Seconds that must be left for an enumeration to begin."""

ROUNDING = 1e-4
"""Goals are whole numbers: a bound just above one is taken for it."""


@dataclass(frozen=True)
class Goals:
    """The three measures of a plan, all to be made least: priority left out, changes, cost."""

    priority: np.ndarray
    """(n,)"""
    moved: np.ndarray
    """(n, K) 1 where that pair is a change."""
    known: np.ndarray
    """(n,) 1 where leaving the ride out is a change."""
    wish: np.ndarray
    """(n, K) affinity in seconds."""


@dataclass(frozen=True)
class Verdict:
    """Bounds on the three measures, and the best plan if it is better than the one given."""

    priority: int
    changes: int
    cost: int
    routes: Routes | None


def catalogue_of(net: Network, deadline: float) -> Catalogue | None:
    """All routes of all shifts, or None if there are too many or the time does not do."""
    if deadline - time.monotonic() < LEAST_LEFT:
        return None
    catalogue = empty_catalogue(MOST_ROUTES, 12)
    for v in range(len(net.start)):
        left = MOST_BEGINNINGS - int(catalogue.counts[2])
        if time.monotonic() > deadline or not enumerate_shift(net, v, catalogue, left):
            return None
    return catalogue


def measures(net: Network, goals: Goals, catalogue: Catalogue) -> tuple[Columns, list[Measure]]:
    """The catalogue as columns, and how much each adds to each goal."""
    routes = int(catalogue.counts[0])
    stops = catalogue.stops[: catalogue.counts[1]]
    first = np.concatenate([[0], np.cumsum(catalogue.size[:routes]) // 2]).astype(np.int64)
    rides = stops[stops < len(net.need)].astype(np.int64)
    shift = catalogue.shift[:routes].astype(np.int64)
    columns = Columns(shift, first, rides)
    of_each = np.repeat(shift, np.diff(first))
    starts = first[:-1]

    def summed(table: np.ndarray) -> np.ndarray:
        return np.add.reduceat(table[rides, of_each], starts) if routes else np.zeros(0)

    nothing = np.zeros(len(net.need))
    return columns, [
        Measure(np.zeros(routes), goals.priority),
        Measure(summed(goals.moved), goals.known),
        Measure(catalogue.driven[:routes] + summed(goals.wish), nothing),
    ]


def prove(
    net: Network,
    goals: Goals,
    plan: Routes,
    worth: tuple[int, int, int],
    catalogue: Catalogue,
    deadline: float,
) -> Verdict | None:
    """Bounds for the best plan, which is found on the way if `plan` is not it.

    `worth` are the three measures of `plan`. None if the time did not do for the first bound.
    """
    columns, goal_measures = measures(net, goals, catalogue)
    known = _columns_of(net, catalogue, plan)
    best, better = list(worth), None
    bounds: list[int] = []
    limits: list[tuple[Measure, float]] = []
    for level, goal in enumerate(goal_measures):
        question = Question(columns, np.ones(len(net.start)), goal, tuple(limits))
        bound, picked = settle(question, known, best[level], deadline)
        if bound is None:
            break
        if picked is not None:
            known, better = np.array(picked, np.int64), picked
            best = [round(measure.of(columns, picked)) for measure in goal_measures]
        bounds.append(bound)
        if bound < best[level]:
            break
        # The whole number itself: with any more the relaxation would leave parts of rides out.
        limits.append((goal, float(bound)))
    if not bounds:
        return None
    floor = [0, 0, least_cost(net, goals)]
    bounds += floor[len(bounds) :]
    routes = None if better is None else _routes(catalogue, better)
    return Verdict(bounds[0], bounds[1], bounds[2], routes)


def settle(
    question: Question, known: np.ndarray, value: int, deadline: float
) -> tuple[int | None, list[int] | None]:
    """A bound on the goal, and columns that do better than `value` if there are any."""
    relaxed = relax(question, known, deadline)
    if relaxed is None:
        return None, None
    bound = int(np.ceil(relaxed.bound - ROUNDING))
    if bound >= value:
        return value, None
    # A better plan saves at least 1, so it holds no column whose reduced cost is above the rest.
    allowed = np.flatnonzero(relaxed.reduced <= value - 1 - relaxed.bound + ROUNDING)
    found = best_subset(question, np.union1d(allowed, known), known, deadline)
    if found is None:
        return bound, None
    picked, proven = found
    reached = round(question.goal.of(question.columns, picked))
    if reached >= value:
        return (value, None) if proven else (bound, None)
    return (reached if proven else bound), picked


def least_cost(net: Network, goals: Goals) -> int:
    """What no plan can cost less than: no driving, and each ride's strongest wish."""
    wishes = np.where(net.pair_cost < FAR, goals.wish, 0.0)
    return int(np.minimum(wishes.min(axis=1, initial=0.0), 0.0).sum())


def _columns_of(net: Network, catalogue: Catalogue, plan: Routes) -> np.ndarray:
    """The columns of the plan's own routes."""
    n = len(net.need)
    wanted = {}
    for shift, first, size in zip(*plan[:3], strict=True):
        stops = plan[3][first : first + size]
        wanted[(int(shift), frozenset(stops[stops < n].tolist()))] = True
    found = []
    for k in range(int(catalogue.counts[0])):
        first = catalogue.first[k]
        stops = catalogue.stops[first : first + catalogue.size[k]]
        if (int(catalogue.shift[k]), frozenset(stops[stops < n].tolist())) in wanted:
            found.append(k)
    return np.array(found, np.int64)


def _routes(catalogue: Catalogue, picked: list[int]) -> Routes:
    """Columns as routes."""
    sizes = catalogue.size[picked].astype(np.int64)
    firsts = np.concatenate([[0], np.cumsum(sizes)])[: len(picked)].astype(np.int64)
    places = [(int(catalogue.first[k]), int(catalogue.size[k])) for k in picked]
    stops = [catalogue.stops[first : first + size] for first, size in places]
    return (
        catalogue.shift[picked].astype(np.int64),
        firsts,
        sizes,
        np.concatenate([*stops, np.zeros(0, np.int32)]).astype(np.int64),
    )
