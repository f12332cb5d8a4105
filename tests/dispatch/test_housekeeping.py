"""What a worker does by itself: once at its time, and again if a store was away."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from dispatch.audit import service as audit
from dispatch.crypto.anchors import Kind
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing.models import RetentionReport
from dispatch.housekeeping import Housekeeping
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests.conftest import NOW, Moment


@pytest.fixture
def housekeeping(database: Database, moment: Moment) -> Housekeeping:
    with database.transaction() as session:
        audit.record(session, SYSTEM, Action.IMPORT, None, now=NOW)
    return Housekeeping(database)


def test_what_is_due_is_erased_once_a_day(housekeeping: Housekeeping, moment: Moment):
    assert housekeeping.erase()
    assert housekeeping.erase() is None
    moment.pass_by(hours=24)
    assert housekeeping.erase()


def test_the_log_is_verified_at_the_start_and_every_day(
    housekeeping: Housekeeping, database: Database, moment: Moment
):
    assert housekeeping.verify() is True
    assert housekeeping.verify() is None
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER audit_event_append_only"))
        session.execute(text("UPDATE audit_event SET role = 'steward'"))
    moment.pass_by(hours=24)
    assert housekeeping.verify() is False


def test_the_end_of_the_log_is_noted_outside(housekeeping: Housekeeping, database: Database):
    assert housekeeping.note_end_of_log()
    assert not housekeeping.note_end_of_log(at_once=True)
    with database.transaction(reads_only=True) as session:
        (line,) = anchors_of(session).read()
    assert (line.kind, line.position, line.at) == (Kind.LOG, 1, NOW)


def test_a_duty_that_fails_keeps_no_other_from_being_done(
    housekeeping: Housekeeping, database: Database, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise OSError("away")

    fail.__name__ = "verify"
    monkeypatch.setattr(housekeeping, "verify", fail)
    stop = threading.Event()
    stop.set()
    housekeeping.go_on(stop)
    with database.transaction(reads_only=True) as session:
        assert session.scalars(select(RetentionReport)).one().began_at == NOW


def test_a_worker_goes_on_until_it_is_told_to_stop(housekeeping: Housekeeping):
    stop = threading.Event()
    thread = threading.Thread(target=housekeeping.go_on, args=(stop,))
    thread.start()
    stop.set()
    thread.join(timeout=timedelta(seconds=30).total_seconds())
    assert not thread.is_alive()
