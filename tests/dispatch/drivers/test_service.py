"""Records, papers and times of drivers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.drivers import queries, service
from dispatch.drivers.facts import DriverFacts, OwnAddress, Stays
from dispatch.drivers.models import CredentialKind, Driver, DriverState
from dispatch.drivers.rules import shifts_on
from dispatch.errors import Forbidden, NotFound, Refused, Stale
from dispatch.people.models import Membership, Role
from dispatch.places.sealed import Address, address_of, point_of
from tests.build import (
    a_coordinator,
    a_driver,
    a_group,
    a_public_place,
    a_steward,
    a_user,
    driver_actor,
)

TODAY = date(2027, 3, 8)
"""The day of `now` in the group's zone, a Monday."""
QUAY = OwnAddress(Address("5 Quay St"), (49.275, -123.10))
ELM = OwnAddress(Address("9 Elm Ct"), (49.30, -123.05))
FACTS = DriverFacts(number="D01", languages=("en", "es"), child_seats={"booster": 2}, start=QUAY)


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    return a_coordinator(any_session, group)


def enter(session, actor, group, now, facts=FACTS):
    return service.save(session, actor, facts, group=group, user=a_user(session), now=now)


def change(session, actor, group, driver, now, *, seen=None, **values):
    facts = replace(FACTS, start=Stays.AS_STORED, number=driver.number, **values)
    seen = driver.version if seen is None else seen
    return service.save(
        session, actor, facts, group=group, driver=driver, seen_version=seen, now=now
    )


def line_of(session, place):
    return address_of(place, vault_of(session)).line


def test_a_driver_is_entered_with_the_start_sealed_under_the_own_key(any_session, group, rosa, now):
    driver = enter(any_session, rosa, group, now)
    assert driver.start_place.owner_uid == driver.user.uid
    assert b"Quay" not in driver.start_place.sealed_address.record
    assert point_of(driver.start_place, vault_of(any_session)) == QUAY.point
    assert driver.end_place is driver.start_place
    assert queries.drivers(any_session, rosa, group) == [driver]


def test_a_driver_needs_a_start(any_session, group, rosa, now):
    with pytest.raises(Refused, match="start"):
        enter(any_session, rosa, group, now, replace(FACTS, start=Stays.AS_STORED))


def test_a_driver_may_start_and_end_at_public_places(any_session, group, rosa, now):
    school, depot = (a_public_place(any_session, group, name) for name in ("School", "Depot"))
    driver = enter(any_session, rosa, group, now, replace(FACTS, start=school, end=depot))
    assert (driver.start_place, driver.end_place) == (school, depot)


def test_the_place_of_another_group_is_not_there(any_session, group, rosa, now):
    foreign = a_public_place(any_session, a_group(any_session))
    with pytest.raises(NotFound):
        enter(any_session, rosa, group, now, replace(FACTS, start=foreign))


def test_nobody_drives_for_a_group_twice_and_no_number_is_given_twice(
    any_session, group, rosa, now
):
    driver = enter(any_session, rosa, group, now)
    with pytest.raises(service.NumberTaken):
        enter(any_session, rosa, group, now)
    again = replace(FACTS, number="D02")
    with pytest.raises(Refused, match="drives for the group already"):
        service.save(any_session, rosa, again, group=group, user=driver.user, now=now)


def test_a_start_that_moves_takes_the_end_along(any_session, group, rosa, now):
    driver = enter(any_session, rosa, group, now)
    place = driver.start_place
    change(any_session, rosa, group, driver, now, end=Stays.AS_STORED)
    service.save(
        any_session,
        rosa,
        replace(FACTS, start=ELM),
        group=group,
        driver=driver,
        seen_version=driver.version,
        now=now,
    )
    assert driver.start_place is driver.end_place is place
    assert line_of(any_session, place) == "9 Elm Ct"


def test_an_end_of_its_own_leaves_the_start_alone(any_session, group, rosa, now):
    driver = enter(any_session, rosa, group, now)
    change(any_session, rosa, group, driver, now, end=ELM)
    assert line_of(any_session, driver.start_place) == "5 Quay St"
    assert line_of(any_session, driver.end_place) == "9 Elm Ct"
    own = driver.end_place
    change(any_session, rosa, group, driver, now, end=Stays.AS_STORED)
    assert driver.end_place is own
    change(any_session, rosa, group, driver, now, end=Stays.AT_START)
    assert driver.end_place is driver.start_place


def test_a_driver_changes_the_own_car_but_no_place(any_session, group, rosa, now):
    driver = enter(any_session, rosa, group, now)
    actor = driver_actor(driver)
    change(any_session, actor, group, driver, now, car="green van", state=DriverState.PAUSED)
    assert (driver.car, driver.state) == ("green van", DriverState.PAUSED)
    with pytest.raises((Forbidden, NotFound)):
        change(any_session, actor, group, driver, now, end=ELM)


