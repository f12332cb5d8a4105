"""The store of wrapped keys and blind indexes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from dispatch.crypto import keyring
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore


@pytest.fixture
def store(tmp_path: Path):
    opened = KeyStore(tmp_path / "keys" / "keys.db", keyring.make(tmp_path / "master-key"))
    yield opened
    opened.close()


def test_an_owner_keeps_the_key_it_was_given_first(store: KeyStore):
    owner = uuid4()
    assert store.key_or_new(owner) == store.key_or_new(owner) == store.key(owner)
    assert store.key_or_new(uuid4()) != store.key(owner)


def test_eight_threads_that_ask_at_once_get_the_same_key(store: KeyStore):
    owner = uuid4()

    def ask(_number: int) -> bytes:
        try:
            return store.key_or_new(owner)
        finally:
            store.close()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(8)))) == 1


def test_a_destroyed_key_is_gone_from_the_file(store: KeyStore, tmp_path: Path):
    owner = uuid4()
    store.key_or_new(owner)
    file = tmp_path / "keys" / "keys.db"
    assert owner.bytes in file.read_bytes()
    store.put_digest("email", uuid4(), b"d" * 16, owner)
    store.destroy(owner)
    assert owner.bytes not in file.read_bytes()
    assert b"d" * 16 not in file.read_bytes()
    with pytest.raises(Unreadable):
        store.key(owner)


def test_the_file_holds_no_key_in_clear(store: KeyStore, tmp_path: Path):
    key = store.key_or_new(uuid4())
    assert key not in (tmp_path / "keys" / "keys.db").read_bytes()


def test_a_digest_finds_its_owner_in_its_scope_only(store: KeyStore):
    owner, scope = uuid4(), uuid4()
    store.put_digest("phone", scope, b"d" * 16, owner)
    assert store.owners("phone", scope, b"d" * 16) == [owner]
    assert store.owners("phone", uuid4(), b"d" * 16) == []
    assert store.owners("email", scope, b"d" * 16) == []


def test_a_new_digest_takes_the_place_of_the_old_one(store: KeyStore):
    owner, scope = uuid4(), uuid4()
    store.put_digest("phone", scope, b"1" * 16, owner)
    store.put_digest("phone", scope, b"2" * 16, owner)
    assert store.owners("phone", scope, b"1" * 16) == []
    assert store.owners("phone", scope, b"2" * 16) == [owner]
    store.drop_digest("phone", owner)
    assert store.owners("phone", scope, b"2" * 16) == []


def test_every_write_waits_for_the_disk(store: KeyStore, tmp_path: Path):
    connection = store._connection()
    settings = ("synchronous", "journal_mode", "secure_delete")
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert found == [2, "delete", 1]
    assert (tmp_path / "keys" / "keys.db").stat().st_mode & 0o777 == 0o600


def test_a_store_opened_with_another_master_key_opens_nothing(store: KeyStore, tmp_path: Path):
    owner = uuid4()
    store.key_or_new(owner)
    stranger = KeyStore(tmp_path / "keys" / "keys.db", keyring.make(tmp_path / "another-key"))
    try:
        with pytest.raises(Unreadable):
            stranger.key(owner)
    finally:
        stranger.close()


def test_a_write_that_fails_holds_nobody_up(store: KeyStore):
    owner = uuid4()
    with pytest.raises(sqlite3.IntegrityError):
        store.put_digest(None, uuid4(), b"d" * 16, owner)
    store.put_digest("phone", uuid4(), b"d" * 16, owner)
