"""An address that was found, as places want it."""

from dispatch.imports.reading.addresses import Found, Match
from dispatch.imports.reading.known import Point
from dispatch.imports.service.homes import address_of
from dispatch.places.sealed import Address


def test_street_unit_and_town_come_apart():
    found = Found(Match.EXACT, Point(49.25, -123.1), "12 Alder Street, North Bayside", "7")
    assert address_of(found) == (
        Address(line="12 Alder Street", unit="7", town="North Bayside"),
        (49.25, -123.1),
    )


def test_an_address_without_a_town_has_none():
    found = Found(Match.EXACT, Point(49.25, -123.1), "12 Alder Street")
    assert address_of(found)[0] == Address(line="12 Alder Street")
