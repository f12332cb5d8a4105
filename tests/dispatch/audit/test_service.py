"""The log: every row follows from the one before, under load too, and no row holds a value."""

import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Executable, Update, delete, insert, literal, select, text, update
from sqlalchemy.orm import Session

from dispatch.audit import service as audit
from dispatch.audit import verifying
from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import Database
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests.build import MADE, a_coordinator, a_group, a_user


@pytest.fixture
def logged(any_database: Database) -> Database:
    """A database with five entries in its log."""
    with any_database.transaction() as session:
        group = a_group(session)
        actor = a_coordinator(session, group)
    for number in range(5):
        with any_database.transaction() as session:
            at = MADE + timedelta(minutes=number)
            action = Action.SEE_BOARD if number % 2 else Action.REVEAL_FAMILY
            audit.record(session, actor, action, group, now=at, group_uid=group.uid)
    return any_database


def _verify(database: Database) -> int | None:
    with database.transaction(reads_only=True) as session:
        return verifying.verify(session)


ENTRIES = AuditEvent.__table__


def _entry(place: int, **values: object) -> Update:
    """A change of the entry at `place`."""
    return update(ENTRIES).where(ENTRIES.c.position == place).values(values)


def _tamper(database: Database, *changes: Executable) -> None:
    """What somebody with the database in hand can do: take the guards off, then change rows."""
    with database.transaction() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        else:
            session.execute(text("DROP TRIGGER audit_event_append_only"))
            session.execute(text("DROP TRIGGER audit_event_append_only_delete"))
        for change in changes:
            session.execute(change)


def test_an_untouched_log_verifies(logged: Database):
    assert _verify(logged) is None


def test_an_empty_log_verifies(any_database: Database):
    assert _verify(any_database) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "board:see"),
        ("role", "steward"),
        ("outcome", "refused"),
        ("object_kind", "place"),
        ("at", MADE + timedelta(minutes=2, seconds=1)),
        ("actor_uid", uuid4()),
        ("object_uid", uuid4()),
        ("family_uid", uuid4()),
        ("ride_uid", uuid4()),
        ("group_uid", uuid4()),
        ("uid", uuid4()),
        ("seal", b"x" * 32),
    ],
)
def test_a_changed_value_is_found_where_it_stands(logged: Database, column: str, value: object):
    _tamper(logged, _entry(3, **{column: value}))
    assert _verify(logged) == 3


@pytest.mark.parametrize("position", [1, 3])
def test_a_deleted_row_is_found(logged: Database, position: int):
    _tamper(logged, delete(ENTRIES).where(ENTRIES.c.position == position))
    assert _verify(logged) == position


def test_a_deleted_row_is_found_when_the_others_move_up(logged: Database):
    _tamper(
        logged,
        delete(ENTRIES).where(ENTRIES.c.position == 3),
        _entry(4, position=3),
        _entry(5, position=4),
    )
    assert _verify(logged) == 3


def test_two_rows_that_changed_places_are_found(logged: Database):
    _tamper(logged, _entry(2, position=99), _entry(4, position=2), _entry(99, position=4))
    assert _verify(logged) == 2


def test_an_inserted_row_is_found(logged: Database):
    copied = {column.name: column for column in ENTRIES.c if column.name != "id"}
    copied |= {"uid": literal(uuid4(), ENTRIES.c.uid.type), "position": literal(6)}
    third = select(*copied.values()).where(ENTRIES.c.position == 3)
    _tamper(logged, insert(ENTRIES).from_select(list(copied), third))
    assert _verify(logged) == 6


def test_the_chain_hangs_on_a_key_that_is_not_in_the_database(logged: Database, monkeypatch):
    monkeypatch.setattr(verifying, "chain_key", lambda _session: b"guessed")
    assert _verify(logged) == 1


def test_eight_threads_leave_no_gap(any_database: Database):
    def work(number: int) -> None:
        for turn in range(10):
            with any_database.transaction() as session:
                for _entry in range(1 + (number + turn) % 3):
                    audit.record(session, SYSTEM, Action.IMPORT, None, now=MADE)
        any_database.vault.keys.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    with any_database.transaction(reads_only=True) as session:
        positions = session.scalars(select(AuditEvent.position).order_by(AuditEvent.position)).all()
    expected = sum(1 + (number + turn) % 3 for number in range(8) for turn in range(10))
    assert positions == list(range(1, expected + 1))
    assert _verify(any_database) is None


