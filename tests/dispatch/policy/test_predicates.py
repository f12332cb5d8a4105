"""Facts about an actor and a thing, each true of one and false of one that comes close."""

from dataclasses import dataclass, replace

import pytest

from dispatch.policy import Actor, Standing
from dispatch.policy import predicates as p
from dispatch.policy.actor import ANONYMOUS, SYSTEM
from tests.dispatch.policy.principals import (
    ALARM,
    COORDINATOR,
    COORDINATOR_ELSEWHERE,
    DRIVER,
    DRIVER_ELSEWHERE,
    FAMILY,
    FAMILY_ELSEWHERE,
    HOME,
    MOTION,
    NOW,
    RIDE,
    STEWARD,
    THING,
)


@dataclass(frozen=True)
class Nothing:
    """A thing that names nobody."""

    group_id: None = None
    driver_id: None = None
    user_id: None = None
    family_id: None = None
    asked_by_id: None = None


@dataclass(frozen=True)
class Proposed:
    """What somebody asked for, and what is about nobody."""

    asked_by_id: int


HOLDS = {
    p.is_anyone: (DRIVER, THING),
    p.is_steward: (STEWARD, THING),
    p.is_entering: (replace(DRIVER, standing=Standing.TO_ENROL), THING),
    p.is_half_in: (replace(DRIVER, standing=Standing.HALF_IN), THING),
    p.coordinates: (COORDINATOR, THING),
    p.coordinates_the_group: (COORDINATOR, THING),
    p.coordinates_its_group_or_all: (COORDINATOR, MOTION),
    p.is_a_second_person: (COORDINATOR, MOTION),
    p.is_about_another: (COORDINATOR, ALARM),
    p.is_another_person: (COORDINATOR, THING),
    p.drives_for_the_group: (DRIVER, THING),
    p.is_the_driver: (DRIVER, THING),
    p.is_the_person: (DRIVER, THING),
    p.is_the_family: (FAMILY, THING),
    p.holds_break_glass: (COORDINATOR, THING),
    p.holds_live_grant: (DRIVER, HOME),
}
"""For whom and of what each fact about a person is true."""
OTHERS = {
    p.is_anyone: ANONYMOUS,
    p.is_steward: COORDINATOR,
    p.is_entering: replace(DRIVER, standing=Standing.HALF_IN),
    p.is_half_in: replace(DRIVER, standing=Standing.TO_ENROL),
    p.coordinates: STEWARD,
    p.coordinates_the_group: COORDINATOR_ELSEWHERE,
    p.coordinates_its_group_or_all: COORDINATOR_ELSEWHERE,
    p.is_a_second_person: replace(COORDINATOR, user_id=MOTION.asked_by_id),
    p.is_about_another: replace(COORDINATOR, user_id=ALARM.about_id),
    p.is_another_person: DRIVER,
    p.drives_for_the_group: DRIVER_ELSEWHERE,
    p.is_the_driver: DRIVER_ELSEWHERE,
    p.is_the_person: COORDINATOR,
    p.is_the_family: FAMILY_ELSEWHERE,
    p.holds_break_glass: COORDINATOR_ELSEWHERE,
    p.holds_live_grant: DRIVER_ELSEWHERE,
}
"""Who comes close."""
ABOUT_NOBODY = {
    p.is_anyone,
    p.is_steward,
    p.coordinates,
    p.coordinates_its_group_or_all,
    p.is_about_another,
}
"""What asks a thing for nobody's name, or lets it name nobody."""


@pytest.mark.parametrize("fact", HOLDS)
def test_a_fact_is_true_of_whom_it_is_about(fact):
    assert fact(*HOLDS[fact], NOW)


@pytest.mark.parametrize("fact", HOLDS)
def test_a_fact_is_false_of_somebody_close(fact):
    assert not fact(OTHERS[fact], HOLDS[fact][1], NOW)


@pytest.mark.parametrize("fact", HOLDS)
def test_nothing_is_true_of_a_suspended_account(fact):
    actor, thing = HOLDS[fact]
    assert not fact(replace(actor, is_active=False), thing, NOW)


@pytest.mark.parametrize("fact", sorted(HOLDS.keys() - ABOUT_NOBODY, key=lambda one: one.__name__))
def test_a_thing_that_names_nobody_is_nobodys(fact):
    for thing in (None, Nothing()):
        for actor in (HOLDS[fact][0], Actor(user_id=None, uid=None)):
            assert not fact(actor, thing, NOW)


def test_a_thing_of_the_whole_house_is_any_coordinators():
    of_all = replace(MOTION, group_id=None)
    for actor in (COORDINATOR, COORDINATOR_ELSEWHERE):
        assert p.coordinates_its_group_or_all(actor, of_all, NOW)
    for actor in (STEWARD, DRIVER, replace(COORDINATOR, is_active=False)):
        assert not p.coordinates_its_group_or_all(actor, of_all, NOW)
    assert not p.coordinates_its_group_or_all(COORDINATOR, None, NOW)


def test_who_is_asked_to_second_what_is_about_nobody_need_only_be_another():
    assert p.is_a_second_person(COORDINATOR, Proposed(asked_by_id=109), NOW)
    assert not p.is_a_second_person(COORDINATOR, Proposed(asked_by_id=COORDINATOR.user_id), NOW)


def test_an_alarm_about_nobody_may_be_taken_by_anybody():
    for thing in (None, replace(ALARM, about_id=None)):
        assert p.is_about_another(COORDINATOR, thing, NOW)


def test_a_family_is_open_only_if_it_says_so():
    assert p.is_not_closed(COORDINATOR, THING, NOW)
    for thing in (None, replace(THING, is_closed=True), replace(THING, is_closed=None)):
        assert not p.is_not_closed(COORDINATOR, thing, NOW)


@pytest.mark.parametrize("change", [{"family_id": 32}, {"user_id": 104}, {"ends_at": NOW}])
def test_a_break_opens_its_own_family_to_its_own_person_while_it_lasts(change: dict[str, object]):
    broken = replace(THING, breaks=(replace(THING.breaks[0], **change),))
    assert not p.holds_break_glass(COORDINATOR, broken, NOW)


def test_only_the_house_itself_is_the_system():
    assert p.is_system(SYSTEM, THING, NOW)
    assert not p.is_system(STEWARD, THING, NOW)


def test_a_ride_is_open_from_its_start_up_to_its_end():
    assert p.is_in_the_rides_time(DRIVER, replace(RIDE, opens_at=NOW), NOW)
    assert not p.is_in_the_rides_time(DRIVER, replace(RIDE, closes_at=NOW), NOW)
    assert not p.is_in_the_rides_time(DRIVER, THING, NOW)


def test_a_grant_is_asked_of_a_place_only():
    assert not p.holds_live_grant(DRIVER, THING, NOW)


def test_a_map_app_is_for_a_ride_of_a_group_that_lets_it():
    assert p.may_be_navigated(DRIVER, RIDE, NOW)
    for thing in (None, THING, replace(RIDE, may_navigate=False)):
        assert not p.may_be_navigated(DRIVER, thing, NOW)
