"""One ride at a time: as good as brute force, proven, steady under change of names and units."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import LocksClash, Problem, Ride, Shift, solve
from tests.matching import days

PATIENCE = 60
MINUTES = 97
"""A factor that makes services long enough for every part of the pricing to be at work."""


def calm(examples):
    """So many examples, however long each takes."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


def solved(problem):
    """The plan's objective and bound, or None if its locks clash."""
    try:
        plan = solve(problem, time_limit=PATIENCE)
    except LocksClash:
        return None
    return plan.objective, plan.bound


@calm(60)
@given(days.small_days(), st.sampled_from([1, MINUTES]))
def test_a_plan_is_as_good_as_brute_force_and_proven(problem, factor):
    best = days.brute_force(problem)
    answer = solved(days.scaled(problem, factor))
    if best is None:
        assert answer is None
        return
    objective, bound = answer
    assert objective == replace(best, cost_seconds=best.cost_seconds * factor)
    assert (bound.priority, bound.changes, bound.cost_seconds) == (
        objective.priority,
        objective.changes,
        objective.cost_seconds,
    )


@calm(20)
@given(days.small_days(), st.randoms(use_true_random=False))
def test_order_of_rides_and_shifts_does_not_matter(problem, random):
    rides, shifts = list(problem.rides), list(problem.shifts)
    random.shuffle(rides)
    random.shuffle(shifts)
    shuffled = days.with_parts(problem, rides=tuple(rides), shifts=tuple(shifts))
    assert solved(shuffled) == solved(problem)


@calm(20)
@given(days.small_days(), st.integers(1, 100_000))
def test_another_zero_of_the_clock_changes_nothing(problem, later):
    def window(ride, name):
        opens, closes = getattr(ride, name)
        return opens + later, closes + later

    moved = days.with_parts(
        problem,
        shifts=tuple(
            replace(shift, earliest=shift.earliest + later, latest=shift.latest + later)
            for shift in problem.shifts
        ),
        rides=tuple(
            replace(
                ride,
                pickup_window=window(ride, "pickup_window"),
                dropoff_window=window(ride, "dropoff_window"),
            )
            for ride in problem.rides
        ),
    )
    assert solved(moved) == solved(problem)


@calm(20)
@given(days.small_days())
def test_a_driver_without_a_seat_helps_nobody(problem):
    idle = Shift("idle", "idle", 0, 0, 0, 0, {}, max_rides=0)
    more = days.with_parts(problem, shifts=(*problem.shifts, idle))
    assert solved(more) == solved(problem)


def test_locks_that_only_together_clash_are_named():
    ride = Ride("r1", 1, 0, (100, 200), (0, 2000), 60, 60)
    problem = Problem(
        ((0, 300), (300, 0)),
        (Shift("s1", "d1", 1, 1, 0, 9000),),
        (ride, replace(ride, id="r2"), replace(ride, id="r3", pickup_window=(4000, 4100),
                                               dropoff_window=(4000, 6000))),
        locked={"r1": "s1", "r2": "s1", "r3": "s1"},
    )  # fmt: skip
    with pytest.raises(LocksClash) as clash:
        solve(problem, time_limit=PATIENCE)
    assert set(clash.value.rides) == {"r1", "r2"}


def test_a_day_without_anybody_is_proven_at_once():
    plan = solve(Problem((), (), ()), time_limit=PATIENCE)
    assert plan.bound is not None
    assert plan.bound.proven


@pytest.mark.parametrize("pooling", [False, True])
def test_a_day_without_rides_is_solved(pooling):
    empty = Problem(travel_seconds=(), shifts=(), rides=(), pooling=pooling)
    solution = solve(empty, time_limit=5)
    assert (solution.routes, solution.bound.proven) == ((), True)


def test_what_is_known_of_priority_is_told_before_anything_is_of_cost():
    ride = Ride("r1", 1, 0, (1000, 2000), (0, 4000), 60, 60)
    day = Problem(
        ((0, 300), (300, 0)), (Shift("s1", "d1", 0, 0, 0, 9000),), (ride,),
        affinity={("r1", "d1"): -50},
    )  # fmt: skip
    told = []
    solve(day, time_limit=PATIENCE, on_progress=told.append)
    assert (told[0].bound.priority, told[0].bound.cost_seconds) == (1, -50)
    assert told[0].gap is None
    assert told[-1].bound.proven
