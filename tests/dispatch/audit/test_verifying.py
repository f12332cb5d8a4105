"""The log against what was noted outside: a tail that was cut off is noticed."""

import hmac
import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from dispatch.audit import service as audit
from dispatch.audit import verifying
from dispatch.audit.models import AuditCut, AuditEvent
from dispatch.crypto.anchors import Anchor, Anchors, Kind
from dispatch.db.transactions import Database, anchors_of
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests.build import MADE

ROWS = AuditEvent.__table__


def grow(database: Database, rows: int) -> None:
    """Add rows to the log, a minute apart."""
    for number in range(rows):
        with database.transaction() as session:
            at = MADE + timedelta(minutes=number)
            audit.record(session, SYSTEM, Action.IMPORT, None, now=at)


def note(database: Database, minutes: int = 0, *, at_once: bool = False) -> bool:
    """Note the end of the log so many minutes after the first row."""
    with database.transaction(reads_only=True) as session:
        at = MADE + timedelta(minutes=minutes)
        return verifying.anchor(session, anchors_of(session), now=at, at_once=at_once)


def checked(database: Database) -> verifying.Verdict:
    with database.transaction(reads_only=True) as session:
        return verifying.check(session, anchors_of(session))


def cut_tail(database: Database, after: int) -> None:
    """What somebody with the database in hand does to hide the newest rows."""
    with database.transaction() as session:
        _guards_off(session)
        session.execute(delete(ROWS).where(ROWS.c.position > after))


