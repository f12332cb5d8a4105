"""Cuts: pricing pays for them exactly, what is cut off is broken, and no plan is cut off."""

import math
import random
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import Problem, Ride, Shift, solve
from matching.solo import network, pricing
from matching.solo.arcs import lay_out
from matching.solo.clock import Clock
from matching.solo.columns import Column, Pool, column_of
from matching.solo.cuts import CutSet, Rows, broken, no_cuts, paid, priced
from matching.solo.generation import Aim, Generation
from matching.solo.master import Phase
from tests.matching import days

PATIENCE = 60
CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LABELS = 100_000
EVERY = {"bar": 1e9, "most": 2_000, "labels": LABELS}


@st.composite
def some_cuts(draw, rides, shifts):
    """Up to seventy odd sets of rows, so that they need a second word, and what each costs."""
    rows = [("ride", ride) for ride in range(rides)] + [("shift", shift) for shift in range(shifts)]
    sizes = st.sampled_from([size for size in (3, 5, 7) if size <= len(rows)])
    many = draw(st.sampled_from([1, 3, 70]))
    chosen = []
    for _ in range(many):
        size = draw(sizes)
        some = draw(st.lists(st.sampled_from(rows), min_size=size, max_size=size, unique=True))
        chosen.append(
            Rows(
                tuple(number for kind, number in some if kind == "ride"),
                tuple(number for kind, number in some if kind == "shift"),
            )
        )
    duals = draw(st.lists(st.sampled_from([0.0, -7.5, -120.0]), min_size=many, max_size=many))
    return chosen, np.array(duals)


