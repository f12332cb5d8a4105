"""The parts of a problem: what the matcher is told of wishes, locks and places."""

from dataclasses import replace
from datetime import timedelta

from dispatch.planning import mapping, problem
from dispatch.planning.facts import Standing, WayBack
from dispatch.planning.fairness import PASSED_OVER
from tests.dispatch.planning.cases import CLINIC, DRIVER, NEAR, RIDE, a_day, at, promised


def test_wishes_become_seconds():
    assert problem.affinity(replace(RIDE, prefers=frozenset({7})), DRIVER) == problem.PREFERRED
    assert problem.affinity(replace(RIDE, known=frozenset({7})), DRIVER) == problem.KNOWN
    wished = replace(RIDE, needs=replace(RIDE.needs, skills=frozenset()))
    assert problem.affinity(wished, DRIVER) == problem.SPEAKS
    assert problem.affinity(RIDE, DRIVER) == 0


def test_a_family_passed_over_costs_less_with_every_driver():
    assert problem.affinity(replace(RIDE, passed_over=2), DRIVER) == 2 * PASSED_OVER


def test_who_drove_more_for_what_it_offers_costs_more_unless_that_is_switched_off():
    often = replace(DRIVER, driver_id=8, drove_lately=7200, usually_offers=36000)
    seldom = replace(DRIVER, drove_lately=0, usually_offers=36000)
    facts = replace(a_day(), drivers=(often, seldom), even_load=240)
    mapped = mapping.problem_of(facts)
    told = {one["driver"]: one["seconds"] for one in mapped.problem["affinity"]}
    by_driver = {mapped.drivers[key].driver_id: seconds for key, seconds in told.items()}
    assert by_driver == {8: 240, 7: -240}
    assert not mapping.problem_of(replace(facts, even_load=0)).problem["affinity"]


def test_an_excluded_driver_is_named_for_wishes_for_a_no_and_for_distance():
    for ride, driver in (
        (replace(RIDE, never=frozenset({7})), DRIVER),
        (replace(RIDE, declined=frozenset({7})), DRIVER),
        (RIDE, replace(DRIVER, max_distance=10)),
    ):
        mapped = mapping.problem_of(a_day(ride=ride, driver=driver))
        assert mapped.problem["rides"][0]["excluded_drivers"] == list(mapped.drivers)


def test_a_known_driver_who_is_wished_for_counts_once():
    ride = replace(RIDE, prefers=frozenset({7}), known=frozenset({7}))
    assert problem.affinity(ride, DRIVER) == problem.PREFERRED


def test_a_promise_is_locked_for_as_long_as_the_driver_is_busy():
    held = promised(at(9))
    longer = replace(held, busy_until=held.busy_until + timedelta(minutes=20))
    told = mapping.problem_of(a_day(driver=replace(DRIVER, committed=(longer,)))).problem
    lock = told["locked"][0]["ride"]
    (ride,) = [one for one in told["rides"] if one["id"] == lock]
    until = problem.Builder(a_day()).seconds(longer.busy_until)
    assert ride["dropoff_window"] == [until, until]
    assert ride["pickup_window"] == [9 * 3600] * 2


def test_the_rows_of_a_waiting_driver_are_added_without_touching_the_others():
    plain = mapping.problem_of(a_day()).problem["travel_seconds"]
    ride = replace(RIDE, way_back=WayBack(2, 3, CLINIC, NEAR, wait=3600))
    waiting = mapping.problem_of(a_day(ride=ride)).problem["travel_seconds"]
    size = len(plain)
    assert len(waiting) == size + 2
    assert [row[:size] for row in waiting[:size]] == plain
    assert all(len(row) == size + 2 for row in waiting)


def test_a_window_that_has_begun_begins_now():
    told = mapping.problem_of(a_day(not_before=at(9, 30))).problem["rides"][0]
    assert told["pickup_window"] == [9 * 3600 + 1800, 9 * 3600 + 2700]


def test_what_is_proposed_is_kept_where_its_driver_still_offers_that_time():
    kept = {RIDE.ride_id: Standing(DRIVER.driver_id, at(10, 0))}
    told = mapping.problem_of(a_day(), kept)
    (shift,), (ride,) = told.shifts, told.rides
    assert told.problem["previous"] == [{"ride": ride, "shift": shift}]
    for gone in (
        {},
        {RIDE.ride_id: Standing(99, at(10, 0))},
        {RIDE.ride_id: Standing(DRIVER.driver_id, at(23, 0))},
        {99: Standing(DRIVER.driver_id, at(10, 0))},
    ):
        assert mapping.problem_of(a_day(), gone).problem["previous"] == []
