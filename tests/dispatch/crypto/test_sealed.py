"""Sealed columns: only sealed values reach the database, and none of them prints."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.sealed import Sealed, SealedColumn
from dispatch.db.transactions import vault_of
from dispatch.people.models import User
from tests.build import a_user


def test_a_sealed_value_prints_its_length_only():
    assert repr(Sealed(b"Carmen")) == str(Sealed(b"Carmen")) == "Sealed(6 bytes)"


def test_a_plain_text_never_reaches_the_database(any_session: Session):
    user = a_user(any_session)
    user.sealed_name = "Carmen"
    with pytest.raises(StatementError) as refused:
        any_session.flush()
    assert isinstance(refused.value.orig, TypeError)


def test_the_database_holds_no_name(any_session: Session):
    a_user(any_session, name="Carmen Ruiz")
    row = any_session.execute(text("SELECT * FROM user_account")).one()
    assert b"Carmen" not in b"".join(value for value in row if isinstance(value, bytes))
    assert not any("Carmen" in str(value) for value in row)
    found = any_session.scalars(select(User)).one()
    assert found.unseal("sealed_name", vault_of(any_session)) == "Carmen Ruiz"


def test_an_empty_text_clears_the_column(any_session: Session):
    user = a_user(any_session, name="Carmen")
    user.seal("sealed_name", "", vault_of(any_session))
    assert user.sealed_name is None
    assert user.unseal("sealed_name", vault_of(any_session)) is None


def test_a_name_copied_to_another_account_does_not_open(any_session: Session):
    carmen, rosa = a_user(any_session, name="Carmen"), a_user(any_session, name="Rosa")
    copied = update(User).where(User.id == rosa.id).values(sealed_name=carmen.sealed_name)
    any_session.execute(copied)
    any_session.expire_all()
    with pytest.raises(Unreadable):
        rosa.unseal("sealed_name", vault_of(any_session))


def test_a_column_takes_a_sealed_value_or_none():
    column, dialect = SealedColumn(), sqlite.dialect()
    assert column.process_bind_param(None, dialect) is None
    assert column.process_bind_param(Sealed(b"r"), dialect) == b"r"
    assert column.process_result_value(None, dialect) is None
    assert column.process_result_value(memoryview(b"r"), dialect) == Sealed(b"r")
    for plain in ("Carmen", b"Carmen", ""):
        with pytest.raises(TypeError):
            column.process_bind_param(plain, dialect)
