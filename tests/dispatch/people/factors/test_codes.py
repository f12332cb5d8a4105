"""The sheet of codes: each works once, for one person, for one thing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.people.factors import codes
from dispatch.people.factors.models import CodeKind, RecoveryCode
from dispatch.people.models import User
from tests.build import a_user


def test_a_code_works_once_however_it_is_typed(any_session: Session, now: datetime):
    user = a_user(any_session)
    code = codes.make(any_session, user, now=now).codes[3]
    typed = f" {code.lower().replace('-', ' ')} "
    assert codes.take(any_session, user, CodeKind.SIGN_IN, typed, now=now)
    assert not codes.take(any_session, user, CodeKind.SIGN_IN, code, now=now)
    assert codes.left(any_session, user) == codes.HOW_MANY - 1


def test_a_code_is_one_persons(any_session: Session, now: datetime):
    owner, other = a_user(any_session), a_user(any_session)
    code = codes.make(any_session, owner, now=now).codes[0]
    for somebody in (other, None):
        assert not codes.take(any_session, somebody, CodeKind.SIGN_IN, code, now=now)
    assert codes.take(any_session, owner, CodeKind.SIGN_IN, code, now=now)


def test_the_code_that_locks_opens_nothing(any_session: Session, now: datetime):
    user = a_user(any_session)
    sheet = codes.make(any_session, user, now=now)
    assert not codes.take(any_session, user, CodeKind.SIGN_IN, sheet.lock_code, now=now)
    assert not codes.take(any_session, user, CodeKind.LOCK, sheet.codes[0], now=now)
    assert codes.take(any_session, user, CodeKind.LOCK, sheet.lock_code, now=now)


def test_a_new_sheet_ends_the_old_one(any_session: Session, now: datetime):
    user = a_user(any_session)
    old = codes.make(any_session, user, now=now)
    codes.make(any_session, user, now=now)
    assert not codes.take(any_session, user, CodeKind.SIGN_IN, old.codes[0], now=now)
    assert not codes.take(any_session, user, CodeKind.LOCK, old.lock_code, now=now)
    assert codes.left(any_session, user) == codes.HOW_MANY


def test_no_code_is_stored_as_it_is_written(any_session: Session, now: datetime):
    user = a_user(any_session)
    sheet = codes.make(any_session, user, now=now)
    stored = any_session.scalars(select(RecoveryCode.code_hash)).all()
    written = {code.replace("-", "").encode() for code in (*sheet.codes, sheet.lock_code)}
    assert len(set(stored)) == len(written) == codes.HOW_MANY + 1
    assert not any(code in bytes(hashed) for code in written for hashed in stored)


def test_of_eight_who_bring_the_same_code_at_once_one_is_believed(
    any_database: Database, now: datetime
):
    with any_database.transaction() as session:
        user = a_user(session)
        code = codes.make(session, user, now=now).codes[0]

    def bring(_who: int) -> bool:
        with any_database.transaction() as session:
            owner = session.get_one(User, user.id)
            return codes.take(session, owner, CodeKind.SIGN_IN, code, now=now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(bring, range(8))) == 1
