"""An installation of a row's own: keys, an empty database of the present schema, and families."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.app import open_database
from dispatch.config import Settings, load
from dispatch.crypto import keyring
from dispatch.db.transactions import Database
from dispatch.db.upgrade import upgrade
from dispatch.people.models import Group
from tests import build
from tests.conftest import NOW


def settings_in(folder: Path, url: str | None = None) -> Settings:
    """Settings of a new installation in `folder`, with its master key; on SQLite, or at `url`."""
    named = {} if url is None else {"database_url": url}
    contact = {"security_contact": "mailto:safety@example.org"}
    settings = load(str(folder / "data"), testing=True, **contact, **named)
    keyring.make(settings.master_key_file)
    settings.data_dir.mkdir(mode=0o700)
    return settings


def make(folder: Path, url: str | None = None) -> tuple[Settings, Database]:
    """A new installation in `folder`."""
    settings = settings_in(folder, url)
    database = open_database(settings)
    upgrade(database.engine)
    return settings, database


def some_families(
    session: Session, number: int, *, made_at: datetime = NOW - timedelta(days=200)
) -> tuple[Group, list[UUID]]:
    """A group with so many families, each with a home, a name and a phone under seal."""
    group = build.a_group(session)
    return group, [build.a_family(session, group, made_at=made_at).uid for _one in range(number)]
