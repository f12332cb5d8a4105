"""What a typed line finds in the tiny town."""

import pytest

from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.gazetteer.search import find, streets
from dispatch.places.roads import metres_between
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, Town

WITH_ALL = "1201 Wealthy St SE apt 3, Grand Bend, MI"


def best(edition, text):
    return find(edition, text, 5)[0]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("1201 Wealthy Street Southeast", "1201 Wealthy Street Southeast, Grand Bend 49506"),
        ("1201 wealthy st se", "1201 Wealthy Street Southeast, Grand Bend 49506"),
        ("1201 wealthy", "1201 Wealthy Street Southeast, Grand Bend 49506"),
        ("1201 Wealhty St SE", "1201 Wealthy Street Southeast, Grand Bend 49506"),
        (WITH_ALL, "1201 Wealthy Street Southeast, Grand Bend 49506"),
        ("1243 Quarry St, Ada", "1243 Quarry Street, Ada 49301"),
        ("1243 quarry st 49301", "1243 Quarry Street, Ada 49301"),
        ("C/ Mayor, 2, 3º B", "Calle Mayor 2, Grand Bend 49506"),
        ("2 pena row", "2 Peña Row, Grand Bend 49506"),
    ],
)  # fmt: skip
def test_a_house_is_found_as_people_write_it(edition, typed, label):
    found = best(edition, typed)
    assert (found.label.removesuffix(" 49506"), found.kind) == (
        label.removesuffix(" 49506"),
        MatchKind.EXACT,
    )


def test_a_unit_is_kept_and_not_searched(edition):
    assert best(edition, "1201 Wealthy St SE #3").unit == "#3"


def test_what_was_written_otherwise_says_so(edition):
    assert best(edition, "1201 Wealhty St SE").is_corrected
    assert not best(edition, "1201 wealthy st se").is_corrected


def test_an_address_in_two_towns_is_exact_in_neither(edition):
    found = find(edition, "1243 Quarry Street", 5)
    assert {one.town for one in found} == {"Grand Bend", "Ada"}
    assert all(one.is_doubtful and one.kind is MatchKind.STREET for one in found)


def test_a_town_that_was_typed_and_is_another_makes_an_address_doubtful(edition):
    found = find(edition, "1201 Wealthy Street Southeast, Ada", 5)
    assert found[0].is_doubtful
    assert found[0].kind is MatchKind.STREET


@pytest.mark.parametrize(
    "typed", ["wealthy & diamond", "Diamond Ave SE y Wealthy St SE, Grand Bend"]
)
def test_a_crossing_is_found_from_both_sides(edition, typed):
    found = best(edition, typed)
    assert found.kind is MatchKind.CROSSING
    assert metres_between(found.point, (SOUTH, WEST)) < 1


def test_two_streets_that_do_not_meet_have_no_crossing(edition):
    assert all(one.kind is not MatchKind.CROSSING for one in find(edition, "Quarry & Mayor", 5))


def test_a_number_that_is_not_known_finds_the_street_and_says_so(edition):
    found = best(edition, "9000 Wealthy St SE")
    assert (found.kind, found.number) == (MatchKind.STREET, "")


@pytest.mark.parametrize(
    "typed", ["clinica senora de la paz", "Clínica Señora", "clinica senrora de la paz"]
)
def test_a_named_place_is_found_without_its_accents_and_with_a_slip(edition, typed):
    found = best(edition, typed)
    assert (found.kind, found.name) == (MatchKind.PLACE, "Clínica Señora de la Paz")


@pytest.mark.parametrize(
    "typed", ["", "  ", "99 Nowhere Road", "qqqqqq", "'; DROP TABLE street", '"*"']
)
def test_nothing_like_it_finds_nothing(edition, typed):
    assert find(edition, typed, 5) == []


def test_streets_of_one_name_in_two_towns_are_two(edition):
    assert len(streets(edition, "Quarry Street")) == 2


def test_no_more_are_answered_than_asked_for(edition):
    assert len(find(edition, "1243 Quarry Street", 1)) == 1


def test_a_place_is_found_by_its_name_in_either_language(tmp_path):
    town = Town()
    names = {"name": "County Court", "name_es": "Juzgado del Condado", "alt_name": "Old Court"}
    town.point(SOUTH, WEST, amenity="courthouse", **names)
    known = Gazetteer(tmp_path / "made.db")
    make(town.write(tmp_path / "town.osm.pbf"), tmp_path / "made.db")
    for typed in ("county court", "juzgado del condado", "old court"):
        assert known.find(typed, 1)[0].point == (SOUTH, WEST)
