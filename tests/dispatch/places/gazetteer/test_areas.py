"""Lakes with islands, and borders, as an extract draws them."""

import pytest

from dispatch.places.gazetteer import extract, importing
from dispatch.places.gazetteer.areas import BorderKind
from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.gazetteer.staging import Staging
from tests.dispatch.places.gazetteer.conftest import silent
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, Town, grand_bend

LAKE = SOUTH + 0.03, WEST
"""The south-western corner of the lake."""


def with_lake(town: Town, **tags: str) -> Town:
    """A lake of some 800 m with an island, drawn as one area of two lines."""
    shore = town.ring(*LAKE, 0.008)
    island = town.ring(LAKE[0] + 0.003, LAKE[1] + 0.003, 0.002)
    town.area([shore], [island], type="multipolygon", **tags)
    return town


def known_of(town: Town, folder) -> Gazetteer:
    path = town.write(folder / "town.osm.pbf")
    importing.take_extract(path, folder / "made.db", silent, old=folder / "none")
    return Gazetteer(folder / "made.db")


def borders_of(town: Town, folder) -> list[tuple]:
    staging = Staging(folder / "staged.db")
    extract.read(town.write(folder / "town.osm.pbf"), staging, lambda _number: None)
    found = staging.database.execute("SELECT name, kind FROM raw_border ORDER BY name").fetchall()
    staging.close()
    return found


@pytest.mark.parametrize(
    "tags", [{"natural": "water"}, {"waterway": "riverbank"}, {"landuse": "reservoir"}]
)
def test_a_pin_in_a_lake_is_noticed_and_one_on_its_island_is_not(tmp_path, tags):
    known = known_of(with_lake(grand_bend(), **tags), tmp_path)
    assert known.trouble_with((LAKE[0] + 0.001, LAKE[1] + 0.004)) is PinTrouble.WATER
    assert known.trouble_with((LAKE[0] + 0.004, LAKE[1] + 0.004)) is None
    assert known.trouble_with((LAKE[0] - 0.001, LAKE[1] + 0.004)) is None


def test_a_lake_whose_shore_is_not_all_there_is_left_out(tmp_path):
    town = grand_bend()
    town.area([town.ring(*LAKE, 0.008), 9_999], type="multipolygon", natural="water")
    assert known_of(town, tmp_path).trouble_with((LAKE[0] + 0.004, LAKE[1] + 0.004)) is None


def test_a_meadow_is_no_lake(tmp_path):
    known = known_of(with_lake(grand_bend(), landuse="meadow"), tmp_path)
    assert known.trouble_with((LAKE[0] + 0.001, LAKE[1] + 0.004)) is None


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"boundary": "administrative", "admin_level": "8"}, BorderKind.TOWN),
        ({"boundary": "administrative", "admin_level": "7"}, BorderKind.TOWN),
        ({"boundary": "administrative", "admin_level": "6"}, BorderKind.REGION),
        ({"boundary": "administrative", "admin_level": "5", "place": "city"}, BorderKind.TOWN),
        ({"boundary": "administrative", "admin_level": "10"}, BorderKind.QUARTER),
        ({"place": "village"}, BorderKind.TOWN),
        ({"place": "suburb"}, BorderKind.QUARTER),
    ],
)
def test_a_border_is_of_a_town_a_quarter_or_a_region(tmp_path, tags, kind):
    town = grand_bend()
    ring = town.ring(SOUTH - 0.02, WEST - 0.02, 0.04)
    town.area([ring], type="boundary", name="Ada Heights", **tags)
    assert borders_of(town, tmp_path) == [("Ada Heights", kind)]


@pytest.mark.parametrize(
    "tags",
    [
        {"boundary": "administrative", "admin_level": "2", "name": "Land"},
        {"boundary": "protected_area", "admin_level": "8", "name": "Heath"},
        {"boundary": "administrative", "admin_level": "8"},
        {"place": "island", "name": "Isle"},
    ],
)
def test_what_is_the_border_of_no_town_is_not_read(tmp_path, tags):
    town = grand_bend()
    town.area([town.ring(SOUTH - 0.02, WEST - 0.02, 0.04)], type="boundary", **tags)
    assert borders_of(town, tmp_path) == []


def test_a_place_drawn_as_one_closed_line_has_a_border(tmp_path):
    town = grand_bend()
    town.ring(SOUTH - 0.02, WEST - 0.02, 0.04, place="village", name="Ada Heights")
    assert borders_of(town, tmp_path) == [("Ada Heights", BorderKind.TOWN)]


def test_houses_without_a_written_town_are_found_with_that_of_their_border(tmp_path):
    town = grand_bend()
    ring = town.ring(SOUTH + 0.05, WEST, 0.02)
    tags = {"boundary": "administrative", "admin_level": "8", "name": "Millside"}
    town.area([ring], type="boundary", **tags)
    town.house(SOUTH + 0.06, WEST + 0.01, "12", "Larch Row")
    found = known_of(town, tmp_path).find("12 Larch Row")
    assert found[0].label == "12 Larch Row, Millside"


def test_borders_outlive_an_address_file_that_is_added(tmp_path):
    town = grand_bend()
    ring = town.ring(SOUTH + 0.05, WEST, 0.02)
    tags = {"boundary": "administrative", "admin_level": "8", "name": "Millside"}
    town.area([ring], type="boundary", **tags)
    known_of(with_lake(town, natural="water"), tmp_path)
    sheet = tmp_path / "county.csv"
    sheet.write_text(f"number,street,lon,lat\n12,Larch Row,{WEST + 0.01},{SOUTH + 0.06}\n")
    importing.add_sheet(sheet, tmp_path / "more.db", silent, old=tmp_path / "made.db")
    known = Gazetteer(tmp_path / "more.db")
    assert known.find("12 Larch Row")[0].label == "12 Larch Row, Millside"
    assert known.trouble_with((LAKE[0] + 0.001, LAKE[1] + 0.004)) is PinTrouble.WATER
