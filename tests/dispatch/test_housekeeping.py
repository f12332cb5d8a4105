"""What a worker does by itself: once at its time, and again if a store was away."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from dispatch import clock
from dispatch.audit import service as audit
from dispatch.crypto.anchors import Kind
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing.models import RetentionReport
from dispatch.housekeeping import Housekeeping
from dispatch.people import alarms, freezing
from dispatch.people.models import Alarm
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests import build
from tests.conftest import NOW, Moment


@pytest.fixture
def housekeeping(database: Database, moment: Moment) -> Housekeeping:
    with database.transaction() as session:
        audit.record(session, SYSTEM, Action.IMPORT, None, now=NOW)
    return Housekeeping(database)


@pytest.fixture
def running_for(monkeypatch: pytest.MonkeyPatch) -> Moment:
    """The clock that nobody sets: how long the machine has been running, from `NOW` on."""
    shown = Moment(NOW)
    monkeypatch.setattr(clock, "uptime", lambda: shown.at - NOW)
    return shown


def is_frozen(database: Database) -> bool:
    with database.transaction(reads_only=True) as session:
        return freezing.is_frozen(session)


def test_time_that_goes_by_is_no_jump(
    housekeeping: Housekeeping, database: Database, moment: Moment, running_for: Moment
):
    for _beat in range(3):
        assert not housekeeping.watch_clock()
        for shown in (moment, running_for):
            shown.pass_by(days=30)
    moment.pass_by(minutes=60)
    assert not housekeeping.watch_clock()
    assert not is_frozen(database)


@pytest.mark.parametrize("span", [{"days": 1}, {"days": -1}, {"minutes": 61}])
def test_a_clock_that_jumps_pauses_the_service_and_what_is_due_is_not_erased(
    housekeeping: Housekeeping, database: Database, moment: Moment, running_for: Moment, span
):
    with database.transaction() as session:
        groups = [build.a_group(session).id, build.a_group(session, name="Larch Rides").id]
    assert not housekeeping.watch_clock()
    moment.pass_by(**span)
    assert housekeeping.watch_clock()
    assert is_frozen(database)
    assert housekeeping.erase() is None
    with database.transaction(reads_only=True) as session:
        told = session.scalars(select(Alarm)).all()
        assert sorted(one.group_id for one in told) == sorted(groups)
        minutes = round(timedelta(**span).total_seconds() / 60)
        assert {one.facts["minutes"] for one in told} == {minutes}
        assert f"{abs(minutes)} minutes" in alarms.say(session, told[0])
    assert not housekeeping.watch_clock()  # what was noticed is noticed once


def test_a_clock_that_is_behind_the_log_at_the_start_pauses_the_service(
    housekeeping: Housekeeping, database: Database, moment: Moment, running_for: Moment
):
    moment.pass_by(hours=-2)
    assert housekeeping.watch_clock()
    assert is_frozen(database)
    assert not Housekeeping(database).watch_clock()  # the pause itself was written by this clock


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


def test_the_stewards_are_told_once_a_day_that_somebody_tampered_with_the_log(
    housekeeping: Housekeeping, database: Database, moment: Moment
):
    housekeeping.verify()
    assert _alarms(database) == []
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER audit_event_append_only"))
        session.execute(text("UPDATE audit_event SET role = 'steward'"))
    Housekeeping(database).verify()
    Housekeeping(database).verify()  # another worker, or the same one after a start
    assert _alarms(database) == ["The log of who saw what was changed at row 1."]


def _alarms(database: Database) -> list[str]:
    with database.transaction() as session:
        found = alarms.open_alarms(session, build.a_steward(session))
        return [alarms.say(session, one) for one in found]


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
