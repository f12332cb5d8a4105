"""Saving places, and letting the right person read one for the right while."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.errors import Forbidden, NotFound, Refused, Stale
from dispatch.places import grants, queries, service
from dispatch.places.cells import code_of
from dispatch.places.models import AddressGrant, PlaceKind
from dispatch.places.sealed import Address, address_of, point_of
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM, Actor
from tests.build import (
    TEN,
    a_cell,
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_public_place,
    a_ride,
    a_steward,
    driver_actor,
)

POINT = (49.271, -123.112)
FARTHER = (49.35, -123.05)
"""In another cell."""


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


def public(session, actor, group, now, **values):
    typed = {"kind": PlaceKind.CLINIC, "name": "Lakeview Clinic", "address": None, "point": POINT}
    return service.save_public(session, actor, group=group, now=now, **{**typed, **values})


def an_assignment(session, ride, driver, now):
    """An accepted assignment of `ride`."""
    assignment = Assignment(
        group_id=ride.group_id,
        ride_id=ride.id,
        driver_id=driver.id,
        user_id=driver.user_id,
        state=AssignmentState.ACCEPTED,
        pickup_at=TEN - timedelta(minutes=20),
        dropoff_at=TEN,
        busy_until=TEN + timedelta(minutes=3),
        approved_at=now,
    )
    session.add(assignment)
    session.flush()
    return assignment


def opened(session, group, now):
    """A ride whose home a driver may read from two hours before ten to an hour after."""
    ride, driver = a_ride(session, group), a_driver(session, group)
    assignment = an_assignment(session, ride, driver, now)
    grants.open_to_driver(
        session,
        assignment=assignment,
        places=[ride.pickup_place, ride.dropoff_place],
        starts_at=TEN - timedelta(hours=2),
        ends_at=TEN + timedelta(hours=1),
    )
    session.commit()
    return ride, driver, assignment


def looks(session, outcome="done"):
    return session.scalar(
        select(func.count())
        .select_from(AuditEvent)
        .where(AuditEvent.action == "place:read-address", AuditEvent.outcome == outcome)
    )


def read(session, actor, ride, at):
    return service.reveal(
        session, actor, ride.pickup_place, family_uid=ride.family.uid, ride_uid=ride.uid, now=at
    )


def test_a_public_place_is_open(any_session, group, rosa, now):
    place = public(any_session, rosa, group, now)
    assert (place.shown_as, place.coarse_point) == ("Lakeview Clinic", POINT)
    assert queries.public_places(any_session, rosa, group) == [place]


def test_a_name_is_taken_once_in_a_group(any_session, group, rosa, now):
    first = public(any_session, rosa, group, now)
    with pytest.raises(service.NameTaken):
        public(any_session, rosa, group, now, name="LAKEVIEW clinic")
    service.retire(any_session, rosa, first, now=now)
    public(any_session, rosa, group, now)
    assert len(queries.public_places(any_session, rosa, group)) == 1


def test_a_name_in_other_letters_is_the_same_name(any_session, group, rosa, now):
    public(any_session, rosa, group, now, name="Clínica Ñandú")
    with pytest.raises(service.NameTaken):
        public(any_session, rosa, group, now, name="CLÍNICA ÑANDÚ")


def test_who_takes_a_name_at_the_same_moment_is_told(any_session, group, rosa, now, monkeypatch):
    """As if the other place came between our look and our insert."""
    public(any_session, rosa, group, now)
    monkeypatch.setattr(any_session, "scalar", lambda _asked: None)
    with pytest.raises(service.NameTaken):
        public(any_session, rosa, group, now, name="lakeview clinic")
    other = public(any_session, rosa, group, now, name="Lakeview Pharmacy")
    with pytest.raises(service.NameTaken):
        service.change_public(
            any_session,
            rosa,
            other,
            group=group,
            kind=other.kind,
            name="LAKEVIEW CLINIC",
            address=None,
            point=POINT,
            seen=service.fingerprint(other),
            now=now,
        )


def test_a_point_in_the_wrong_order_is_refused_and_nothing_is_written(
    any_session, group, rosa, now
):
    public(any_session, rosa, group, now)
    any_session.commit()
    with pytest.raises(service.PointRefused, match="Latitude and longitude look swapped"):
        public(any_session, rosa, group, now, name="Court", point=POINT[::-1])
    any_session.rollback()
    assert len(queries.public_places(any_session, rosa, group)) == 1


def test_a_far_point_is_taken_when_somebody_means_it(any_session, group, rosa, now):
    public(any_session, rosa, group, now)
    far = {"name": "Montreal Court", "point": (45.5, -73.6)}
    with pytest.raises(service.PointRefused) as refused:
        public(any_session, rosa, group, now, **far)
    assert refused.value.may_be_meant
    assert public(any_session, rosa, group, now, **far, far_is_meant=True).latitude == 45.5


def test_a_home_is_no_public_place(any_session, group, rosa, now):
    with pytest.raises(Refused):
        public(any_session, rosa, group, now, kind=PlaceKind.HOME)


def test_a_place_that_somebody_else_changed_is_not_overwritten(any_session, group, rosa, now):
    place = public(any_session, rosa, group, now)
    seen = service.fingerprint(place)
    correct = {"group": group, "kind": PlaceKind.COURT, "address": None, "point": POINT}
    service.change_public(any_session, rosa, place, name="Court", seen=seen, now=now, **correct)
    with pytest.raises(Stale):
        service.change_public(
            any_session, rosa, place, name="Tribunal", seen=seen, now=now, **correct
        )
    assert place.name == "Court"


def test_a_retired_place_leaves_the_list_and_is_still_there(any_session, group, rosa, now):
    place = public(any_session, rosa, group, now)
    service.retire(any_session, rosa, place, now=now)
    assert queries.public_places(any_session, rosa, group) == []
    assert queries.get_public_place(any_session, rosa, place.uid) is place


def test_the_places_of_another_group_are_not_found(any_session, group, rosa, now):
    other = a_group(any_session)
    place = a_public_place(any_session, other)
    assert queries.public_places(any_session, rosa) == []
    with pytest.raises(NotFound):
        queries.get_place(any_session, rosa, place.uid)
    with pytest.raises(NotFound):
        service.retire(any_session, rosa, place, now=now)
    with pytest.raises(NotFound):
        public(any_session, rosa, other, now)


def test_a_private_place_has_no_public_page(any_session, group, rosa):
    family = a_family(any_session, group)
    with pytest.raises(NotFound):
        queries.get_public_place(any_session, rosa, family.place.uid)


def test_an_address_and_its_point_are_stored_sealed(any_session, group, rosa, now):
    owner = rosa.uid
    place = service.save_private(
        any_session,
        rosa,
        group=group,
        owner_uid=owner,
        kind=PlaceKind.HOME,
        address=Address("48 Larch Row", unit="3", directions="side door"),
        point=POINT,
        now=now,
    )
    assert (place.name, place.address, place.latitude, place.longitude) == (None,) * 4
    assert b"Larch" not in place.sealed_address.record
    assert point_of(place, vault_of(any_session)) == POINT
    assert place.coarse_point != POINT


def test_a_coordinator_reads_an_address_and_it_is_noted(any_session, group, rosa, now):
    ride = a_ride(any_session, group)
    any_session.commit()
    assert read(any_session, rosa, ride, now).line == "48 Larch Row"
    note = any_session.scalars(select(AuditEvent)).one()
    assert (note.object_uid, note.family_uid, note.ride_uid, note.actor_uid) == (
        ride.pickup_place.uid,
        ride.family.uid,
        ride.uid,
        rosa.uid,
    )


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (TEN - timedelta(hours=2, seconds=1), False),
        (TEN - timedelta(hours=2), True),
        (TEN + timedelta(minutes=59, seconds=59), True),
        (TEN + timedelta(hours=1), False),
    ],
)
def test_a_driver_reads_the_address_only_while_the_grant_is_open(
    any_session, group, now, at, is_open
):
    ride, driver, _assignment = opened(any_session, group, now)
    actor = driver_actor(driver)
    if is_open:
        assert read(any_session, actor, ride, at).line == "48 Larch Row"
    else:
        with pytest.raises(NotFound):
            read(any_session, actor, ride, at)
    assert looks(any_session) == is_open
    assert looks(any_session, "refused") == (not is_open)


def test_a_grant_opens_nothing_to_another_driver(any_session, group, now):
    ride, _driver, _assignment = opened(any_session, group, now)
    other = a_driver(any_session, group)
    any_session.commit()
    with pytest.raises(NotFound):
        read(any_session, driver_actor(other), ride, TEN)


def test_a_grant_opens_no_other_place(any_session, group, now):
    _ride, driver, _assignment = opened(any_session, group, now)
    other = a_ride(any_session, group)
    any_session.commit()
    with pytest.raises(NotFound):
        read(any_session, driver_actor(driver), other, TEN)


def test_a_suspended_driver_reads_nothing(any_session, group, now):
    ride, driver, _assignment = opened(any_session, group, now)
    actor = Actor(driver.user_id, driver.user.uid, is_active=False, drives={group.id: driver.id})
    with pytest.raises(Forbidden):
        read(any_session, actor, ride, TEN)


def test_a_steward_and_the_system_read_no_address(any_session, group, now):
    ride = a_ride(any_session, group)
    any_session.commit()
    for actor in (a_steward(any_session), SYSTEM):
        with pytest.raises(Forbidden):
            read(any_session, actor, ride, now)
    assert looks(any_session, "refused") == 2


def test_a_refused_look_is_noted_alone_and_what_was_begun_is_not_saved(any_session, group, now):
    ride = a_ride(any_session, group)
    other = driver_actor(a_driver(any_session, group))
    any_session.commit()
    ride.priority = 9
    with pytest.raises(NotFound):
        read(any_session, other, ride, now)
    any_session.rollback()
    assert looks(any_session, "refused") == 1
    assert ride.priority == 1


def test_without_a_note_nothing_is_shown(any_session, group, rosa, now, monkeypatch):
    ride = a_ride(any_session, group)
    any_session.commit()
    unsealed = []
    monkeypatch.setattr(service, "address_of", lambda *_: unsealed.append("shown"))

    def broken(_session):
        raise OSError("the disk is full")

    monkeypatch.setattr("dispatch.places.looks.commit", broken)
    with pytest.raises(OSError, match="disk"):
        read(any_session, rosa, ride, now)
    assert unsealed == []


def test_only_private_places_are_granted_and_each_once(any_session, group, now):
    ride, driver, _assignment = opened(any_session, group, now)
    grants = any_session.scalars(select(AddressGrant)).all()
    assert [(grant.place_id, grant.driver_id) for grant in grants] == [
        (ride.pickup_place_id, driver.id)
    ]
    assert not grants[0].place.is_public


def test_moving_a_home_closes_it_to_whoever_could_read_the_old_one(any_session, group, rosa, now):
    ride, driver, _assignment = opened(any_session, group, now)
    new = Address("9 Elm Ct")
    service.move(
        any_session, rosa, ride.pickup_place, group=group, address=new, point=POINT, now=now
    )
    any_session.commit()
    with pytest.raises(NotFound):
        read(any_session, driver_actor(driver), ride, TEN)
    assert read(any_session, rosa, ride, TEN).line == "9 Elm Ct"


def test_of_a_home_that_is_given_up_only_the_area_is_left(any_session, group, rosa, now):
    ride, driver, _assignment = opened(any_session, group, now)
    home, cell = ride.pickup_place, ride.pickup_place.cell
    service.give_up(any_session, rosa, home, now=now)
    any_session.commit()
    with pytest.raises(NotFound):
        read(any_session, driver_actor(driver), ride, TEN)
    assert read(any_session, rosa, ride, TEN).line == ""
    assert code_of(point_of(home, vault_of(any_session))) == cell.code
    assert (home.cell, home.retired_at) == (cell, now)


def test_a_public_place_has_nothing_to_reveal(any_session, group, rosa, now):
    place = a_public_place(any_session, group)
    with pytest.raises(NotFound):
        service.reveal(any_session, rosa, place, family_uid=None, now=now)


def is_in(cell, point):
    """Whether a point lies in one of the squares of a cell."""
    return code_of(point) in cell.code.split(",")


def private(session, actor, group, now, **values):
    typed = {"address": Address("48 Larch Row"), "point": POINT, "kind": PlaceKind.HOME}
    return service.save_private(
        session, actor, group=group, owner_uid=actor.uid, now=now, **{**typed, **values}
    )


def test_each_change_is_asked_of_the_law_and_noted(any_session, group, rosa, now, asked):
    first, second, third = (now + timedelta(minutes=number) for number in range(3))
    place = public(any_session, rosa, group, first)
    home = private(any_session, rosa, group, first)
    typed = {"group": group, "kind": PlaceKind.COURT, "name": "Court", "address": "1 Elm Ct"}
    seen = service.fingerprint(place)
    service.change_public(any_session, rosa, place, point=POINT, seen=seen, now=second, **typed)
    service.move(
        any_session, rosa, home, group=group, address=Address("9 Elm Ct"), point=POINT, now=second
    )
    service.retire(any_session, rosa, place, now=third)
    service.give_up(any_session, rosa, home, now=third)
    service.retire(any_session, rosa, place, now=third + timedelta(days=1))
    any_session.commit()
    assert place.retired_at == third
    things = [(group, first), (group, first), (place, second), (home, second)]
    things += [(place, third), (home, third), (place, third + timedelta(days=1))]
    assert asked == [(rosa, Action.CHANGE_PLACE, thing, at) for thing, at in things]
    rows = any_session.scalars(select(AuditEvent).order_by(AuditEvent.position))
    noted = [(row.actor_uid, row.action, row.object_uid, row.group_uid, row.at) for row in rows]
    told = [(place, group.uid, first), (home, group.uid, first), (place, group.uid, second)]
    told += [(home, group.uid, second), (place, None, third), (home, None, third)]
    assert noted == [
        (rosa.uid, "place:change", thing.uid, of_group, at) for thing, of_group, at in told
    ]


def test_what_was_typed_of_a_public_place_is_what_is_there(any_session, group, rosa, now):
    court = public(any_session, rosa, group, now, name="Harbour Court", address="1 Quay St")
    assert court.address == "1 Quay St"
    place = public(any_session, rosa, group, now, address="")
    assert (place.group_id, place.kind, place.name) == (
        group.id,
        PlaceKind.CLINIC,
        "Lakeview Clinic",
    )
    assert (place.address, place.latitude, place.longitude) == (None, *POINT)
    assert place.cell.group_id == group.id
    assert "Harbour Court" in place.cell.name
    service.change_public(
        any_session,
        rosa,
        place,
        group=group,
        kind=PlaceKind.COURT,
        name="Court",
        address="1 Elm Ct",
        point=FARTHER,
        seen=service.fingerprint(place),
        now=now,
    )
    assert (place.kind, place.name, place.address) == (PlaceKind.COURT, "Court", "1 Elm Ct")
    assert (place.latitude, place.longitude) == FARTHER
    assert is_in(place.cell, FARTHER)
    assert place.cell.name == "Court"


def test_a_cell_without_a_name_gets_one_from_the_next_public_place(any_session, group, rosa, now):
    cell = a_cell(any_session, group)
    for save in (public, changed):
        cell.name = cell.code
        save(any_session, rosa, group, now)
        assert cell.name != cell.code


def changed(session, actor, group, now, **values):
    """The one public place of the group, changed into another."""
    place = queries.public_places(session, actor, group)[0]
    typed = {"kind": place.kind, "name": place.name, "address": None, "point": POINT}
    seen = service.fingerprint(place)
    return service.change_public(
        session, actor, place, group=group, seen=seen, now=now, **{**typed, **values}
    )


def moved(session, actor, group, now, **values):
    """A new private place, moved."""
    home = private(session, actor, group, now)
    typed = {"address": Address("9 Elm Ct"), "point": POINT}
    service.move(session, actor, home, group=group, now=now, **{**typed, **values})
    return home


@pytest.mark.parametrize("save", [public, changed, private, moved])
def test_whatever_is_saved_far_away_has_to_be_meant(any_session, group, rosa, now, save):
    public(any_session, rosa, group, now)
    name = {"name": "Montreal Court"} if save in (public, changed) else {}
    with pytest.raises(service.PointRefused, match="more than 300 km") as refused:
        save(any_session, rosa, group, now, point=(45.5, -73.6), **name)
    assert refused.value.may_be_meant
    with pytest.raises(service.PointRefused) as refused:
        save(any_session, rosa, group, now, point=POINT[::-1], **name, far_is_meant=True)
    assert not refused.value.may_be_meant
    place = save(any_session, rosa, group, now, point=(45.5, -73.6), **name, far_is_meant=True)
    assert is_in(place.cell, (45.5, -73.6))


def test_a_place_that_is_far_anyway_may_be_renamed(any_session, group, rosa, now):
    public(any_session, rosa, group, now)
    far = {"point": (45.5, -73.6), "kind": PlaceKind.COURT, "address": None, "group": group}
    place = public(any_session, rosa, group, now, name="Far", point=far["point"], far_is_meant=True)
    seen = service.fingerprint(place)
    service.change_public(any_session, rosa, place, name="Away", seen=seen, now=now, **far)
    assert place.name == "Away"


def test_a_private_place_lies_in_its_cell_and_belongs_to_its_owner(any_session, group, rosa, now):
    place = private(any_session, rosa, group, now, kind=PlaceKind.OTHER_PRIVATE, point=FARTHER)
    assert (place.group_id, place.owner_uid, place.kind) == (
        group.id,
        rosa.uid,
        PlaceKind.OTHER_PRIVATE,
    )
    assert is_in(place.cell, FARTHER)
    vault = vault_of(any_session)
    assert (address_of(place, vault).line, point_of(place, vault)) == ("48 Larch Row", FARTHER)
    with pytest.raises(Refused, match="private kind"):
        private(any_session, rosa, group, now, kind=PlaceKind.CLINIC)


def test_a_home_that_moves_lies_in_another_cell(any_session, group, rosa, now):
    home = moved(any_session, rosa, group, now, point=FARTHER)
    assert is_in(home.cell, FARTHER)
    assert point_of(home, vault_of(any_session)) == FARTHER


def test_a_fingerprint_tells_everything_that_is_typed_apart(any_session, group, rosa, now):
    place = public(any_session, rosa, group, now)
    assert service.fingerprint(place) == "Lakeview Clinic|clinic||49.271|-123.112"
    place.address = "1 Elm Ct"
    assert service.fingerprint(place) == "Lakeview Clinic|clinic|1 Elm Ct|49.271|-123.112"


def test_a_closed_family_closes_its_door_to_the_desk(any_session, group, rosa, now):
    ride = a_ride(any_session, group)
    ride.family.withdrawn_at = now
    any_session.commit()
    place, uid = ride.pickup_place, ride.family.uid
    with pytest.raises(NotFound):
        service.reveal(any_session, rosa, place, family_uid=uid, family=ride.family, now=now)
    assert looks(any_session, "refused") == 1


def test_a_home_without_a_ride_is_read_too(any_session, group, rosa, now):
    family = a_family(any_session, group)
    any_session.commit()
    shown = service.reveal(any_session, rosa, family.place, family_uid=family.uid, now=now)
    assert shown.line == "48 Larch Row"
    note = any_session.scalars(select(AuditEvent)).one()
    assert (note.family_uid, note.ride_uid, note.at) == (family.uid, None, now)


FAR = (45.5, -73.6)


def test_a_name_that_is_taken_is_told_before_anything_else(any_session, group, rosa, now):
    public(any_session, rosa, group, now)
    with pytest.raises(service.NameTaken):
        public(any_session, rosa, group, now, point=FAR)


def test_a_name_of_ones_own_of_another_group_or_retired_is_free(any_session, group, rosa, now):
    other = a_group(any_session)
    of_other = public(any_session, a_coordinator(any_session, other), other, now)
    assert public(any_session, rosa, group, now).name == of_other.name
    with pytest.raises(service.PointRefused):
        changed(any_session, rosa, group, now, point=FAR)
    (own,) = queries.public_places(any_session, rosa, group)
    service.retire(any_session, rosa, own, now=now)
    public(any_session, rosa, group, now, name="Pharmacy")
    with pytest.raises(service.PointRefused):
        public(any_session, rosa, group, now, point=FAR)