def test_a_driver_that_somebody_else_changed_is_not_overwritten(any_session, group, rosa, now):
    driver = enter(any_session, rosa, group, now)
    change(any_session, rosa, group, driver, now, car="green van")
    with pytest.raises(Stale):
        change(any_session, rosa, group, driver, now, seen=1, car="red bus")
    assert driver.car == "green van"


def test_drivers_of_another_group_and_other_drivers_are_not_found(any_session, group, rosa, now):
    other = a_driver(any_session, a_group(any_session))
    mine, colleague = a_driver(any_session, group), a_driver(any_session, group)
    with pytest.raises(NotFound):
        queries.get_driver(any_session, rosa, other.uid)
    with pytest.raises(NotFound):
        change(any_session, rosa, group, other, now)
    actor = driver_actor(mine)
    assert queries.get_driver(any_session, actor, mine.uid) is mine
    assert queries.drivers(any_session, actor, group) == [mine]
    for use in (
        lambda: queries.get_driver(any_session, actor, colleague.uid),
        lambda: change(any_session, actor, group, colleague, now),
        lambda: service.set_weekly(any_session, actor, colleague, {0: []}, now=now),
    ):
        with pytest.raises(NotFound):
            use()


def test_a_steward_neither_changes_drivers_nor_their_times(any_session, group, now):
    driver, steward = a_driver(any_session, group), a_steward(any_session)
    with pytest.raises(Forbidden):
        change(any_session, steward, group, driver, now)
    with pytest.raises(Forbidden):
        service.set_weekly(any_session, steward, driver, {0: []}, now=now)


def test_an_expired_paper_stops_the_shifts_until_a_new_one_is_seen(any_session, group, rosa, now):
    driver = a_driver(any_session, group)
    kind = CredentialKind.INSURANCE
    assert shifts_on(driver, TODAY, group.zone)
    service.record_paper(any_session, rosa, driver, kind, TODAY - timedelta(days=1), now=now)
    assert shifts_on(driver, TODAY, group.zone) == []
    service.record_paper(any_session, rosa, driver, kind, TODAY, now=now)
    assert shifts_on(driver, TODAY, group.zone)
    assert len(driver.credentials) == 1
    service.drop_paper(any_session, rosa, driver, kind, now=now)
    any_session.expire(driver)
    assert driver.credentials == []


def test_a_driver_does_not_clear_the_own_papers(any_session, group, now):
    driver = a_driver(any_session, group)
    with pytest.raises(Forbidden):
        service.record_paper(
            any_session, driver_actor(driver), driver, CredentialKind.LICENCE, TODAY, now=now
        )


def hours(driver, weekday):
    return sorted(
        (one.starts_minute, one.ends_minute) for one in driver.weekly if one.weekday == weekday
    )


def test_the_week_is_replaced_for_the_days_it_names(any_session, group, now):
    driver = a_driver(any_session, group)
    actor = driver_actor(driver)
    service.set_weekly(any_session, actor, driver, {0: [(600, 700), (480, 540)], 1: []}, now=now)
    any_session.expire(driver)
    assert hours(driver, 0) == [(480, 540), (600, 700)]
    assert hours(driver, 1) == []
    assert hours(driver, 2) == [(420, 1260)]


@pytest.mark.parametrize(
    "ranges", [[(480, 600), (599, 700)], [(480, 480)], [(600, 500)], [(-1, 60)], [(0, 1441)]]
)
def test_hours_that_overlap_or_go_backwards_are_refused(any_session, group, now, ranges):
    driver = a_driver(any_session, group)
    actor = driver_actor(driver)
    with pytest.raises(Refused):
        service.set_weekly(any_session, actor, driver, {0: ranges}, now=now)
    with pytest.raises(Refused):
        service.set_dated(any_session, actor, driver, TODAY, ranges, now=now)
    assert hours(driver, 0) == [(420, 1260)]


def test_one_date_has_its_own_hours_until_they_are_forgotten(any_session, group, now):
    driver = a_driver(any_session, group)
    actor = driver_actor(driver)
    service.set_dated(any_session, actor, driver, TODAY, [(480, 540)], now=now)
    service.set_dated(any_session, actor, driver, TODAY, [(600, 720)], now=now)
    any_session.expire(driver)
    assert [(one.starts_minute, one.ends_minute) for one in driver.dated] == [(600, 720)]
    service.set_dated(any_session, actor, driver, TODAY, [], now=now)
    any_session.expire(driver)
    assert driver.dated == []
    assert len(shifts_on(driver, TODAY, group.zone)) == 1


