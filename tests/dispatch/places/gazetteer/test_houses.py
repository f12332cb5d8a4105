"""A number on a street: on record, or by counting."""

import pytest

from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.houses import on_street
from dispatch.places.gazetteer.search import streets
from dispatch.places.roads import metres_between
from tests.dispatch.places.gazetteer.town import SOUTH, STEP, WEST


@pytest.fixture
def on(edition):
    """A function from a street and a number to what is there."""

    def look(street, number):
        return on_street(edition.database, streets(edition, street)[0].number, number)

    return look


def test_a_house_on_record_is_exact(on):
    (house,) = on("Wealthy Street Southeast", "1205")
    assert house.kind is MatchKind.EXACT
    assert house.point == (pytest.approx(SOUTH + 0.0002), pytest.approx(WEST + 0.001 + STEP))


def test_a_house_between_two_stands_between_them_on_their_side(on):
    (house,) = on("Wealthy Street Southeast", "1203")
    assert house.kind is MatchKind.INTERPOLATED
    expected = (SOUTH + 0.0002, WEST + 0.001 + STEP / 2)
    assert metres_between(house.point, expected) < 2


def test_the_other_side_of_the_street_has_its_own_numbers(on):
    (house,) = on("Wealthy Street Southeast", "1202")
    assert house.point[0] < SOUTH


def test_a_line_that_says_how_its_houses_are_numbered_is_followed(on):
    (house,) = on("Calle Mayor", "22")
    assert house.kind is MatchKind.INTERPOLATED
    assert metres_between(house.point, (SOUTH + 0.006, WEST + 0.0062)) < 3


def test_a_little_past_the_last_house_is_guessed_and_far_past_it_is_not(on):
    (house,) = on("Wealthy Street Southeast", "1223")
    last = (SOUTH + 0.0002, WEST + 0.001 + 5 * STEP)
    assert 10 < metres_between(house.point, last) < 45
    assert on("Wealthy Street Southeast", "1299") == []


def test_what_is_no_number_is_nowhere(on):
    assert on("Wealthy Street Southeast", "rear") == []
