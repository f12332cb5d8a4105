"""Migrations: they make what the models say, and start-up notices when they did not run."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from dispatch import schema
from dispatch.db import upgrade
from dispatch.db.engine import make_engine
from dispatch.db.transactions import Database
from dispatch.db.upgrade import GuardMissing, SchemaBehind


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_the_migrations_make_what_the_models_say(any_database: Database):
    with any_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, schema.metadata()) == []


def test_an_empty_database_is_noticed(empty_engine: Engine):
    with pytest.raises(SchemaBehind):
        upgrade.check(empty_engine)


def test_upgrading_twice_is_like_upgrading_once(empty_engine: Engine):
    upgrade.upgrade(empty_engine)
    upgrade.upgrade(empty_engine)
    upgrade.check(empty_engine)


def test_every_step_can_be_taken_back_and_again(empty_engine: Engine):
    upgrade.upgrade(empty_engine)
    with empty_engine.connect() as connection:
        command.downgrade(upgrade._config(connection), "base")
        connection.commit()
    with pytest.raises(SchemaBehind):
        upgrade.check(empty_engine)
    upgrade.upgrade(empty_engine)


@pytest.mark.parametrize("guard", upgrade.GUARDS)
def test_a_lost_trigger_stops_the_start(database: Database, guard: str):
    upgrade.check(database.engine)
    with database.engine.connect() as connection:
        connection.execute(text(f"DROP TRIGGER {guard}"))
        connection.commit()
    with pytest.raises(GuardMissing, match=guard):
        upgrade.check(database.engine)
