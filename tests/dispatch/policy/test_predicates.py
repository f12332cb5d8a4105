"""Facts about an actor and a thing, each true of one and false of one that comes close."""

from dataclasses import dataclass, replace

import pytest

from dispatch.policy import Actor
from dispatch.policy import predicates as p
from dispatch.policy.actor import ANONYMOUS, SYSTEM
from tests.dispatch.policy.principals import (
    ALARM,
    COORDINATOR,
    COORDINATOR_ELSEWHERE,
    DRIVER,
    DRIVER_ELSEWHERE,
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


HOLDS = {
    p.is_anyone: (DRIVER, THING),
    p.is_steward: (STEWARD, THING),
    p.coordinates_the_group: (COORDINATOR, THING),
    p.coordinates_its_group_or_all: (COORDINATOR, MOTION),
    p.is_a_second_person: (COORDINATOR, MOTION),
    p.is_about_another: (COORDINATOR, ALARM),
    p.is_the_driver: (DRIVER, THING),
    p.is_the_person: (DRIVER, THING),
    p.holds_live_grant: (DRIVER, HOME),
}
"""For whom and of what each fact about a person is true."""
OTHERS = {
    p.is_anyone: ANONYMOUS,
    p.is_steward: COORDINATOR,
    p.coordinates_the_group: COORDINATOR_ELSEWHERE,
    p.coordinates_its_group_or_all: COORDINATOR_ELSEWHERE,
    p.is_a_second_person: replace(COORDINATOR, user_id=MOTION.asked_by_id),
    p.is_about_another: replace(COORDINATOR, user_id=ALARM.about_id),
    p.is_the_driver: DRIVER_ELSEWHERE,
    p.is_the_person: COORDINATOR,
    p.holds_live_grant: DRIVER_ELSEWHERE,
}
"""Who comes close."""


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


@pytest.mark.parametrize(
    "fact",
    [p.coordinates_the_group, p.is_the_driver, p.is_the_person],
)
def test_a_thing_that_names_nobody_is_nobodys(fact):
    for thing in (None, Nothing()):
        for actor in (DRIVER, COORDINATOR, Actor(user_id=None, uid=None)):
            assert not fact(actor, thing, NOW)


def test_only_the_house_itself_is_the_system():
    assert p.is_system(SYSTEM, THING, NOW)
    assert not p.is_system(STEWARD, THING, NOW)


def test_a_ride_is_open_from_its_start_up_to_its_end():
    assert p.is_in_the_rides_time(DRIVER, replace(RIDE, opens_at=NOW), NOW)
    assert not p.is_in_the_rides_time(DRIVER, replace(RIDE, closes_at=NOW), NOW)
    assert not p.is_in_the_rides_time(DRIVER, THING, NOW)


def test_a_grant_is_asked_of_a_place_only():
    assert not p.holds_live_grant(DRIVER, THING, NOW)
