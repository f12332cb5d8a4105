"""The checker finds every kind of corruption, and nothing to blame in a good plan."""

from dataclasses import replace

import pytest

from matching.check import violations
from matching.problem import Problem, Ride, Shift
from matching.solution import Bound, Kind, Objective, Reason, Route, Solution, Stop, Unserved

TRAVEL = ((0, 300, 600), (300, 0, 300), (600, 300, 0))


def a_ride(name="r1", **parts):
    """A ride from place 1 to place 2 around nine o'clock."""
    usual = {
        "pickup_window": (32000, 33000),
        "dropoff_window": (32000, 34000),
        "board_seconds": 60,
        "alight_seconds": 60,
        "load": {"seats": 1},
        "max_ride_seconds": 400,
    }
    return Ride(name, 1, 2, **(usual | parts))


def a_shift(name="s1", **parts):
    """A shift that begins and ends at place 0."""
    usual = {
        "earliest": 30000,
        "latest": 36000,
        "capacity": {"seats": 2},
        "max_drive_seconds": 1200,
        "max_duration_seconds": 1350,
    }
    return Shift(name, f"d-{name}", 0, 0, **(usual | parts))


def a_problem(**parts):
    """Two shifts and two rides, of which the second has no driver."""
    usual = {
        "shifts": (a_shift(), a_shift("s2")),
        "rides": (a_ride(), a_ride("r2", load={"wheelchairs": 1})),
        "affinity": {("r1", "d-s1"): -100},
        "previous": {"r1": "s2"},
    }
    return Problem(TRAVEL, **(usual | parts))


STOPS = (Stop("r1", Kind.PICKUP, 32000), Stop("r1", Kind.DROPOFF, 32360))
PLAN = Solution(
    routes=(Route("s1", STOPS),),
    unserved=(Unserved("r2", Reason.NO_COMPATIBLE_DRIVER, "no shift offers wheelchairs"),),
    objective=Objective(priority=1, changes=1, cost_seconds=1100),
    bound=Bound(priority=1, changes=1, cost_seconds=1100, proven=True),
)


def test_a_good_plan_has_no_violations():
    assert violations(a_problem(), PLAN) == []


def test_a_route_without_stops_is_as_good_as_none():
    assert violations(a_problem(), replace(PLAN, routes=(*PLAN.routes, Route("s2", ())))) == []


