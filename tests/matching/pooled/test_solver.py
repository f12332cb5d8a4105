import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import LocksClash, Problem, Ride, Shift
from matching.check import violations
from matching.pooled import descent, solve_pooled
from tests.matching.pooled.brute import best_objective

PLACES = 4


@pytest.fixture(autouse=True)
def short_rounds(monkeypatch):
    """Searches end after a few hundred iterations; tiny days need no more."""
    monkeypatch.setattr(descent, "FIRST_ROUND", 300)
    monkeypatch.setattr(descent, "LONGEST_ROUND", 300)
    monkeypatch.setattr(descent, "PATIENCE", 1)


def solve(problem, **options):
    return solve_pooled(problem, time.monotonic() + 120, **options)


def maybe(low, high):
    return st.none() | st.integers(low, high)


@st.composite
def tiny_days(draw):
    """Two shifts, up to three rides, any roads: detours may be shorter, roads may be missing."""
    seconds = st.integers(0, 400) | st.just(-1)
    matrix = [[0 if i == j else draw(seconds) for j in range(PLACES)] for i in range(PLACES)]
    place = st.integers(0, PLACES - 1)

    def window():
        opens = draw(st.integers(0, 1500))
        return (opens, opens + draw(st.integers(0, 900)))

    shifts = []
    for number in range(2):
        earliest = draw(st.integers(0, 600))
        shifts.append(
            Shift(
                f"s{number}",
                f"d{number}",
                draw(place),
                draw(place),
                earliest,
                earliest + draw(st.integers(600, 3000)),
                capacity={"seats": draw(st.integers(1, 3))},
                skills=frozenset({"lift"}) if draw(st.booleans()) else frozenset(),
                max_drive_seconds=draw(maybe(200, 1500)),
                max_duration_seconds=draw(maybe(300, 2500)),
                max_rides=draw(maybe(0, 3)),
            )
        )
    rides = [
        Ride(
            f"r{number}",
            draw(place),
            draw(place),
            window(),
            window(),
            draw(st.integers(0, 60)),
            draw(st.integers(0, 60)),
            {"seats": draw(st.integers(1, 2))},
            frozenset({"lift"}) if draw(st.integers(0, 3)) == 0 else frozenset(),
            draw(maybe(0, 900)),
            draw(st.integers(1, 3)),
            frozenset({"d0"}) if draw(st.integers(0, 5)) == 0 else frozenset(),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    pairs = [(ride.id, shift.driver) for ride in rides for shift in shifts]
    wishes = {pair: draw(st.integers(-300, 300)) for pair in pairs if draw(st.booleans())}
    known = st.sampled_from(["s0", "s1", "gone"])
    previous = {ride.id: draw(known) for ride in rides if draw(st.booleans())}
    return Problem(
        tuple(map(tuple, matrix)),
        tuple(shifts),
        tuple(rides),
        pooling=True,
        affinity=wishes,
        previous=previous,
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tiny_days())
def test_tiny_days_get_the_best_plan_and_its_proof(problem):
    solution = solve(problem)
    assert violations(problem, solution) == []
    worth = solution.objective
    assert (worth.priority, worth.changes, worth.cost_seconds) == best_objective(problem)
    assert solution.bound is not None
    assert solution.bound.proven


def shared_day(**options):
    """Two rides between the same two places at the same time, one car with two seats."""
    rides = tuple(
        Ride(f"r{k}", 0, 1, (0, 600), (0, 1200), load={"seats": 1}, max_ride_seconds=600)
        for k in range(2)
    )
    shift = Shift("s", "d", 0, 0, 0, 3600, capacity={"seats": options.pop("seats", 2)})
    return Problem(((0, 300), (300, 0)), (shift,), rides, pooling=True, **options)


def test_rides_that_can_share_a_car_share_it():
    solution = solve(shared_day())
    assert solution.objective.cost_seconds == 600
    assert [stop.kind.value for stop in solution.routes[0].stops] == ["pickup"] * 2 + [
        "dropoff"
    ] * 2


def test_a_car_with_one_seat_drives_twice_or_leaves_a_ride_out():
    solution = solve(shared_day(seats=1))
    assert solution.objective.priority == 2
    assert solution.objective.cost_seconds == 1200


def test_locks_that_only_together_cannot_be_kept_are_named():
    early = Ride("early", 0, 1, (0, 10), (300, 310))
    late = Ride("late", 1, 0, (0, 10), (300, 310))
    idle = Ride("idle", 0, 1, (2000, 2100), (2000, 3000))
    shift = Shift("s", "d", 0, 0, 0, 3600)
    problem = Problem(
        ((0, 300), (300, 0)),
        (shift, Shift("t", "e", 1, 1, 0, 3600)),
        (early, late, idle),
        pooling=True,
        locked={"early": "s", "idle": "s"},
    )
    assert solve(problem).objective.priority == 3
    second = Ride("second", 0, 1, (0, 10), (300, 310))
    far = Problem(
        ((0, 300, 400), (300, 0, 400), (400, 400, 0)),
        (shift,),
        (early, Ride("far", 2, 1, (400, 410), (800, 810)), second, idle),
        pooling=True,
        locked={"early": "s", "far": "s", "idle": "s"},
    )
    with pytest.raises(LocksClash) as caught:
        solve(far)
    assert set(caught.value.rides) == {"early", "far"}


@pytest.mark.parametrize("shifts", [(), (Shift("s", "d", 0, 0, 0, 100),)])
def test_a_day_without_rides_or_shifts_is_no_error(shifts):
    problem = Problem(((0,),), shifts, (), pooling=True)
    assert solve(problem).routes == ()
    lonely = Problem(((0,),), (), (Ride("r", 0, 0, (0, 9), (0, 9)),), pooling=True)
    solution = solve(lonely)
    assert [unserved.reason.value for unserved in solution.unserved] == ["no_compatible_driver"]


def test_the_same_seed_gives_the_same_plan():
    first, second = (solve(shared_day(), seed=5) for _ in range(2))
    assert (first.routes, first.unserved) == (second.routes, second.unserved)


def test_a_cancelled_search_still_hands_over_a_plan():
    problem = shared_day()
    solution = solve(problem, should_stop=lambda: True)
    assert violations(problem, solution) == []
    assert solution.objective.priority == 2
