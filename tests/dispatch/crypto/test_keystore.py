"""The store of wrapped keys and blind indexes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from dispatch.crypto import keyring
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore
from tests import build


@pytest.fixture
def store(tmp_path: Path):
    opened = KeyStore(tmp_path / "keys" / "keys.db", build.a_key_file(tmp_path / "master-key"))
    yield opened
    opened.close()


def test_an_owner_keeps_the_key_it_was_given_first(store: KeyStore):
    owner = uuid4()
    assert store.sealing_key(owner) == store.sealing_key(owner) == (1, store.key(owner))
    assert store.sealing_key(uuid4())[1] != store.key(owner)


def test_eight_threads_that_ask_at_once_get_the_same_key(store: KeyStore):
    owner = uuid4()

    def ask(_number: int) -> bytes:
        try:
            return store.sealing_key(owner)[1]
        finally:
            store.close()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(8)))) == 1


def test_a_destroyed_key_is_gone_from_the_file(store: KeyStore, tmp_path: Path):
    owner = uuid4()
    store.sealing_key(owner)
    file = tmp_path / "keys" / "keys.db"
    assert owner.bytes in file.read_bytes()
    store.put_digest("email", uuid4(), b"d" * 16, owner)
    store.destroy(owner)
    assert owner.bytes not in file.read_bytes()
    assert b"d" * 16 not in file.read_bytes()
    with pytest.raises(Unreadable):
        store.key(owner)


def test_the_file_holds_no_key_in_clear(store: KeyStore, tmp_path: Path):
    _number, key = store.sealing_key(uuid4())
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
    store.sealing_key(owner)
    stranger = KeyStore(tmp_path / "keys" / "keys.db", build.a_key_file(tmp_path / "another-key"))
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


def test_a_destroyed_owner_gets_no_new_key_and_is_found_by_nothing(store: KeyStore):
    owner, scope = uuid4(), uuid4()
    store.sealing_key(owner)
    store.destroy(owner)
    assert store.is_destroyed(owner)
    with pytest.raises(Unreadable, match="erased"):
        store.sealing_key(owner)
    store.put_digest("phone", scope, b"d" * 16, owner)
    assert store.owners("phone", scope, b"d" * 16) == []


def test_a_copy_from_before_forgets_again_what_was_destroyed_since(store: KeyStore, tmp_path: Path):
    gone, stays = uuid4(), uuid4()
    kept = store.sealing_key(stays)
    store.sealing_key(gone)
    store.copy_to(tmp_path / "copy.db")
    store.destroy(gone)
    old = KeyStore(tmp_path / "copy.db", build.a_key_file(tmp_path / "master-key"))
    try:
        assert old.key(gone)
        assert old.destroy_marked(store.marks()) == 1
        with pytest.raises(Unreadable):
            old.key(gone)
        assert old.sealing_key(stays) == kept
        assert old.destroy_marked(store.marks()) == 0
    finally:
        old.close()


def test_a_renewed_key_seals_and_the_older_one_still_opens_until_it_is_dropped(store: KeyStore):
    owner = uuid4()
    first = store.sealing_key(owner)[1]
    store.renew(owner)
    number, key = store.sealing_key(owner)
    assert (number, store.key(owner, 1)) == (2, first)
    assert key != first
    store.drop_older({owner: 2})
    assert store.key(owner) == key
    with pytest.raises(Unreadable):
        store.key(owner, 1)
    assert store.numbers() == {owner: (2, 2)}


def test_keys_move_to_a_new_master_key_while_both_versions_open(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    store = KeyStore(tmp_path / "keys.db", keyring.KeyFile(path))
    try:
        owners = [uuid4() for _number in range(3)]
        keys = [store.sealing_key(owner)[1] for owner in owners]
        assert keyring.add_version(path) == 2
        assert store.sealing_key(owners[0])[1] == keys[0]
        assert store.wrap_again() == 3
        assert store.wrap_again() == 0
        assert store.count_by_version() == {2: 3}
        keyring.remove_versions(path, {1})
        assert [store.key(owner) for owner in owners] == keys
    finally:
        store.close()


def test_a_store_from_when_an_owner_had_one_key_for_good_is_taken_over(tmp_path: Path):
    ring, owner = build.a_key_file(tmp_path / "master-key"), uuid4()
    with sqlite3.connect(tmp_path / "keys.db") as old:
        old.execute("CREATE TABLE owner_key (owner BLOB PRIMARY KEY, wrapped BLOB, made_at TEXT)")
        wrapped = ring.wrap(b"k" * 32, owner.bytes)
        old.execute("INSERT INTO owner_key VALUES (?, ?, '2026-11-22')", (owner.bytes, wrapped))
    old.close()
    store = KeyStore(tmp_path / "keys.db", ring)
    try:
        assert store.sealing_key(owner) == (1, b"k" * 32)
    finally:
        store.close()


def test_a_store_that_is_gone_is_not_made_anew(store: KeyStore, tmp_path: Path):
    store.sealing_key(uuid4())
    store.close()
    (tmp_path / "keys" / "keys.db").unlink()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        store.sealing_key(uuid4())
    assert not (tmp_path / "keys" / "keys.db").exists()
