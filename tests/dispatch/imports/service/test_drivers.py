"""Drivers of a sheet."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.drivers.models import Driver
from dispatch.imports.rules import Sheet
from dispatch.people import queries as people
from dispatch.people.models import Role, UserState
from tests.build import a_group, a_user
from tests.dispatch.imports.service.bringing import bring, bring_town, said, states


def drivers(session: Session, group) -> list[Driver]:
    return list(session.scalars(select(Driver).where(Driver.group_id == group.id)))


def test_a_driver_becomes_an_invited_person_with_car_week_and_limits(any_session: Session):
    group = a_group(any_session)
    bring_town(any_session, group)
    row = {
        "Languages": "English, Spanish",
        "Seats": "5",
        "Car seats": "2 boosters",
        "Max rides/week": "6",
        "Mon": "9-12, 14-18",
        "Away": "Mar 9 - Mar 11",
    }
    bring(any_session, group, Sheet.DRIVERS, row)
    (driver,) = drivers(any_session, group)
    assert driver.user.state is UserState.INVITED
    assert [one.role for one in driver.user.memberships] == [Role.DRIVER]
    assert (driver.number, driver.seats, driver.child_seats) == ("D01", 5, {"booster": 2})
    assert (driver.languages, driver.max_rides_week) == (["en", "es"], 6)
    assert [(one.weekday, one.starts_minute, one.ends_minute) for one in driver.weekly] == [
        (0, 540, 720),
        (0, 840, 1080),
    ]
    assert [(one.first_on, one.last_on) for one in driver.days_off] == [
        (date(2027, 3, 9), date(2027, 3, 11))
    ]


def test_the_same_e_mail_is_the_same_driver(any_session: Session):
    group = a_group(any_session)
    bring_town(any_session, group)
    bring(any_session, group, Sheet.DRIVERS, {})
    report = bring(any_session, group, Sheet.DRIVERS, {"Email": "LUZ@example.org", "Seats": "2"})
    (driver,) = drivers(any_session, group)
    assert states(report) == ["known"]
    assert driver.seats == 4


def test_somebody_who_drives_for_another_group_keeps_the_account(any_session: Session):
    group, other = a_group(any_session), a_group(any_session, name="Pine Valley Rides")
    for one in (group, other):
        bring_town(any_session, one)
        assert states(bring(any_session, one, Sheet.DRIVERS, {})) == ["taken"]
    (driver,), (same,) = drivers(any_session, group), drivers(any_session, other)
    assert driver.user is same.user


def test_a_person_invited_before_without_a_car_gets_one(any_session: Session):
    group = a_group(any_session)
    bring_town(any_session, group)
    bring(any_session, group, Sheet.DRIVERS, {})
    (driver,) = drivers(any_session, group)
    user = driver.user
    any_session.delete(driver)
    any_session.flush()
    assert states(bring(any_session, group, Sheet.DRIVERS, {})) == ["taken"]
    assert drivers(any_session, group)[0].user is user


def test_a_closed_account_is_not_opened_by_a_sheet(session: Session):
    group = a_group(session)
    bring_town(session, group)
    a_user(session, email="luz@example.org", state=UserState.SUSPENDED)
    report = bring(session, group, Sheet.DRIVERS, {})
    assert states(report) == ["refused"]
    assert "account of this e-mail is closed" in said(report.rows[0])


def test_days_away_that_are_past_are_left_out(session: Session):
    group = a_group(session)
    bring_town(session, group)
    away = "Feb 20, Feb 27 - Mar 2, Mar 2 - Mar 4"
    report = bring(session, group, Sheet.DRIVERS, {"Away": away})
    (driver,) = drivers(session, group)
    assert [(one.first_on, one.last_on) for one in driver.days_off] == [
        (date(2027, 3, 1), date(2027, 3, 4))
    ]
    assert "past were left out" in said(report.rows[0])


def test_a_rehearsal_invites_nobody(session: Session):
    group = a_group(session)
    bring_town(session, group)
    assert states(bring(session, group, Sheet.DRIVERS, {}, rehearse=True)) == ["taken"]
    assert drivers(session, group) == []
    assert people.find_user_by_email(session, "luz@example.org") is None
