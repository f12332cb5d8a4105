"""What tests share: a migrated database of each kind, copied for every test, and a client."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache

from dispatch import clock, i18n, policy
from dispatch.app import create_app, open_database
from dispatch.config import Settings, load
from dispatch.crypto import keyring
from dispatch.db.engine import make_engine
from dispatch.db.transactions import Database
from dispatch.db.upgrade import upgrade
from dispatch.people import sessions
from dispatch.people.models import User
from tests.services.postgres import Copies, Postgres

NOW = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
"""Monday 8 March 2027, nine in the morning in Vancouver: the moment at which tests happen."""
_DIALECTS: dict[str, Dialect] = {}
_STATEMENTS = LRUCache(2_000)
"""Compiled statements, for both kinds of database."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test begins in the source language: a thread keeps that of its last request."""
    with i18n.speaking(i18n.SOURCE):
        yield


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data directory with keys and an empty SQLite database of the present schema."""
    settings = load(str(tmp_path_factory.mktemp("template") / "data"), testing=True)
    keyring.make(settings.master_key_file)
    upgrade(open_database(settings).engine)
    return settings


@pytest.fixture
def settings(migrated: Settings, tmp_path: Path) -> Settings:
    """Settings of an installation of this test's own, on SQLite."""
    shutil.copytree(migrated.data_dir, tmp_path / "data")
    shutil.copy(migrated.master_key_file, tmp_path / "data.master-key")
    return load(str(tmp_path / "data"), testing=True)


def _opened(settings: Settings) -> Iterator[Database]:
    """The database of `settings`, closed afterwards.

    Statements are compiled once for all tests of a process, not once for each engine: engines for
    the same kind of database share what they know of it, by which compiled statements are kept.
    """
    opened = open_database(settings)
    kind = opened.engine.dialect.name
    if kind not in _DIALECTS:
        opened.engine.connect().close()  # what it knows of the server it learns here
        _DIALECTS[kind] = opened.engine.dialect
    opened.engine.dialect = _DIALECTS[kind]
    opened.engine.update_execution_options(compiled_cache=_STATEMENTS)
    yield opened
    opened.engine.dispose()
    opened.vault.keys.close()


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty SQLite database with its vault."""
    yield from _opened(settings)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session on `database`; what it did is gone after the test."""
    with database.session() as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session")
def postgres_migrated(postgres: Postgres) -> str:
    """The URL of an empty PostgreSQL database of the present schema: to be copied, never used."""
    url = postgres.create()
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def _copies(postgres: Postgres, postgres_migrated: str) -> Iterator[Copies]:
    copies = Copies(postgres, postgres_migrated)
    yield copies
    copies.drop()


@pytest.fixture
def postgres_template(_copies: Copies) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of the present schema, this test's own."""
    with _copies.lent() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> Iterator[Database]:
    """An empty database of each kind that we support: for services."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    url = request.getfixturevalue("postgres_template")
    yield from _opened(load(str(settings.data_dir), testing=True, database_url=url))


@pytest.fixture
def any_session(any_database: Database) -> Iterator[Session]:
    """A session on each kind of database."""
    with any_database.session() as session:
        yield session
        session.rollback()


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The application on this test's database, without form tokens."""
    made = create_app(settings, database=database)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@dataclass
class Moment:
    """What every clock of the program shows."""

    at: datetime

    def pass_by(self, **span: float) -> None:
        """Let time go by: `pass_by(minutes=29)`."""
        self.at += timedelta(**span)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    """The program's clock, at the moment of tests until a test lets time pass."""
    shown = Moment(NOW)
    monkeypatch.setattr(clock, "now", lambda: shown.at)
    return shown


@pytest.fixture
def client_of(app: Flask, database: Database, moment: Moment) -> Callable[[User], FlaskClient]:
    """A function from a committed account to a browser in which it is signed in."""

    def sign_in(user: User) -> FlaskClient:
        with database.transaction() as session:
            token = sessions.begin(session, session.get_one(User, user.id), now=moment.at)
        client = app.test_client()
        client.set_cookie("dispatch", token)
        return client

    return sign_in


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What services ask of the law: who wants what, of which thing, at which moment."""
    questions: list[tuple[object, ...]] = []
    answer = policy.require

    def ask(*question: object) -> None:
        questions.append(question)
        answer(*question)

    monkeypatch.setattr(policy, "require", ask)
    return questions
