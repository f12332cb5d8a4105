"""Codes of an app: those of RFC 6238, each taken once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.people.factors import apps
from dispatch.people.factors.models import AuthenticatorApp
from dispatch.people.models import User
from tests.build import a_user

OF_THE_STANDARD = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def app_of_rosa(any_session: Session, now: datetime) -> AuthenticatorApp:
    made = apps.begin(any_session, a_user(any_session), now=now)
    any_session.commit()
    return made


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(second: int, code: str):
    assert apps.code_at(OF_THE_STANDARD, datetime.fromtimestamp(second, UTC)) == code


def test_a_code_works_once(any_session: Session, app_of_rosa: AuthenticatorApp, now: datetime):
    code = apps.code_at(apps.secret_of(any_session, app_of_rosa), now)
    assert apps.take(any_session, app_of_rosa, f" {code[:3]} {code[3:]} ", now=now)
    assert not apps.take(any_session, app_of_rosa, code, now=now)


def test_a_phone_may_be_half_a_minute_off_and_no_more(
    any_session: Session, app_of_rosa: AuthenticatorApp, now: datetime
):
    secret = apps.secret_of(any_session, app_of_rosa)
    for seconds, fits in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        code = apps.code_at(secret, now + timedelta(seconds=seconds))
        assert apps.take(any_session, app_of_rosa, code, now=now) is fits


def test_a_code_from_before_a_used_one_is_used_up_too(
    any_session: Session, app_of_rosa: AuthenticatorApp, now: datetime
):
    secret = apps.secret_of(any_session, app_of_rosa)
    before = apps.code_at(secret, now - timedelta(seconds=30))
    assert apps.take(any_session, app_of_rosa, apps.code_at(secret, now), now=now)
    assert not apps.take(any_session, app_of_rosa, before, now=now)


def test_of_eight_who_bring_the_same_code_at_once_one_is_believed(
    any_database: Database, now: datetime
):
    with any_database.transaction() as session:
        app = apps.begin(session, a_user(session), now=now)
        code = apps.code_at(apps.secret_of(session, app), now)
        number = app.id

    def bring(_who: int) -> bool:
        with any_database.transaction() as session:
            return apps.take(session, session.get_one(AuthenticatorApp, number), code, now=now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(bring, range(8))) == 1


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "1" * 500])
def test_what_is_no_code_is_not_taken(
    any_session: Session, app_of_rosa: AuthenticatorApp, now: datetime, typed: str
):
    assert not apps.take(any_session, app_of_rosa, typed, now=now)


def test_beginning_again_ends_what_was_begun(any_session: Session, now: datetime):
    user: User = a_user(any_session)
    old = apps.secret_of(any_session, apps.begin(any_session, user, now=now))
    app = apps.begin(any_session, user, now=now)
    assert not apps.take(any_session, app, apps.code_at(old, now), now=now)
    new = apps.code_at(apps.secret_of(any_session, app), now)
    assert apps.take(any_session, app, new, now=now)


def test_the_picture_says_whose_secret_it_is():
    link = apps.link_of("ABC", "rosa maría@example.org")
    assert link.startswith("otpauth://totp/Dispatch:rosa%20mar%C3%ADa%40example.org?secret=ABC&")
