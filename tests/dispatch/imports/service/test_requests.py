"""Requests of a sheet."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.crypto.vault import EVERYWHERE
from dispatch.db.transactions import vault_of
from dispatch.families.models import Family, FamilyState
from dispatch.imports.rules import Sheet
from dispatch.places.models import Place
from dispatch.places.sealed import address_of
from dispatch.rides.models import Anchor, Leg, Purpose, Request, ReturnKind, Ride, RideState
from tests.build import a_group
from tests.dispatch.imports.service.bringing import NOW, bring, bring_town, said, states


def all_of(session: Session, kind: type) -> list:
    return list(session.scalars(select(kind).order_by(kind.id)))


def a_town(session: Session):
    group = a_group(session)
    bring_town(session, group)
    return group


def test_a_row_becomes_a_family_and_its_rides(any_session: Session):
    group = a_town(any_session)
    report = bring(any_session, group, Sheet.REQUESTS, {"Kids": "1", "Car seats": "1 booster"})
    (family,) = all_of(any_session, Family)
    out, back = all_of(any_session, Ride)
    vault = vault_of(any_session)
    assert states(report) == ["taken"]
    assert (family.number, family.language) == ("F001", "es")
    assert family.unseal("sealed_name", vault) == "Ana"
    assert address_of(family.place, vault).line == "12 Alder Street"
    assert (out.leg, out.anchor, out.state) == (Leg.OUTBOUND, Anchor.ARRIVE_BY, RideState.OPEN)
    assert out.window_ends_at - out.window_starts_at == (
        back.window_ends_at - back.window_starts_at
    )
    assert (out.pickup_place, out.dropoff_place.name) == (family.place, "Alder Clinic")
    assert (out.adults, out.children, out.child_seats) == (1, 1, {"booster": 1})
    assert out.request.purpose is Purpose.MEDICAL


def test_a_sheet_brought_twice_makes_no_second_ride(any_session: Session):
    group = a_town(any_session)
    rows = [{}, {"Date": "2027-03-10", "Back": "w/c"}]
    bring(any_session, group, Sheet.REQUESTS, *rows)
    before = [one.id for one in all_of(any_session, Ride)]
    report = bring(any_session, group, Sheet.REQUESTS, *rows)
    assert states(report) == ["known", "known"]
    assert said(report.rows[0]) == ""
    assert [one.id for one in all_of(any_session, Ride)] == before


def test_a_row_that_says_something_else_now_changes_nothing_but_is_told(any_session: Session):
    group = a_town(any_session)
    bring(any_session, group, Sheet.REQUESTS, {})
    report = bring(any_session, group, Sheet.REQUESTS, {"Adults": "3"})
    assert states(report) == ["known"]
    assert "something else now" in said(report.rows[0])
    assert all_of(any_session, Ride)[0].adults == 1


def test_rows_of_one_number_are_one_family(any_session: Session):
    group = a_town(any_session)
    bring(any_session, group, Sheet.REQUESTS, {}, {"Date": "2027-03-10", "Family": "f001"})
    assert len(all_of(any_session, Family)) == 1
    assert len(all_of(any_session, Request)) == 2


def test_the_same_number_in_two_groups_is_two_families(any_session: Session):
    for name in ("Alder Bay Rides", "Pine Valley Rides"):
        group = a_group(any_session, name=name)
        bring_town(any_session, group)
        assert states(bring(any_session, group, Sheet.REQUESTS, {})) == ["taken"]
    assert len(all_of(any_session, Family)) == 2


def test_a_public_place_as_home_is_a_meeting_point(any_session: Session):
    group = a_town(any_session)
    bring(any_session, group, Sheet.PLACES, {"name": "Library", "lat": "49.27"})
    bring(any_session, group, Sheet.REQUESTS, {"Home": "Library"})
    assert all_of(any_session, Family)[0].place.name == "Library"


def test_a_dropoff_that_is_no_public_place_is_sealed(any_session: Session):
    group = a_town(any_session)
    bring(any_session, group, Sheet.REQUESTS, {"To": "14 Alder Street"})
    (family,) = all_of(any_session, Family)
    out = all_of(any_session, Ride)[0]
    assert out.dropoff_place.owner_uid == family.uid
    assert out.dropoff_place.latitude is None


def test_another_home_than_on_record_is_told_and_the_one_on_record_stays(any_session: Session):
    group = a_town(any_session)
    bring(any_session, group, Sheet.REQUESTS, {})
    row = {"Date": "2027-03-10", "Home": "14 Alder Street"}
    report = bring(any_session, group, Sheet.REQUESTS, row)
    (family,) = all_of(any_session, Family)
    assert states(report) == ["taken"]
    assert "another home" in said(report.rows[0])
    assert address_of(family.place, vault_of(any_session)).line == "12 Alder Street"


def test_more_seats_than_children_count_as_children(session: Session):
    group = a_town(session)
    report = bring(session, group, Sheet.REQUESTS, {"Car seats": "2 boosters"})
    assert all_of(session, Ride)[0].children == 2
    assert "Planned for 2 children" in said(report.rows[0])


def test_a_waiting_driver_waits_an_hour(session: Session):
    group = a_town(session)
    bring(session, group, Sheet.REQUESTS, {"Back": "driver waits"})
    out, back = all_of(session, Ride)
    assert (out.request.return_kind, out.wait_minutes) == (ReturnKind.WAIT, 60)
    assert back.with_outbound


def test_a_family_that_left_asks_for_nothing(session: Session):
    group = a_town(session)
    bring(session, group, Sheet.REQUESTS, {})
    all_of(session, Family)[0].state = FamilyState.LEFT
    report = bring(session, group, Sheet.REQUESTS, {"Date": "2027-03-10"})
    assert states(report) == ["refused"]
    assert len(all_of(session, Request)) == 1


def test_a_time_that_has_passed_today_is_refused(session: Session):
    group = a_town(session)
    row = {"Date": NOW.date().isoformat(), "Appointment": "8:00"}
    report = bring(session, group, Sheet.REQUESTS, row)
    assert states(report) == ["refused"]
    assert "has passed" in said(report.rows[0])


def test_a_refused_row_leaves_nothing_and_the_others_are_taken(any_session: Session):
    group = a_town(any_session)
    places = len(all_of(any_session, Place))
    rows = [{"Family": "F009", "To": "Atlantis"}, {}]
    report = bring(any_session, group, Sheet.REQUESTS, *rows)
    assert states(report) == ["refused", "taken"]
    assert [one.number for one in all_of(any_session, Family)] == ["F001"]
    assert len(all_of(any_session, Place)) == places + 1


def test_a_rehearsal_says_the_same_and_does_nothing(session: Session):
    group = a_town(session)
    rows = [{}, {"Date": "2027-03-10", "Back": "8:00"}]
    rehearsed = bring(session, group, Sheet.REQUESTS, *rows, rehearse=True)
    assert all_of(session, Family) == []
    assert vault_of(session).find("phone", "604-555-0001", EVERYWHERE) == []
    report = bring(session, group, Sheet.REQUESTS, *rows)
    assert rehearsed.to_dict() == report.to_dict()


def test_what_makes_a_request_known_cannot_be_guessed(session: Session):
    group = a_town(session)
    bring(session, group, Sheet.REQUESTS, {})
    token = all_of(session, Request)[0].form_token
    assert len(token) == 64
    assert "F001" not in token
