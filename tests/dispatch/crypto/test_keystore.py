"""The store of wrapped keys and blind indexes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dispatch.crypto import keyring, keystore
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore, mark_of
from tests import build


@pytest.fixture
def store(tmp_path: Path):
    path = tmp_path / "far" / "keys" / "keys.db"
    opened = KeyStore(path, build.a_key_file(tmp_path / "master-key"))
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
    file = store.path
    assert owner.bytes in file.read_bytes()
    store.put_digest("email", uuid4(), b"d" * 16, owner)
    store.destroy(owner)
    assert owner.bytes not in file.read_bytes()
    assert b"d" * 16 not in file.read_bytes()
    with pytest.raises(Unreadable):
        store.key(owner)


def test_the_file_holds_no_key_in_clear(store: KeyStore, tmp_path: Path):
    _number, key = store.sealing_key(uuid4())
    assert key not in (store.path).read_bytes()


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
    settings = ("synchronous", "journal_mode", "secure_delete", "busy_timeout")
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert found == [2, "delete", 1, 10_000]
    assert connection.isolation_level is None
    assert store._connection() is connection
    assert (store.path).stat().st_mode & 0o777 == 0o600


def test_a_store_opened_with_another_master_key_opens_nothing(store: KeyStore, tmp_path: Path):
    owner = uuid4()
    store.sealing_key(owner)
    stranger = KeyStore(store.path, build.a_key_file(tmp_path / "another-key"))
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
    (store.path).unlink()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        store.sealing_key(uuid4())
    assert not (store.path).exists()


def test_the_store_and_its_copies_are_for_the_owner_only(store: KeyStore, tmp_path: Path):
    store.copy_to(tmp_path / "copy.db")
    modes = [store.path.parent, store.path, tmp_path / "copy.db"]
    assert [one.stat().st_mode & 0o777 for one in modes] == [0o700, 0o600, 0o600]


def test_a_mark_finds_its_owner_again_in_years():
    assert mark_of(UUID(int=1)).hex() == "7dacc4a63d06e88d7728b87500d1584d"


def test_a_wrapped_key_opens_for_its_owner_and_number_as_it_always_did(tmp_path: Path):
    """Keys that an earlier version of the program wrapped lie in stores and their copies."""
    ring, owner = build.a_key_file(tmp_path / "master-key"), UUID(int=7)
    store = KeyStore(tmp_path / "keys.db", ring)
    try:
        store.sealing_key(owner)
        store.renew(owner)
        rows = store._connection().execute("SELECT number, wrapped FROM sealing_key").fetchall()
        bound = {1: owner.bytes, 2: owner.bytes + b"\0\2"}
        for number, wrapped in rows:
            key = ring.unwrap(wrapped, bound[number])
            assert (len(key), key) == (32, store.key(owner, number))
        assert len(rows) == 2
    finally:
        store.close()


def test_a_destroyed_owner_may_be_destroyed_again_and_nobody_else_is(store: KeyStore):
    owner, other = uuid4(), uuid4()
    kept = store.sealing_key(other)
    store.put_digest("phone", other, b"o" * 16, other)
    store.sealing_key(owner)
    store.renew(owner)
    store.destroy(owner)
    store.destroy(owner)
    assert store.marks() == {mark_of(owner)}
    assert (store.is_destroyed(owner), store.is_destroyed(other)) == (True, False)
    assert store.sealing_key(other) == kept
    assert store.owners("phone", other, b"o" * 16) == [other]
    assert store.all_owners() == [other]


def test_marks_of_strangers_are_kept_and_destroy_nobody_here(store: KeyStore):
    owner, stranger = uuid4(), uuid4()
    kept = store.sealing_key(owner)
    assert store.destroy_marked([mark_of(stranger)]) == 0
    assert store.marks() == {mark_of(stranger)}
    with pytest.raises(Unreadable, match="erased"):
        store.sealing_key(stranger)
    assert store.sealing_key(owner) == kept


def test_what_is_destroyed_again_loses_its_index_too(store: KeyStore):
    owner, scope = uuid4(), uuid4()
    store.sealing_key(owner)
    store.put_digest("phone", scope, b"d" * 16, owner)
    assert store.destroy_marked([mark_of(owner)]) == 1
    assert store.owners("phone", scope, b"d" * 16) == []
    assert store.all_owners() == []


def test_the_first_key_of_somebody_renewed_is_the_first(store: KeyStore):
    owner, other = uuid4(), uuid4()
    store.index_key()
    store.renew(owner, other)
    store.renew(other)
    store.renew(other)
    assert store.numbers() == {owner: (1, 1), other: (1, 3)}
    assert set(store.all_owners()) == {owner, other}


def test_an_owner_has_one_digest_of_each_kind(store: KeyStore):
    owner, other, scope = uuid4(), uuid4(), uuid4()
    store.put_digest("phone", scope, b"p" * 16, owner)
    store.put_digest("email", scope, b"e" * 16, owner)
    store.put_digest("phone", scope, b"p" * 16, other)
    assert set(store.owners("phone", scope, b"p" * 16)) == {owner, other}
    store.drop_digest("phone", owner)
    assert store.owners("phone", scope, b"p" * 16) == [other]
    assert store.owners("email", scope, b"e" * 16) == [owner]


def test_keys_are_dropped_before_the_number_that_is_needed_and_of_nobody_else(store: KeyStore):
    owner, other = uuid4(), uuid4()
    for _turn in range(3):
        store.renew(owner, other)
    store.drop_older({owner: 3})
    assert store.numbers() == {owner: (3, 3), other: (1, 3)}


def test_a_rotation_goes_in_portions_and_the_rest_still_opens(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(keystore, "_AT_ONCE", 2)
    path = tmp_path / "master-key"
    keyring.make(path)
    store = KeyStore(tmp_path / "keys.db", keyring.KeyFile(path))
    try:
        owners = [uuid4() for _number in range(2)]
        store.renew(*owners)
        store.renew(owners[0])
        keys = {(one, number): store.key(one, number) for one in owners for number in (1,)}
        newest = store.key(owners[0])
        keyring.add_version(path)
        assert store.wrap_again() == 2
        assert store.count_by_version() == {1: 1, 2: 2}
        assert [store.wrap_again(), store.wrap_again()] == [1, 0]
        assert {place: store.key(*place) for place in keys} == keys
        assert store.sealing_key(owners[0]) == (2, newest)
    finally:
        store.close()


def test_nobody_adds_a_key_while_a_version_is_retired(store: KeyStore, tmp_path: Path):
    known = uuid4()
    store.sealing_key(known)
    other = KeyStore(store.path, build.a_key_file(tmp_path / "master-key"))
    other._connection().execute("PRAGMA busy_timeout=0")
    try:
        with store.nobody_adds() as counted:
            assert counted == {1: 1}
            assert other.sealing_key(known)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.sealing_key(uuid4())
        other.sealing_key(uuid4())
    finally:
        other.close()
