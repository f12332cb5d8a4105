"""Which town a house belongs to."""

import pytest

from dispatch.places.gazetteer.staging import Staging
from dispatch.places.gazetteer.towns import Towns

HERE = (42.96, -85.66)


@pytest.fixture
def staging(tmp_path):
    opened = Staging(tmp_path / "staged.db")
    yield opened
    opened.close()


def houses(staging, count, town, postcode=""):
    for number in range(count):
        staging.address("Elm Street", str(number + 1), HERE, town=town, postcode=postcode)
    staging.settle()


def name_of(towns, number):
    return None if number is None else towns.names[number - 1]


def test_the_written_town_is_known_and_no_guess(staging):
    houses(staging, 3, "Ada")
    towns = Towns(staging.database)
    town, _quarter, is_known = towns.of("ADA", "", HERE)
    assert (name_of(towns, town), is_known) == ("Ada", True)


def test_a_town_misspelt_at_a_few_houses_is_the_one_of_the_many(staging):
    houses(staging, 20, "Vancouver, BC")
    houses(staging, 2, "Vancovuer")
    towns = Towns(staging.database)
    assert towns.named("Vancovuer") == towns.named("Vancouver")


def test_a_postcode_tells_the_town_of_a_house_without_one(staging):
    houses(staging, 3, "Ada", "49301")
    towns = Towns(staging.database)
    assert name_of(towns, towns.of("", "49301", HERE)[0]) == "Ada"


def test_the_nearest_town_within_its_reach_is_taken_as_a_guess(staging):
    staging.place("Ada", "place=town", (HERE[0] + 0.01, HERE[1]))
    staging.place("Faraway", "place=village", (HERE[0] + 0.5, HERE[1]))
    staging.place("Eastown", "place=neighbourhood", HERE)
    staging.settle()
    towns = Towns(staging.database)
    town, quarter, is_known = towns.of("", "", HERE)
    assert (name_of(towns, town), name_of(towns, quarter)) == ("Ada", "Eastown")
    assert not is_known


def test_far_from_everything_there_is_no_town(staging):
    towns = Towns(staging.database)
    assert towns.of("", "", HERE) == (None, None, False)