def test_what_is_rolled_back_was_not_recorded(any_database: Database):
    with any_database.session() as session:
        audit.record(session, SYSTEM, Action.IMPORT, None, now=MADE)
        session.rollback()
        audit.record(session, SYSTEM, Action.SEE_RUN, None, now=MADE)
        session.commit()
        assert session.scalars(select(AuditEvent.action)).all() == [Action.SEE_RUN.value]


def test_what_a_savepoint_took_back_was_not_recorded(any_database: Database):
    with any_database.transaction() as session:
        audit.record(session, SYSTEM, Action.IMPORT, None, now=MADE)
        savepoint = session.begin_nested()
        audit.record(session, SYSTEM, Action.SEE_BOARD, None, now=MADE)
        savepoint.rollback()
        with session.begin_nested():
            audit.record(session, SYSTEM, Action.SEE_RUN, None, now=MADE)
    with any_database.transaction(reads_only=True) as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.position)).all()
    assert actions == [Action.IMPORT.value, Action.SEE_RUN.value]


def test_a_row_says_who_did_what_to_which_thing(any_session: Session):
    group = a_group(any_session)
    actor = a_coordinator(any_session, group)
    user = a_user(any_session)
    audit.record(
        any_session,
        actor,
        Action.INVITE_DRIVER,
        user,
        now=MADE,
        group_uid=group.uid,
        outcome=audit.REFUSED,
    )
    any_session.commit()
    row = any_session.scalars(select(AuditEvent)).one()
    assert (row.actor_uid, row.role, row.action) == (
        actor.uid,
        "coordinator",
        "group:invite-driver",
    )
    assert (row.object_kind, row.object_uid, row.group_uid) == (
        "user_account",
        user.uid,
        group.uid,
    )
    assert (row.at, row.outcome) == (MADE, "refused")


@pytest.mark.parametrize(("outcome", "noted"), [(audit.DONE, False), (audit.REFUSED, True)])
def test_a_session_remembers_that_a_refusal_was_noted(session: Session, outcome: str, noted: bool):
    audit.record(session, SYSTEM, Action.IMPORT, None, now=MADE, outcome=outcome)
    session.commit()
    assert audit.has_noted_refusal(session) is noted


def test_a_row_names_everything_that_was_touched(session: Session):
    family, ride, group = uuid4(), uuid4(), uuid4()
    touched = {"family_uid": family, "ride_uid": ride, "group_uid": group}
    audit.record(session, SYSTEM, Action.IMPORT, Untold(), now=MADE, **touched)
    session.commit()
    row = session.scalars(select(AuditEvent)).one()
    assert (row.family_uid, row.ride_uid, row.group_uid) == (family, ride, group)
    assert (row.object_kind, row.object_uid, row.outcome) == ("untold", None, "done")


class Untold:
    """Something that is no row of a table."""


def test_the_first_row_follows_from_nothing_and_each_other_one_from_the_one_before(
    logged: Database,
):
    with logged.transaction(reads_only=True) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.position)).all()
        key = audit.chain_key(session)
        assert key == logged.vault.derive_key("audit chain")
        before = b"\0" * 32
        for number, row in enumerate(rows, start=1):
            assert (row.position, row.seal) == (number, sealed_as_ever(key, before, row))
            before = row.seal
        assert audit.end_of(session) == (5, rows[-1].seal)
        assert audit.beginning_of(session) == (0, b"\0" * 32)


def sealed_as_ever(key: bytes, before: bytes, row: AuditEvent) -> bytes:
    """The seal that rows have had since the first one: logs of years verify by it."""
    names = ("uid", "actor_uid", "role", "action", "object_kind", "object_uid")
    uids = ("family_uid", "ride_uid", "group_uid", "outcome")
    values = [getattr(row, name) for name in (*names, *uids)]
    told = [None if value is None else str(value) for value in values]
    text = json.dumps([row.position, row.at.isoformat(), *told])
    return hmac.digest(key, before + text.encode(), "sha256")