def moved(stop, at):
    """The plan with one stop at another moment."""
    stops = tuple(replace(s, at=at) if s.kind == stop else s for s in STOPS)
    return replace(PLAN, routes=(Route("s1", stops),))


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (moved("pickup", 31999), "outside its window"),
        (moved("dropoff", 32359), "at the earliest"),
        (moved("dropoff", 32461), "in the car"),
        (moved("dropoff", 32400), "out for 1360 s"),
        (replace(PLAN, routes=(Route("s9", STOPS),)), "no such shift"),
        (replace(PLAN, routes=(Route("s1", STOPS), Route("s1", ()))), "two routes"),
        (replace(PLAN, routes=(Route("s1", STOPS), Route("s2", STOPS))), "is on shifts"),
        (replace(PLAN, routes=(Route("s1", STOPS[::-1]),)), "its stops are dropoff, pickup"),
        (replace(PLAN, routes=(Route("s1", STOPS[:1]),)), "its stops are pickup"),
        (replace(PLAN, routes=(Route("s1", (replace(STOPS[0], ride="r9"),)),)), "no ride 'r9'"),
        (replace(PLAN, unserved=()), "neither on a route nor unserved"),
        (replace(PLAN, unserved=PLAN.unserved * 2), "listed twice"),
        (replace(PLAN, unserved=(*PLAN.unserved, Unserved("r1", Reason.TOO_FAR))), "is on shift"),
        (replace(PLAN, unserved=(*PLAN.unserved, Unserved("r9", Reason.TOO_FAR))), "no such ride"),
        (replace(PLAN, objective=Objective(2, 1, 1100)), "objective.priority is 1"),
        (replace(PLAN, objective=Objective(1, 0, 1100)), "objective.changes is 1"),
        (replace(PLAN, objective=Objective(1, 1, 1099)), "objective.cost_seconds is 1100"),
        (replace(PLAN, bound=Bound(0, 1, 1100, proven=False)), "bound.priority"),
        (replace(PLAN, bound=Bound(1, 2, 1100, proven=False)), "bound.changes"),
        (replace(PLAN, bound=Bound(1, 1, 1101, proven=False)), "bound.cost_seconds"),
        (replace(PLAN, bound=Bound(1, 1, 1000, proven=True)), "bound.proven"),
        (replace(PLAN, bound=Bound(1, 1, 1100, proven=False)), "bound.proven"),
    ],
)
def test_a_corrupted_plan_is_caught(plan, sentence):
    assert any(sentence in found for found in violations(a_problem(), plan))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"shifts": (a_shift(earliest=31701),)}, "at the earliest"),
        ({"shifts": (a_shift(latest=33019),)}, "its hours end"),
        ({"shifts": (a_shift(max_drive_seconds=1199),)}, "drives 1200 s"),
        ({"shifts": (a_shift(max_rides=0),)}, "1 rides, at most 0"),
        ({"shifts": (a_shift(capacity={}),)}, "1 seats aboard, it has 0"),
        ({"rides": (a_ride(skills=frozenset({"lift"})), a_ride("r2"))}, "lacks lift"),
        ({"rides": (a_ride(excluded_drivers=frozenset({"d-s1"})), a_ride("r2"))}, "is excluded"),
        ({"locked": {"r1": "s2"}}, "is locked to shift 's2'"),
        ({"travel_seconds": ((0, -1, 600), *TRAVEL[1:])}, "there is no road to it"),
        ({"travel_seconds": (*TRAVEL[:2], (-1, 300, 0))}, "there is no road home"),
    ],
)
def test_a_plan_for_another_problem_is_caught(parts, sentence):
    usual = {
        "travel_seconds": TRAVEL,
        "shifts": (a_shift(), a_shift("s2")),
        "rides": (a_ride(), a_ride("r2")),
    }
    problem = Problem(**(usual | parts))
    assert any(sentence in found for found in violations(problem, PLAN))


def test_two_parties_share_a_car_only_where_pooling_is_allowed():
    rides = (a_ride(max_ride_seconds=None), a_ride("r2", max_ride_seconds=None))
    stops = (
        Stop("r1", Kind.PICKUP, 32000),
        Stop("r2", Kind.PICKUP, 32060),
        Stop("r1", Kind.DROPOFF, 32420),
        Stop("r2", Kind.DROPOFF, 32480),
    )
    shift = a_shift(max_duration_seconds=None)
    plan = Solution((Route("s1", stops),), (), Objective(2, 0, 1200))
    assert violations(Problem(TRAVEL, (shift,), rides, pooling=True), plan) == []
    alone = violations(Problem(TRAVEL, (shift,), rides), plan)
    assert any("share the car" in found for found in alone)
    small = replace(shift, capacity={"seats": 1})
    crowded = violations(Problem(TRAVEL, (small,), rides, pooling=True), plan)
    assert any("2 seats aboard" in found for found in crowded)


ROADS = ((0, 250, 600, 0), (300, 0, 310, 0), (600, 320, 0, 0), (0, 0, 0, 0))


