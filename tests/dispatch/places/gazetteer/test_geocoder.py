"""The local geocoder, as geopy's are used."""

import pytest
from geopy.geocoders.base import Geocoder

from dispatch.places.gazetteer.geocoder import NetworkRefused, in_folder
from dispatch.places.gazetteer.pins import PinTrouble
from tests.dispatch.places.gazetteer.town import SOUTH, WEST


def test_it_is_one_of_geopys(known):
    assert isinstance(known, Geocoder)


def test_the_best_answer_alone_or_several(known):
    one = known.geocode("1243 Quarry St, Ada")
    assert one.address == "1243 Quarry Street, Ada 49301"
    assert one.raw["match"] == "exact"
    assert len(known.geocode("1243 Quarry St", exactly_one=False)) == 2
    assert known.geocode("99 Nowhere Road") is None
    assert known.geocode("99 Nowhere Road", exactly_one=False) is None


def test_a_point_gets_the_nearest_address(known):
    place = f"{SOUTH + 0.0003}, {WEST + 0.0011}"
    assert known.reverse(place).address.startswith("1201 Wealthy Street")
    assert len(known.reverse((SOUTH + 0.0003, WEST + 0.0011), exactly_one=False)) == 1
    assert known.reverse((0, 0)) is None


def test_without_an_import_it_knows_nothing(tmp_path):
    known = in_folder(tmp_path)
    assert not known.is_there
    assert known.geocode("1243 Quarry St") is None
    assert known.complete("1243 Quarry") == []
    assert known.nearest((SOUTH, WEST)) is None
    assert known.trouble_with((SOUTH, WEST)) is None


def test_it_says_what_is_wrong_with_a_point(known):
    assert known.is_there
    assert known.trouble_with((0, 0)) is PinTrouble.OUTSIDE


def test_no_server_is_ever_asked(known):
    for ask in (known.adapter.get_json, known.adapter.get_text):
        with pytest.raises(NetworkRefused):
            ask("https://geocoder.example/", timeout=1, headers={})
