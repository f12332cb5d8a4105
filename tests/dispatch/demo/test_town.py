"""The made-up town: far from everybody, with areas that cells take their names from."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from dispatch.demo import town
from dispatch.demo.town import House
from dispatch.people.forms import time_zones
from dispatch.places.cells import code_of


@pytest.fixture
def houses() -> list[House]:
    return town.houses(Random(1))  # noqa: S311 -- a seeded town wants the plain generator


def test_every_area_is_a_cell_of_its_own():
    assert len({code_of(spot.point) for spot in town.areas()}) == len(town.areas())


def test_houses_and_public_places_lie_in_their_areas(houses):
    cells = {spot.name: code_of(spot.point) for spot in town.areas()}
    assert all(code_of(house.point) == cells[house.area] for house in houses)
    assert {code_of(spot.point) for spot in town.public_places()} <= set(cells.values())


def test_every_door_is_another_one(houses):
    assert len(houses) > 300
    assert len({house.address.line for house in houses}) == len(houses)
    assert len({house.point for house in houses}) == len(houses)


@pytest.mark.parametrize("month", [1, 4, 7, 10])
@pytest.mark.parametrize("hour", range(24))
def test_it_is_morning_in_the_town_at_every_hour(month, hour):
    now = datetime(2027, month, 5, hour, 10, tzinfo=UTC)
    local = now.astimezone(ZoneInfo(town.where_it_is_morning(now)))
    assert timedelta(hours=9) < timedelta(hours=local.hour, minutes=local.minute)
    assert local.hour < 12


def test_the_zones_are_ones_that_a_group_may_have():
    known = {zone for part in time_zones() for zone, _name in part["options"]}
    found = {
        town.where_it_is_morning(datetime(2027, 1, 5, tzinfo=UTC) + timedelta(hours=hour))
        for hour in range(24)
    }
    assert found <= known
    assert len(found) > 20
