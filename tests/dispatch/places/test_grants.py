"""Grants end at once, and no others with them."""

from datetime import timedelta

import pytest

from dispatch.errors import NotFound
from dispatch.places import grants
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
