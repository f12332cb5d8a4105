"""Decisions about sheets and their places."""

import pytest

from dispatch.imports import rules
from dispatch.imports.reading.known import Point
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.models import PRIVATE_KINDS, PlaceKind


@pytest.mark.parametrize("kind", [one for one in PlaceKind if one not in PRIVATE_KINDS])
def test_our_own_words_for_kinds_are_understood(kind):
    known = rules.kind_of_place(kind.value)
    assert known is (kind if kind is not PlaceKind.OTHER else None)


def test_a_private_kind_is_no_kind_of_a_public_place():
    assert rules.kind_of_place("home") is None


def test_branches_share_their_name_however_it_is_written():
    names = ["Safeway", "Safeway (12 Alder Street)", "St. Mary (North)", "Saint Mary (South)"]
    assert rules.base_names(names) == {
        "Safeway": "Safeway",
        "Safeway (12 Alder Street)": "Safeway",
        "St. Mary (North)": "St. Mary",
        "Saint Mary (South)": "Saint Mary",
    }


def test_brackets_of_a_single_place_belong_to_its_name():
    assert rules.base_names(["Clinic (VGH)"]) == {"Clinic (VGH)": "Clinic (VGH)"}


def test_a_branch_says_its_street_before_what_it_is_near():
    assert rules.branch_names("Safeway", "1 Elm Street", ["Library"]) == [
        "Safeway (1 Elm Street)",
        "Safeway (by Library)",
    ]
    assert rules.branch_names("Safeway", None, ["Library"]) == ["Safeway (by Library)"]


def test_one_point_far_off_does_not_move_the_middle():
    near = [Point(49.25, -123.1), Point(49.26, -123.1), Point(49.27, -123.1)]
    middle = rules.middle_of([*near, Point(-49.2, 123.1)])
    assert rules.is_astray(Point(-49.2, 123.1), middle)
    assert not any(rules.is_astray(point, middle) for point in near)


def test_where_nothing_is_known_nothing_is_astray():
    assert not rules.is_astray(Point(49.25, -123.1), rules.middle_of([]))


PORTO = Point(41.15, -8.61)


def silent(_point: tuple[float, float]) -> None:
    """A map that says nothing of any point."""


def test_a_point_that_fits_turned_round_is_swapped():
    assert rules.is_swapped(Point(-8.61, 41.15), PORTO, silent)
    assert not rules.is_swapped(PORTO, PORTO, silent)
    assert not rules.is_swapped(Point(-8.61, 80.15), PORTO, silent)
    assert not rules.is_swapped(Point(-8.61, 41.15), None, silent)
    assert not rules.is_swapped(Point(-8.61, -123.1), PORTO, silent)


def test_the_map_tells_a_swapped_point_where_no_other_row_does():
    assert rules.is_swapped(Point(-8.61, 41.15), None, lambda _point: PinTrouble.SWAPPED)
    assert not rules.is_swapped(Point(-8.61, 41.15), None, lambda _point: PinTrouble.OUTSIDE)


def test_a_point_that_nothing_is_known_against_is_not_doubted():
    assert rules.doubts_of(PORTO, silent) == ()
    assert rules.doubts_of(PORTO, lambda _point: PinTrouble.SWAPPED) == ()
    assert len(rules.doubts_of(PORTO, lambda _point: PinTrouble.WATER)) == 1
