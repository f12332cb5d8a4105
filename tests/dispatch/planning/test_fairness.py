"""Whose turn it is, in seconds."""

from dataclasses import replace

import pytest

from dispatch.planning.fairness import surcharges, turn
from tests.dispatch.planning.cases import DRIVER

HOUR = 3600


def crew(*drove_and_offered):
    return [
        replace(DRIVER, driver_id=number, drove_lately=drove * HOUR, usually_offers=offers * HOUR)
        for number, (drove, offers) in enumerate(drove_and_offered, start=1)
    ]


def test_who_drove_nothing_costs_less_and_who_drove_most_costs_more():
    assert surcharges(crew((0, 40), (5, 40), (10, 40)), weight=300) == {1: -300, 2: 0, 3: 300}


def test_what_counts_is_driving_for_each_hour_offered():
    assert surcharges(crew((2, 10), (8, 40)), weight=300) == {1: 0, 2: 0}


def test_nobody_costs_more_than_the_weight():
    assert surcharges(crew((90, 10), (0, 90)), weight=200) == {1: 200, 2: -200}


@pytest.mark.parametrize(("drivers", "weight"), [([(5, 40), (0, 40)], 0), ([(0, 40), (0, 9)], 300)])
def test_all_cost_the_same_when_it_is_switched_off_or_nobody_drove(drivers, weight):
    assert surcharges(crew(*drivers), weight=weight) == {}


def test_who_usually_offers_nothing_is_not_compared():
    assert surcharges(crew((3, 0), (1, 10), (3, 10)), weight=100) == {2: -50, 3: 50}


def test_a_family_passed_over_comes_first_among_equals_up_to_a_limit():
    assert [turn(times) for times in (0, 1, 3, 4, 9)] == [0, -900, -2700, -3600, -3600]
