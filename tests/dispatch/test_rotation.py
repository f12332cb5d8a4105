"""Keys change while everything goes on, and whatever was interrupted is taken up again."""

from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch import rotation
from dispatch.config import Settings
from dispatch.crypto import keyring
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.vault import number_of
from dispatch.db.transactions import Database
from dispatch.families.models import Family
from dispatch.people.models import User
from dispatch.places.models import Place
from dispatch.places.sealed import address_of
from tests import build


class Crash(BaseException):
    """The process dies here."""


@pytest.fixture
def family(any_database: Database) -> UUID:
    with any_database.transaction() as session:
        group = build.a_group(session)
        build.a_driver(session, group)
        build.a_public_place(session, group)
        return build.a_family(session, group).uid


def read(database: Database, uid: UUID) -> tuple[str | None, str]:
    """What is under two seals of a family."""
    with database.transaction(reads_only=True) as session:
        family = session.scalars(select(Family).where(Family.uid == uid)).one()
        door = session.scalars(select(Place).where(Place.owner_uid == uid)).one()
        return family.unseal("sealed_name", database.vault), address_of(door, database.vault).line


WRITTEN = ("Carmen", "48 Larch Row")


def numbers(database: Database) -> set[int]:
    """The numbers of the keys that all records name."""
    found = set()
    with database.transaction(reads_only=True) as session:
        for model in rotation.sealed_models():
            for row in session.scalars(select(model)):
                records = [getattr(row, name) for name in rotation.sealed_columns(model)]
                found |= {number_of(one) for one in records if one is not None}
    return found


def test_a_new_master_key_wraps_every_key_and_the_old_one_can_go(
    any_database: Database, settings: Settings, family: UUID
):
    store = any_database.vault.keys
    heard: list[tuple[int, int]] = []
    done = rotation.rotate_master_key(store, lambda *told: heard.append(told))
    assert (done.version, done.keys) == (2, len(store.all_owners()) + 1)
    assert heard[-1] == (done.keys, done.keys)
    assert rotation.retire_master_keys(store) == {1}
    assert rotation.retire_master_keys(store) == set()
    assert read(any_database, family) == WRITTEN


def test_a_master_key_that_still_wraps_something_is_not_retired(
    any_database: Database, settings: Settings, family: UUID
):
    keyring.add_version(settings.master_key_file)
    assert rotation.retire_master_keys(any_database.vault.keys) == set()
    assert read(any_database, family) == WRITTEN


def test_an_interrupted_change_of_the_master_key_is_carried_on(
    any_database: Database, settings: Settings, family: UUID, monkeypatch
):
    store = any_database.vault.keys

    def crash() -> int:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(store, "wrap_again", crash)
        with pytest.raises(Crash):
            rotation.rotate_master_key(store)
    assert read(any_database, family) == WRITTEN
    assert rotation.rotate_master_key(store).version == 2
    assert set(store.count_by_version()) == {2}


def test_fresh_keys_seal_everything_again_and_the_older_ones_go(
    any_database: Database, family: UUID
):
    store = any_database.vault.keys
    before = store.key(family)
    assert rotation.rotate_owners(any_database, grace=0) == 8
    assert numbers(any_database) == {2}
    assert store.numbers()[family] == (2, 2)
    assert store.key(family) != before
    assert read(any_database, family) == WRITTEN


@pytest.mark.parametrize("step", ["_seal_again", "_drop_unused"])
def test_an_interrupted_change_of_owners_keys_is_carried_on(
    any_database: Database, family: UUID, monkeypatch, step: str
):
    def crash(*_arguments: object) -> int:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(rotation, step, crash)
        with pytest.raises(Crash):
            rotation.rotate_owners(any_database, grace=0)
    assert read(any_database, family) == WRITTEN
    rotation.rotate_owners(any_database, grace=0)
    assert numbers(any_database) == {2}
    assert any_database.vault.keys.numbers()[family] == (2, 2)
    assert read(any_database, family) == WRITTEN


def test_an_owner_that_was_erased_holds_up_nobody(any_database: Database, family: UUID):
    with any_database.transaction(reads_only=True) as session:
        user = session.scalars(select(User)).first()
    any_database.vault.keys.destroy(user.uid)
    rotation.rotate_owners(any_database, grace=0)
    assert read(any_database, family) == WRITTEN
    with pytest.raises(Unreadable):
        any_database.vault.keys.key(user.uid)


def test_every_model_with_a_sealed_column_is_known():
    names = {model.__tablename__ for model in rotation.sealed_models()}
    assert {"family", "rider", "place", "ride_request", "user_account", "legal_hold"} <= names