def _guards_off(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    else:
        session.execute(text("DROP TRIGGER audit_event_append_only_delete"))


@pytest.mark.parametrize(("after", "is_whole"), [(9, True), (8, True), (7, True), (6, False)])
def test_a_tail_that_was_cut_off_is_noticed_up_to_the_newest_anchor(
    any_database: Database, after: int, is_whole: bool
):
    grow(any_database, 7)
    note(any_database)
    grow(any_database, 2)
    cut_tail(any_database, after)
    verdict = checked(any_database)
    assert verdict.broken_at is None
    assert verdict.missing_from == (None if is_whole else 7)
    assert verdict.is_whole is is_whole
    assert ("whole" in verdict.say()) is is_whole


def test_an_anchor_is_due_after_ten_minutes_or_a_hundred_rows(any_database: Database):
    assert not note(any_database)
    grow(any_database, 1)
    assert note(any_database)
    assert not note(any_database, 60)
    grow(any_database, 1)
    assert not note(any_database, 9)
    assert note(any_database, 10)
    grow(any_database, 100)
    assert note(any_database, 11)
    grow(any_database, 1)
    assert note(any_database, 12, at_once=True)
    assert not note(any_database, 12, at_once=True)
    assert checked(any_database).anchors == 4


def test_rows_that_were_let_go_are_not_missed_and_the_rest_verifies(any_database: Database):
    grow(any_database, 5)
    note(any_database)
    grow(any_database, 5)
    note(any_database, 60)
    with any_database.transaction() as session:
        before = MADE + timedelta(minutes=4)
        assert audit.let_go(session, before=before, now=MADE) == 4
        assert audit.let_go(session, before=before, now=MADE) == 0
    verdict = checked(any_database)
    assert verdict.is_whole
    assert (verdict.rows, verdict.anchors) == (6, 2)


def test_the_newest_row_is_never_let_go_and_the_log_goes_on_from_it(any_database: Database):
    grow(any_database, 3)
    with any_database.transaction() as session:
        assert audit.let_go(session, before=MADE + timedelta(days=9), now=MADE) == 2
    grow(any_database, 1)
    assert checked(any_database).is_whole


def test_a_cut_that_the_program_did_not_make_moves_nothing(any_database: Database):
    grow(any_database, 5)
    with any_database.transaction() as session:
        _guards_off(session)
        third = session.execute(ROWS.select().where(ROWS.c.position == 3)).one()
        session.add(AuditCut(position=3, seal=third.seal, at=MADE, proof=b"p" * 32))
        session.execute(delete(ROWS).where(ROWS.c.position <= 3))
    assert checked(any_database).broken_at == 1


def test_a_log_that_was_put_back_is_as_long_as_it_was_then(any_database: Database):
    grow(any_database, 7)
    note(any_database)
    cut_tail(any_database, 5)
    with any_database.transaction(reads_only=True) as session:
        assert not verifying.check(session, anchors_of(session)).is_whole
        position, seal = audit.end_of(session)
        anchors_of(session).add(Anchor(Kind.RESTORED, MADE, position, seal))
    assert checked(any_database).is_whole
    cut_tail_again = 4
    with any_database.transaction() as session:
        session.execute(delete(ROWS).where(ROWS.c.position > cut_tail_again))
    assert checked(any_database).missing_from == 5


def test_a_line_of_a_stranger_is_told(any_database: Database):
    grow(any_database, 1)
    with any_database.transaction(reads_only=True) as session:
        Anchors(anchors_of(session).path, lambda: b"guessed").add(Anchor(Kind.LOG, MADE, 1))
    verdict = checked(any_database)
    assert verdict.untrue == 1
    assert "not written by this installation" in verdict.say()


def test_what_is_let_go_is_told_to_the_row_and_goes_on_from_the_cut_before(any_database: Database):
    grow(any_database, 6)
    days = MADE + timedelta(days=1), MADE + timedelta(days=2)
    with any_database.transaction() as session:
        assert audit.let_go(session, before=MADE, now=days[0]) == 0
        assert session.scalars(select(AuditCut)).all() == []
        assert audit.let_go(session, before=MADE + timedelta(minutes=1), now=days[0]) == 1
        assert audit.let_go(session, before=MADE + timedelta(minutes=4), now=days[1]) == 3
        cut = session.scalars(select(AuditCut)).one()
        assert (cut.position, cut.at) == (4, days[1])
        assert audit.beginning_of(session) == (4, cut.seal)
    assert checked(any_database).rows == 2
    grow(any_database, 1)
    assert checked(any_database).is_whole


def test_of_an_empty_log_nothing_is_let_go(any_database: Database):
    with any_database.transaction() as session:
        assert audit.let_go(session, before=MADE, now=MADE) == 0
        assert audit.end_of(session) == (0, b"\0" * 32)


@pytest.mark.parametrize("change", [{"position": 2}, {"seal": b"s" * 32}, {"at": MADE}])
def test_a_cut_that_somebody_changed_moves_nothing(any_database: Database, change: dict):
    grow(any_database, 5)
    with any_database.transaction() as session:
        late = MADE + timedelta(days=1)
        assert audit.let_go(session, before=MADE + timedelta(minutes=3), now=late) == 3
        session.execute(update(AuditCut).values(change))
    assert checked(any_database).broken_at == 1


def test_the_verdict_names_the_first_row_that_is_wrong(any_database: Database):
    grow(any_database, 4)
    note(any_database)
    with any_database.transaction() as session:
        _guards_off(session)
        session.execute(delete(ROWS).where(ROWS.c.position >= 2))
    verdict = checked(any_database)
    assert (verdict.rows, verdict.anchors, verdict.missing_from) == (1, 1, 4)
    assert verdict.say() == "Rows of the log are gone: it once had a row 4 that it lacks."
    with any_database.transaction() as session:
        session.execute(ROWS.delete())
    grow(any_database, 2)
    with any_database.transaction() as session:
        session.execute(ROWS.delete().where(ROWS.c.position == 1))
    assert checked(any_database).say() == "The log is broken at row 1."


def test_of_two_anchors_that_are_not_borne_out_the_first_is_told(any_database: Database):
    for number in range(3):
        grow(any_database, 2)
        note(any_database, at_once=True)
        assert checked(any_database).anchors == number + 1
    cut_tail(any_database, 3)
    assert checked(any_database).missing_from == 4


def test_an_anchor_with_another_seal_is_not_borne_out(any_database: Database):
    grow(any_database, 2)
    with any_database.transaction(reads_only=True) as session:
        anchors_of(session).add(Anchor(Kind.LOG, MADE, 2, b"s" * 32))
    assert checked(any_database).missing_from == 2


def test_a_log_longer_than_a_portion_is_verified_to_its_end(any_database: Database, monkeypatch):
    monkeypatch.setattr(verifying, "_AT_ONCE", 2)
    grow(any_database, 5)
    assert checked(any_database).say() == "The log is whole: 5 rows, 0 anchors."
    with any_database.transaction() as session:
        _triggers_off(session)
        session.execute(update(ROWS).where(ROWS.c.position == 5).values(role="steward"))
    assert checked(any_database).broken_at == 5


def _triggers_off(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    else:
        session.execute(text("DROP TRIGGER audit_event_append_only"))


def test_rows_that_stand_in_another_order_still_follow_from_each_other(any_database: Database):
    grow(any_database, 3)
    with any_database.transaction() as session:
        _guards_off(session)
        first = session.execute(ROWS.select().where(ROWS.c.position == 1)).one()._asdict()
        session.execute(ROWS.delete().where(ROWS.c.position == 1))
        session.execute(ROWS.insert().values({**first, "id": 99}))
    assert checked(any_database).is_whole


def test_an_anchor_counts_from_the_first_row_that_is_there(any_database: Database):
    grow(any_database, 2)
    note(any_database)
    grow(any_database, 1)
    with any_database.transaction() as session:
        later = MADE + timedelta(days=9)
        assert audit.let_go(session, before=later, now=later) == 2
    assert (checked(any_database).anchors, checked(any_database).is_whole) == (0, True)
    with any_database.transaction() as session:
        cut = session.scalars(select(AuditCut)).one()
        told = json.dumps(["cut", 2, cut.seal.hex(), later.isoformat()])
        assert cut.proof == hmac.digest(audit.chain_key(session), told.encode(), "sha256")


def test_an_empty_log_has_no_rows(any_database: Database):
    assert checked(any_database) == verifying.Verdict(0, None, 0, None, 0)


def test_without_a_word_an_anchor_waits_for_its_time(any_database: Database):
    grow(any_database, 1)
    note(any_database)
    grow(any_database, 1)
    with any_database.transaction(reads_only=True) as session:
        assert not verifying.anchor(session, anchors_of(session), now=MADE)


def test_an_anchor_as_long_as_what_was_put_back_still_stands(any_database: Database):
    grow(any_database, 2)
    note(any_database)
    with any_database.transaction(reads_only=True) as session:
        position, seal = audit.end_of(session)
        anchors_of(session).add(
            Anchor(Kind.RESTORED, MADE, position, seal), Anchor(Kind.DESTROYED, MADE, mark=b"m")
        )
    assert (checked(any_database).anchors, checked(any_database).is_whole) == (2, True)
