"""From facts to the matcher's problem and back: nothing is lost, locks never clash."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.planning import mapping
from dispatch.planning.facts import WayBack
from dispatch.planning.rules import refusals
from matching import files
from matching.solving import solve
from tests.dispatch.planning.cases import (
    CLINIC,
    DRIVER,
    FAR,
    NEAR,
    NOWHERE,
    RIDE,
    a_day,
    at,
    promised,
)


def solved(facts):
    mapped = mapping.problem_of(facts)
    solution = solve(files.problem_from_dict(mapped.problem), time_limit=5)
    plan = files.solution_to_dict(solution)
    return mapped, plan, mapping.proposals_of(facts, mapped, plan["routes"])


def test_a_ride_that_fits_is_proposed_at_a_time_the_rules_allow():
    facts = a_day()
    _mapped, _plan, proposed = solved(facts)
    assert [(one.ride_id, one.driver_id) for one in proposed] == [(1, 7)]
    assert refusals(facts, RIDE, DRIVER, proposed[0].at.pickup_at) == []


def test_the_drop_off_follows_from_the_pickup():
    _mapped, _plan, proposed = solved(a_day())
    times = proposed[0].at
    assert times.dropoff_at - times.pickup_at == timedelta(minutes=15)
    assert times.busy_until - times.dropoff_at == timedelta(minutes=3)


def test_a_waiting_driver_gets_both_ways():
    facts = a_day(ride=replace(RIDE, way_back=WayBack(2, 3, CLINIC, NEAR, wait=3600)))
    _mapped, plan, proposed = solved(facts)
    out, back = proposed
    assert (out.ride_id, back.ride_id, back.version) == (1, 2, 3)
    assert out.driver_id == back.driver_id == 7
    assert back.at.pickup_at - out.at.dropoff_at == timedelta(hours=1)
    assert out.at.busy_until == back.at.pickup_at
    # Home to them, both ways with them, and home again: ten minutes each.
    assert plan["objective"]["cost_seconds"] == 4 * 600


def test_a_promised_ride_stays_where_it_is():
    held = promised(at(9))
    facts = a_day(driver=replace(DRIVER, committed=(held,)))
    mapped, plan, proposed = solved(facts)
    lock = mapped.problem["locked"][0]["ride"]
    stops = {
        (stop["ride"], stop["kind"]): stop["at"]
        for route in plan["routes"]
        for stop in route["stops"]
    }
    assert stops[lock, "pickup"] == 9 * 3600
    assert [one.ride_id for one in proposed] == [1]


@pytest.mark.parametrize(
    "driver",
    [
        replace(DRIVER, offered=(), committed=(promised(at(9)),)),
        replace(DRIVER, capacity={}, skills=frozenset(), committed=(promised(at(9)),)),
        replace(DRIVER, rides_left=0, committed=(promised(at(9)),)),
        replace(DRIVER, max_drive=2400, committed=(promised(at(9)),)),
        replace(
            DRIVER,
            max_drive=2400,
            offered=((at(7), at(7, 30)),),
            committed=(promised(at(11)),),
        ),
    ],
)
def test_what_a_driver_changed_later_does_not_undo_a_promise(driver):
    mapped = mapping.problem_of(a_day(driver=driver))
    problem = files.problem_from_dict(mapped.problem)
    assert len(problem.locked) == 1


@pytest.mark.parametrize(
    "driver",
    [
        replace(DRIVER, committed=(promised(at(9)), promised(at(9, 20), FAR, FAR))),
        replace(DRIVER, max_drive=100, committed=(promised(at(9)),)),
        replace(DRIVER, committed=(promised(at(9), NOWHERE, NOWHERE),)),
    ],
)
def test_a_day_that_cannot_be_driven_any_more_gets_nothing_added(driver):
    mapped = mapping.problem_of(a_day(driver=driver))
    assert mapped.problem["shifts"] == []
    assert files.problem_from_dict(mapped.problem).locked == {}


def test_a_ride_whose_time_is_over_is_not_asked_for():
    facts = a_day(not_before=at(11))
    mapped = mapping.problem_of(facts)
    assert mapped.problem["rides"] == []
    assert [one.ride_id for one in mapped.too_late] == [1]


def test_ids_are_new_in_every_problem():
    first, second = (mapping.problem_of(a_day()).problem for _ in range(2))
    assert first["rides"][0]["id"] != second["rides"][0]["id"]
    assert first["shifts"][0]["driver"] != second["shifts"][0]["driver"]
