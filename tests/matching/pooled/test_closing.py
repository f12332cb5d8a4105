"""Days with too many routes to list: bounds that hold, and plans that meet them."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Problem, Ride, Shift
from matching.check import violations
from matching.pooled import descent, labels, proof, solve_pooled
from matching.pooled.closing import Generation
from matching.pooled.day_network import network_of
from matching.pooled.descent import Descent
from matching.pooled.dive import dive
from matching.pooled.found import seen_in
from matching.pooled.network import FAR
from matching.pooled.partition import Columns, Measure, Question
from matching.pooled.pool import empty_pool
from matching.pooled.solver import goals_of
from tests.matching.pooled.brute import best_objective


@pytest.fixture(autouse=True)
def nothing_is_listed(monkeypatch):
    """Every day counts as too large for a list of its routes; searches are short."""
    monkeypatch.setattr(proof, "catalogue_of", lambda *_: None)
    monkeypatch.setattr(descent, "FIRST_ROUND", 300)
    monkeypatch.setattr(descent, "LONGEST_ROUND", 300)
    monkeypatch.setattr(descent, "PATIENCE", 1)


@st.composite
def days_in_a_grid(draw):
    """Up to four rides and two shifts in streets on which no detour is shorter."""
    spot = st.tuples(st.integers(0, 300), st.integers(0, 300))
    spots = draw(st.lists(spot, min_size=4, max_size=4))
    travel = tuple(tuple(abs(a - c) + abs(b - d) for c, d in spots) for a, b in spots)
    place = st.integers(0, 3)

    def limit(low, high):
        return draw(st.none() | st.integers(low, high))

    def window(opens):
        return (opens, opens + draw(st.integers(0, 900)))

    shifts = []
    for number in range(2):
        earliest = draw(st.integers(0, 600))
        shifts.append(
            Shift(
                f"s{number}", f"d{number}", draw(place), draw(place), earliest,
                earliest + draw(st.integers(600, 3000)),
                capacity={"seats": draw(st.integers(1, 3))},
                max_drive_seconds=limit(400, 2500),
                max_duration_seconds=limit(300, 2500),
                max_rides=limit(0, 3),
            )
        )  # fmt: skip
    rides = []
    for number in range(draw(st.integers(1, 3))):
        opens = draw(st.integers(0, 1500))
        rides.append(
            Ride(
                f"r{number}", draw(place), draw(place), window(opens),
                window(opens + draw(st.integers(0, 600))),
                draw(st.integers(0, 60)), draw(st.integers(0, 60)),
                load={"seats": draw(st.integers(0, 2))},
                max_ride_seconds=limit(100, 900),
                priority=draw(st.integers(1, 3)),
            )
        )  # fmt: skip
    pairs = [(ride.id, shift.driver) for ride in rides for shift in shifts]
    wishes = {pair: draw(st.integers(-300, 300)) for pair in pairs if draw(st.booleans())}
    known = st.sampled_from(["s0", "s1", "gone"])
    previous = {ride.id: draw(known) for ride in rides if draw(st.booleans())}
    return Problem(
        travel, tuple(shifts), tuple(rides), pooling=True, affinity=wishes, previous=previous
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(days_in_a_grid())
def test_small_days_get_the_best_plan_and_no_bound_above_it(problem):
    solution = solve_pooled(problem, time.monotonic() + 120)
    assert violations(problem, solution) == []
    worth, bound = solution.objective, solution.bound
    best = best_objective(problem)
    assert (worth.priority, worth.changes, worth.cost_seconds) == best
    assert bound.priority >= best[0]
    assert bound.changes <= best[1]
    assert bound.cost_seconds <= best[2]


def a_line(rides=2, seats=2):
    """Rides along one road, all of which one car can share."""
    parties = tuple(
        Ride(f"r{k}", 0, 1, (0, 600), (0, 1200), load={"seats": 1}, max_ride_seconds=600)
        for k in range(rides)
    )
    shift = Shift("s", "d", 0, 0, 0, 3600, capacity={"seats": seats})
    return Problem(((0, 300), (300, 0)), (shift,), parties, pooling=True)


def test_a_shared_ride_is_proven_best():
    bound = solve_pooled(a_line(), time.monotonic() + 120).bound
    assert (bound.proven, bound.cost_seconds) == (True, 600)


def grown(net, gain, *, every=False, bar=0.0, most=1000):
    lab = labels.empty_labels(1000, len(net.need), len(net.leg))
    made = labels.grow(net, 0, np.array(gain, float), 1.0, bar, every, lab, most)
    chosen = np.zeros(20, np.int64)
    return lab, chosen[: labels.harvest(lab, made, bar, chosen)]


def test_the_most_tempting_route_takes_all_who_are_worth_it():
    net = network_of(a_line(rides=3, seats=3))
    lab, chosen = grown(net, [400, 300, 0])
    assert lab.whole[chosen[0]] == 600 - 700
    stops = labels.route_of(lab, int(chosen[0]))
    assert sorted(stops) == [0, 1, 3, 4]
    assert labels.can_drive(net, 0, np.array(stops))


def test_no_route_is_tempting_that_costs_more_than_it_is_worth():
    _, chosen = grown(network_of(a_line()), [200, 200])
    assert len(chosen) == 0


def test_a_list_holds_every_set_of_rides():
    lab, chosen = grown(network_of(a_line()), [0, 0], every=True, bar=FAR)
    assert len(chosen) == 3
    assert {int(lab.took[label, 0]) for label in chosen} == {1, 2, 3}


def test_growth_ends_at_its_limit():
    net = network_of(a_line())
    lab = labels.empty_labels(1000, 2, len(net.leg))
    assert labels.grow(net, 0, np.full(2, 900.0), 1.0, 0.0, False, lab, 3) == 3


def test_routes_seen_are_as_long_as_they_were():
    net = network_of(a_line())
    search = Descent(net, 0, time.monotonic() + 60, all_served=False)
    search.anneal(200)
    seen = seen_in(net, search.pool)
    assert len(seen.driven) >= 1
    for k, driven in enumerate(seen.driven):
        stops = [net.start[0], *seen.column(k).stops, net.end[0]]
        assert driven == sum(net.leg[a, b] for a, b in itertools.pairwise(stops))


def test_a_dive_keeps_the_limits_or_finds_nothing():
    columns = Columns(np.array([0, 1]), np.array([0, 1, 2]), np.array([0, 1]))
    goal = Measure(np.array([5.0, 7.0]), np.zeros(2))
    left_out = Measure(np.zeros(2), np.ones(2))
    for most, picked in ((1.0, [0, 1]), (0.0, [0, 1]), (-1.0, None)):
        question = Question(columns, np.ones(2, int), goal, ((left_out, most),))
        assert dive(question, time.monotonic() + 60) == picked


def test_a_dive_settles_on_whole_columns():
    """Three rides, of which each column takes two: the relaxation takes half of each."""
    rides = np.array([0, 1, 1, 2, 0, 2])
    columns = Columns(np.array([0, 1, 2]), np.array([0, 2, 4, 6]), rides)
    goal = Measure(np.array([4.0, 4.0, 4.0]), np.full(3, 10.0))
    question = Question(columns, np.ones(3, int), goal)
    assert len(dive(question, time.monotonic() + 60)) == 1


def test_a_cheaper_order_of_the_same_rides_is_taken():
    """Two rides to one place: whoever sits further away is fetched first."""
    travel = ((0, 100, 200), (100, 0, 100), (200, 100, 0))
    rides = tuple(Ride(f"r{k}", k, 0, (0, 900), (0, 1800), load={"seats": 1}) for k in (1, 2))
    day = Problem(travel, (Shift("s", "d", 0, 0, 0, 3600, {"seats": 2}),), rides, pooling=True)
    net = network_of(day)
    generation = Generation(net, goals_of(day, net))
    apart = (np.array([0]), np.array([0]), np.array([4]), np.array([0, 2, 1, 3]))
    verdict = generation.prove(empty_pool(10, 4), apart, (0, 0, 600), time.monotonic() + 60)
    assert (verdict.priority, verdict.changes, verdict.cost) == (0, 0, 400)
    assert verdict.routes[3].tolist() in ([1, 0, 2, 3], [0, 1, 2, 3], [1, 0, 3, 2], [0, 1, 3, 2])
