"""PostgreSQL's own log, on a real server: what fails there leaves no value behind."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from dispatch.app import open_database
from dispatch.config import load
from dispatch.crypto import keyring
from dispatch.db import server_log, upgrade
from dispatch.db.engine import make_engine
from dispatch.places.models import Place
from tests import build
from tests.services.postgres import Postgres

CREATES = "CREATE TABLE door (name text, seats int CONSTRAINT {} CHECK (seats < 9))"
FAILS = text("INSERT INTO door VALUES (:name, 99)")
ASKS = text("SELECT 1 / (length(:name) - length(:name))")


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = make_engine(postgres_url)
    with made.begin() as connection:
        connection.exec_driver_sql(CREATES.format(_rule(made)))
    yield made
    made.dispose()


def _rule(engine: Engine) -> str:
    """The name of a rule that is broken in no other database: the server writes one log."""
    return f"few_{engine.url.database}"


def fail(engine: Engine) -> str:
    """A row that breaks a rule and a statement that breaks; the word that was in both."""
    word = f"canary-{uuid4().hex}"
    for statement in (FAILS, ASKS):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(statement, {"name": word})
    return word


def test_what_fails_leaves_its_values_in_the_log_of_a_server_that_was_told_nothing(
    engine: Engine, postgres: Postgres
):
    assert fail(engine) in postgres.log()


def test_what_fails_leaves_no_value_in_the_log(engine: Engine, postgres: Postgres):
    server_log.keep_values_out(engine)
    assert server_log.left_to_do(engine) == []
    word = fail(engine)
    log = postgres.log()
    assert f'violates check constraint "{_rule(engine)}"' in log
    assert word not in log


def test_parameters_that_somebody_wants_logged_are_not(engine: Engine, postgres: Postgres):
    name = engine.url.database
    with engine.begin() as connection:
        for setting in ("log_statement = 'all'", "log_parameter_max_length_on_error = -1"):
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET {setting}")
    engine.dispose()
    assert len(server_log.left_to_do(engine)) == 3
    assert fail(engine) in postgres.log()
    server_log.keep_values_out(engine)
    assert server_log.left_to_do(engine) == []
    assert fail(engine) not in postgres.log()


def test_a_real_row_of_ours_that_fails_leaves_nothing(postgres_url, postgres, tmp_path):
    settings = load(str(tmp_path / "data"), testing=True, database_url=postgres_url)
    keyring.make(settings.master_key_file)
    database = open_database(settings)
    upgrade.upgrade(database.engine)
    word = f"canary{uuid4().hex}"
    with database.transaction() as session:
        build.a_public_place(session, build.a_group(session), name=word)
    failed = postgres.log().count('new row for relation "place" violates')
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(update(Place).values(owner_uid=uuid4()))
    database.engine.dispose()
    database.vault.keys.close()
    log = postgres.log()
    assert log.count('new row for relation "place" violates') > failed
    assert word not in log


def test_who_owns_the_database_only_is_told_what_a_superuser_has_to_do(
    engine: Engine, postgres: Postgres
):
    name, role = engine.url.database, f"owner_{uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO {role}")
    owner = make_engine(f"postgresql://{role}@/{name}?host={postgres.host}")
    server_log.keep_values_out(owner)
    left = server_log.left_to_do(owner)
    assert left == [
        f"ALTER DATABASE {name} SET log_error_verbosity = 'terse'",
        f"ALTER DATABASE {name} SET log_parameter_max_length = '0'",
    ]
    with engine.begin() as connection:
        for statement in left:
            connection.exec_driver_sql(statement)
    owner.dispose()
    assert server_log.left_to_do(owner) == []
    owner.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO postgres")
        connection.exec_driver_sql(f"DROP ROLE {role}")


def test_sqlite_has_no_such_log(database):
    server_log.keep_values_out(database.engine)
    assert server_log.left_to_do(database.engine) == []
