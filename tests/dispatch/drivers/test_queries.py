"""Which drivers are found, for whom, and with what."""

from datetime import date

import pytest
from sqlalchemy.exc import InvalidRequestError

from dispatch.drivers import queries
from dispatch.drivers.models import (
    Credential,
    CredentialKind,
    DatedAvailability,
    DayOff,
)
from dispatch.errors import NotFound
from dispatch.people.models import Membership, Role
from tests.build import MADE, a_coordinator, a_driver, a_group, a_steward, a_user, driver_actor

TUESDAY = date(2027, 3, 9)


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


def test_a_day_is_shown_with_its_own_times_and_what_expired(any_session, group, rosa, elsewhere):
    driver = a_driver(any_session, group)
    a_driver(any_session, elsewhere)
    wednesday = date(2027, 3, 10)
    driver.dated = [
        DatedAvailability(on=day, starts_minute=600, ends_minute=720)
        for day in (TUESDAY, wednesday)
    ]
    driver.days_off = [
        DayOff(first_on=date(2027, 3, 1), last_on=date(2027, 3, 8)),
        DayOff(first_on=TUESDAY, last_on=wednesday),
    ]
    for kind, day in (
        (CredentialKind.LICENCE, date(2027, 3, 8)),
        (CredentialKind.INSURANCE, TUESDAY),
    ):
        driver.credentials.append(Credential(kind=kind, expires_on=day, seen_at=MADE))
    any_session.flush()
    any_session.expunge_all()
    (found,) = queries.drivers_on(any_session, rosa, group, TUESDAY)
    assert [one.weekday for one in found.weekly] == [1]
    assert [one.on for one in found.dated] == [TUESDAY]
    assert [one.first_on for one in found.days_off] == [TUESDAY]
    assert [one.kind for one in found.credentials] == [CredentialKind.LICENCE]
    assert queries.drivers_on(any_session, rosa, elsewhere, TUESDAY) == []


def test_a_list_of_a_day_knows_no_place(any_session, group, rosa):
    a_driver(any_session, group)
    any_session.expunge_all()
    (found,) = queries.drivers_on(any_session, rosa, group, TUESDAY)
    with pytest.raises(InvalidRequestError):
        _ = found.start_place_id


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
