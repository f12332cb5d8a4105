"""Sheets of places and addresses."""

import pytest

from dispatch.imports.reading.known import Point, read_addresses, read_places
from dispatch.imports.reading.layouts import ADDRESSES, PLACES
from dispatch.imports.reading.outcome import Taken
from dispatch.imports.reading.tables import read_table
from tests.dispatch.imports.reading.sheets import a_csv, sentences

PLACE = {"name": "Alder Clinic", "kind": "clinic", "lat": "49.25", "lon": "-123.1"}
ADDRESS = {"house_number": "12", "street": "Alder St", "city": "Bayside", "lat": "1", "lon": "2"}


def _places(*changes):
    return read_places(read_table(a_csv([PLACE | change for change in changes]), PLACES))


def _addresses(*changes):
    return read_addresses(read_table(a_csv([ADDRESS | change for change in changes]), ADDRESSES))


def test_a_decimal_comma_is_read():
    (outcome,) = _places({"lat": "49,25", "lon": "-123,1"})
    assert outcome.value.point == Point(49.25, -123.1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lat": "-123.1", "lon": "49.25"}, "exchanged"),
        ({"lat": "0", "lon": "0"}, "no point"),
        ({"lat": "nan"}, "not a number"),
        ({"lat": ""}, "not a number"),
        ({"lon": "181"}, "no point"),
        ({"name": ""}, "name is missing"),
    ],
)
def test_a_place_that_is_nowhere_is_refused(change: dict[str, str], said: str):
    (outcome,) = _places(change)
    assert said in sentences(outcome)[0]


def test_the_same_place_twice_is_refused_and_another_branch_is_not():
    first, second, third = _places({}, {"lat": "49.3"}, {"name": "ALDER clinic"})
    assert isinstance(first, Taken)
    assert isinstance(second, Taken)
    assert sentences(third) == ["The same as row 2; remove one of the two."]


def test_an_address_without_a_number_or_a_street_is_refused():
    outcomes = _addresses({"house_number": ""}, {"street": ""}, {"house_number": "none"})
    assert [len(sentences(outcome)) for outcome in outcomes] == [1, 1, 1]
