"""Engines for SQLite and PostgreSQL with the settings that each needs to be safe."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

_PRAGMAS = (
    "busy_timeout=10000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)


def make_engine(url: str) -> Engine:
    """An engine for `url`. Errors never show parameters: they may be personal."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(parsed, hide_parameters=True)
        _tune_sqlite(engine)
        return engine
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
    )


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _set(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.set_authorizer(_deny_other_files)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A read that later writes would fail with "database is locked" under load, so whoever
        # may write says so at the start; page views are marked as reads.
        kind = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {kind}")


def _deny_other_files(
    action: int, _table: str | None, name: str | None, *_where: str | None
) -> int:
    """No other database beside ours, and no code from a file, whatever a statement asks."""
    loads = action == sqlite3.SQLITE_FUNCTION and name == "load_extension"
    denied = loads or action == sqlite3.SQLITE_ATTACH
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK
