"""What the base map shows of a thing, by its tags, and what it never shows."""

import pytest

from dispatch.places.basemap import features
from dispatch.places.basemap.features import Feature


def line(**tags: str) -> Feature | None:
    return features.line_on_map(tags.get)


def area(**tags: str) -> Feature | None:
    return features.area_on_map(tags.get)


def name(**tags: str) -> Feature | None:
    return features.name_on_map(tags.get)


@pytest.mark.parametrize(
    ("highway", "kind"),
    [
        ("motorway", "highway"),
        ("primary", "major_road"),
        ("tertiary", "medium_road"),
        ("residential", "minor_road"),
        ("service", "service"),
        ("steps", "path"),
    ],
)
def test_a_road_has_its_kind(highway, kind):
    assert line(highway=highway).kind == kind


def test_larger_roads_are_shown_earlier():
    zooms = [line(highway=one).zoom for one in ("motorway", "primary", "tertiary", "residential")]
    assert zooms == sorted(zooms)
    assert len(set(zooms)) == 4


def test_a_slip_road_comes_after_its_road():
    road, link = line(highway="motorway"), line(highway="motorway_link")
    assert (link.kind, link.detail) == (road.kind, "link")
    assert link.zoom > road.zoom


def test_a_tunnel_is_marked():
    assert line(highway="primary", tunnel="yes").detail == "tunnel"
    assert line(highway="primary", tunnel="no").detail == ""


def test_a_motorway_without_a_name_shows_its_number():
    assert line(highway="motorway", ref="A 28;E 1").names == {"name": "A 28 E 1"}
    assert line(highway="residential", ref="17").names == {}


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "proposed"},
        {"highway": "bus_stop"},
        {"highway": "pedestrian", "area": "yes"},
        {"railway": "subway", "tunnel": "yes"},
        {"railway": "rail", "service": "yard"},
        {"railway": "abandoned"},
        {"waterway": "stream", "tunnel": "culvert"},
        {"barrier": "fence"},
    ],
)
def test_such_a_line_is_not_on_the_map(tags):
    assert line(**tags) is None


def test_rails_and_streams_are_lines_too():
    assert line(railway="light_rail").layer == "roads"
    assert (line(waterway="river").layer, line(waterway="river").kind) == ("water", "river")


@pytest.mark.parametrize(
    ("tags", "layer", "kind"),
    [
        ({"natural": "water"}, "water", "water"),
        ({"waterway": "riverbank"}, "water", "water"),
        ({"landuse": "reservoir"}, "water", "water"),
        ({"building": "yes"}, "buildings", "building"),
        ({"leisure": "park"}, "landuse", "park"),
        ({"natural": "wood"}, "landuse", "wood"),
        ({"amenity": "hospital"}, "landuse", "public"),
        ({"highway": "pedestrian", "area": "yes"}, "landuse", "square"),
        ({"highway": "pedestrian", "type": "multipolygon"}, "landuse", "square"),
    ],
)
def test_an_area_has_its_layer_and_kind(tags, layer, kind):
    found = area(**tags)
    assert (found.layer, found.kind) == (layer, kind)


@pytest.mark.parametrize(
    "tags",
    [{"building": "no"}, {"highway": "pedestrian"}, {"highway": "residential"}, {"place": "city"}],
)
def test_such_an_area_is_not_on_the_map(tags):
    assert area(**tags) is None


def test_buildings_are_shown_from_near_only():
    assert area(building="house").zoom == features.MOST_ZOOM


def test_a_settlement_and_a_public_place_are_named():
    assert name(place="town", name="Ada") == Feature("places", "town", 7, {"name": "Ada"})
    assert name(amenity="clinic", name="Clínica").kind == "health"
    assert name(amenity="clinic") is None


def test_other_languages_are_kept_where_they_differ():
    found = name(
        **{"place": "city", "name": "Bahía", "name:es": "Bahía", "name:en": "Bay", "name:de": "B"}
    )
    assert found.properties() == {"kind": "city", "name": "Bahía", "name:en": "Bay"}


HOME = {
    "building": "house",
    "name": "Casa de Carmen",
    "addr:housenumber": "48",
    "addr:street": "Larch Row",
    "addr:unit": "3",
    "office": "accountant",
    "craft": "tailor",
    "shop": "hairdresser",
    "tourism": "guest_house",
}


def test_nothing_tells_one_home_from_another():
    """The number, the name and the trade of a house stay in the extract."""
    assert area(**HOME).properties() == {"kind": "building"}
    assert name(**HOME) is None
    assert line(**HOME) is None


def test_every_key_of_a_rule_is_read():
    asked = set()

    def ask(key: str) -> None:
        asked.add(key)

    for look in (features.line_on_map, features.area_on_map, features.name_on_map):
        look(ask)
    names = {"name"} | {f"name:{language}" for language in features.LANGUAGES}
    assert asked - names <= set(features.KEYS)
