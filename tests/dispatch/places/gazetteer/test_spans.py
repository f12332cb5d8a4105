"""Lines along which houses are numbered by rule."""

import pytest

from dispatch.places.gazetteer.geocoder import Gazetteer
from tests.dispatch.places.gazetteer.conftest import make
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, Town


@pytest.fixture
def counted(tmp_path):
    """A function from a rule to what a number on a bent line of it finds."""

    def look(rule, number, last="31"):
        town = Town()
        ends = [
            town.house(SOUTH, WEST, "1", "Larch Row"),
            town.point(SOUTH, WEST + 0.003),
            town.house(SOUTH + 0.003, WEST + 0.003, last, "Larch Row"),
        ]
        town.line(ends, addr_interpolation=rule)
        extract = town.write(tmp_path / "town.osm.pbf")
        make(extract, tmp_path / "made.db")
        return Gazetteer(tmp_path / "made.db").find(f"{number} Larch Row")[0]

    return look


@pytest.mark.parametrize("rule", ["odd", "all", "2"])
def test_a_house_stands_on_the_line_and_not_across_its_bend(counted, rule):
    found = counted(rule, 11)
    assert found.kind.value == "interpolated"
    assert found.point[0] == pytest.approx(SOUTH, abs=1e-6)
    assert WEST + 0.0015 < found.point[1] < WEST + 0.003


def test_a_line_drawn_from_its_high_end_counts_the_same(tmp_path):
    town = Town()
    ends = [
        town.house(SOUTH, WEST + 0.003, "31", "Larch Row"),
        town.house(SOUTH, WEST, "1", "Larch Row"),
    ]
    town.line(ends, addr_interpolation="odd")
    extract = town.write(tmp_path / "town.osm.pbf")
    make(extract, tmp_path / "made.db")
    found = Gazetteer(tmp_path / "made.db").find("11 Larch Row")[0]
    assert found.point == (pytest.approx(SOUTH), pytest.approx(WEST + 0.001))


def test_a_rule_that_nobody_knows_is_passed_over(counted):
    assert counted("housing co-op", 11).point[0] > SOUTH + 0.0001
