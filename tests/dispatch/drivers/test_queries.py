"""Which drivers are found, for whom, and with what."""

from datetime import date

import pytest

from dispatch.drivers import queries, rules
from dispatch.drivers.models import (
    Credential,
    CredentialKind,
    DatedAvailability,
    DayOff,
    DriverState,
    WeeklyAvailability,
)
from dispatch.errors import NotFound
from dispatch.people.models import Membership, Role
from tests.build import MADE, a_coordinator, a_driver, a_group, a_steward, a_user, driver_actor

MONDAY, TUESDAY, WEDNESDAY = (date(2027, 3, day) for day in (8, 9, 10))


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


@pytest.fixture
def elsewhere(any_session):
    """Another group."""
    return a_group(any_session)


@pytest.fixture
def other(any_session, elsewhere):
    """A driver of that other group."""
    return a_driver(any_session, elsewhere)


def test_drivers_come_by_number_and_from_no_other_group(any_session, group, rosa, elsewhere, other):
    second, first = (a_driver(any_session, group, number=number) for number in ("D02", "D01"))
    assert queries.drivers(any_session, rosa, group) == [first, second]
    assert queries.drivers(any_session, rosa, elsewhere) == []
    with pytest.raises(NotFound):
        queries.get_driver(any_session, rosa, other.uid)


def test_a_driver_finds_itself_and_nobody_else(any_session, group):
    mine, colleague = a_driver(any_session, group), a_driver(any_session, group)
    actor = driver_actor(mine)
    assert queries.drivers(any_session, actor, group) == [mine]
    assert queries.own_driver(any_session, actor, group) is mine
    with pytest.raises(NotFound):
        queries.get_driver(any_session, actor, colleague.uid)
    assert queries.drivers_on(any_session, actor, group, TUESDAY) == []


def test_who_does_not_drive_for_a_group_has_no_record_there(any_session, group, rosa, other):
    for actor in (rosa, driver_actor(other), a_steward(any_session)):
        with pytest.raises(NotFound):
            queries.own_driver(any_session, actor, group)


def test_a_steward_finds_no_driver(any_session, group):
    driver, steward = a_driver(any_session, group), a_steward(any_session)
    assert queries.drivers(any_session, steward, group) == []
    assert queries.drivers_on(any_session, steward, group, TUESDAY) == []
    with pytest.raises(NotFound):
        queries.get_driver(any_session, steward, driver.uid)


LATE = DatedAvailability, {"starts_minute": 1200, "ends_minute": 1260}
EARLY = DatedAvailability, {"starts_minute": 600, "ends_minute": 720}
SECOND = WeeklyAvailability, {"weekday": 1, "starts_minute": 1320, "ends_minute": 1380}
OTHER_WEEKDAY = WeeklyAvailability, {"weekday": 2, "starts_minute": 0, "ends_minute": 1440}
LICENCE = Credential, {"kind": CredentialKind.LICENCE, "seen_at": MADE}
INSURANCE = Credential, {"kind": CredentialKind.INSURANCE, "seen_at": MADE}


@pytest.mark.parametrize(
    "record",
    [
        [],
        [(SECOND, {}), (OTHER_WEEKDAY, {})],
        [(LATE, {"on": TUESDAY}), (EARLY, {"on": TUESDAY}), (SECOND, {})],
        [(EARLY, {"on": WEDNESDAY})],
        [((DayOff, {}), {"first_on": TUESDAY, "last_on": WEDNESDAY})],
        [((DayOff, {}), {"first_on": MONDAY, "last_on": MONDAY})],
        [((DayOff, {}), {"first_on": WEDNESDAY, "last_on": WEDNESDAY})],
        [(LICENCE, {"expires_on": MONDAY}), (INSURANCE, {"expires_on": TUESDAY})],
        [(LICENCE, {"expires_on": TUESDAY})],
    ],
    ids=repr,
)
@pytest.mark.parametrize("state", DriverState)
def test_a_list_of_a_day_has_the_hours_that_the_rules_say(any_session, group, rosa, record, state):
    driver = a_driver(any_session, group, state=state)
    for (kind, usual), more in record:
        any_session.add(kind(driver=driver, **usual, **more))
    any_session.flush()
    any_session.refresh(driver)
    (found,) = queries.drivers_on(any_session, rosa, group, TUESDAY)
    assert (found.id, found.uid, found.number) == (driver.id, driver.uid, driver.number)
    said = rules.shifts_of(found.ranges, TUESDAY, group.zone)
    assert said == rules.shifts_on(driver, TUESDAY, group.zone)


def test_a_list_of_a_day_holds_the_drivers_of_its_group(any_session, group, rosa, elsewhere, other):
    numbers = [a_driver(any_session, group, number=number).number for number in ("D02", "D01")]
    found = queries.drivers_on(any_session, rosa, group, TUESDAY)
    assert [one.number for one in found] == sorted(numbers)
    assert queries.drivers_on(any_session, rosa, elsewhere, TUESDAY) == []


def test_a_person_has_one_record_for_each_group(any_session, group, other):
    here = a_driver(any_session, group, user=other.user, home=other.start_place)
    assert queries.driver_ids_of(any_session, other.user_id) == {
        group.id: here.id,
        other.group_id: other.id,
    }
    assert queries.driver_ids_of(any_session, a_user(any_session).id) == {}


def test_who_was_invited_here_and_has_no_record_here_is_waited_for(
    any_session, group, rosa, elsewhere, other
):
    invited, coordinator = a_user(any_session), a_user(any_session)
    for user, role in (
        (invited, Role.DRIVER),
        (other.user, Role.DRIVER),
        (coordinator, Role.COORDINATOR),
    ):
        any_session.add(Membership(user=user, group=group, role=role))
    a_driver(any_session, group)
    any_session.flush()
    found = queries.without_record(any_session, rosa, group)
    assert {user.id for user in found} == {invited.id, other.user_id}
    stranger = a_coordinator(any_session, elsewhere)
    assert queries.without_record(any_session, stranger, group) == []


def test_the_next_number_follows_the_highest_of_the_group(any_session, group, other):
    assert queries.next_number(any_session, group) == "D01"
    a_driver(any_session, group, number="D09")
    other.number = "D40"
    any_session.flush()
    assert queries.next_number(any_session, group) == "D10"
