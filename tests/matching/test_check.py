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
