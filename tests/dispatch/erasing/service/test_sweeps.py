"""The simple lines: each takes what is due to the day, and nothing before."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch import retention
from dispatch.db.base import Base
from dispatch.drivers.models import DayOff
from dispatch.erasing.models import RetentionReport
from dispatch.erasing.service.sweeps import sweeps
from dispatch.people.models import Invitation, SignInFailure, WebSession
from dispatch.planning.models import MatchRun, RunState
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW

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


@pytest.mark.parametrize(
    ("table", "make", "days"),
    [
        ("message", _message, 14),
        ("match_run", _run, 30),
        ("day_off", _day_off, 30),
        ("web_session", _session, 30),
        ("sign_in_failure", _failure, 2),
        ("invitation", _invitation, 30),
        ("retention_report", _report, 365),
    ],
)
def test_a_row_is_due_when_its_days_have_passed(
    any_session: Session, table: str, make: Maker, days: int
):
    (sweep,) = [one for one in sweeps() if one.table == table]
    stays = make(any_session, NOW - timedelta(days=days - 1))
    any_session.add(stays)
    any_session.flush()
    assert sweep.due(any_session, NOW) == []
    assert sweep.due(any_session, NOW + timedelta(days=2)) == [stays.id]


def test_a_sweep_takes_rows_of_the_line_it_names():
    assert [one for one in sweeps() if one.table not in retention.named(one.term).tables] == []
