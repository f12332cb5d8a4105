"""Whatever hangs on a row is found, and goes with it or is let stand alone."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import schema
from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.claims.models import Claim
from dispatch.erasing import closure
from dispatch.incidents.models import Incident, IncidentKind
from dispatch.people.models import Alarm, Membership
from dispatch.places.models import Place
from dispatch.planning.models import Trouble, TroubleKind
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from dispatch.rides.models import Ride, RideEvent, RideState
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW


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


def test_what_names_a_row_by_its_uid_goes_along_and_the_log_and_receipts_stay(
    any_session: Session,
):
    group = build.a_group(any_session)
    family = build.a_family(any_session, group)
    stranger = build.a_home(any_session, group, uuid4())
    second = build.a_home(any_session, group, family.uid)
    audit.record(any_session, SYSTEM, Action.ERASE, family, now=NOW, family_uid=family.uid)
    any_session.commit()
    uid = family.uid
    rows = closure.hanging_on(any_session, schema.metadata(), {"family": {family.id}})
    assert rows == {"family": {family.id}, "place": {family.place_id, second.id}}
    closure.remove(any_session, schema.metadata(), rows)
    assert any_session.scalars(select(Place.id)).all() == [stranger.id]
    assert any_session.scalars(select(AuditEvent.family_uid)).all() == [uid]


def test_a_way_back_stands_alone_when_its_way_out_goes(any_session: Session):
    group = build.a_group(any_session)
    family = build.a_family(any_session, group)
    out = scene.a_past_ride(any_session, group, family, 3)
    back = scene.a_past_ride(any_session, group, family, 3, outbound_id=out.id)
    rows = closure.hanging_on(any_session, schema.metadata(), {"ride": {out.id}, "place": set()})
    assert rows == {"ride": {out.id}}
    assert closure.remove(any_session, schema.metadata(), rows) == {"ride": 1}
    any_session.refresh(back)
    assert back.outbound_id is None


def test_a_message_to_somebody_goes_with_them(any_session: Session):
    group = build.a_group(any_session)
    user, ride = build.a_user(any_session), build.a_ride(any_session, group)
    message = scene.told(any_session, ride, 1)
    message.user_id, message.family_id = user.id, None
    any_session.flush()
    rows = closure.hanging_on(any_session, schema.metadata(), {"user_account": {user.id}})
    assert rows == {"user_account": {user.id}, "message": {message.id}}


def test_many_references_are_found_and_emptied_in_portions(any_session: Session, monkeypatch):
    monkeypatch.setattr(closure, "_AT_ONCE", 2)
    group = build.a_group(any_session)
    family, users = build.a_family(any_session, group), [build.a_user(any_session) for _ in "12345"]
    requests = [build.a_request(any_session, family, made_by_id=user.id) for user in users]
    roots = {"user_account": {user.id for user in users}}
    rows = closure.hanging_on(any_session, schema.metadata(), roots)
    assert closure.remove(any_session, schema.metadata(), rows) == {"user_account": 5}
    for request in requests:
        any_session.refresh(request)
    assert {request.made_by_id for request in requests} == {None}


def test_rows_of_one_table_that_are_found_by_several_ways_all_go(any_session: Session):
    group = build.a_group(any_session)
    family, other = (build.a_family(any_session, group) for _one in range(2))
    own = scene.a_past_ride(any_session, group, family, 3)
    away = scene.a_past_ride(any_session, group, other, 3, pickup_place=family.place)
    back = scene.a_past_ride(any_session, group, other, 3, dropoff_place=family.place)
    rows = closure.hanging_on(any_session, schema.metadata(), {"family": {family.id}})
    assert rows["ride"] == {own.id, away.id, back.id}
    of_group = closure.hanging_on(any_session, schema.metadata(), {"community_group": {group.id}})
    assert of_group["place"] == set(any_session.scalars(select(Place.id)))
    assert of_group["family"] == {family.id, other.id}


def test_portions_do_not_overlap(monkeypatch):
    monkeypatch.setattr(closure, "_AT_ONCE", 2)
    assert list(closure._portions({5, 3, 1, 2, 4})) == [[1, 2], [3, 4], [5]]


def test_what_went_wrong_outlives_its_ride_but_not_its_family(any_session: Session):
    group = build.a_group(any_session)
    family, driver = build.a_family(any_session, group), build.a_driver(any_session, group)
    ride = scene.a_past_ride(any_session, group, family, 31)
    held = scene.driven_by(any_session, ride, driver)
    alarm = Alarm(kind="planning:trouble", group_id=group.id, once="a", facts={}, made_at=NOW)
    trouble = Trouble(assignment=held, alarm=alarm, kind=TroubleKind.CAR, told_at=NOW)
    hand = Claim(ride=ride, driver=driver, made_at=NOW)
    incident = Incident(
        group_id=group.id,
        family=family,
        ride=ride,
        happened_on=ride.service_on,
        kind=IncidentKind.CAR,
        made_at=NOW,
    )
    any_session.add_all([alarm, trouble, hand, incident])
    any_session.flush()
    rows = closure.hanging_on(any_session, schema.metadata(), {"ride": {ride.id}})
    assert {"ride_trouble", "ride_claim"} < set(rows)
    assert "incident" not in rows
    closure.remove(any_session, schema.metadata(), rows)
    any_session.refresh(incident)
    assert incident.ride_id is None
    rows = closure.hanging_on(any_session, schema.metadata(), {"family": {family.id}})
    assert rows["incident"] == {incident.id}
