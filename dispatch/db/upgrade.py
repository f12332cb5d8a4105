"""Bringing a database to the present schema, and saying whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from dispatch.db import server_log

GUARDS = ("assignment_no_overlap_insert", "assignment_no_overlap_update", "audit_event_append_only")
"""Triggers that SQLite forgets when a table is rebuilt, so that start-up asks for them by name."""


class SchemaBehind(Exception):
    """The database is older than the program. Run `python3 -m dispatch upgrade`."""


class GuardMissing(Exception):
    """A trigger that makes double booking impossible is not in the database."""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Run every step that the database has not seen; then check that its guards stand.

    What a server may be told about its own log is told it as well (`server_log`).
    """
    with engine.connect() as connection:
        command.upgrade(_config(connection), "head")
        connection.commit()
    server_log.keep_values_out(engine)
    check(engine)


def check(engine: Engine) -> None:
    """Go on only with a database of the present schema whose guards stand.

    Raises
        SchemaBehind: steps are missing.
        GuardMissing: names the trigger.
    """
    with engine.connect() as connection:
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
        if MigrationContext.configure(connection).get_current_revision() != head:
            raise SchemaBehind
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
            missing = set(GUARDS) - {name for (name,) in rows}
            if missing:
                raise GuardMissing(", ".join(sorted(missing)))
        elif "assignment" not in inspect(connection).get_table_names():
            raise SchemaBehind
