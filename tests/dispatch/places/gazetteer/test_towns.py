"""Which town a house belongs to."""

import pytest

from dispatch.places.gazetteer.areas import BorderKind
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


def square(south, west, side):
    corners = [(0.0, 0.0), (0.0, side), (side, side), (side, 0.0), (0.0, 0.0)]
    return [(south + lat, west + lon) for lat, lon in corners]


AROUND = square(HERE[0] - 0.02, HERE[1] - 0.02, 0.04)
OUTSIDE = (HERE[0], HERE[1] + 0.0201)
"""A few metres east of the border."""


def names_at(staging, point):
    staging.settle()
    towns = Towns(staging.database)
    return tuple(name_of(towns, one) for one in towns.near(point))


def test_a_border_tells_the_town_and_not_the_nearest_middle(staging):
    staging.border("Ada", BorderKind.TOWN, [AROUND])
    staging.place("Eastown", "place=town", (HERE[0], HERE[1] + 0.021))
    assert names_at(staging, (HERE[0], HERE[1] + 0.0199)) == ("Ada", None)
    assert names_at(staging, OUTSIDE) == ("Eastown", None)


def test_a_town_with_a_border_ends_there(staging):
    staging.border("Ada", BorderKind.TOWN, [AROUND])
    staging.place("Ada", "place=city", HERE)
    staging.place("Millside", "place=suburb", (HERE[0], HERE[1] + 0.01))
    assert names_at(staging, HERE) == ("Ada", "Millside")
    assert names_at(staging, OUTSIDE) == (None, None)


def test_a_quarter_has_borders_too(staging):
    staging.border("Ada", BorderKind.TOWN, [AROUND])
    staging.border("Millside", BorderKind.QUARTER, [square(HERE[0], HERE[1], 0.01)])
    assert names_at(staging, (HERE[0] + 0.001, HERE[1] + 0.001)) == ("Ada", "Millside")
    assert names_at(staging, (HERE[0] - 0.001, HERE[1])) == ("Ada", None)


def test_of_two_borders_the_one_of_a_known_town_then_the_smaller_is_meant(staging):
    inner = square(HERE[0] - 0.01, HERE[1] - 0.01, 0.02)
    staging.border("Grand County Township", BorderKind.TOWN, [AROUND])
    staging.border("Ada Parish", BorderKind.TOWN, [inner])
    assert names_at(staging, HERE)[0] == "Ada Parish"
    staging.place("Grand County", "place=town", (HERE[0] + 5, HERE[1]))
    assert names_at(staging, HERE)[0] == "Grand County"


def test_a_county_is_a_town_only_where_one_of_its_name_is_known(staging):
    staging.border("Ada", BorderKind.REGION, [AROUND])
    assert names_at(staging, HERE) == (None, None)
    houses(staging, 3, "Ada")
    assert names_at(staging, HERE) == ("Ada", None)


@pytest.mark.parametrize("formal", ["City of Ada", "Ada Township", "Municipio de Ada", "ADA"])
def test_the_border_of_a_town_may_have_a_formal_name(staging, formal):
    houses(staging, 3, "Ada")
    staging.border(formal, BorderKind.TOWN, [AROUND])
    assert names_at(staging, HERE) == ("Ada", None)


def test_a_town_by_its_border_is_still_a_guess_of_what_people_write(staging):
    staging.border("Ada", BorderKind.TOWN, [AROUND])
    staging.settle()
    assert Towns(staging.database).of("", "", HERE)[2] is False


def test_far_from_everything_there_is_no_town(staging):
    towns = Towns(staging.database)
    assert towns.of("", "", HERE) == (None, None, False)
