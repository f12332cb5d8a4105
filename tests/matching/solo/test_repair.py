"""A plan after a driver dropped out: what can stay stays, exactly."""

import time
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings

from matching import Problem, Ride, Shift, solve
from matching.solo import network, repair
from matching.solo.arcs import lay_out
from matching.solo.clock import Clock
from matching.solo.columns import rank_of
from matching.solo.engine import Engine
from matching.solo.generation import Aim
from matching.solo.master import Phase
from tests.matching import days

CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LINE = tuple(tuple(60 * abs(i - j) for j in range(12)) for i in range(12))


def a_ride(key, opens, place=1):
    window = (opens, opens + 200)
    return Ride(key, place, place + 1, window, (opens, opens + 9000), 60, 60, {"seats": 1})


def a_day(**parts):
    shifts = tuple(Shift(f"s{n}", f"d{n}", n, n, 0, 40_000, {"seats": 4}) for n in (0, 9))
    rides = (a_ride("r1", 3000), a_ride("r2", 9000), a_ride("r3", 3100, place=8))
    usual = {"travel_seconds": LINE, "shifts": shifts, "rides": rides}
    return Problem(**(usual | parts))


def kept(problem):
    """The rides that stay on each shift."""
    net = network.build(problem)
    return {
        net.shifts[column.shift]: [net.rides[ride] for ride in column.rides]
        for column in repair.kept_routes(net, lay_out(net.arrays))
    }


def test_rides_stay_where_they_were_however_far_that_is():
    known = {"r1": "s9", "r2": "left", "r3": "s0"}
    assert kept(a_day(previous=known)) == {"s0": ["r3"], "s9": ["r1"]}


def test_of_rides_that_no_longer_go_together_the_most_valuable_stay():
    pair = a_ride("r1", 3000), a_ride("r2", 3200, place=2)
    known = dict.fromkeys(("r1", "r2", "far"), "s0")
    for priority, stay in ((1, ["r1", "r2"]), (5, ["far"])):
        far = replace(a_ride("far", 3100, place=9), priority=priority)
        assert kept(a_day(rides=(*pair, far), previous=known)) == {"s0": stay}


def test_a_locked_ride_stays_before_any_other():
    rides = (a_ride("r1", 3000), replace(a_ride("r2", 3000, place=9), priority=9))
    day = a_day(rides=rides, previous={"r2": "s0"}, locked={"r1": "s0"})
    assert kept(day) == {"s0": ["r1"]}


def test_nothing_changes_when_nothing_happened():
    first = solve(a_day(), time_limit=30)
    again = solve(a_day(previous=dict(first.shift_of())), time_limit=30)
    assert again.objective.changes == 0
    assert again.shift_of() == first.shift_of()


def test_a_way_that_is_shorter_by_a_ride_forbids_leaving_rides_out():
    rides = (a_ride("r1", 3000), a_ride("r2", 9000, place=8))
    detour = [list(row) for row in LINE]
    assert network.may_drop(network.build(a_day(rides=rides)).arrays)
    detour[2][9] = 90_000
    day = a_day(rides=rides, travel_seconds=tuple(map(tuple, detour)))
    assert not network.may_drop(network.build(day).arrays)


@CALM
@given(days.small_days(locks=False))
def test_the_bound_on_changes_never_passes_the_fewest(problem):
    best = days.brute_force(problem)
    net = network.build(days.scaled(problem, 97))
    if not len(net.rides) or not len(net.arrays.ride):
        return
    outside = sum(ride not in set(net.rides) for ride in problem.previous)
    total = sum(ride.priority for ride in problem.rides if ride.id in set(net.rides))
    search = Engine(net, Clock(time.monotonic() + 60), 0, lambda *_: None)
    generation = search.generation()
    reached = generation.converge(Aim(Phase.CHANGES, total - best.priority), np.inf)
    assert generation.whole(reached.bound) <= best.changes - outside
    assert rank_of(net, search.plan).lost >= total - best.priority
