"""What tests of backups share: an identity, and an installation with two families."""

from pathlib import Path
from uuid import UUID

import pytest

from dispatch.backups.sealing import Identity
from dispatch.db.transactions import Database
from tests import build
from tests.conftest import NOW


@pytest.fixture
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture
def identity_file(tmp_path: Path, identity: Identity) -> Path:
    file = tmp_path / "identity"
    file.write_text(f"# made for a test\n{identity}\n")
    return file


@pytest.fixture
def families(any_database: Database) -> tuple[UUID, UUID]:
    """One that withdrew, and one that stays."""
    with any_database.transaction() as session:
        group = build.a_group(session)
        leaves, stays = build.a_family(session, group), build.a_family(session, group)
        leaves.withdrawn_at = NOW
        return leaves.uid, stays.uid
