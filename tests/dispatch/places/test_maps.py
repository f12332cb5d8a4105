"""What a map draws: public places and squares, never a home."""

from dispatch.places import maps
from dispatch.places.models import Place, PlaceKind
from tests.build import (
    a_cell,
    a_coordinator,
    a_family,
    a_group,
    a_public_place,
    a_steward,
)


def test_a_groups_map_has_its_public_places_and_each_cell_once(session):
    group = a_group(session)
    a_public_place(session, group)
    a_public_place(session, group, "Riverside School", (49.27, -123.1), PlaceKind.SCHOOL)
    drawn = maps.of_group(session, a_coordinator(session, group), group)
    assert drawn["places"] == [
        {"name": "Lakeview Clinic", "kind": "+", "lat": 49.26, "lon": -123.12},
        {"name": "Riverside School", "kind": "S", "lat": 49.27, "lon": -123.1},
    ]
    assert [cell["name"] for cell in drawn["cells"]] == ["Mill Hill"]
    assert drawn["rides"] == []


def test_no_home_and_no_place_of_another_group_is_drawn(session):
    group, elsewhere = a_group(session), a_group(session)
    a_family(session, group)
    a_public_place(session, elsewhere)
    nothing = {"cells": [], "places": [], "rides": []}
    rosa = a_coordinator(session, group)
    assert maps.of_group(session, rosa, group)["places"] == []
    assert maps.of_group(session, rosa, elsewhere) == nothing
    assert maps.of_group(session, a_steward(session), elsewhere) == nothing


def test_a_group_without_any_place_begins_where_it_drives(session):
    group = a_group(session)
    drawn = maps.of_group(session, a_coordinator(session, group), group)
    [[(south, west), _nw, (north, east), _se]] = drawn["cells"][0]["squares"]
    assert south < 49.27 < north
    assert west < -123.12 < east
    assert drawn["cells"][0]["name"] == group.name


def test_a_square_says_how_many_rides_touch_it(session):
    cell = a_cell(session, a_group(session))
    drawn = maps.cell_on_map(cell, 3)
    assert (drawn["name"], drawn["count"], len(drawn["squares"])) == ("Mill Hill", 3, 1)
    assert maps.cell_on_map(cell)["count"] == 0


def test_a_place_without_a_sign_of_its_own_is_drawn_without_a_letter():
    place = Place(kind=PlaceKind.OTHER, name="Old Mill", latitude=49.2, longitude=-123.1)
    assert maps.place_on_map(place)["kind"] == ""


def test_no_two_kinds_share_a_sign(session):
    group = a_group(session)
    signs = [
        maps.place_on_map(a_public_place(session, group, kind.value, kind=kind))["kind"]
        for kind in PlaceKind
        if kind not in (PlaceKind.OTHER, PlaceKind.HOME, PlaceKind.OTHER_PRIVATE)
    ]
    assert all(signs)
    assert len(set(signs)) == len(signs)
