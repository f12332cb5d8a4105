"""Stewards learn that the log was changed, once a day, and nobody else does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.audit.verifying import Verdict
from dispatch.errors import NotFound
from dispatch.people import alarms, queries, service
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import Alarm, User, UserState
from tests.build import a_coordinator, a_group, a_steward, a_user

BROKEN = Verdict(rows=9, broken_at=7, anchors=1, missing_from=None, untrue=0)
CUT = Verdict(rows=9, broken_at=None, anchors=1, missing_from=12, untrue=0)
FORGED = Verdict(rows=9, broken_at=None, anchors=1, missing_from=None, untrue=2)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (BROKEN, "The log of who saw what was changed at row 7."),
        (CUT, "Rows of the log of who saw what are gone: it once had a row 12."),
        (
            FORGED,
            "2 lines among the notes outside of the log were not written by this service.",
        ),
    ],
)
def test_a_steward_reads_what_was_found(
    any_session: Session, now: datetime, verdict: Verdict, said: str
):
    service.tell_tampering(any_session, verdict, now=now)
    (alarm,) = alarms.open_alarms(any_session, a_steward(any_session))
    assert alarms.say(any_session, alarm) == said


def test_every_steward_gets_a_notice_and_once_a_day(any_session: Session, now: datetime):
    people = [a_user(any_session, is_steward=True) for _two in range(2)]
    gone = a_user(any_session, is_steward=True, state=UserState.SUSPENDED)
    assert service.tell_tampering(any_session, BROKEN, now=now)
    assert not service.tell_tampering(any_session, CUT, now=now)
    for steward in people:
        notices = queries.unseen_notices(any_session, steward)
        assert [one.kind for one in notices] == [NoticeKind.LOG_BROKEN]
    assert queries.unseen_notices(any_session, gone) == []
    assert service.tell_tampering(any_session, BROKEN, now=now + timedelta(days=1))
    assert len(any_session.scalars(select(Alarm)).all()) == 2


def test_a_coordinator_neither_sees_nor_takes_it(any_session: Session, now: datetime):
    rosa = a_coordinator(any_session, a_group(any_session))
    service.tell_tampering(any_session, BROKEN, now=now)
    assert alarms.open_alarms(any_session, rosa) == []
    alarm = any_session.scalars(select(Alarm)).one()
    with pytest.raises(NotFound):
        alarms.take(any_session, rosa, alarm, now=now)
    assert queries.unseen_notices(any_session, any_session.get_one(User, rosa.user_id)) == []


def test_a_steward_who_looked_into_it_is_on_record(any_session: Session, now: datetime):
    service.tell_tampering(any_session, BROKEN, now=now)
    alarm = any_session.scalars(select(Alarm)).one()
    alarms.take(any_session, a_steward(any_session), alarm, now=now)
    any_session.commit()
    row = any_session.scalars(select(AuditEvent)).one()
    assert (row.object_uid, row.group_uid) == (alarm.uid, None)
