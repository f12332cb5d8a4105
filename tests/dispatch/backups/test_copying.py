"""Copies of a database: the same rows, on SQLite and PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from dispatch.backups import copying
from dispatch.backups.listing import BadBackup
from dispatch.db.engine import make_engine
from dispatch.db.transactions import Database
from tests import build
from tests.services.postgres import Postgres


def test_a_copy_holds_the_same_rows(
    any_database: Database, request: pytest.FixtureRequest, tmp_path: Path
):
    with any_database.transaction() as session:
        build.a_family(session, build.a_group(session))
    url = any_database.engine.url.render_as_string(hide_password=False)
    url = url.replace("+psycopg", "")
    copying.copy_out(url, tmp_path / "copy")
    if url.startswith("sqlite"):
        there = f"sqlite:///{tmp_path / 'new' / 'dispatch.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        there = server.create()
    copying.copy_in(there, tmp_path / "copy")
    engine = make_engine(there)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM family")).scalar() == 1
    engine.dispose()


def test_a_missing_program_is_said_by_name(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BadBackup, match="no pg_dump"):
        copying.copy_out("postgresql://somewhere/dispatch", tmp_path / "copy")


def test_a_program_that_fails_is_quoted(tmp_path: Path):
    with pytest.raises(BadBackup, match="pg_dump failed"):
        copying.copy_out(f"postgresql://nobody@/nothing?host={tmp_path}", tmp_path / "copy")


def test_a_password_is_in_no_command_line():
    url = make_url("postgresql://rosa:secret@db:5433/rides")
    told = copying._environment(url)
    assert (told["PGPASSWORD"], told["PGHOST"], told["PGPORT"]) == ("secret", "db", "5433")
    assert (told["PGUSER"], told["PGDATABASE"]) == ("rosa", "rides")
