"""Reading an extract."""

import pytest

from dispatch.places.gazetteer import extract
from dispatch.places.gazetteer.staging import Staging
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, Town, grand_bend


@pytest.fixture
def staging(tmp_path):
    opened = Staging(tmp_path / "staged.db")
    yield opened
    opened.close()


def read(town, staging, tmp_path):
    return extract.read(town.write(tmp_path / "town.osm.pbf"), staging, lambda _number: None)


def rows(staging, table):
    return staging.database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 -- ours


def test_houses_streets_places_and_water_are_read(staging, tmp_path):
    assert read(grand_bend(), staging, tmp_path) is None
    assert staging.counts["raw_address"] == 18
    assert staging.counts["raw_road"] == 5
    assert staging.counts["raw_place"] == 3
    assert staging.counts["raw_span"] == 1
    assert staging.counts["water"] == 1


def test_a_street_has_all_its_names(staging, tmp_path):
    read(grand_bend(), staging, tmp_path)
    assert {name for _alias, name, _key in rows(staging, "raw_alias")} == {
        "Main Street",
        "Peña Row",
    }


def test_a_house_drawn_as_a_building_stands_in_its_middle(staging, tmp_path):
    town = Town()
    corners = [town.point(SOUTH + lat, WEST + lon) for lat, lon in ((0, 0), (0, 0.002), (0.002, 0))]
    address = {"addr_housenumber": "12", "addr_street": "Larch Row"}
    town.line([*corners, corners[0]], building="yes", **address)
    read(town, staging, tmp_path)
    (row,) = rows(staging, "raw_address")
    assert row[5:7] == (pytest.approx(SOUTH + 0.001), pytest.approx(WEST + 0.001))


def test_an_address_of_a_place_without_streets_is_read(staging, tmp_path):
    town = Town()
    town.point(SOUTH, WEST, addr_housenumber="3", addr_place="Aldea Nueva")
    read(town, staging, tmp_path)
    assert rows(staging, "raw_address")[0][1:3] == ("Aldea Nueva", "3")


def test_a_road_that_is_only_planned_is_not_one(staging, tmp_path):
    town = Town()
    points = [town.point(SOUTH, WEST), town.point(SOUTH, WEST + 0.01)]
    town.line(points, highway="proposed", name="Dream Road")
    read(town, staging, tmp_path)
    assert rows(staging, "raw_road") == []


def test_how_much_went_by_is_told(staging, tmp_path):
    told = []
    path = grand_bend().write(tmp_path / "town.osm.pbf")
    extract.read(path, staging, told.append)
    assert told == [0]


def test_an_empty_file_is_said_to_be_empty(staging, tmp_path):
    (tmp_path / "town.osm.pbf").touch()
    with pytest.raises(extract.BadExtract, match="is empty"):
        extract.read(tmp_path / "town.osm.pbf", staging, lambda _number: None)


def test_points_that_come_after_the_lines_are_told_from_points_that_are_not_there(
    staging, tmp_path
):
    town = Town()
    town.road((SOUTH, WEST), (SOUTH, WEST + 0.01), name="Elm Street")
    late = town.write(tmp_path / "late.osm.pbf", lines_first=True)
    with pytest.raises(extract.BadExtract, match="is not sorted"):
        extract.read(late, staging, lambda _number: None)
    town.points.clear()
    with pytest.raises(extract.BadExtract, match="lines stay whole"):
        read(town, staging, tmp_path)


def test_a_street_that_was_cut_off_is_left_out_and_counted(staging, tmp_path):
    town = grand_bend()
    here = town.point(SOUTH, WEST)
    town.line([here, 9_999], highway="residential", name="Cut Street")
    read(town, staging, tmp_path)
    assert staging.cut_roads == 1
    assert "Cut Street" not in {name for _key, name, _line in rows(staging, "raw_road")}
