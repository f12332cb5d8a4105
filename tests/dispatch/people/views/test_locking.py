"""Locking an account from a strange phone: one answer, whatever was typed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.db.transactions import Database
from dispatch.people.factors import codes
from dispatch.people.factors.codes import Sheet
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import User
from dispatch.people.service import notices
from tests.build import a_driver, a_group, a_user
from tests.conftest import NOW, Moment

EMAIL = "marta@example.org"


@pytest.fixture
def marta(database: Database) -> User:
    """A driver."""
    with database.transaction() as session:
        return a_driver(session, a_group(session), user=a_user(session, email=EMAIL)).user


@pytest.fixture
def sheet(database: Database, marta: User, moment: Moment) -> Sheet:
    """The codes of Marta."""
    with database.transaction() as session:
        return codes.make(session, session.get_one(User, marta.id), now=moment.at)


def _lock(app: Flask, email: str, code: str):
    return app.test_client().post("/lock", data={"email": email, "code": code})


def test_the_code_for_it_locks_at_once_and_everywhere(
    app: Flask, client_of: Callable[[User], FlaskClient], marta: User, sheet: Sheet
):
    client = client_of(marta)
    assert client.get("/today").status_code == 200
    assert _lock(app, f" {EMAIL.upper()} ", sheet.lock_code.lower()).status_code == 200
    assert client.get("/today").location.startswith("/signin?")


def test_nobody_is_locked_out_by_who_has_not_the_code(
    app: Flask, client_of: Callable[[User], FlaskClient], marta: User, sheet: Sheet
):
    client = client_of(marta)
    for code in ("", "WRONG-CODES", sheet.codes[0]):
        _lock(app, EMAIL, code)
    _lock(app, "rosa@example.org", sheet.lock_code)
    assert client.get("/today").status_code == 200


def test_every_answer_is_the_same_also_after_many(app: Flask, marta: User, sheet: Sheet):
    tries = [(EMAIL, "WRONG"), ("nobody@example.org", "WRONG"), ("", "")] * 4
    tries.append((EMAIL, sheet.lock_code))
    bodies = set()
    for email, code in tries:
        answer = _lock(app, email, code)
        bodies.add((answer.status_code, re.sub(r'(csrf_token" value=")[^"]*', r"\1", answer.text)))
    assert [status for status, _body in bodies] == [200]


def test_who_is_in_can_lock_the_own_account(client_of: Callable[[User], FlaskClient], marta: User):
    here, there = client_of(marta), client_of(marta)
    assert here.post("/me/lock").location == "/signin"
    assert there.get("/today").location.startswith("/signin?")


def test_what_happened_to_an_account_is_told_with_the_button_that_locks_it(
    client_of: Callable[[User], FlaskClient], database: Database, marta: User
):
    client = client_of(marta)
    assert 'action="/me/lock"' not in client.get("/today").text
    with database.transaction() as session:
        notices.tell(session, session.get_one(User, marta.id), NoticeKind.PASSKEY_ADDED, now=NOW)
    told = client.get("/today").text
    assert "A passkey was added to your account." in told
    assert 'action="/me/lock"' in told
