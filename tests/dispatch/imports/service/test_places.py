"""Public places of a sheet."""

import pytest
from sqlalchemy.orm import Session

from dispatch.imports import queries
from dispatch.imports.rules import Sheet
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.models import PlaceKind
from tests.build import a_group
from tests.dispatch.imports.service.bringing import bring, said, states

ELSEWHERE = {"lat": "49.30", "house_number": "", "street": ""}


def names(session: Session, group) -> list[str]:
    return [place.shown_as for place in queries.public_places(session, group)]


def test_a_place_is_kept_with_its_kind_and_street(any_session: Session):
    group = a_group(any_session)
    report = bring(any_session, group, Sheet.PLACES, {})
    (place,) = queries.public_places(any_session, group)
    assert states(report) == ["taken"]
    assert (place.name, place.kind, place.address) == (
        "Alder Clinic",
        PlaceKind.CLINIC,
        "1 Clinic Road",
    )


def test_a_sheet_brought_twice_adds_nothing(any_session: Session):
    group = a_group(any_session)
    rows = [{}, ELSEWHERE, {"name": "Bay School"}]
    bring(any_session, group, Sheet.PLACES, *rows)
    before = names(any_session, group)
    assert states(bring(any_session, group, Sheet.PLACES, *rows)) == ["known"] * 3
    assert names(any_session, group) == before


def test_branches_are_told_apart_by_their_street_or_what_is_near(any_session: Session):
    group = a_group(any_session)
    bring(any_session, group, Sheet.PLACES, {}, ELSEWHERE, {"name": "Bay School", "lat": "49.31"})
    assert names(any_session, group) == [
        "Alder Clinic (1 Clinic Road)",
        "Alder Clinic (by Bay School)",
        "Bay School",
    ]


def test_branches_are_still_found_by_the_name_people_say(any_session: Session):
    group = a_group(any_session)
    bring(any_session, group, Sheet.PLACES, {}, ELSEWHERE, {"name": "Bay School", "lat": "49.31"})
    book = queries.book_of(any_session, group)
    far_branch = queries.public_places(any_session, group)[1]
    found = book.names.find("alder clinic", near=book.places[1][0].point)
    assert book.place(found) is far_branch


def test_two_doors_of_one_place_are_one(any_session: Session):
    group = a_group(any_session)
    report = bring(any_session, group, Sheet.PLACES, {}, {"lat": "49.2603"})
    assert states(report) == ["taken", "known"]
    assert "33 m away" in said(report.rows[1])


def test_a_point_with_a_wrong_digit_is_refused_also_in_the_first_row(any_session: Session):
    group = a_group(any_session)
    rows = [{"name": "Lost", "lat": "39.26"}, {}, {"name": "Bay School"}]
    report = bring(any_session, group, Sheet.PLACES, *rows)
    assert states(report) == ["refused", "taken", "taken"]
    assert "km from where the other places are" in said(report.rows[0])


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("place_of_worship", PlaceKind.WORSHIP),
        ("Hospital", PlaceKind.CLINIC),
        ("biblioteca", PlaceKind.COMMUNITY),
        ("meeting point", PlaceKind.MEETING_POINT),
        ("community_centre", PlaceKind.COMMUNITY),
    ],
)
def test_kinds_are_read_in_the_words_of_maps_and_people(session: Session, word, kind):
    group = a_group(session)
    bring(session, group, Sheet.PLACES, {"kind": word})
    assert queries.public_places(session, group)[0].kind is kind


def test_an_unknown_kind_is_taken_as_other_and_said(session: Session):
    group = a_group(session)
    report = bring(session, group, Sheet.PLACES, {"kind": "lighthouse"})
    assert queries.public_places(session, group)[0].kind is PlaceKind.OTHER
    assert "lighthouse is no known kind" in said(report.rows[0])


def test_a_name_in_brackets_of_its_own_stays(session: Session):
    group = a_group(session)
    bring(session, group, Sheet.PLACES, {"name": "Saint George (Junior)"}, {"lat": "49.28"})
    assert names(session, group) == ["Alder Clinic", "Saint George (Junior)"]
    assert queries.book_of(session, group).names.find("saint george (junior)").kind == "clinic"


@pytest.mark.parametrize(
    ("trouble", "state", "sentence"),
    [
        (PinTrouble.SWAPPED, "refused", "Latitude and longitude look swapped."),
        (PinTrouble.OUTSIDE, "taken", "outside of the map that is known here"),
        (PinTrouble.WATER, "taken", "lies in water"),
    ],
)
def test_what_the_imported_map_says_of_a_point_is_said(session: Session, trouble, state, sentence):
    asked = []

    def look(point):
        asked.append(point)
        return trouble

    report = bring(session, a_group(session), Sheet.PLACES, {}, look_at_pin=look)
    assert states(report) == [state]
    assert sentence in said(report.rows[0])
    assert set(asked) == {(49.26, -123.1)}
