"""The map of a day."""

import pytest

from dispatch.board import queries
from dispatch.board.picture import map_of
from dispatch.places.cells import outlines_of
from dispatch.rides.models import RideState
from tests.build import DAY
from tests.dispatch.planning.service.world import World


@pytest.fixture
def world(session, now):
    return World(session, now)


def drawn(world):
    return map_of(queries.day_of(world.session, world.rosa, world.group, DAY, now=world.now))


def test_a_home_is_its_area_and_a_clinic_its_point(world):
    found = drawn(world)
    cell, clinic = world.ride.pickup_place.cell, world.ride.dropoff_place
    assert found["cells"] == [{"name": cell.name, "squares": outlines_of(cell.code), "count": 1}]
    (place,) = found["places"]
    assert (place["name"], place["kind"]) == (clinic.name, "C")
    (ride,) = found["rides"]
    assert ride["from"] == (round(cell.latitude, 4), round(cell.longitude, 4))
    assert ride["to"] == (round(clinic.latitude, 4), round(clinic.longitude, 4))


def test_a_way_that_is_over_is_not_drawn(world):
    world.ride.state = RideState.CANCELLED
    world.session.flush()
    assert drawn(world)["rides"] == []
