"""Days planned part by part and region by region: every rule kept, and never worse."""

import time

import numpy as np
from hypothesis import HealthCheck, given, settings

from matching import LocksClash, Problem, Ride, Shift, solve
from matching.solo import engine, network, regions
from matching.solo.clock import Clock
from matching.solo.columns import column_of
from matching.solo.parts import Parts
from matching.solo.search import Heat
from tests.matching import days

PATIENCE = 60
CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LONG = 97
"""A factor that makes services long enough for every part of the pricing to be at work."""


@CALM
@given(days.small_days())
def test_a_plan_made_region_by_region_keeps_every_rule(problem):
    best = days.brute_force(problem)
    before = engine.HUGE, regions.REGION
    engine.HUGE, regions.REGION = -1, 1
    try:
        plan = solve(days.scaled(problem, LONG), time_limit=PATIENCE)
    except LocksClash:
        assert best is None
        return
    finally:
        engine.HUGE, regions.REGION = before
    found = plan.objective
    assert (-found.priority, found.changes, found.cost_seconds) >= (
        -best.priority, best.changes, best.cost_seconds * LONG,
    )  # fmt: skip
    if plan.bound is not None:
        assert plan.bound.priority >= best.priority
        if (found.priority, found.changes) == (best.priority, best.changes):
            assert plan.bound.cost_seconds <= best.cost_seconds * LONG


@CALM
@given(days.small_days(locks=False))
def test_a_part_that_is_the_whole_day_becomes_as_cheap_as_can_be(problem):
    best = days.brute_force(problem)
    net = network.build(days.scaled(problem, LONG))
    if not len(net.rides) or not len(net.arrays.ride):
        return
    search = engine.Engine(net, Clock(time.monotonic() + PATIENCE), 0, lambda *_: None)
    search.ruin_and_recreate(1, Heat(1.0, 1.0), 1)
    start = search.rank
    parts = Parts(net, search.pool, search.prices_of_the_plan(), network.neighbours(net))
    plan = parts.better(search.plan, _all(net.shifts), _all(net.rides), search.clock)
    if plan is not None:
        assert search.offer(plan)
    outside = sum(ride not in set(net.rides) for ride in problem.previous)
    missed = sum(ride.priority for ride in problem.rides if ride.id not in set(net.rides))
    total = sum(ride.priority for ride in problem.rides) - missed
    assert (search.rank.lost, search.rank.changes) <= (start.lost, start.changes)
    if (start.lost, start.changes + outside) == (total - best.priority, best.changes):
        assert search.rank.cost == best.cost_seconds * LONG


def _all(things):
    return np.arange(len(things))


def test_a_proof_of_cost_does_not_outlive_the_changes_it_was_about():
    window = (3000, 3600)
    ride = Ride("r1", 0, 1, window, (3000, 9000), 60, 60)
    later = Ride("r2", 0, 1, (9000, 9600), (9000, 19_000), 60, 60)
    shifts = (Shift("s1", "d1", 0, 0, 0, 40_000), Shift("s2", "d2", 1, 1, 0, 40_000))
    day = Problem(((0, 300), (300, 0)), shifts, (ride, later), previous={"r1": "s2"})
    net = network.build(day)
    search = engine.Engine(net, Clock(time.monotonic() + PATIENCE), 0, lambda *_: None)
    numbers = network.pairs_of(net)
    on = [[column_of(net, shift, [numbers[shift, r]]) for r in (0, 1)] for shift in (0, 1)]
    assert search.offer([on[1][0]])
    search.prove(cost=100, within=search.rank.changes, phase="cost")
    assert search.offer([on[0][0], on[1][1]])
    assert (search.rank.changes, search.proof.cost) == (1, None)
