"""Entering and changing families, and reading what is sealed of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.errors import Forbidden, NotFound, Refused, Stale
from dispatch.families import queries, service
from dispatch.families.facts import FamilyFacts, Followed, Home, Part, RiderFacts
from dispatch.families.models import FamilyState, RiderKind, Wish
from dispatch.places import grants
from dispatch.places import service as places
from dispatch.places.models import AddressGrant
from dispatch.places.sealed import Address, address_of, point_of
from dispatch.policy.actor import SYSTEM
from tests.build import (
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_public_place,
    a_ride,
    a_steward,
    driver_actor,
)
from tests.dispatch.places.test_service import an_assignment

HOME = Home(Address("48 Larch Row", directions="side door"), (49.271, -123.112))
ELSEWHERE = Home(Address("9 Elm Ct"), (49.30, -123.05))


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


def facts(**values):
    typed = {"number": "F118", "name": "Carmen", "phone": "604-555-0117", "where": HOME}
    return FamilyFacts(**{**typed, **values})


def enter(session, actor, group, now, **values):
    family = service.save(session, actor, facts(**values), group=group, now=now)
    session.commit()
    return family


def stay(_session, _actor, _family, _left, *, now):
    """Rides that are none of this room's business."""
    return Followed([], [], [])


def change(session, actor, group, family, now, *, follow=stay, **values):
    typed = {"number": family.number, **values}
    seen = typed.pop("seen", family.version)
    return service.change(
        session,
        actor,
        family,
        FamilyFacts(**typed),
        group=group,
        seen_version=seen,
        follow=follow,
        now=now,
    )


def revealed(session, actor, family, now, *parts):
    return service.reveal(session, actor, family, now=now, parts=parts or set(Part))


def test_a_family_is_entered_with_everything_personal_sealed(any_session, group, rosa, now):
    riders = (RiderFacts(RiderKind.BOOSTER, "Luz"),)
    family = enter(any_session, rosa, group, now, notes="Stroller", riders=riders)
    for sealed in (family.sealed_name, family.sealed_phone, family.riders[0].sealed_name):
        assert not {b"Carmen", b"0117", b"Luz"} & set(sealed.record.split())
        assert b"Carmen" not in sealed.record
    assert family.place.name is None
    opened = revealed(any_session, rosa, family, now)
    assert (opened.name, opened.phone, opened.notes) == ("Carmen", "604-555-0117", "Stroller")
    assert opened.riders == ((RiderKind.BOOSTER, "Luz"),)
    assert opened.address == HOME.address


def test_a_meeting_point_instead_of_a_home_keeps_no_address(any_session, group, rosa, now):
    library = a_public_place(any_session, group, "Mill Hill Library")
    family = enter(any_session, rosa, group, now, where=library)
    assert family.place is library
    assert revealed(any_session, rosa, family, now).address is None


def test_a_number_is_taken_once_in_a_group(any_session, group, rosa, now):
    enter(any_session, rosa, group, now)
    with pytest.raises(service.NumberTaken):
        enter(any_session, rosa, group, now)
    any_session.rollback()
    other = a_group(any_session)
    enter(any_session, a_coordinator(any_session, other), other, now)


def test_more_child_seats_than_children_are_refused(any_session, group, rosa, now):
    with pytest.raises(service.PartyRefused) as refused:
        enter(any_session, rosa, group, now, children=1, child_seats={"booster": 2})
    assert set(refused.value.troubles) == {"children"}


def test_what_was_left_empty_is_kept(any_session, group, rosa, now):
    rider = RiderFacts(RiderKind.ADULT, "Ana")
    family = enter(any_session, rosa, group, now, notes="Stroller", riders=(rider,))
    change(any_session, rosa, group, family, now, adults=3)
    opened = revealed(any_session, rosa, family, now)
    assert (opened.name, opened.phone, opened.notes) == ("Carmen", "604-555-0117", "Stroller")
    assert opened.riders == ((RiderKind.ADULT, "Ana"),)
    assert (opened.address, family.adults) == (HOME.address, 3)


def test_what_is_to_be_forgotten_is_gone(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now, notes="Stroller")
    change(any_session, rosa, group, family, now, phone="", notes="")
    any_session.commit()
    assert (family.sealed_phone, family.sealed_notes) == (None, None)
    assert queries.find_by_phone(any_session, rosa, group, "604-555-0117") == []


