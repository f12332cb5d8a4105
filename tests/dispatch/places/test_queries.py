"""Which places are found, and for whom."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from dispatch.errors import NotFound
from dispatch.places import queries
from dispatch.places.models import AddressGrant
from tests.build import (
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_home,
    a_public_place,
    a_ride,
    a_steward,
    driver_actor,
)
from tests.dispatch.places.test_service import an_assignment


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


def test_public_places_come_by_name_without_homes_and_retired_ones(any_session, group, rosa, now):
    places = {
        name: a_public_place(any_session, group, name) for name in ("school", "Clinic", "Mill")
    }
    a_family(any_session, group)
    places["Mill"].retired_at = now
    any_session.flush()
    assert queries.public_places(any_session, rosa) == [places["Clinic"], places["school"]]
    assert queries.get_public_place(any_session, rosa, places["Mill"].uid) is places["Mill"]


def test_no_place_of_another_group_is_found(any_session, group, rosa):
    elsewhere = a_group(any_session)
    public = a_public_place(any_session, elsewhere)
    home = a_family(any_session, elsewhere).place
    assert queries.public_places(any_session, rosa) == []
    assert queries.public_places(any_session, rosa, elsewhere) == []
    for place in (public, home):
        with pytest.raises(NotFound):
            queries.get_place(any_session, rosa, place.uid)
    with pytest.raises(NotFound):
        queries.get_place(any_session, rosa, uuid4())


def test_a_home_is_a_place_of_the_group_and_no_public_one(any_session, group, rosa):
    home = a_family(any_session, group).place
    assert queries.get_place(any_session, rosa, home.uid) is home
    with pytest.raises(NotFound):
        queries.get_public_place(any_session, rosa, home.uid)


def test_neither_a_driver_nor_a_steward_finds_a_place(any_session, group):
    place = a_public_place(any_session, group)
    for actor in (driver_actor(a_driver(any_session, group)), a_steward(any_session)):
        assert queries.public_places(any_session, actor, group) == []
        with pytest.raises(NotFound):
            queries.get_place(any_session, actor, place.uid)


def test_of_two_groups_one_can_be_asked_for(any_session, group, rosa):
    second = a_group(any_session)
    here, there = a_public_place(any_session, group), a_public_place(any_session, second, "Zoo")
    both = replace(rosa, coordinates=frozenset({group.id, second.id}))
    assert queries.public_places(any_session, both) == [here, there]
    assert queries.public_places(any_session, both, second) == [there]


def test_grants_on_a_place_are_its_own_and_not_revoked(any_session, group, now):
    ride, driver = a_ride(any_session, group), a_driver(any_session, group)
    assignment = an_assignment(any_session, ride, driver, now)
    other = a_home(any_session, group, uuid4())

    def grant(place, revoked_at=None):
        made = AddressGrant(
            place_id=place.id,
            driver_id=driver.id,
            assignment_id=assignment.id,
            ride_id=ride.id,
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            revoked_at=revoked_at,
        )
        any_session.add(made)
        any_session.flush()
        return made

    grant(ride.pickup_place, revoked_at=now)
    grant(other)
    assert queries.grants_on(any_session, ride.pickup_place) == []
    live = grant(ride.pickup_place)
    assert queries.grants_on(any_session, ride.pickup_place) == [live]


def test_the_usual_points_are_centres_of_cells_and_no_homes(any_session, group):
    home = a_family(any_session, group).place
    a_family(any_session, a_group(any_session))
    centre = (home.cell.latitude, home.cell.longitude)
    assert queries.usual_points(any_session, group.id) == [centre]