def a_chain(pooling=False, locked=(), **parts):
    """A shift from place 0 to place 2 with two rides one after the other, and the best plan.

    Every window, hour and limit is used to the last second, and the last leg takes none.
    """
    first = {"pickup_window": (32000, 32000), "dropoff_window": (32400, 32400), "priority": 2}
    second = {"pickup_window": (32810, 32810), "dropoff_window": (33180, 33180)}
    both = {"board_seconds": 60, "alight_seconds": 90, "load": {"seats": 2}}
    rides = (
        a_ride("r1", **both, **first, max_ride_seconds=340),
        a_ride("r2", **both, **second, max_ride_seconds=310),
    )
    limits = {
        "earliest": 31750,
        "latest": 33270,
        "max_drive_seconds": 250 + 310 + 320 + 310,
        "max_duration_seconds": 33270 - 31750,
        "max_rides": 2,
    }
    shift = replace(a_shift(**(limits | parts)), end_place=2)
    stops = (
        Stop("r1", Kind.PICKUP, 32000),
        Stop("r1", Kind.DROPOFF, 32400),
        Stop("r2", Kind.PICKUP, 32810),
        Stop("r2", Kind.DROPOFF, 33180),
    )
    plan = Solution((Route("s1", stops),), (), Objective(3, 0, 1190))
    problem = Problem(ROADS, (shift,), rides, pooling=pooling, locked=dict(locked))
    return problem, plan


@pytest.mark.parametrize("pooling", [False, True])
def test_every_limit_may_be_used_to_the_last_second(pooling):
    assert violations(*a_chain(pooling, locked={"r1": "s1"})) == []


def test_without_limits_nothing_is_too_long():
    free = {"max_drive_seconds": None, "max_duration_seconds": None, "max_rides": None}
    assert violations(*a_chain(**free)) == []


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ({"earliest": 31751}, "pickup of 'r1' at 32000: the car is there at 32001 at the earliest"),
        ({"latest": 33269}, "home at 33270, its hours end at 33269"),
        ({"max_drive_seconds": 1189}, "drives 1190 s, at most 1189"),
        ({"max_duration_seconds": 1519}, "out for 1520 s, at most 1519"),
        ({"max_rides": 1}, "2 rides, at most 1"),
    ],
)
def test_a_second_over_a_limit_is_too_much(limit, sentence):
    found = violations(*a_chain(**limit))
    assert [one.removeprefix("shift 's1': ").removeprefix("shift 's1', ") for one in found] == [
        sentence
    ]


def test_every_load_is_counted_in_full_and_once_for_each_pickup():
    problem, plan = a_chain(capacity={"seats": 1})
    assert violations(problem, plan) == ["shift 's1': 2 seats aboard, it has 1"] * 2


def test_who_gets_out_of_a_car_still_too_full_is_not_blamed():
    rides = tuple(a_ride(f"r{k}", max_ride_seconds=None) for k in (1, 2, 3))
    order = [("r1", 32000), ("r3", 32060), ("r2", 32120)]
    stops = [Stop(ride, Kind.PICKUP, at) for ride, at in order]
    order = [("r1", 32480), ("r3", 32540), ("r2", 32600)]
    stops += [Stop(ride, Kind.DROPOFF, at) for ride, at in order]
    shift = a_shift(capacity={"seats": 1}, max_duration_seconds=None)
    plan = Solution((Route("s1", tuple(stops)),), (), Objective(3, 0, 1200))
    assert violations(Problem(TRAVEL, (shift,), rides, pooling=True), plan) == [
        "shift 's1': 2 seats aboard, it has 1",
        "shift 's1': 3 seats aboard, it has 1",
    ]
    roads = (*TRAVEL[:2], (-1, 300, 0))
    roomy = replace(shift, capacity={"seats": 3}, max_drive_seconds=None)
    stranded = violations(Problem(roads, (roomy,), rides, pooling=True), plan)
    assert stranded[0] == "shift 's1': there is no road home from 'r2'"


def test_the_first_stranger_on_a_route_is_named():
    strangers = tuple(Stop(ride, Kind.PICKUP, 32000) for ride in ("r8", "r9"))
    found = violations(a_problem(), replace(PLAN, routes=(Route("s1", strangers),)))
    assert found[0] == "shift 's1': there is no ride 'r8'"


def test_all_that_a_shift_lacks_is_named():
    rides = (a_ride(skills=frozenset({"lift", "dogs"})), a_ride("r2"))
    problem = Problem(TRAVEL, (a_shift(),), rides)
    assert "ride 'r1': shift 's1' lacks dogs, lift" in violations(problem, PLAN)