def test_riders_stay_change_come_and_go(any_session, group, rosa, now):
    riders = (RiderFacts(RiderKind.INFANT, "Luz"), RiderFacts(RiderKind.ADULT, "Ana"))
    family = enter(any_session, rosa, group, now, riders=riders)
    luz = family.riders[0]
    after = (RiderFacts(RiderKind.BOOSTER, None, luz.uid), RiderFacts(RiderKind.ADULT, "Eva"))
    change(any_session, rosa, group, family, now, riders=after)
    any_session.expire(family)
    opened = revealed(any_session, rosa, family, now, Part.RIDERS)
    assert opened.riders == ((RiderKind.BOOSTER, "Luz"), (RiderKind.ADULT, "Eva"))


def test_a_family_that_somebody_else_changed_is_not_overwritten(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    change(any_session, rosa, group, family, now, adults=2)
    with pytest.raises(Stale):
        change(any_session, rosa, group, family, now, adults=5, seen=1)
    assert family.adults == 2


def test_a_home_that_is_left_is_forgotten_and_closed_to_drivers(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    left = family.place
    ride, driver = a_ride(any_session, group, family=family), a_driver(any_session, group)
    grants.open_to_driver(
        any_session,
        assignment=an_assignment(any_session, ride, driver, now),
        places=[left],
        starts_at=now,
        ends_at=now + timedelta(days=3),
    )
    before = family.version
    change(any_session, rosa, group, family, now, where=ELSEWHERE)
    any_session.commit()
    vault = vault_of(any_session)
    assert family.version == before + 1
    assert point_of(family.place, vault) == ELSEWHERE.point
    assert (address_of(left, vault).line, left.retired_at) == ("", now)
    assert point_of(left, vault) == pytest.approx(left.coarse_point)
    assert any_session.scalars(select(AddressGrant)).one().revoked_at == now
    for place in (left, family.place):
        with pytest.raises(NotFound):
            places.reveal(any_session, driver_actor(driver), place, family_uid=None, now=now)


def test_rides_are_asked_to_follow_from_where_the_family_was(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    home, library = family.place, a_public_place(any_session, group, "Mill Hill Library")
    told, moves = Followed([], [], []), []

    def follow(_session, _actor, moved, left, *, now):
        moves.append((left, moved.place))
        return told

    for where in (library, ELSEWHERE, HOME):
        said = change(any_session, rosa, group, family, now, where=where, follow=follow)
        assert said is told
    assert [left for left, _place in moves[:2]] == [home, library]
    assert all(place is not left for left, place in moves)


def test_a_family_that_stays_leaves_its_rides_alone(any_session, group, rosa, now):
    library = a_public_place(any_session, group, "Mill Hill Library")
    family = enter(any_session, rosa, group, now, where=library)
    for where in (None, library):
        said = change(any_session, rosa, group, family, now, where=where, follow=None)
        assert said is None


def test_a_ride_that_cannot_follow_keeps_the_family_where_it_is(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    home = family.place

    def refuse(_session, _actor, _family, _left, *, now):
        raise Refused("Cancel that ride first.")

    any_session.commit()
    with pytest.raises(Refused):
        change(any_session, rosa, group, family, now, where=ELSEWHERE, follow=refuse)
    any_session.rollback()
    assert family.place is home
    assert revealed(any_session, rosa, family, now, Part.ADDRESS).address == HOME.address


def test_a_home_can_be_given_up_for_a_meeting_point_and_back(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    home = family.place
    library = a_public_place(any_session, group, "Mill Hill Library")
    change(any_session, rosa, group, family, now, where=library)
    assert family.place is library
    change(any_session, rosa, group, family, now, where=ELSEWHERE)
    assert family.place not in (home, library)
    assert library.coarse_point != ELSEWHERE.point
    assert revealed(any_session, rosa, family, now, Part.ADDRESS).address == ELSEWHERE.address


def test_the_meeting_point_of_another_group_is_not_there(any_session, group, rosa, now):
    foreign = a_public_place(any_session, a_group(any_session))
    with pytest.raises(NotFound):
        enter(any_session, rosa, group, now, where=foreign)


def test_a_family_is_found_by_phone_however_it_is_written(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    for written in ("604-555-0117", "+1 (604) 555 0117", "6045550117"):
        assert queries.find_by_phone(any_session, rosa, group, written) == [family]
    change(any_session, rosa, group, family, now, phone="604-555-0199")
    any_session.commit()
    assert queries.find_by_phone(any_session, rosa, group, "604-555-0117") == []
    assert queries.find_by_phone(any_session, rosa, group, "604-555-0199") == [family]


def test_a_phone_finds_nothing_in_another_group(any_session, group, rosa, now):
    enter(any_session, rosa, group, now)
    other = a_group(any_session)
    anna = a_coordinator(any_session, other)
    assert queries.find_by_phone(any_session, anna, other, "604-555-0117") == []
    assert queries.find_by_phone(any_session, anna, group, "604-555-0117") == []


def test_the_families_of_another_group_are_not_found(any_session, group, rosa, now):
    family = a_family(any_session, a_group(any_session))
    assert queries.families(any_session, rosa, group) == []
    with pytest.raises(NotFound):
        queries.get_family(any_session, rosa, family.uid)
    with pytest.raises(NotFound):
        change(any_session, rosa, group, family, now)
    any_session.commit()
    with pytest.raises(NotFound):
        revealed(any_session, rosa, family, now)


def test_each_look_is_noted_for_what_it_opened(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    revealed(any_session, rosa, family, now, Part.PHONE)
    revealed(any_session, rosa, family, now, Part.ADDRESS)
    seen = queries.looks(any_session, family, most=20)
    assert [str(look.what) for look in seen] == [
        "read an address",
        "read a family's name, phone or address",
    ]
    assert {look.who for look in seen} == {"Rosa"}


def test_only_what_was_asked_for_is_opened(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now, notes="Stroller")
    opened = revealed(any_session, rosa, family, now, Part.NAME)
    assert opened.name == "Carmen"
    assert (opened.phone, opened.notes, opened.riders, opened.address) == (None,) * 4
    assert "Carmen" not in repr(opened)


def test_a_refused_look_is_noted_and_shown(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    steward = a_steward(any_session)
    driver = driver_actor(a_driver(any_session, group))
    any_session.commit()
    for actor in (steward, driver, SYSTEM):
        with pytest.raises((Forbidden, NotFound)):
            revealed(any_session, actor, family, now, Part.PHONE)
    assert [look.is_refused for look in queries.looks(any_session, family, most=20)] == [True] * 3


def test_without_a_note_nothing_is_shown(any_session, group, rosa, now, monkeypatch):
    family = enter(any_session, rosa, group, now)

    def broken(_session):
        raise OSError("the disk is full")

    monkeypatch.setattr("dispatch.places.looks.commit", broken)
    for part in Part:
        with pytest.raises(OSError, match="disk"):
            revealed(any_session, rosa, family, now, part)


def test_a_wish_is_noted_changed_and_taken_back(any_session, group, rosa, now):
    family, driver = a_family(any_session, group), a_driver(any_session, group)
    for kind in (Wish.PREFERS, Wish.NEVER):
        service.wish(any_session, rosa, family, driver, kind, now=now)
        assert [(one.driver, one.wish) for one in family.wishes] == [(driver, kind)]
    service.wish(any_session, rosa, family, driver, None, now=now)
    any_session.expire(family)
    assert family.wishes == []


def test_a_driver_of_another_group_cannot_be_wished_for(any_session, group, rosa, now):
    family, other = a_family(any_session, group), a_driver(any_session, a_group(any_session))
    assert queries.drivers_to_wish(any_session, rosa, group) == []
    with pytest.raises(NotFound):
        service.wish(any_session, rosa, family, other, Wish.NEVER, now=now)


def test_who_left_leaves_the_list(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    change(any_session, rosa, group, family, now, state=FamilyState.LEFT)
    assert queries.families(any_session, rosa, group) == []
    assert queries.families(any_session, rosa, group, state=FamilyState.LEFT) == [family]


def test_the_next_number_follows_the_highest(any_session, group, rosa, now):
    assert queries.next_number(any_session, group) == "F001"
    enter(any_session, rosa, group, now, number="F118")
    enter(any_session, rosa, group, now, number="F007")
    assert queries.next_number(any_session, group) == "F119"


def test_what_changes_a_family_is_noted(any_session, group, rosa, now):
    family = enter(any_session, rosa, group, now)
    notes = any_session.scalars(select(AuditEvent).where(AuditEvent.family_uid == family.uid)).all()
    assert [(note.action, note.actor_uid) for note in notes] == [("family:change", rosa.uid)]
