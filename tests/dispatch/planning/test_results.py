"""What a run leaves behind: its figures, and a reason for each choice and each ride left out."""

from dataclasses import replace
from uuid import UUID

import pytest

from dispatch.places.roads import Basis
from dispatch.planning import mapping, results
from dispatch.planning.facts import Needs, WayBack
from dispatch.planning.models import MatchRun
from matching import explain, files
from matching.solving import solve
from tests.dispatch.planning.cases import (
    CLINIC,
    DRIVER,
    FAR,
    NEAR,
    NOWHERE,
    RIDE,
    TRAVEL,
    a_day,
    at,
    promised,
)

UIDS = {7: UUID("6f1c8a52-0f0e-4a6f-9c39-7c7a3b0a2d11")}
BOTH_WAYS = replace(RIDE, way_back=WayBack(2, 3, CLINIC, NEAR, wait=3600))


def solved(facts):
    mapped = mapping.problem_of(facts)
    problem = files.problem_from_dict(mapped.problem)
    solution = solve(problem, time_limit=5)
    why = explain.to_dict(explain.explain(problem, solution))
    return mapped, files.solution_to_dict(solution), why


def left_out(facts):
    mapped, plan, why = solved(facts)
    return results.left_out(facts, mapped, plan, why, UIDS)


def test_a_ride_that_some_driver_could_take_is_possible():
    hopeless = replace(RIDE, ride_id=5, needs=Needs({"seats": 9}, frozenset()))
    facts = a_day(rides=(RIDE, hopeless))
    known = results.expected(facts, mapping.problem_of(facts))
    assert known == {"rides": 2, "possible": 1}


def test_both_ways_of_a_waiting_driver_are_two_rides():
    facts = a_day(ride=BOTH_WAYS)
    mapped, plan, _why = solved(facts)
    assert results.expected(facts, mapped) == {"rides": 2, "possible": 2}
    assert results.served_by(mapped, plan) == 2


def test_a_ride_that_was_promised_before_is_not_counted_as_served():
    facts = a_day(driver=replace(DRIVER, committed=(promised(at(9)),)))
    mapped, plan, _why = solved(facts)
    assert results.served_by(mapped, plan) == 1
    assert results.expected(facts, mapped) == {"rides": 1, "possible": 1}


def test_of_a_day_that_contradicts_itself_nothing_is_expected():
    facts = a_day()
    mapped = mapping.problem_of(facts)
    mapped.problem["rides"][0]["pickup_place"] = 99
    assert results.expected(facts, mapped) == {"rides": 1, "possible": None}


@pytest.mark.parametrize(
    ("driver", "lacks"),
    [
        (replace(DRIVER, capacity={"seats": 1, "booster": 1}), {"seats": 2}),
        (replace(DRIVER, capacity={"seats": 4}), {"booster": 1}),
        (replace(DRIVER, skills=frozenset()), {"lang:es": 1}),
    ],
)
def test_a_ride_that_no_driver_fits_says_what_it_needs(driver, lacks):
    ((reason, helps),) = left_out(a_day(driver=driver)).values()
    assert (reason, helps["needs"]) == ("no_compatible_driver", lacks)


def test_what_would_help_names_drivers_and_no_id_of_the_matcher():
    driver = replace(DRIVER, capacity={"seats": 1, "booster": 1})
    ((_reason, helps),) = left_out(a_day(driver=driver)).values()
    assert (helps["kind"], helps["name"], helps["amount"]) == ("load", "seats", 1)
    assert (helps["drivers"], helps["shifts"]) == ([str(UIDS[7])], None)


def test_a_day_on_which_nobody_drives_says_so():
    assert left_out(a_day(driver=replace(DRIVER, offered=()))) == {1: (results.NOBODY_OFFERS, None)}


@pytest.mark.parametrize(
    "facts",
    [
        a_day(ride=replace(RIDE, declined=frozenset({7}))),
        a_day(ride=replace(RIDE, never=frozenset({7}))),
        a_day(driver=replace(DRIVER, max_distance=10)),
    ],
)
def test_where_whoever_fits_is_ruled_out_that_is_the_reason(facts):
    ((reason, _helps),) = left_out(facts).values()
    assert reason == results.ALL_RULED_OUT


def test_a_way_back_is_left_out_with_its_way_there():
    ride = replace(BOTH_WAYS, needs=Needs({"seats": 9}, frozenset()))
    assert set(left_out(a_day(ride=ride))) == {1, 2}


def test_a_ride_that_no_road_joins_and_one_off_the_road_have_each_their_reason():
    facts = a_day(ride=replace(RIDE, dropoff_place=NOWHERE))
    assert left_out(facts) == {1: ("unreachable", None)}
    travel = replace(TRAVEL, astray=frozenset({NOWHERE}))
    assert left_out(replace(facts, travel=travel)) == {1: (results.OFF_ROAD, None)}


@pytest.mark.parametrize("ride", [RIDE, BOTH_WAYS])
def test_a_ride_that_no_road_joins_with_its_drivers_has_another_reason(ride):
    away = replace(DRIVER, start_place=NOWHERE, end_place=NOWHERE)
    found = left_out(a_day(ride=ride, driver=away))
    assert {reason for reason, _helps in found.values()} == {results.CUT_OFF}


@pytest.mark.parametrize("basis", Basis)
def test_what_the_times_stand_on_is_noted(basis, now):
    facts = a_day(travel=replace(TRAVEL, basis=basis))
    mapped, plan, _why = solved(facts)
    noted = results.figures(facts, mapped, plan, MatchRun(), now=now)
    assert (noted["basis"], noted["estimate"]) == (basis.value, basis.is_estimate)


def test_drivers_whose_home_is_off_the_road_are_counted(now):
    cut_off = replace(DRIVER, driver_id=8, end_place=NOWHERE)
    away = replace(cut_off, driver_id=9, offered=())
    travel = replace(TRAVEL, astray=frozenset({NOWHERE}))
    facts = a_day(drivers=(DRIVER, cut_off, away), travel=travel)
    mapped, plan, _why = solved(facts)
    assert results.figures(facts, mapped, plan, MatchRun(), now=now)["cut_off"] == 1


def test_a_ride_whose_time_is_over_is_too_late():
    assert left_out(a_day(not_before=at(11))) == {1: (mapping.TOO_LATE, None)}


def test_minutes_are_rounded_so_that_they_draw_no_map():
    far = replace(DRIVER, driver_id=8, start_place=FAR, end_place=FAR)
    mapped, _plan, why = solved(a_day(drivers=(DRIVER, far)))
    (key,) = mapped.rides
    chosen = results.why_chosen(why, mapped, key, UIDS | {8: UUID(int=8)})
    assert chosen["away_minutes"] == 10
    assert [one["minutes"] % 5 for one in chosen["others"]] == [0]
    assert (chosen["seats"], chosen["skills"]) == (["booster"], ["lang:es"])


def test_a_ride_that_nobody_explained_has_no_reasons():
    mapped, _plan, _why = solved(a_day())
    assert results.why_chosen({}, mapped, "r1", UIDS) == {}
