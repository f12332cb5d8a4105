"""Whatever hangs on a row is found, and goes with it or is let stand alone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import schema
from dispatch.erasing import closure
from dispatch.people.models import Membership
from dispatch.rides.models import Ride, RideEvent, RideState
from tests import build
from tests.dispatch.erasing import scene


def test_every_table_that_refers_to_a_family_is_found(any_session: Session):
    group = build.a_group(any_session)
    family, driver = build.a_family(any_session, group), build.a_driver(any_session, group)
    ride = scene.a_past_ride(any_session, group, family, 3)
    other = scene.a_past_ride(any_session, group, build.a_family(any_session, group), 3)
    any_session.add(RideEvent(ride=ride, at=scene.NOW, after=RideState.DONE))
    assignment = scene.driven_by(any_session, ride, driver)
    scene.told(any_session, ride, 1)
    rows = closure.hanging_on(any_session, schema.metadata(), {"family": {family.id}})
    assert set(rows) == {
        "family",
        "place",
        "ride_request",
        "ride",
        "ride_event",
        "assignment",
        "message",
    }
    assert rows["ride"] == {ride.id}
    assert rows["assignment"] == {assignment.id}
    assert closure.remove(any_session, schema.metadata(), rows) == dict.fromkeys(rows, 1)
    assert any_session.scalars(select(Ride.id)).all() == [other.id]


def test_what_a_person_did_outlives_the_person(any_session: Session):
    group = build.a_group(any_session)
    family, user = build.a_family(any_session, group), build.a_user(any_session)
    any_session.add(Membership(user=user, group=group, role=build.Role.COORDINATOR))
    request = build.a_request(any_session, family, made_by_id=user.id)
    rows = closure.hanging_on(any_session, schema.metadata(), {"user_account": {user.id}})
    assert set(rows) == {"user_account", "membership"}
    closure.remove(any_session, schema.metadata(), rows)
    any_session.refresh(request)
    assert request.made_by_id is None


def test_every_reference_that_is_named_is_there():
    there = {
        f"{column.table.name}.{column.name}"
        for table in schema.metadata().tables.values()
        for column in table.columns
        if column.foreign_keys and column.nullable
    }
    assert there >= closure.GOES_WITH_PERSON | closure.STANDS_ALONE


def test_many_rows_are_taken_in_portions(any_session: Session, monkeypatch):
    monkeypatch.setattr(closure, "_AT_ONCE", 2)
    group = build.a_group(any_session)
    families = {build.a_family(any_session, group).id for _number in range(5)}
    rows = closure.hanging_on(any_session, schema.metadata(), {"family": families})
    assert closure.remove(any_session, schema.metadata(), rows) == {"family": 5, "place": 5}
