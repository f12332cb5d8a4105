"""The made-up town as a map that is imported like any other."""

import osmium
import pytest

from dispatch.demo import extract, town
from dispatch.places.gazetteer.geocoder import Gazetteer, in_folder
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.importing import import_file


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return extract.write(tmp_path_factory.mktemp("town") / "town.osm.pbf")


@pytest.fixture(scope="module")
def known(written) -> Gazetteer:
    import_file(written, written.parent, lambda _step, _share: None, products={})
    return in_folder(written.parent)


def test_it_is_the_same_at_every_call(written, tmp_path):
    assert extract.write(tmp_path / "again.osm.pbf").read_bytes() == written.read_bytes()


def test_every_door_of_the_demo_is_found_where_it_is(known):
    spots = [(spot.address, spot.point) for spot in town.public_places()]
    houses = [(house.address.line, house.point) for house in town.houses(_plain())[:200]]
    for line, point in spots + houses:
        found = known.find(f"{line}, Alder Bay", 1)[0]
        assert found.kind.value == "exact", line
        assert found.point == pytest.approx(point, abs=2e-6)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("48 larch row", "interpolated"),
        ("quay & alder", "crossing"),
        ("Calle del Muelle 17", "exact"),
        ("117 tannery avenue", "interpolated"),
        ("alder bay hospital", "place"),
        ("clinica vista del lago", "place"),
        ("calle castano", "street"),
    ],
)
def test_a_text_is_found_in_the_way_it_can_be(known, typed, kind):
    assert known.find(typed, 1)[0].kind.value == kind


def test_a_pin_in_the_bay_is_noticed_and_one_on_land_is_fine(known):
    assert known.trouble_with(town.ground((0.0, -1.2))) is PinTrouble.WATER
    assert known.trouble_with(town.ground((0.0, 0.0))) is None


def test_what_a_map_can_have_is_in_it(written):
    tags = {(tag.k, tag.v) for thing in osmium.FileProcessor(str(written)) for tag in thing.tags}
    keys = {key for key, _value in tags}
    assert {("bridge", "yes"), ("oneway", "yes"), ("natural", "water"), ("leisure", "park")} <= tags
    assert {("type", "multipolygon"), ("amenity", "courthouse"), ("amenity", "school")} <= tags
    assert {"maxspeed", "name:es", "addr:interpolation", "addr:postcode", "shop"} <= keys


def test_no_family_is_in_it(written):
    content = b"".join(
        str(tag).encode() for thing in osmium.FileProcessor(str(written)) for tag in thing.tags
    )
    assert b"Larch Row" in content
    assert b"Carmen" not in content


def _plain():
    from random import Random

    return Random(1)  # noqa: S311 -- a seeded town wants the plain generator
