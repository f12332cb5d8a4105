"""The new file while it is read into."""

import pytest

from dispatch.places.gazetteer.staging import Source, Staging

HERE = (42.96, -85.66)


@pytest.fixture
def staging(tmp_path):
    opened = Staging(tmp_path / "staged.db")
    yield opened
    opened.close()


def test_one_tag_with_two_numbers_is_two_houses(staging):
    staging.address("Elm St.", "12;14", HERE, town="Ada, MI", source=Source.FILE)
    staging.settle()
    rows = staging.database.execute("SELECT key, street, number, town, source FROM raw_address")
    assert rows.fetchall() == [
        ("elm street", "Elm St.", "12", "Ada", 2),
        ("elm street", "Elm St.", "14", "Ada", 2),
    ]
    assert staging.counts["raw_address"] == 2


def test_a_street_without_a_letter_or_a_number_is_passed_over(staging):
    staging.address("--", "12", HERE)
    staging.road(["..."], [HERE, HERE], [1, 2])
    staging.settle()
    assert not staging.counts["raw_address"]
    assert not staging.counts["raw_road"]


def test_a_second_name_that_reads_the_same_is_not_another(staging):
    staging.road(["Elm Street", "Elm St", "Calle Olmo"], [HERE, HERE], [1, 2])
    staging.settle()
    assert staging.counts["raw_alias"] == 1


def test_each_area_has_its_lines_with_the_rectangle_around_all_of_them(staging):
    lake = [HERE, (43.0, -85.66), (43.0, -85.6), HERE]
    island = [(42.98, -85.64), (42.99, -85.64), (42.99, -85.63), (42.98, -85.64)]
    staging.water([lake, island])
    staging.border("Ada", 3, [lake])
    staging.settle()
    rows = staging.database.execute("SELECT area, south, west, north, east FROM water").fetchall()
    assert rows == [(1, 42.96, -85.66, 43.0, -85.6)] * 2
    assert staging.database.execute("SELECT name, kind, area FROM raw_border").fetchall() == [
        ("Ada", 3, 2)
    ]