def counted(rows, duals, column):
    """What a route pays, in the words of the definition."""
    held = [len({*cut.rides} & {*column.rides}) + (column.shift in cut.shifts) for cut in rows]
    return -sum(dual * (count // 2) for dual, count in zip(duals, held, strict=True))


@CALM
@given(st.data(), days.small_days(locks=False), st.sampled_from([1, 97]))
def test_the_best_routes_at_prices_with_cuts_are_found_and_paid_for(data, problem, factor):
    net = network.build(days.scaled(problem, factor))
    if not len(net.arrays.ride) or len(net.rides) + len(net.shifts) < 3:
        return
    rows, duals = data.draw(some_cuts(len(net.rides), len(net.shifts)))
    cuts = priced(len(net.rides), len(net.shifts), rows, duals)
    arcs, shifts = lay_out(net.arrays), np.flatnonzero(np.diff(net.arrays.first))
    prize = data.draw(st.sampled_from([10.0, 60.0])) * factor
    nothing = np.zeros(len(net.shifts))
    pair = net.arrays.wish - prize
    free = pricing.Prices(1.0, pair, nothing, nothing.copy(), no_cuts(len(net.rides), len(nothing)))
    dear = free._replace(cuts=cuts, strain=nothing.copy())
    # What a route pays for cuts depends on its rides alone, not on their order.
    every = pricing.enumerate_routes(net.arrays, arcs, free, shifts, **EVERY)
    worth = {column.shift: math.inf for column in (column for column, _ in columns_of(net, every))}
    for column, cost in columns_of(net, every):
        total = cost + counted(rows, duals, column)
        assert pricing.reduced(net.arrays, column, dear) == pytest.approx(total)
        worth[column.shift] = min(worth[column.shift], total)
    again = pricing.enumerate_routes(net.arrays, arcs, dear, shifts, **EVERY)
    assert len(again.shift) == len(every.shift)
    for column, cost in columns_of(net, again):
        assert cost == pytest.approx(pricing.reduced(net.arrays, column, dear))
    found = pricing.price(net.arrays, arcs, dear, shifts, bar=0.0, most=5, labels=LABELS)
    best = {}
    for column, cost in columns_of(net, found):
        assert cost == pytest.approx(pricing.reduced(net.arrays, column, dear))
        best[column.shift] = min(best.get(column.shift, 0.0), cost)
    for number, shift in enumerate(shifts):
        least = worth.get(shift, math.inf)
        assert best.get(shift, 0.0) == pytest.approx(min(0.0, least), abs=1e-6)
        assert found.least[number] <= least + 1e-6


def columns_of(net, found):
    """The routes of an answer with what they cost there."""
    for number, shift in enumerate(found.shift):
        pairs = found.rides[found.first[number] : found.first[number + 1]]
        yield column_of(net, int(shift), pairs), float(found.reduced[number])


def route(shift, *rides):
    return Column(shift, rides, rides, 0, 0)


def test_three_rides_that_three_routes_share_by_halves_are_cut():
    halves = [(0.5, route(0, 0, 1)), (0.5, route(1, 1, 2)), (0.5, route(2, 0, 2))]
    assert broken(3, 3, halves, 10) == [Rows((0, 1, 2), ())]


def test_two_rides_and_a_shift_that_has_each_of_them_by_half_are_cut():
    halves = [(0.5, route(0, 0)), (0.5, route(0, 1)), (0.5, route(1, 0, 1))]
    assert broken(2, 2, halves, 10) == [Rows((0, 1), (0,))]


def test_a_plan_breaks_no_cut():
    assert broken(4, 2, [(1.0, route(0, 0, 1)), (1.0, route(1, 2, 3))], 10) == []
    assert broken(4, 2, [], 10) == []


@CALM
@given(st.randoms(use_true_random=False))
def test_what_is_said_to_be_broken_is_and_by_no_plan(chance):
    rides, shifts = 8, 4
    routes = [
        route(chance.randrange(shifts), *sorted(chance.sample(range(rides), chance.randint(1, 4))))
        for _ in range(14)
    ]
    shares = np.array([chance.random() for _ in routes])
    holds = np.array(
        [[i in one.rides for i in range(rides)] + [k == one.shift for k in range(shifts)]
         for one in routes], float,
    )  # fmt: skip
    shares /= max(1.0, (shares @ holds).max())
    found = broken(rides, shifts, zip(shares.tolist(), routes, strict=True), 50)
    cut_set = CutSet(found)
    for number, rows in enumerate(found):
        assert (len(rows.rides) + len(rows.shifts)) % 2 == 1
        crossed = [cut_set.crossed(one).get(number, 0) for one in routes]
        assert float(shares @ crossed) > rows.limit()
        plan, taken = 0, set()
        for one, times in sorted(zip(routes, crossed, strict=True), key=lambda entry: -entry[1]):
            rows_of = {*one.rides, -1 - one.shift}
            if not taken & rows_of:
                taken |= rows_of
                plan += times
        assert plan <= rows.limit()


@CALM
@given(days.small_days(locks=False))
def test_a_bound_with_cuts_is_above_no_plan(problem):
    best = days.brute_force(problem)
    net = network.build(days.scaled(problem, 97))
    if not len(net.arrays.ride):
        return
    missed = sum(ride.priority for ride in problem.rides) - best.priority
    outside = sum(ride.priority for ride in problem.rides if ride.id not in set(net.rides))
    gone = sum(ride not in set(net.rides) for ride in problem.previous)
    aim = Aim(Phase.COST, missed - outside, best.changes - gone)
    _, tightened = bounds(net, aim, math.inf)
    assert tightened <= best.cost_seconds * 97 + 1e-3


def test_cuts_bring_the_bound_nearer_to_the_best_plan():
    day = a_tight_day()
    best = solve(day, time_limit=PATIENCE).objective
    net = network.build(day)
    lost = sum(ride.priority for ride in day.rides) - best.priority
    loose, tightened = bounds(net, Aim(Phase.COST, lost, 0), best.cost_seconds)
    assert loose < tightened - 1.0
    assert tightened <= best.cost_seconds + 1e-3


def bounds(net, aim, upper):
    """The program's bound without and with cuts."""
    pool = Pool(net)
    generation = Generation(net, lay_out(net.arrays), pool, Clock(time.monotonic() + PATIENCE))
    reached = generation.converge(aim, upper)
    assert reached is not None
    loose = reached.bound
    generation.tighten(aim, reached, upper)
    assert reached.bound >= loose
    return loose, reached.bound


def a_tight_day(seed=1):
    """Six shifts with a limit on rides and twenty-four rides, on a plane."""
    chance = random.Random(seed)  # noqa: S311 - a made-up day
    places = [(chance.random() * 1500, chance.random() * 1500) for _ in range(54)]
    travel = tuple(tuple(round(math.dist(a, b)) for b in places) for a in places)
    shifts = tuple(Shift(f"s{n}", f"d{n}", n, n, 0, 40_000, max_rides=5) for n in range(6))
    rides = []
    for n in range(24):
        opens = chance.randrange(2_000, 26_000)
        rides.append(
            Ride(f"r{n}", 6 + 2 * n, 7 + 2 * n, (opens, opens + 1_800), (opens, 40_000), 300, 300)
        )
    return Problem(travel, shifts, tuple(rides))


def test_prices_without_cuts_cost_nothing():
    assert paid(no_cuts(3, 2), 0, [0, 1, 2]) == 0.0
