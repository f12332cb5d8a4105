"""Grants end at once, and no others with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import NotFound
from dispatch.places import grants
from dispatch.places.models import AddressGrant
from tests.build import TEN, a_group, driver_actor
from tests.dispatch.places.test_service import opened, read


@pytest.fixture
def group(any_session):
    """The group of all that is here."""
    return a_group(any_session)


def test_a_revoked_grant_opens_nothing(any_session, group, now):
    ride, driver, assignment = opened(any_session, group, now)
    grants.close(any_session, assignment, now=TEN - timedelta(hours=1))
    with pytest.raises(NotFound):
        read(any_session, driver_actor(driver), ride, TEN)


def test_all_grants_of_a_driver_end_and_no_others(any_session, group, now):
    ride, driver, _assignment = opened(any_session, group, now)
    other_ride, other, _other = opened(any_session, group, now)
    grants.close_of(any_session, [driver.id], now=TEN - timedelta(hours=1))
    with pytest.raises(NotFound):
        read(any_session, driver_actor(driver), ride, TEN)
    assert read(any_session, driver_actor(other), other_ride, TEN)


def test_every_door_of_one_family_is_shut_and_no_other(any_session, group, now):
    ride, driver, _assignment = opened(any_session, group, now)
    other_ride, other, _other = opened(any_session, group, now)
    grants.close_doors(any_session, ride.family.uid, now=TEN - timedelta(hours=1))
    with pytest.raises(NotFound):
        read(any_session, driver_actor(driver), ride, TEN)
    assert read(any_session, driver_actor(other), other_ride, TEN)


def test_a_grant_says_for_whom_for_which_ride_and_from_when_to_when(any_session, group, now):
    ride, driver, assignment = opened(any_session, group, now)
    grant = any_session.scalars(select(AddressGrant)).one()
    assert (grant.place_id, grant.driver_id) == (ride.pickup_place_id, driver.id)
    assert (grant.assignment_id, grant.ride_id) == (assignment.id, ride.id)
    assert (grant.starts_at, grant.ends_at) == (TEN - timedelta(hours=2), TEN + timedelta(hours=1))
    assert grant.revoked_at is None


@pytest.mark.parametrize("close", [grants.close, grants.close_on])
def test_grants_are_closed_once_and_no_others(any_session, group, now, close):
    ride, _driver, assignment = opened(any_session, group, now)
    other, _other_driver, _other_assignment = opened(any_session, group, now)
    about = assignment if close is grants.close else ride.pickup_place
    close(any_session, about, now=now)
    close(any_session, about, now=now + timedelta(minutes=1))
    any_session.expire_all()
    closed = {
        grant.place_id: grant.revoked_at for grant in any_session.scalars(select(AddressGrant))
    }
    assert closed == {ride.pickup_place_id: now, other.pickup_place_id: None}
