"""The simple lines: each takes what is due to the day, and nothing before."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch import retention
from dispatch.db.base import Base
from dispatch.drivers.models import DatedAvailability, DayOff
from dispatch.erasing.models import (
    Erasure,
    ErasureState,
    LegalHold,
    RetentionReport,
    Whose,
    Why,
)
from dispatch.erasing.service.sweeps import sweeps
from dispatch.people import sessions
from dispatch.people.models import (
    Alarm,
    Group,
    Invitation,
    Motion,
    SignInFailure,
    WebSession,
)
from dispatch.planning.models import (
    Assignment,
    DriverAction,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
    Tap,
)
from dispatch.visits.models import FamilyCode, FamilyPhone
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW

LONG_AGO = NOW - timedelta(days=999)
Maker = Callable[[Session, datetime], Base]


def _message(session: Session, at: datetime) -> Base:
    group = build.a_group(session)
    ride = build.a_ride(session, group)
    return scene.told(session, ride, (NOW - at).days)


def _run(session: Session, at: datetime) -> Base:
    group = build.a_group(session)
    return MatchRun(group_id=group.id, service_on=at.date(), state=RunState.DONE, asked_at=at)


def _day_off(session: Session, at: datetime) -> Base:
    driver = build.a_driver(session, build.a_group(session))
    return DayOff(driver=driver, first_on=date(2026, 1, 1), last_on=at.date())


def _session(session: Session, at: datetime) -> Base:
    user = build.a_user(session)
    times = {"made_at": at, "seen_at": at, "proven_at": at, "ended_at": at}
    return WebSession(user=user, token_hash=b"t" * 32, **times)


def _failure(_session: Session, at: datetime) -> Base:
    return SignInFailure(digest=b"d" * 16, at=at)


def _invitation(session: Session, at: datetime) -> Base:
    user = build.a_user(session)
    return Invitation(user=user, code_hash=b"c" * 32, made_at=at, expires_at=at)


def _report(_session: Session, at: datetime) -> Base:
    return RetentionReport(began_at=at, ended_at=at, agrees=True, overdue=0)


def _date(session: Session, at: datetime) -> Base:
    driver = build.a_driver(session, build.a_group(session))
    hours = {"starts_minute": 60, "ends_minute": 120}
    session.add(found := DatedAvailability(driver_id=driver.id, on=at.date(), **hours))
    session.flush()
    found.driver = driver
    return found


def _code(session: Session, at: datetime) -> Base:
    family = build.a_family(session, build.a_group(session))
    return FamilyCode(family=family, code_hash=b"c" * 32, made_at=at, expires_at=at)


def _phone(session: Session, at: datetime) -> Base:
    family = build.a_family(session, build.a_group(session))
    return FamilyPhone(family=family, token_hash=b"p" * 32, made_at=LONG_AGO, seen_at=at)


def _ended_phone(session: Session, at: datetime) -> Base:
    phone = _phone(session, LONG_AGO)
    phone.ended_at = at
    return phone


def _erasure(_session: Session, at: datetime) -> Erasure:
    times = {"due_at": LONG_AGO, "begun_at": LONG_AGO, "erased_at": at}
    whose = {"owner_uid": uuid4(), "whose": Whose.FAMILY, "why": Why.WITHDRAWN}
    return Erasure(state=ErasureState.ERASED, **whose, **times)


def _hold(session: Session, at: datetime) -> Base:
    group = build.a_group(session)
    family = build.a_family(session, group)
    return LegalHold(family=family, group_id=group.id, made_at=LONG_AGO, expires_at=at)


def _ended_hold(session: Session, at: datetime) -> Base:
    hold = _hold(session, LONG_AGO + timedelta(days=1))
    hold.ended_at = at
    return hold


def _alarm(session: Session, at: datetime) -> Base:
    group = build.a_group(session)
    return Alarm(kind="families:many", group_id=group.id, once="once", facts={}, made_at=at)


def _taken_alarm(session: Session, at: datetime) -> Base:
    alarm = _alarm(session, LONG_AGO)
    alarm.taken_at, alarm.taken_by_id = at, build.a_user(session).id
    return alarm


def _motion(session: Session, at: datetime) -> Base:
    return Motion(
        matter="retention:hold",
        subject_uid=uuid4(),
        facts={},
        asked_by_id=build.a_user(session).id,
        asked_at=LONG_AGO,
        expires_at=at,
    )


def _seconded_motion(session: Session, at: datetime) -> Base:
    motion = _motion(session, LONG_AGO)
    motion.seconded_at, motion.seconded_by_id = at, build.a_user(session).id
    return motion


def _tap(session: Session, at: datetime) -> Base:
    group = build.a_group(session)
    driver, ride = build.a_driver(session, group), build.a_ride(session, group)
    held = Assignment(
        group_id=group.id,
        ride=ride,
        driver=driver,
        user_id=driver.user_id,
        pickup_at=build.TEN,
        dropoff_at=build.TEN + timedelta(minutes=15),
        busy_until=build.TEN + timedelta(minutes=18),
        approved_at=LONG_AGO,
    )
    session.add(held)
    session.flush()
    return DriverAction(
        user_id=driver.user_id, assignment_id=held.id, what=Tap.ARRIVED, received_at=at
    )


@pytest.mark.parametrize(
    ("table", "make", "days"),
    [
        ("message", _message, 14),
        ("match_run", _run, 30),
        ("driver_action", _tap, 7),
        ("day_off", _day_off, 30),
        ("web_session", _session, 30),
        ("sign_in_failure", _failure, 2),
        ("invitation", _invitation, 30),
        ("retention_report", _report, 365),
        ("dated_availability", _date, 30),
        ("family_code", _code, 30),
        ("family_phone", _phone, 30),
        ("family_phone", _ended_phone, 30),
        ("erasure", _erasure, 365),
        ("legal_hold", _hold, retention.named("holds").period),
        ("legal_hold", _ended_hold, retention.named("holds").period),
        ("alarm", _alarm, 365),
        ("alarm", _taken_alarm, 365),
        ("motion", _motion, 365),
        ("motion", _seconded_motion, 365),
    ],
)
def test_a_row_is_due_when_its_days_have_passed(
    any_session: Session, table: str, make: Maker, days: int
):
    (sweep,) = [one for one in sweeps() if one.table == table]
    stays = make(any_session, NOW - timedelta(days=days))
    any_session.add(stays)
    any_session.flush()
    assert sweep.due(any_session, NOW) == []
    assert sweep.due(any_session, NOW + timedelta(days=2)) == [stays.id]


def test_a_sweep_takes_rows_of_the_line_it_names():
    assert [one for one in sweeps() if one.table not in retention.named(one.term).tables] == []


def test_every_sweep_in_its_order():
    assert [(one.term, one.table, one.makes) for one in sweeps()] == [
        ("rides", "ride", "past_ride"),
        ("rides", "ride_request", None),
        ("rides", "proposal", None),
        ("runs", "match_run", None),
        ("messages", "message", None),
        ("taps", "driver_action", None),
        ("times", "dated_availability", None),
        ("times", "day_off", None),
        ("sessions", "web_session", None),
        ("guesses", "sign_in_failure", None),
        ("invitations", "invitation", None),
        ("invitations", "family_code", None),
        ("sessions", "family_phone", None),
        ("receipts", "erasure", None),
        ("receipts", "retention_report", None),
        ("incidents", "incident", None),
        ("holds", "legal_hold", None),
        ("motions", "alarm", None),
        ("motions", "motion", None),
    ]


@pytest.mark.parametrize("make", [_message, _run, _day_off, _date])
def test_each_group_keeps_rows_as_long_as_it_says(any_session: Session, make: Maker):
    goes = make(any_session, NOW - timedelta(days=31))
    any_session.add(goes)
    any_session.flush()
    stays = make(any_session, NOW - timedelta(days=31))
    any_session.add(stays)
    any_session.flush()
    group = any_session.get_one(Group, getattr(stays, "group_id", None) or stays.driver.group_id)
    group.ride_days = group.message_days = 32
    any_session.flush()
    (sweep,) = [one for one in sweeps() if one.table == goes.__tablename__]
    assert sweep.due(any_session, NOW) == [goes.id]
    assert set(sweep.due(any_session, NOW + timedelta(days=2))) == {goes.id, stays.id}


def test_a_session_that_nobody_ended_goes_when_it_could_not_be_used_any_more(any_session: Session):
    (sweep,) = [one for one in sweeps() if one.table == "web_session"]
    last = NOW - timedelta(days=30) - sessions.ABSOLUTE
    goes, stays = (_session(any_session, last - timedelta(minutes=one)) for one in (1, 0))
    goes.ended_at = stays.ended_at = None
    stays.token_hash = b"s" * 32
    any_session.add_all([goes, stays])
    any_session.flush()
    assert sweep.due(any_session, NOW) == [goes.id]


def test_a_receipt_of_what_is_being_erased_stays(any_session: Session):
    erasure = _erasure(any_session, NOW - timedelta(days=999))
    erasure.state = ErasureState.ERASING
    any_session.add(erasure)
    any_session.flush()
    (sweep,) = [one for one in sweeps() if one.table == "erasure"]
    assert sweep.due(any_session, NOW) == []


def test_proposals_go_with_the_day_that_they_were_for(any_session: Session):
    group = build.a_group(any_session)
    driver, ride = build.a_driver(any_session, group), build.a_ride(any_session, group)
    proposals = []
    for days, state in ((31, ProposalState.SUPERSEDED), (30, ProposalState.LIVE)):
        at = NOW - timedelta(days=days)
        run = MatchRun(group_id=group.id, service_on=at.date(), state=RunState.DONE, asked_at=at)
        proposal = Proposal(
            run=run,
            group_id=group.id,
            ride=ride,
            driver_id=driver.id,
            state=state,
            pickup_at=at,
            dropoff_at=at + timedelta(minutes=9),
            ride_version=1,
        )
        any_session.add(proposal)
        proposals.append(proposal)
    any_session.flush()
    (sweep,) = [one for one in sweeps() if one.table == "proposal"]
    assert sweep.due(any_session, NOW) == [proposals[0].id]


@pytest.mark.parametrize("make", [_run, _day_off, _date])
def test_days_are_those_of_the_group(any_session: Session, make: Maker):
    row = make(any_session, NOW - timedelta(days=30))
    any_session.add(row)
    any_session.flush()
    (sweep,) = [one for one in sweeps() if one.table == row.__tablename__]
    assert sweep.due(any_session, NOW) == []
    group = any_session.get_one(Group, getattr(row, "group_id", None) or row.driver.group_id)
    group.time_zone = "Pacific/Auckland"
    any_session.flush()
    assert sweep.due(any_session, NOW) == [row.id]


def test_a_session_that_was_ended_goes_so_long_after_its_end(any_session: Session):
    (sweep,) = [one for one in sweeps() if one.table == "web_session"]
    any_session.add(ended := _session(any_session, NOW - timedelta(days=30)))
    any_session.flush()
    assert sweep.due(any_session, NOW) == []
    assert sweep.due(any_session, NOW + timedelta(seconds=1)) == [ended.id]
