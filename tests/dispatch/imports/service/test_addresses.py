"""Known addresses of a sheet."""

import pytest
from sqlalchemy.orm import Session

from dispatch.imports import queries
from dispatch.imports.rules import Sheet
from dispatch.places.gazetteer.pins import PinTrouble
from tests.build import a_group
from tests.dispatch.imports.service.bringing import bring, said, states


def test_addresses_are_kept_for_later_sheets(any_session: Session):
    group = a_group(any_session)
    bring(any_session, group, Sheet.ADDRESSES, {})
    found = queries.book_of(any_session, group).names.find("12 alder st")
    assert (found.point.lat, found.point.lon) == (49.25, -123.1)


def test_addresses_brought_twice_are_kept_once(any_session: Session):
    group = a_group(any_session)
    rows = [{}, {"house_number": "14"}]
    bring(any_session, group, Sheet.ADDRESSES, *rows)
    assert states(bring(any_session, group, Sheet.ADDRESSES, *rows)) == ["known", "known"]
    assert len(queries.known_addresses(any_session, group)) == 2


def test_another_group_does_not_know_them(any_session: Session):
    group, other = a_group(any_session), a_group(any_session, name="Pine Valley Rides")
    bring(any_session, group, Sheet.ADDRESSES, {})
    assert queries.known_addresses(any_session, other) == []


def test_an_address_far_from_the_others_is_refused(session: Session):
    group = a_group(session)
    rows = [{}, {"house_number": "14"}, {"house_number": "16", "lat": "4.925"}]
    report = bring(session, group, Sheet.ADDRESSES, *rows)
    assert states(report) == ["taken", "taken", "refused"]
    assert "mend the point" in said(report.rows[2])


def test_a_street_too_long_to_keep_is_refused(session: Session):
    group = a_group(session)
    report = bring(session, group, Sheet.ADDRESSES, {"street": f"{'Long ' * 30}Street"})
    assert states(report) == ["refused"]
    assert "more than 120 characters" in said(report.rows[0])


@pytest.mark.parametrize(
    ("trouble", "state", "sentence"),
    [
        (PinTrouble.SWAPPED, "refused", "Latitude and longitude look swapped."),
        (PinTrouble.OUTSIDE, "taken", "outside of the map that is known here"),
        (PinTrouble.WATER, "taken", "lies in water"),
    ],
)
def test_what_the_imported_map_says_of_a_point_is_said(session: Session, trouble, state, sentence):
    group = a_group(session)
    report = bring(session, group, Sheet.ADDRESSES, {}, look_at_pin=lambda _point: trouble)
    assert states(report) == [state]
    assert sentence in said(report.rows[0])


def test_what_is_on_record_is_not_doubted_again(session: Session):
    group = a_group(session)
    bring(session, group, Sheet.ADDRESSES, {})
    report = bring(session, group, Sheet.ADDRESSES, {}, look_at_pin=lambda _point: PinTrouble.WATER)
    assert said(report.rows[0]) == ""
