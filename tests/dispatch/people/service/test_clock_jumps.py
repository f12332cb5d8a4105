"""A clock that jumps: everything shuts, and every desk is told once."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.people import alarms, freezing
from dispatch.people.models import Alarm
from dispatch.people.service import clock_jumps
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests import build
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def test_every_group_is_told_and_nobody_sees_anything(any_session):
    for name in ("Alder Bay Rides", "Larch Rides"):
        build.a_group(any_session, name=name)
    for by in (24 * HOUR, 24 * HOUR):
        clock_jumps.hold(any_session, by, now=NOW)
    assert freezing.is_frozen(any_session)
    told = any_session.scalars(select(Alarm)).all()
    assert len(told) == 2
    assert "jumped ahead by 1440 minutes" in alarms.say(any_session, told[0])


def test_back_and_ahead_are_told_apart(any_session):
    build.a_group(any_session)
    clock_jumps.hold(any_session, -2 * HOUR, now=NOW)
    (told,) = any_session.scalars(select(Alarm))
    assert "jumped back by 120 minutes" in alarms.say(any_session, told)


def test_the_newest_row_of_the_log_tells_how_far_the_clock_is_behind(any_database):
    with any_database.transaction() as session:
        assert clock_jumps.behind_log(session, now=NOW) == timedelta(0)
        for at in (NOW + 5 * HOUR, NOW):
            audit.record(session, SYSTEM, Action.IMPORT, None, now=at)
    with any_database.transaction(reads_only=True) as session:
        assert len(session.scalars(select(AuditEvent)).all()) == 2
        assert clock_jumps.behind_log(session, now=NOW - 3 * HOUR) == 3 * HOUR
        assert clock_jumps.behind_log(session, now=NOW + HOUR) == timedelta(0)
