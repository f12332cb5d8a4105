"""The daily run: to the row as it was announced, safe to repeat, and on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit import verifying
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing import closure
from dispatch.erasing.models import Erasure, PastRide, RetentionReport
from dispatch.erasing.service import owners, running
from dispatch.erasing.service.sweeps import Sweep
from dispatch.people import sessions
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW


@pytest.fixture
def aged(any_database: Database) -> Database:
    """Something of everything, half of it due."""
    with any_database.transaction() as session:
        group = build.a_group(session)
        driver = build.a_driver(session, group)
        for days in (5, 40, 60):
            family = build.a_family(session, group, made_at=NOW - timedelta(days=200))
            ride = scene.a_past_ride(session, group, family, days)
            scene.driven_by(session, ride, driver)
            scene.told(session, ride, days)
        gone = build.a_family(session, group, made_at=NOW - timedelta(days=400))
        scene.a_past_ride(session, group, gone, 95)
        withdrawn = build.a_family(session, group)
        withdrawn.withdrawn_at = NOW
        scene.a_past_ride(session, group, withdrawn, 2)
        leaver = build.a_driver(session, group)
        leaver.user.leaves_at = NOW
        sessions.begin(session, leaver.user, now=NOW)
        sessions.begin(session, driver.user, now=NOW - timedelta(days=40))
    return any_database


def sizes(database: Database) -> dict[str, int]:
    with database.transaction(reads_only=True) as session:
        return scene.sizes(session)


def erased(report: RetentionReport) -> dict[str, int]:
    """How many rows went, by table."""
    found: dict[str, int] = {}
    for rows in report.counts["erased"].values():
        for table, number in rows.items():
            found[table] = found.get(table, 0) + number
    return found


def test_before_less_what_went_plus_what_was_made_is_after(aged: Database):
    before = sizes(aged)
    report = running.run(aged, now=NOW)
    after = sizes(aged)
    assert report.agrees
    assert report.overdue == 0
    gone, made = erased(report), report.counts["made"]
    own = {"audit_event": 3, "erasure": 3, "retention_report": 1}
    expected = {
        table: number - gone.get(table, 0) + made.get(table, 0) + own.get(table, 0)
        for table, number in before.items()
    }
    assert after == expected
    assert gone["family"] == 2
    assert gone["user_account"] == 1
    assert made == {"past_ride": 4}  # those of families that went are counted too


def test_a_dry_run_announces_exactly_what_a_run_takes_and_takes_nothing(aged: Database):
    before = sizes(aged)
    announced = running.rehearse(aged, now=NOW)
    assert sizes(aged) == before
    done = running.run(aged, now=NOW)
    assert announced.counts == done.counts
    assert (announced.is_rehearsal, done.is_rehearsal) == (True, False)


def test_a_second_run_finds_nothing_to_do(aged: Database):
    running.run(aged, now=NOW)
    again = running.run(aged, now=NOW)
    assert erased(again) == {}
    assert again.counts["made"] == {}
    assert again.agrees


def test_a_run_is_due_once_a_day(any_database: Database):
    with any_database.transaction(reads_only=True) as session:
        assert running.is_time(session, now=NOW)
    running.run(any_database, now=NOW)
    with any_database.transaction(reads_only=True) as session:
        assert not running.is_time(session, now=NOW + timedelta(hours=23))
        assert running.is_time(session, now=NOW + timedelta(hours=24))


def test_a_run_that_broke_off_is_taken_up_by_the_next(aged: Database, monkeypatch):
    class Crash(BaseException):
        """The process dies here."""

    def crash(*_arguments: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(running, "_take", crash)
        with pytest.raises(Crash):
            running.run(aged, now=NOW)
    running.run(aged, now=NOW)
    with aged.transaction(reads_only=True) as session:
        assert len(session.scalars(select(PastRide)).all()) == 4
        assert verifying.check(session, anchors_of(session)).is_whole


def test_rows_of_the_log_go_after_a_year_and_the_rest_still_verifies(aged: Database):
    running.run(aged, now=NOW)
    late = NOW + timedelta(days=400)
    report = running.run(aged, now=late)
    assert report.counts["due"]["log"] == 3
    with aged.transaction(reads_only=True) as session:
        assert verifying.check(session, anchors_of(session)).is_whole


def test_a_report_says_what_was_due_and_what_went(aged: Database):
    lines: list[str] = []
    report = running.run(aged, now=NOW, told=lines.append)
    assert (report.began_at, report.ended_at, report.is_rehearsal) == (NOW, NOW, False)
    due = {term: number for term, number in report.counts["due"].items() if number}
    assert due == {"family": 2, "account": 1, "rides": 4, "sessions": 1}
    gone = report.counts["erased"]
    assert gone["rides"] == {"ride": 2, "ride_request": 2, "assignment": 2, "message": 2}
    assert gone["family"] == {"family": 2, "place": 2, "ride": 2, "ride_request": 2}
    assert gone["account"] == {
        "user_account": 1,
        "driver": 1,
        "place": 1,
        "membership": 1,
        "weekly_availability": 7,
        "web_session": 1,
    }
    assert [line for line in lines if not line.endswith(" 0 due")] == [
        "rides: 2 due",
        "rides: 2 due",
        "sessions: 1 due",
    ]
    with aged.transaction(reads_only=True) as session:
        stored = session.scalars(select(RetentionReport)).one()
        assert (stored.counts, stored.overdue) == (report.counts, 0)


def test_many_rows_go_in_portions(any_database: Database, monkeypatch):
    monkeypatch.setattr(running, "_AT_ONCE", 2)
    with any_database.transaction() as session:
        group = build.a_group(session)
        family = build.a_family(session, group)
        for _ride in range(5):
            scene.a_past_ride(session, group, family, 40)
    report = running.run(any_database, now=NOW)
    assert report.agrees
    assert report.counts["made"] == {"past_ride": 5}
    assert report.counts["erased"]["rides"] == {"ride": 5, "ride_request": 5}


@pytest.mark.parametrize("table", ["ride", "ride_request"])
@pytest.mark.parametrize("more", [1, -1])
def test_a_report_whose_rows_do_not_add_up_says_so(
    aged: Database, monkeypatch, more: int, table: str
):
    honest = closure.remove

    def lie(*arguments: object) -> dict[str, int]:
        removed = honest(*arguments)
        return removed | ({table: removed[table] + more} if table in removed else {})

    monkeypatch.setattr(closure, "remove", lie)
    assert not running.run(aged, now=NOW).agrees


def test_who_is_still_there_long_after_the_day_is_told(aged: Database, monkeypatch):
    monkeypatch.setattr(running, "_due_owners", lambda *_arguments: [])
    late = NOW + timedelta(days=2)
    report = running.run(aged, now=late)
    assert report.overdue == 3
    assert "family" not in report.counts["due"]


def test_what_was_begun_is_finished_and_counted(aged: Database, monkeypatch):
    class Crash(BaseException):
        """The process dies here."""

    def crash(*_arguments: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(owners, "_ended", crash)
        with pytest.raises(Crash):
            running.run(aged, now=NOW)
    later = NOW + timedelta(hours=1)
    report = running.run(aged, now=later)
    assert report.counts["due"]["family"] == 2
    assert report.counts["erased"]["family"]["family"] == 2
    with aged.transaction(reads_only=True) as session:
        found = session.scalars(select(Erasure).order_by(Erasure.id)).all()
        assert [one.begun_at for one in found] == [NOW, later, later]
        assert [one.erased_at for one in found] == [later, later, later]


def test_a_rehearsal_is_no_run(any_database: Database):
    report = running.rehearse(any_database, now=NOW)
    assert (report.began_at, report.ended_at, report.agrees, report.overdue) == (NOW, NOW, True, 0)
    with any_database.transaction() as session:
        session.add(report)
    with any_database.transaction(reads_only=True) as session:
        assert running.is_time(session, now=NOW)


def test_a_rehearsal_counts_old_rows_of_the_log(aged: Database):
    running.run(aged, now=NOW)
    late = NOW + timedelta(days=365)
    assert running.rehearse(aged, now=late).counts["due"]["log"] == 0
    announced = running.rehearse(aged, now=late + timedelta(seconds=1)).counts
    assert (announced["due"]["log"], announced["erased"]["log"]) == (3, {"audit_event": 3})


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_sweep_of_many_rows_is_taken_in_portions_that_do_not_overlap(
    any_database: Database, monkeypatch, number: int
):
    taken: list[list[int]] = []
    monkeypatch.setattr(running, "_AT_ONCE", 2)
    monkeypatch.setattr(running, "_take", lambda _at, _sweep, ids, _tally: taken.append(ids))
    only = Sweep("guesses", "sign_in_failure", lambda _session, _now: list(range(number)))
    monkeypatch.setattr(running, "sweeps", lambda: [only])
    report = running.run(any_database, now=NOW)
    assert taken == [list(range(number))[start : start + 2] for start in range(0, number, 2)]
    assert report.is_rehearsal is False
