"""One place commits; what waits for the commit runs once, and never without it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.db import transactions
from dispatch.db.transactions import Database
from dispatch.people.models import Group
from tests.build import a_group


def _groups(database: Database) -> int:
    with database.transaction(reads_only=True) as session:
        return session.scalar(select(func.count(Group.id)))


def test_a_block_that_ends_well_is_committed(any_database: Database):
    with any_database.transaction() as session:
        a_group(session)
    assert _groups(any_database) == 1


def test_a_block_that_fails_leaves_nothing(any_database: Database):
    def fail() -> None:
        with any_database.transaction() as session:
            a_group(session)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert _groups(any_database) == 0


def test_what_waits_for_the_commit_runs_once(any_database: Database):
    called = []
    with any_database.session() as session:
        a_group(session)
        transactions.after_commit(session, lambda: called.append("woken"))
        assert called == []
        transactions.commit(session)
        a_group(session)
        transactions.commit(session)
    assert called == ["woken"]


def test_what_waits_for_the_commit_never_runs_after_a_rollback(any_database: Database):
    called = []
    with any_database.session() as session:
        a_group(session)
        transactions.after_commit(session, lambda: called.append("woken"))
        session.rollback()
        a_group(session)
        transactions.commit(session)
    assert called == []


def test_what_waits_for_the_commit_does_not_mistake_a_savepoint_for_it(any_database: Database):
    called = []
    with any_database.session() as session:
        transactions.after_commit(session, lambda: called.append("before"))
        with session.begin_nested():
            transactions.after_commit(session, lambda: called.append("kept"))
        outer = session.begin_nested()
        session.begin_nested()
        transactions.after_commit(session, lambda: called.append("lost"))
        outer.rollback()
        assert called == []
        transactions.commit(session)
    assert called == ["before", "kept"]


def test_a_page_view_does_not_wait_for_a_writer(any_database: Database):
    with any_database.session() as writer:
        a_group(writer)
        assert _groups(any_database) == 0
        transactions.commit(writer)
    assert _groups(any_database) == 1


def test_who_may_write_says_so_at_the_start(database: Database):
    """Two that read first and write later would else fail with "database is locked"."""
    begun, done = Event(), Event()

    def write() -> None:
        with database.transaction() as session:
            session.scalar(select(func.count(Group.id)))
            begun.set()
            done.wait(0.2)
            a_group(session)

    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(write), threads.submit(write)]
        assert begun.wait(5)
        for one in both:
            one.result()
    assert _groups(database) == 2


def test_a_transaction_that_let_go_blocks_nobody(database: Database):
    with database.session() as waiting:
        waiting.scalar(select(func.count(Group.id)))
        transactions.let_go(waiting)
        with database.transaction() as other:
            a_group(other)
        assert waiting.scalar(select(func.count(Group.id))) == 1


def test_look_then_add_happens_one_after_the_other(any_database: Database):
    def add_if_none(_number: int) -> None:
        with any_database.transaction() as session:
            transactions.take_turns(session, b"the first group")
            if session.scalar(select(func.count(Group.id))) == 0:
                a_group(session)
        any_database.vault.keys.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_if_none, range(8)))
    assert _groups(any_database) == 1


def test_a_session_knows_its_vault(session: Session, database: Database):
    assert transactions.vault_of(session) is database.vault