def test_a_day_that_is_over_cannot_be_changed(any_session, group, now):
    driver = a_driver(any_session, group)
    actor, yesterday = driver_actor(driver), TODAY - timedelta(days=1)
    with pytest.raises(Refused, match="over"):
        service.set_dated(any_session, actor, driver, yesterday, [(480, 540)], now=now)
    with pytest.raises(Refused, match="over"):
        service.add_day_off(any_session, actor, driver, yesterday, TODAY, now=now)


def test_today_is_today_where_the_group_is(any_session, now):
    # At 17:00 UTC it is already the ninth in Auckland.
    group = a_group(any_session, time_zone="Pacific/Auckland")
    driver = a_driver(any_session, group)
    with pytest.raises(Refused):
        service.add_day_off(any_session, driver_actor(driver), driver, TODAY, TODAY, now=now)


def test_days_off_are_inclusive_and_never_overlap(any_session, group, now):
    driver = a_driver(any_session, group)
    actor = driver_actor(driver)
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    service.add_day_off(any_session, actor, driver, first, last, now=now)
    assert shifts_on(driver, last, group.zone) == []
    assert shifts_on(driver, last + timedelta(days=1), group.zone)
    with pytest.raises(Refused, match="already"):
        service.add_day_off(any_session, actor, driver, last, last, now=now)
    with pytest.raises(Refused, match="before"):
        service.add_day_off(any_session, actor, driver, last, first, now=now)
    with pytest.raises(Refused, match="two years"):
        service.add_day_off(any_session, actor, driver, first, date(2035, 1, 1), now=now)
    service.remove_day_off(any_session, actor, driver, last, now=now)
    assert driver.days_off == []


def test_a_week_off_fills_the_gaps_between_days_that_are_off(any_session, group, now):
    driver = a_driver(any_session, group)
    marta = driver_actor(driver)
    wednesday = date(2027, 3, 10)
    service.add_day_off(any_session, marta, driver, wednesday, date(2027, 3, 11), now=now)
    for _twice in range(2):
        service.take_week_off(any_session, marta, driver, date(2027, 3, 8), now=now)
        assert sorted((one.first_on.day, one.last_on.day) for one in driver.days_off) == [
            (8, 9),
            (10, 11),
            (12, 14),
        ]


def test_a_sunday_is_the_last_of_its_week(any_session, group, now):
    driver = a_driver(any_session, group)
    sunday = date(2027, 3, 14)
    service.take_week_off(any_session, driver_actor(driver), driver, sunday, now=now)
    assert [(one.first_on, one.last_on) for one in driver.days_off] == [(sunday, sunday)]


def test_one_day_can_be_taken_out_of_days_off(any_session, group, now):
    driver = a_driver(any_session, group)
    actor = driver_actor(driver)
    days = [TODAY + timedelta(days=count) for count in range(1, 5)]
    service.add_day_off(any_session, actor, driver, days[0], days[3], now=now)
    service.work_on(any_session, actor, driver, days[1], now=now)
    any_session.expire(driver)
    assert [(one.first_on, one.last_on) for one in driver.days_off] == [
        (days[0], days[0]),
        (days[2], days[3]),
    ]


def test_times_that_somebody_else_changed_are_not_overwritten(any_session, group, rosa, now):
    driver = a_driver(any_session, group)
    seen = driver.version
    service.set_weekly(any_session, rosa, driver, {0: []}, now=now, seen_version=seen)
    with pytest.raises(Stale):
        service.set_weekly(
            any_session, driver_actor(driver), driver, {0: [(1, 2)]}, now=now, seen_version=seen
        )
    assert hours(driver, 0) == []


def test_what_changes_a_driver_is_noted(any_session, group, rosa, now):
    driver = a_driver(any_session, group)
    change(any_session, rosa, group, driver, now, car="green van")
    service.set_weekly(any_session, driver_actor(driver), driver, {0: []}, now=now)
    any_session.commit()
    notes = any_session.scalars(select(AuditEvent).order_by(AuditEvent.position)).all()
    assert [(note.action, note.actor_uid, note.object_uid) for note in notes] == [
        ("driver:change", rosa.uid, driver.uid),
        ("driver:change-availability", driver.user.uid, driver.uid),
    ]


def test_who_was_invited_and_has_no_car_yet_is_known(any_session, group, rosa):
    a_driver(any_session, group)
    waiting = a_user(any_session, name="Yusuf")
    any_session.add(Membership(user=waiting, group=group, role=Role.DRIVER))
    any_session.flush()
    assert queries.without_record(any_session, rosa, group) == [waiting]
    anna = a_coordinator(any_session, a_group(any_session))
    assert queries.without_record(any_session, anna, group) == []


def test_the_next_number_follows_the_highest(any_session, group, rosa, now):
    assert queries.next_number(any_session, group) == "D01"
    enter(any_session, rosa, group, now, replace(FACTS, number="D41"))
    assert queries.next_number(any_session, group) == "D42"
    assert any_session.scalars(select(Driver.number)).one() == "D41"
