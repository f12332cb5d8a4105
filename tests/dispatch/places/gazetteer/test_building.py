"""From what was read to the finished file."""

import sqlite3

import pytest

from dispatch.places.gazetteer.geocoder import Gazetteer
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, Town


@pytest.fixture
def build(tmp_path):
    """A function from a town to its finished file, opened."""

    opened = []

    def carry_out(town):
        make(town.write(tmp_path / "town.osm.pbf"), tmp_path / "made.db")
        opened.append(sqlite3.connect(tmp_path / "made.db"))
        return opened[-1]

    yield carry_out
    for database in opened:
        database.close()


def rows(database, query):
    return database.execute(query).fetchall()


def test_streets_of_one_name_that_do_not_hang_together_are_kept_apart(build):
    town = Town()
    for lat in (SOUTH, SOUTH + 0.1):
        town.road((lat, WEST), (lat, WEST + 0.002), name="Main Street")
        town.house(lat, WEST + 0.001, "12", "Main Street")
    made = build(town)
    assert rows(made, "SELECT name, houses FROM street") == [("Main Street", 1)] * 2


def test_a_long_straight_road_is_one_street(build):
    town = Town()
    town.road((SOUTH, WEST), (SOUTH, WEST + 0.1), name="County Road")
    assert len(rows(build(town), "SELECT * FROM street")) == 1


def test_a_house_entered_twice_is_one(build):
    town = Town()
    town.house(SOUTH, WEST, "12", "Larch Row")
    town.house(SOUTH + 0.0001, WEST, "12", "Larch Row")
    town.house(SOUTH + 0.01, WEST, "12", "Larch Row")
    assert len(rows(build(town), "SELECT * FROM address")) == 2


def test_a_number_on_record_at_two_doors_is_never_exact(build, tmp_path):
    town = Town()
    town.house(SOUTH, WEST, "12", "Larch Row")
    town.house(SOUTH + 0.0008, WEST, "12", "Larch Row")
    town.house(SOUTH + 0.0008, WEST + 0.0008, "14", "Larch Row")
    build(town)
    known = Gazetteer(tmp_path / "made.db")
    assert {one.kind.value for one in known.find("12 Larch Row")} == {"street"}
    assert known.find("14 Larch Row")[0].kind.value == "exact"


def test_a_house_whose_street_is_written_by_its_second_name_stands_on_the_street(build):
    town = Town()
    town.road((SOUTH, WEST), (SOUTH, WEST + 0.002), name="Calle Mayor", name_en="Main Street")
    town.house(SOUTH, WEST + 0.001, "12", "Main St")
    made = build(town)
    assert rows(made, "SELECT name, houses FROM street") == [("Calle Mayor", 1)]
    assert len(rows(made, "SELECT * FROM spelling")) == 2


def test_the_two_carriageways_of_a_street_make_one_crossing(build):
    town = Town()
    joints = [town.point(SOUTH + lat, WEST) for lat in (0, 0.0002)]
    for joint, lat in zip(joints, (0, 0.0002), strict=True):
        ends = town.point(SOUTH + lat, WEST - 0.001), town.point(SOUTH + lat, WEST + 0.001)
        town.line([ends[0], joint, ends[1]], highway="primary", name="Grand Avenue")
    town.line(joints, highway="residential", name="Elm Street")
    assert len(rows(build(town), "SELECT * FROM crossing WHERE one < other")) == 1


def test_words_stand_with_the_streets_of_most_houses_first(build):
    town = Town()
    town.road((SOUTH, WEST), (SOUTH, WEST + 0.002), name="Elm Court")
    for number in range(1, 4):
        town.house(SOUTH, WEST + number / 2000, str(number), "Elm Street")
    made = build(town)
    shown = rows(made, "SELECT shown FROM street_words WHERE street_words MATCH 'elm'")
    assert shown == [("Elm Street",), ("Elm Court",)]
