"""A ride whose time is over is counted, and nothing of it stays but what is counted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from dispatch.erasing.models import LegalHold, Outcome, PastRide
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


def test_each_group_keeps_its_rides_as_long_as_it_says(any_session: Session, group: Group):
    longer = build.a_group(any_session, ride_days=31)
    found = [
        scene.a_past_ride(any_session, one, build.a_family(any_session, one), 31)
        for one in (group, longer)
    ]
    assert rides.due_rides(any_session, now=NOW) == [found[0].id]
    assert rides.due_requests(any_session, now=NOW) == [found[0].request_id]
    later = NOW + timedelta(days=1)
    assert set(rides.due_rides(any_session, now=later)) == {one.id for one in found}
    assert rides.due_requests(any_session, now=later) == sorted(one.request_id for one in found)


def test_what_a_held_family_rode_stays(any_session: Session, group: Group, family: Family):
    other = scene.a_past_ride(any_session, group, build.a_family(any_session, group), 31)
    scene.a_past_ride(any_session, group, family, 31)
    long_ago = scene.days_ago(31)
    build.a_request(any_session, family, first_on=long_ago, last_on=long_ago)
    held = {"made_at": NOW, "confirmed_at": NOW, "expires_at": NOW + timedelta(days=2)}
    any_session.add(LegalHold(family_id=family.id, group_id=group.id, **held))
    any_session.flush()
    assert rides.due_rides(any_session, now=NOW) == [other.id]
    assert rides.due_requests(any_session, now=NOW) == [other.request_id]
    late = NOW + timedelta(days=2)
    assert len(rides.due_rides(any_session, now=late)) == 2
    assert len(rides.due_requests(any_session, now=late)) == 3


def test_a_request_without_any_ride_goes_after_its_last_day(
    any_session: Session, group: Group, family: Family
):
    days = (31, 30)
    gone, stays = (
        build.a_request(
            any_session, family, first_on=scene.days_ago(99), last_on=scene.days_ago(one)
        )
        for one in days
    )
    assert rides.due_requests(any_session, now=NOW) == [gone.id]
    assert set(rides.due_requests(any_session, now=NOW + timedelta(days=1))) == {gone.id, stays.id}


def test_only_the_rides_that_are_named_are_counted_and_each_as_what_it_was(
    any_session: Session, group: Group, family: Family
):
    far = build.a_public_place(any_session, group, "Far Clinic")
    far.latitude, far.longitude = 49.35, -123.12
    out = scene.a_past_ride(any_session, group, family, 41, dropoff_place=far)
    back = scene.a_past_ride(
        any_session,
        group,
        family,
        40,
        leg=Leg.RETURN,
        purpose=Purpose.LEGAL,
        state=RideState.OPEN,
        outbound_id=out.id,
    )
    scene.a_past_ride(any_session, group, family, 39)
    any_session.flush()
    assert rides.count(any_session, []) == 0
    assert rides.count(any_session, [out.id, back.id]) == 2
    past = {one.leg: one for one in any_session.scalars(select(PastRide))}
    assert {one.group_id for one in past.values()} == {group.id}
    assert (past[Leg.OUTBOUND].distance, past[Leg.OUTBOUND].outcome) == ("5-15", Outcome.DRIVEN)
    assert (past[Leg.RETURN].purpose, past[Leg.RETURN].outcome) == (
        Purpose.LEGAL,
        Outcome.NOT_DRIVEN,
    )
    any_session.refresh(family)
    assert family.last_ride_on == back.service_on


def test_the_last_day_of_a_family_only_moves_on(any_session: Session, group: Group, family: Family):
    other = build.a_family(any_session, group)
    family.last_ride_on = scene.days_ago(35)
    early = scene.a_past_ride(any_session, group, family, 40)
    any_session.flush()
    rides.count(any_session, [early.id])
    any_session.refresh(family)
    assert family.last_ride_on == scene.days_ago(35)
    late = scene.a_past_ride(any_session, group, family, 34)
    rides.count(any_session, [late.id])
    any_session.refresh(family)
    any_session.refresh(other)
    assert (family.last_ride_on, other.last_ride_on) == (scene.days_ago(34), None)


def test_days_are_those_of_the_group(any_session: Session):
    group = build.a_group(any_session, ride_days=30, time_zone="Pacific/Auckland")
    ride = scene.a_past_ride(any_session, group, build.a_family(any_session, group), 30)
    scene.a_past_ride(any_session, group, build.a_family(any_session, group), 29)
    assert rides.due_rides(any_session, now=NOW) == [ride.id]
