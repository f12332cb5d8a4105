"""Submitting a request, on both databases."""

from datetime import date, time
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.families.models import FamilyState
from dispatch.rides.models import Leg, Request, ReturnKind, Ride, RideState
from dispatch.rides.service import RequestRefused, read_note, submit
from tests.build import (
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_home,
    a_public_place,
    driver_actor,
)
from tests.dispatch.rides.asked import asked_for

TUESDAYS = frozenset({1})
FORM = "the form on the screen"


class Town:
    """A group, its coordinator, a family and a clinic."""

    def __init__(self, session):
        self.session = session
        self.group = a_group(session)
        self.actor = a_coordinator(session, self.group)
        self.family = a_family(session, self.group)
        self.clinic = a_public_place(session, self.group)

    def asks(self, **values):
        return asked_for(**{"pickup": self.family.place, "dropoff": self.clinic, **values})

    def submit(self, now, **values):
        return submit(
            self.session, self.actor, self.family, self.asks(**values), form_token=FORM, now=now
        )


@pytest.fixture
def town(any_session):
    return Town(any_session)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_one_way_makes_one_open_ride(town, now):
    [ride] = town.submit(now).rides
    assert (ride.leg, ride.state) == (Leg.OUTBOUND, RideState.OPEN)
    assert (ride.pickup_place, ride.dropoff_place) == (town.family.place, town.clinic)
    assert [(event.before, event.after) for event in ride.events] == [(None, RideState.OPEN)]


def test_the_way_back_swaps_the_ends_and_knows_the_way_there(town, now):
    out, back = town.submit(now, return_kind=ReturnKind.FIXED, return_at=time(12, 0)).rides
    assert (back.pickup_place, back.dropoff_place) == (town.clinic, town.family.place)
    assert back.outbound is out


def test_a_will_call_waits_without_a_window(town, now):
    town.submit(now, return_kind=ReturnKind.WILL_CALL)
    back = town.session.scalars(select(Ride).where(Ride.leg == Leg.RETURN)).one()
    assert (back.state, back.window_starts_at) == (RideState.WILL_CALL, None)


def test_a_waiting_driver_brings_them_back(town, now):
    out, back = town.submit(now, return_kind=ReturnKind.WAIT, wait_minutes=45).rides
    assert (out.with_outbound, out.wait_minutes) == (False, 45)
    assert (back.with_outbound, back.wait_minutes) == (True, 0)
    assert (back.window_starts_at - out.window_starts_at).total_seconds() == 45 * 60


def test_a_series_makes_a_ride_for_each_of_its_days(town, now):
    request = town.submit(
        now,
        weekdays=TUESDAYS,
        until=date(2027, 3, 30),
        except_on=frozenset({date(2027, 3, 16)}),
    )
    assert [ride.service_on.day for ride in request.rides] == [9, 23, 30]
    assert {ride.window_ends_at.hour for ride in request.rides} == {17, 18}
    assert request.except_on == ["2027-03-16"]


def test_a_form_sent_twice_makes_one_request(town, now):
    assert town.submit(now) is town.submit(now)
    assert count(town.session, Ride) == 1


def test_a_form_that_was_sent_and_then_changed_is_told_so(town, now):
    town.submit(now)
    with pytest.raises(Conflict):
        town.submit(now, on=date(2027, 3, 10))


def test_a_form_sent_twice_at_the_same_moment_makes_one_request(any_database, now):
    with any_database.transaction() as session:
        town = Town(session)
        ids = (town.family.id, town.clinic.id, town.actor)
    made, together = [], Barrier(2)

    def send():
        together.wait()
        with any_database.transaction() as session:
            family, clinic = (
                session.get_one(type(one), at)
                for one, at in ((town.family, ids[0]), (town.clinic, ids[1]))
            )
            asked = asked_for(pickup=family.place, dropoff=clinic)
            made.append(submit(session, ids[2], family, asked, form_token=FORM, now=now).uid)

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_database.session() as session:
        assert len(made) == 2
        assert set(made) == set(session.scalars(select(Request.uid)))
        assert count(session, Ride) == 1


def test_what_cannot_be_leaves_nothing_behind(town, now):
    with pytest.raises(RequestRefused) as refused:
        town.submit(now, adults=9, on=date(2027, 3, 1))
    assert set(refused.value.by_field) == {"adults", "day"}
    assert count(town.session, Request) == count(town.session, Ride) == 0


def test_a_family_that_left_gets_no_new_request(town, now):
    town.family.state = FamilyState.LEFT
    with pytest.raises(RequestRefused):
        town.submit(now)


def test_a_driver_enters_no_requests(town, now):
    town.actor = driver_actor(a_driver(town.session, town.group))
    with pytest.raises(Forbidden):
        town.submit(now)


def test_a_family_of_another_group_is_not_there(town, now):
    town.actor = a_coordinator(town.session, a_group(town.session))
    with pytest.raises(NotFound):
        town.submit(now)


def test_the_home_of_another_family_is_no_place_to_go(town, now):
    home = a_home(town.session, town.group, a_family(town.session, town.group).uid)
    with pytest.raises(NotFound):
        town.submit(now, dropoff=home)


def test_a_public_place_of_another_group_is_no_place_to_go(town, now):
    with pytest.raises(NotFound):
        town.submit(now, dropoff=a_public_place(town.session, a_group(town.session)))


def test_the_note_is_stored_sealed_and_read_on_record(town, now):
    request = town.submit(now, notes="Stroller to fold. 🚗 عربة")
    town.session.commit()
    assert b"Stroller" not in request.sealed_notes.record
    assert read_note(town.session, town.actor, request, now=now) == "Stroller to fold. 🚗 عربة"
    looks = town.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "family:reveal")
    ).all()
    assert [look.object_uid for look in looks] == [request.uid]


def test_a_note_of_another_group_stays_sealed(town, now):
    request = town.submit(now, notes="Stroller")
    town.session.commit()
    stranger = a_coordinator(town.session, a_group(town.session))
    town.session.commit()
    with pytest.raises(NotFound):
        read_note(town.session, stranger, request, now=now)


def test_a_request_is_on_record(town, now):
    request = town.submit(now)
    town.session.commit()
    row = town.session.scalars(select(AuditEvent)).one()
    assert (row.object_uid, row.family_uid) == (request.uid, town.family.uid)
