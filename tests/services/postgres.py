"""PostgreSQL: one server for the whole run, a new database for whoever asks."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests import gaps
from tests.services import keeper, process

_LOGS = ("logging_collector=on", "log_directory=log", "log_filename=server.log")
"""The server's own log is a file below its data, so that a test can look into it."""
_THROWN_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
"""A server whose data outlives no crash needs none of these."""


_PATIENCE = 30.0
"""Seconds."""


class Postgres:
    """A running server; makes databases, and names them by URL."""

    def __init__(self, host: str) -> None:
        self.host = host

    def create(self, like: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of the one at the URL `like`.

        A copy takes tens of milliseconds, so a migrated database is made once and then copied;
        nobody may be connected to it meanwhile.
        """
        name = f"test_{uuid4().hex}"
        template = sql.Identifier(_name(like) if like else "template1")
        self._do(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        return f"postgresql://postgres@/{name}?host={self.host}"

    def log(self) -> str:
        """The server's own log up to now: its collector writes it a little later.

        Raises
            TimeoutError: what was said last does not come.
        """
        mark, until = uuid4().hex, time.monotonic() + _PATIENCE
        self._do(sql.SQL("DO {}").format(sql.Literal(f"BEGIN RAISE LOG '{mark}'; END")))
        while time.monotonic() < until:
            written = (Path(self.host) / "data" / "log" / "server.log").read_text()
            if mark in written:
                return written
            time.sleep(0.02)
        raise TimeoutError("the server's log does not come")

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected."""
        name = sql.Identifier(_name(url))
        self._do(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(_place(self.host), autocommit=True) as connection:
            connection.execute(statement)


class Copies:
    """Copies of a database, one at a time, each as the original was.

    Making a copy takes a sixth of a second of work, emptying one that was used a few hundredths:
    that is done wherever the schema stayed as it was and nobody is connected any more.
    """

    def __init__(self, server: Postgres, original: str) -> None:
        self._server, self._original = server, original
        self._url, self._was, self._uses = "", "", 0

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a copy, until the block ends."""
        if not self._url:
            self._url, self._uses = self._server.create(like=self._original), 0
            with self._opened() as connection:
                self._was = _state_of(connection)
        yield self._url
        self._uses += 1
        with self._opened() as connection:
            is_left = _is_left(connection)
            if is_left:
                _empty(connection)
            is_same = is_left and self._uses < _USES and _state_of(connection) == self._was
        if not is_same:
            self.drop()

    def drop(self) -> None:
        """Remove the copy, if there is one."""
        if self._url:
            self._server.drop(self._url)
        self._url = ""

    @contextmanager
    def _opened(self) -> Iterator[psycopg.Connection]:
        place = f"host={self._server.host} user=postgres dbname={_name(self._url)}"
        with psycopg.connect(place, autocommit=True) as connection:
            yield connection


def _is_left(connection: psycopg.Connection) -> bool:
    """Whether whoever used the database has gone: a closed connection ends a moment later."""
    until = time.monotonic() + _FAREWELL
    while time.monotonic() < until:
        if connection.execute(_OTHERS).fetchone() == (0,):
            return True
        time.sleep(0.005)
    return False


def _empty(connection: psycopg.Connection) -> None:
    """Remove every row but those of the schema's version, without asking guards; count anew."""
    tables = connection.execute(_TABLES).fetchall()
    removals = [sql.SQL("DELETE FROM {};").format(sql.Identifier(name)) for (name,) in tables]
    connection.execute(
        sql.SQL("SET session_replication_role = replica; {} {}").format(
            sql.Composed(removals), sql.SQL(_COUNT_ANEW)
        )
    )


def _state_of(connection: psycopg.Connection) -> str:
    """A word for the schema of a database and its version: another one after any change."""
    return str(connection.execute(_STATE).fetchone())


_USES = 100
"""So often a copy is emptied: the rows of all tests before stay in its files."""
_FAREWELL = 0.5
"""Seconds."""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_COUNT_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""
_CATALOGS = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_type"),
    *("pg_namespace", "pg_trigger", "pg_rewrite", "pg_proc"),
)
_STATE = sql.SQL("SELECT (SELECT array_agg(version_num) FROM alembic_version), {}").format(
    sql.SQL(", ").join(
        sql.SQL("(SELECT (count(*), sum(xmin::text::bigint)) FROM {})").format(sql.Identifier(name))
        for name in _CATALOGS
    )
)
"""Of each kind of thing how many there are, and the sum of the transactions that made them so."""


def _place(host: Path | str) -> str:
    return f"host={host} user=postgres dbname=postgres"


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def _programs() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps it off PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda initdb: int(initdb.parents[1].name), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def is_installed() -> bool:
    """Whether this machine has a PostgreSQL server."""
    return _programs() is not None


GROUP = gaps.declare(
    "postgresql", gaps.Group("PostgreSQL", is_installed, "apt-get install postgresql")
)


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """Run a new server on a socket of its own; the keeper calls this."""
    programs = _programs()
    with process.home_of("postgres", "postgres") as (home, identity):
        data = home / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        subprocess.run(initdb, cwd=home, check=True, **identity)
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(home)]
        command += ["--listen_addresses=", *(f"--{setting}" for setting in _THROWN_AWAY + _LOGS)]

        def is_ready() -> bool:
            try:
                psycopg.connect(_place(home)).close()
            except psycopg.OperationalError:
                return False
            return True

        with process.running(command, home, identity, is_ready=is_ready, end=signal.SIGQUIT):
            yield {"host": str(home)}


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """The server of this run."""
    gaps.require(GROUP)
    with keeper.kept(keeper.folder_of_run(tmp_path_factory), "postgres") as known:
        yield Postgres(known["host"])


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database, for one test."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="module")
def postgres_module_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database, for the tests of one module in turn."""
    url = postgres.create()
    yield url
    postgres.drop(url)
