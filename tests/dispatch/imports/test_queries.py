"""What a sheet is held against."""

from sqlalchemy.orm import Session

from dispatch.imports import queries
from tests.build import MADE, a_driver, a_family, a_group, a_public_place, a_request


def test_a_retired_place_is_not_meant_any_more(any_session: Session):
    group = a_group(any_session)
    kept, gone = a_public_place(any_session, group, "Clinic"), a_public_place(any_session, group)
    gone.retired_at = MADE
    assert queries.public_places(any_session, group) == [kept]


def test_places_of_another_group_are_not_meant(any_session: Session):
    group, other = a_group(any_session), a_group(any_session, name="Pine Valley Rides")
    a_public_place(any_session, other)
    assert queries.book_of(any_session, group).places == []


def test_a_family_is_found_by_its_number_however_it_is_written(any_session: Session):
    group, other = a_group(any_session), a_group(any_session, name="Pine Valley Rides")
    family = a_family(any_session, group, number="f017")
    a_family(any_session, other, number="F017")
    assert queries.find_family(any_session, group, "F017") is family
    assert queries.families_by_number(any_session, group) == {"F017": family}


def test_requests_of_earlier_imports_are_found_by_what_they_were_made_from(any_session: Session):
    group = a_group(any_session)
    request = a_request(any_session, a_family(any_session, group), form_token="a" * 64)
    assert queries.requests_by_token(any_session, ["a" * 64, "b" * 64]) == {"a" * 64: request}


def test_a_driver_is_found_in_the_own_group_only(any_session: Session):
    group, other = a_group(any_session), a_group(any_session, name="Pine Valley Rides")
    driver = a_driver(any_session, group)
    assert queries.find_driver(any_session, group, driver.user) is driver
    assert queries.find_driver(any_session, other, driver.user) is None
