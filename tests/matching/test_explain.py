"""Why this shift: the terms add up, and every alternative costs what it says."""

from dataclasses import replace

import pytest

import matching
from matching import check, explain
from matching.problem import Problem, Ride, Shift

LINE = (0, 600, 1200, 3000)
MATRIX = tuple(tuple(abs(start - end) for end in LINE) for start in LINE)


def a_shift(name: str, place: int = 0, **values) -> Shift:
    return Shift(
        id=name,
        driver=f"driver of {name}",
        start_place=place,
        end_place=place,
        earliest=0,
        latest=40_000,
        capacity={"seats": 4},
        **values,
    )


def a_ride(name: str, opens: int, **values) -> Ride:
    defaults = {"pickup_place": 1, "dropoff_place": 2, "load": {"seats": 1}}
    return Ride(
        id=name,
        pickup_window=(opens, opens + 600),
        dropoff_window=(opens, opens + 3000),
        board_seconds=60,
        alight_seconds=60,
        **{**defaults, **values},
    )


@pytest.fixture
def problem() -> Problem:
    return Problem(
        travel_seconds=MATRIX,
        shifts=(a_shift("near"), a_shift("far", 3), a_shift("short", max_drive_seconds=100)),
        rides=(a_ride("one", 5000), a_ride("two", 15_000)),
    )


def test_the_terms_of_all_rides_add_up_to_the_cost(problem):
    solution = matching.solve(problem, time_limit=5)
    told = explain.explain(problem, solution).served
    cost = 0
    for one in told.values():
        terms = one.terms
        cost += terms.before_seconds + terms.loaded_seconds + terms.affinity_seconds
    assert set(told) == {"one", "two"}
    way_home = MATRIX[2][0]
    assert cost + way_home == solution.objective.cost_seconds


def test_moving_a_ride_to_an_alternative_costs_what_it_says(problem):
    lonely = replace(problem, rides=problem.rides[:1])
    solution = matching.solve(lonely, time_limit=5)
    (told,) = explain.explain(lonely, solution).served.values()
    assert told.shift == "near"
    (other,) = told.alternatives
    forced = replace(lonely, locked={"one": other.shift})
    moved = matching.solve(forced, time_limit=5)
    assert check.violations(forced, moved) == []
    extra = moved.objective.cost_seconds - solution.objective.cost_seconds
    assert (other.shift, other.extra_seconds) == ("far", extra)


def test_a_shift_that_could_not_drive_it_is_no_alternative(problem):
    solution = matching.solve(problem, time_limit=5)
    for one in explain.explain(problem, solution).served.values():
        assert "short" not in {other.shift for other in one.alternatives}


def test_an_excluded_driver_is_no_alternative(problem):
    shy = replace(problem.rides[0], excluded_drivers=frozenset({"driver of far"}))
    solution = matching.solve(replace(problem, rides=(shy,)), time_limit=5)
    (told,) = explain.explain(replace(problem, rides=(shy,)), solution).served.values()
    assert told.alternatives == ()


def test_wishes_are_a_term_of_their_own(problem):
    wished = replace(problem, affinity={("one", "driver of near"): -300})
    solution = matching.solve(wished, time_limit=5)
    assert explain.explain(wished, solution).served["one"].terms.affinity_seconds == -300


def test_an_unserved_ride_says_why(problem):
    large = replace(problem.rides[0], load={"seats": 9})
    told = explain.explain(
        replace(problem, rides=(large,)),
        matching.solve(replace(problem, rides=(large,)), time_limit=5),
    )
    assert told.unserved["one"].reason.value == "no_compatible_driver"
    assert explain.to_dict(told)["unserved"]["one"]["relax"] is None or told.unserved["one"].relax


@pytest.mark.parametrize(
    ("limits", "drivable"),
    [
        ({}, True),
        ({"max_rides": 1}, False),
        ({"max_drive_seconds": 3600}, True),
        ({"max_drive_seconds": 3599}, False),
        ({"max_duration_seconds": 13_000}, True),
        ({"max_duration_seconds": 9000}, False),
    ],
)
def test_a_route_keeps_its_shifts_limits(problem, limits, drivable):
    shift = a_shift("limited", **limits)
    assert explain.can_drive(problem, shift, problem.rides) is drivable
