"""When a driver is at work: offers, promises, time given away, and the parts of its limits."""

from dataclasses import replace

import pytest

from dispatch.planning import hours
from tests.dispatch.planning.cases import CLINIC, DRIVER, FAR, NEAR, NOWHERE, a_day, at, promised


def test_time_given_to_another_group_is_cut_out_of_the_hours():
    driver = replace(DRIVER, elsewhere=((at(9), at(11)),))
    assert hours.hours_of(a_day(driver=driver), driver) == [(at(8), at(9)), (at(11), at(12))]


def test_a_promise_outside_the_offer_stretches_the_hours_from_home_to_home():
    driver = replace(DRIVER, offered=(), committed=(promised(at(13)),))
    # Ten minutes to the pickup; 18 with the party, then 20 home from the clinic.
    assert hours.hours_of(a_day(driver=driver), driver) == [(at(12, 50), at(13, 38))]


def test_a_promise_inside_the_offer_changes_nothing():
    driver = replace(DRIVER, committed=(promised(at(9)),))
    assert hours.hours_of(a_day(driver=driver), driver) == [(at(8), at(12))]


def test_offers_that_touch_are_one_stretch_of_work():
    driver = replace(DRIVER, offered=((at(10), at(12)), (at(8), at(10))))
    assert hours.hours_of(a_day(driver=driver), driver) == [(at(8), at(12))]


def test_limits_are_shared_in_proportion_to_the_hours():
    driver = replace(DRIVER, max_drive=6000, rides_left=4)
    spans = [(at(8), at(11)), (at(13), at(14))]
    parts = [share for _start, _end, share in hours.shares(a_day(driver=driver), driver, spans)]
    assert parts == [hours.Share(4500, 3), hours.Share(1500, 1)]


def test_a_driver_without_limits_has_none_in_any_part():
    ((_start, _end, share),) = hours.shares(a_day(), DRIVER, [(at(8), at(12))])
    assert share == hours.Share(None, None)


def test_no_part_is_less_than_what_was_promised_in_it():
    driver = replace(DRIVER, max_drive=2400, rides_left=0, committed=(promised(at(13, 20)),))
    spans = [(at(8), at(12)), (at(13), at(14))]
    parts = [share for _start, _end, share in hours.shares(a_day(driver=driver), driver, spans)]
    # Home to the pickup, to the clinic, and twenty minutes home.
    assert parts[1] == hours.Share(2400, 1)


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (promised(at(9)), promised(at(9, 28)), True),
        (promised(at(9)), promised(at(9, 27)), False),
        (promised(at(9)), promised(at(11), FAR, FAR), True),
        (promised(at(9)), promised(at(11), NEAR, NOWHERE), False),
    ],
)
def test_promises_fit_when_the_way_between_them_can_be_driven(first, second, fits):
    driver = replace(DRIVER, committed=(first, second))
    assert hours.committed_fits(a_day(driver=driver), driver) is fits


def test_promises_do_not_fit_a_limit_of_driving_that_they_exceed():
    day = [replace(DRIVER, max_drive=most, committed=(promised(at(9)),)) for most in (2399, 2400)]
    assert [hours.committed_fits(a_day(driver=one), one) for one in day] == [False, True]


def test_who_promised_nothing_fits_whatever_the_limit():
    driver = replace(DRIVER, max_drive=0, start_place=CLINIC)
    assert hours.committed_fits(a_day(driver=driver), driver)
