"""A ride whose time is over is counted, and nothing of it stays but what is counted."""

from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from dispatch.erasing.models import Outcome, PastRide
from dispatch.erasing.service import rides
from dispatch.families.models import Family
from dispatch.people.models import Group
from dispatch.rides.models import Leg, Purpose, RideState
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW

MAY_STAY = {"id", "uid", "group_id", "week_on", "leg", "purpose", "outcome", "distance"}
"""All that is known of a ride once its time is over."""


@pytest.fixture
def group(any_session: Session) -> Group:
    return build.a_group(any_session, ride_days=30)


@pytest.fixture
def family(any_session: Session, group: Group) -> Family:
    return build.a_family(any_session, group)


def test_only_coarse_columns_stay():
    assert {column.key for column in inspect(PastRide).columns} == MAY_STAY


def test_what_stays_is_the_week_and_what_kind_of_ride_it_was(
    any_session: Session, group: Group, family: Family
):
    ride = scene.a_past_ride(any_session, group, family, 40, state=RideState.NO_SHOW)
    assert rides.count(any_session, [ride.id]) == 1
    past = any_session.scalars(select(PastRide)).one()
    assert past.uid != ride.uid
    assert (past.week_on, past.leg, past.purpose) == (
        date(2027, 1, 25),
        Leg.OUTBOUND,
        Purpose.MEDICAL,
    )
    assert (past.outcome, past.distance) == (Outcome.NO_SHOW, "0-5")
    any_session.refresh(family)
    assert family.last_ride_on == ride.service_on


@pytest.mark.parametrize(("days", "is_due"), [(30, False), (31, True)])
def test_a_ride_is_due_when_its_days_have_passed(
    any_session: Session, group: Group, family: Family, days: int, is_due: bool
):
    ride = scene.a_past_ride(any_session, group, family, days)
    assert rides.due_rides(any_session, now=NOW) == ([ride.id] if is_due else [])
    assert rides.due_requests(any_session, now=NOW) == ([ride.request_id] if is_due else [])


def test_a_ride_waits_for_its_way_back(any_session: Session, group: Group, family: Family):
    out = scene.a_past_ride(any_session, group, family, 31)
    back = scene.a_past_ride(any_session, group, family, 30, outbound_id=out.id, leg=Leg.RETURN)
    assert rides.due_rides(any_session, now=NOW) == []
    back.service_on = out.service_on
    any_session.flush()
    assert rides.due_rides(any_session, now=NOW) == [out.id, back.id]


def test_a_series_stays_while_one_of_its_rides_does(
    any_session: Session, group: Group, family: Family
):
    first = scene.a_past_ride(any_session, group, family, 60)
    scene.a_past_ride(any_session, group, family, 5).request = first.request
    any_session.flush()
    assert rides.due_rides(any_session, now=NOW) == [first.id]
    assert first.request_id not in rides.due_requests(any_session, now=NOW)
