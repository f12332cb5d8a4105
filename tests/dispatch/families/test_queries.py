"""Which families are found, for whom, and by what."""

from uuid import uuid4

import pytest

from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound
from dispatch.families import queries, service
from dispatch.families.facts import Part
from dispatch.families.models import FamilyState
from tests.build import a_coordinator, a_driver, a_family, a_group, a_steward, driver_actor

PHONE = "604-555-0117"


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


@pytest.fixture
def stranger(any_session):
    return a_coordinator(any_session, a_group(any_session))


@pytest.fixture
def family(any_session, group):
    """A family that is found by its phone."""
    family = a_family(any_session, group, number="F007")
    vault_of(any_session).remember("phone", PHONE, family.uid, group.uid)
    return family


def test_families_come_by_number_and_those_who_left_only_when_asked_for(any_session, group, rosa):
    second, first = (a_family(any_session, group, number=number) for number in ("F02", "F01"))
    left = a_family(any_session, group, number="F03", state=FamilyState.LEFT)
    assert queries.families(any_session, rosa, group) == [first, second]
    assert queries.families(any_session, rosa, group, state=FamilyState.LEFT) == [left]
    assert queries.families(any_session, rosa, group, state=None) == [first, second, left]


def test_another_groups_family_is_not_found_by_any_way(any_session, group, family, stranger):
    assert queries.families(any_session, stranger, group) == []
    assert queries.find_by_number(any_session, stranger, group, family.number) is None
    assert queries.find_by_phone(any_session, stranger, group, PHONE) == []
    assert queries.drivers_to_wish(any_session, stranger, group) == []
    with pytest.raises(NotFound):
        queries.get_family(any_session, stranger, family.uid)


def test_neither_a_driver_nor_a_steward_finds_a_family(any_session, group, family):
    for actor in (driver_actor(a_driver(any_session, group)), a_steward(any_session)):
        assert queries.families(any_session, actor, group) == []
        assert queries.find_by_phone(any_session, actor, group, PHONE) == []
        with pytest.raises(NotFound):
            queries.get_family(any_session, actor, family.uid)


def test_a_family_that_is_not_there_is_not_found(any_session, rosa):
    with pytest.raises(NotFound):
        queries.get_family(any_session, rosa, uuid4())


def test_a_number_is_found_in_any_case(any_session, group, rosa, family):
    assert queries.find_by_number(any_session, rosa, group, " f007 ") is family
    assert queries.find_by_number(any_session, rosa, group, "F00") is None


def test_the_letter_and_the_noughts_of_a_number_need_not_be_typed(any_session):
    group = a_group(any_session)
    rosa = a_coordinator(any_session, group)
    seven = a_family(any_session, group, number="F007")
    a_family(any_session, group, number="F117")
    found = [queries.find_by_number(any_session, rosa, group, one) for one in ("7", "007", "17")]
    assert found == [seven, seven, None]
    a_family(any_session, group, number="G7")
    assert queries.find_by_number(any_session, rosa, group, "7") is None
    assert queries.find_by_number(any_session, rosa, group, "0") is None


@pytest.mark.parametrize("typed", [PHONE, "(604) 555 0117", "6045550117"])
def test_a_phone_is_found_however_it_is_written(any_session, group, rosa, family, typed):
    assert queries.find_by_phone(any_session, rosa, group, typed) == [family]


@pytest.mark.parametrize("typed", ["604-555-0118", "0117", "", "Carmen"])
def test_what_is_not_the_phone_finds_nobody(any_session, group, rosa, family, typed):
    assert queries.find_by_phone(any_session, rosa, group, typed) == []


def test_only_the_groups_own_drivers_can_be_wished_for(any_session, group, rosa):
    second, first = (a_driver(any_session, group, number=number) for number in ("D02", "D01"))
    a_driver(any_session, a_group(any_session))
    assert queries.drivers_to_wish(any_session, rosa, group) == [first, second]


def test_looks_are_listed_newest_first_with_who_and_whether_refused(
    any_session, group, rosa, stranger, family, now
):
    service.reveal(any_session, rosa, family, now=now, parts={Part.PHONE})
    with pytest.raises(NotFound):
        service.reveal(any_session, stranger, family, now=now, parts={Part.PHONE})
    service.reveal(any_session, rosa, a_family(any_session, group), now=now, parts={Part.PHONE})
    refused, read = queries.looks(any_session, family, most=5)
    assert (read.who, read.is_refused, refused.is_refused) == ("Rosa", False, True)
    assert str(read.what) == "read a family's name, phone or address"
    assert queries.looks(any_session, family, most=1) == [refused]


def test_the_next_number_follows_the_highest_of_the_group(any_session, group, family):
    assert queries.next_number(any_session, a_group(any_session)) == "F001"
    assert queries.next_number(any_session, group) == "F008"
