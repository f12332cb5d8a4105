"""When a ride is, as its driver may know before the address opens: from areas alone."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.db.transactions import vault_of
from dispatch.places.models import Cell
from dispatch.places.sealed import Address, seal_into
from dispatch.planning.coarse import pickup_between, shown_minutes
from dispatch.rides.models import Anchor, RideState
from tests.build import TEN, a_group, a_public_place, a_ride


def test_a_pickup_is_said_in_steps_of_five_minutes(session: Session):
    window = {"window_starts_at": TEN.replace(minute=3), "window_ends_at": TEN.replace(minute=34)}
    ride = a_ride(session, a_group(session), anchor=Anchor.LEAVE_AT, **window)
    assert pickup_between(ride) == (TEN, TEN + timedelta(minutes=30))


def test_an_arrival_is_earlier_by_the_way_between_areas(session: Session):
    group = a_group(session)
    clinic = a_public_place(session, group, "Far Clinic", (49.371, -123.112))
    ride = a_ride(session, group, anchor=Anchor.ARRIVE_BY, dropoff_place=clinic)
    first, last = pickup_between(ride)
    assert timedelta(minutes=20) < ride.window_starts_at - first < timedelta(minutes=45)
    assert last - first == ride.window_ends_at - ride.window_starts_at


def test_every_door_of_an_area_says_the_same(session: Session):
    group = a_group(session)
    ride = a_ride(session, group, anchor=Anchor.ARRIVE_BY)
    said = pickup_between(ride)
    seal_into(ride.pickup_place, Address(line="1 Far End"), (49.2789, -123.1189), vault_of(session))
    session.flush()
    assert pickup_between(ride) == said
    ride.pickup_place.cell = Cell(
        group_id=group.id, code="5500:-8926", name="North", latitude=49.6, longitude=-123.11
    )
    assert pickup_between(ride) != said


def test_a_ride_without_a_time_says_none(session: Session):
    window = {"window_starts_at": None, "window_ends_at": None}
    ride = a_ride(session, a_group(session), state=RideState.WILL_CALL, **window)
    assert pickup_between(ride) is None


@pytest.mark.parametrize(("minutes", "shown"), [(0, 5), (1, 5), (5, 5), (6, 10), (11, 15)])
def test_minutes_are_shown_in_steps_of_five(minutes, shown):
    assert shown_minutes(minutes) == shown
