"""What an engine refuses and remembers."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database


def test_sqlite_waits_syncs_wipes_and_checks_relations(session: Session):
    asked = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 10000,
    }
    found = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in asked}
    assert found == asked


def test_no_other_file_can_be_attached(database: Database, tmp_path):
    other = text("ATTACH :path AS other")
    with database.engine.connect() as found, pytest.raises(DatabaseError, match="not authorized"):
        found.execute(other, {"path": str(tmp_path / "other.db")})


def test_an_error_shows_no_parameters(any_session: Session):
    with pytest.raises(DBAPIError) as failed:
        any_session.execute(text("SELECT :secret FROM nowhere"), {"secret": "48 Larch Row"})
    assert "48 Larch Row" not in str(failed.value)
    assert "nowhere" in str(failed.value)
