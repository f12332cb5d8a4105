"""Sealed records: they open in their own slot, unaltered, while the key lives, and only so."""

import hmac
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.sealed import Sealed, Slot
from dispatch.crypto.vault import Vault, number_of
from tests import build

SLOT = Slot("family", "sealed_name", UUID(int=1), UUID(int=2))
TEXT = "Carmen Ruiz, 48 Larch Row"


@pytest.fixture
def vault(tmp_path: Path):
    made = Vault(KeyStore(tmp_path / "keys.db", build.a_key_file(tmp_path / "master-key")))
    yield made
    made.keys.close()


@pytest.mark.parametrize("text", ["", "a", TEXT, "مريم 😀", "x" * 60, "x" * 61, "long " * 2000])
def test_what_is_sealed_opens_again(vault: Vault, text: str):
    assert vault.open(SLOT, vault.seal(SLOT, text)) == text


def test_no_single_bit_of_a_record_can_change(vault: Vault):
    record = vault.seal(SLOT, TEXT).record
    opened = []
    for place in range(len(record) * 8):
        altered = bytearray(record)
        altered[place // 8] ^= 1 << (place % 8)
        try:
            opened.append(vault.open(SLOT, Sealed(bytes(altered))))
        except Unreadable:
            continue
    assert len(record) == 4 + 12 + 64 + 16
    assert opened == []


def test_no_shortened_record_opens(vault: Vault):
    record = vault.seal(SLOT, TEXT).record
    for length in range(len(record)):
        with pytest.raises(Unreadable):
            vault.open(SLOT, Sealed(record[:length]))


@pytest.mark.parametrize(
    "moved",
    [
        replace(SLOT, table="driver"),
        replace(SLOT, column="sealed_phone"),
        replace(SLOT, row=UUID(int=3)),
        replace(SLOT, table="familysealed", column="_name"),
    ],
    ids=["table", "column", "row", "names run together"],
)
def test_a_record_moved_elsewhere_does_not_open(vault: Vault, moved: Slot):
    sealed = vault.seal(SLOT, TEXT)
    assert vault.open(SLOT, sealed) == TEXT
    with pytest.raises(Unreadable):
        vault.open(moved, sealed)


def test_a_record_given_to_another_owner_does_not_open(vault: Vault):
    other = replace(SLOT, owner=uuid4())
    vault.seal(other, "so that the other owner has a key too")
    with pytest.raises(Unreadable):
        vault.open(other, vault.seal(SLOT, TEXT))


def test_the_owner_is_bound_even_where_two_owners_share_a_key(vault: Vault, monkeypatch):
    monkeypatch.setattr(vault.keys, "key", lambda owner, number: b"k" * 32)
    monkeypatch.setattr(vault.keys, "sealing_key", lambda owner: (1, b"k" * 32))
    sealed = vault.seal(SLOT, TEXT)
    assert vault.open(SLOT, sealed) == TEXT
    with pytest.raises(Unreadable):
        vault.open(replace(SLOT, owner=uuid4()), sealed)


def test_no_nonce_is_used_twice(vault: Vault, monkeypatch):
    monkeypatch.setattr(vault.keys, "sealing_key", lambda owner: (1, b"k" * 32))
    nonces = {vault.seal(SLOT, TEXT).record[4:16] for _number in range(5000)}
    assert len(nonces) == 5000


def test_nothing_opens_when_the_key_is_destroyed(vault: Vault):
    sealed = vault.seal(SLOT, TEXT)
    vault.keys.destroy(SLOT.owner)
    with pytest.raises(Unreadable):
        vault.open(SLOT, sealed)
    with pytest.raises(Unreadable, match="erased"):
        vault.seal(SLOT, "no new key is made")


def test_a_record_of_the_first_version_opens_beside_those_of_the_second(vault: Vault):
    key, nonce = vault.keys.sealing_key(SLOT.owner)[1], b"n" * 12
    padded = (1).to_bytes(4, "big") + b"a".ljust(60, b"\0")
    body = AESGCM(key).encrypt(nonce, padded, SLOT.context(1))
    assert vault.open(SLOT, Sealed(b"\1" + nonce + body)) == "a"
    assert vault.open(SLOT, vault.seal(SLOT, "b")) == "b"
    with pytest.raises(Unreadable):
        vault.open(SLOT, Sealed(b"\2" + nonce + body))


def test_a_record_names_the_key_that_it_was_sealed_with(vault: Vault):
    before = vault.seal(SLOT, TEXT)
    vault.keys.renew(SLOT.owner)
    after = vault.seal(SLOT, TEXT)
    assert (number_of(before), number_of(after)) == (1, 2)
    assert vault.open(SLOT, before) == vault.open(SLOT, after) == TEXT


def test_a_record_does_not_tell_how_long_its_text_is(vault: Vault):
    lengths = {len(vault.seal(SLOT, "x" * size).record) for size in range(61)}
    assert len(lengths) == 1


def test_the_text_is_nowhere_in_the_record(vault: Vault):
    record = vault.seal(SLOT, TEXT).record
    assert TEXT.encode() not in record
    assert b"Carmen" not in record


@pytest.mark.parametrize(
    ("kind", "kept", "typed"),
    [
        ("email", "Rosa@Example.org", " rosa@example.ORG "),
        ("phone", "(604) 555-0117", "+1 604 555 0117"),
    ],
)
def test_a_person_is_found_however_it_is_typed(vault: Vault, kind: str, kept: str, typed: str):
    owner = uuid4()
    vault.remember(kind, kept, owner)
    assert vault.find(kind, typed) == [owner]
    assert vault.find(kind, "somebody else 604 555 9999") == []


def test_what_is_found_in_one_scope_is_unknown_in_another(vault: Vault):
    owner, group = uuid4(), uuid4()
    vault.remember("phone", "604-555-0117", owner, group)
    assert vault.find("phone", "604-555-0117", group) == [owner]
    assert vault.find("phone", "604-555-0117", uuid4()) == []
    assert vault.find("phone", "604-555-0117") == []


def test_somebody_forgotten_is_not_found(vault: Vault):
    owner = uuid4()
    vault.remember("email", "rosa@example.org", owner)
    vault.forget("email", owner)
    assert vault.find("email", "rosa@example.org") == []


def test_a_derived_key_is_the_same_in_every_process_and_another_for_every_purpose(
    vault: Vault, tmp_path: Path
):
    again = Vault(KeyStore(tmp_path / "keys.db", build.a_key_file(tmp_path / "master-key")))
    try:
        assert again.derive_key("forms") == vault.derive_key("forms")
    finally:
        again.keys.close()
    assert vault.derive_key("forms") != vault.derive_key("audit chain")


def test_a_record_is_written_and_read_as_it_always_was(vault: Vault):
    """Records that an earlier version of the program sealed lie in databases and backups."""
    head, key = b"\2\1\0\1", vault.keys.sealing_key(SLOT.owner)[1]
    told = [b"dispatch", b"family", b"sealed_name", SLOT.row.bytes, SLOT.owner.bytes, b"\2"]
    bound = b"".join(len(one).to_bytes(2, "big") + one for one in told) + head
    padded = (1).to_bytes(4, "big") + b"a".ljust(60, b"\0")
    body = AESGCM(key).encrypt(b"n" * 12, padded, bound)
    assert vault.open(SLOT, Sealed(head + b"n" * 12 + body)) == "a"
    record = vault.seal(SLOT, "a").record
    assert record[:4] == head
    assert AESGCM(key).decrypt(record[4:16], record[16:], bound) == padded


@pytest.mark.parametrize(
    ("size", "padded"), [(0, 64), (60, 64), (61, 128), (124, 128), (125, 256), (1000, 1024)]
)
def test_a_text_is_padded_to_the_next_of_few_lengths(vault: Vault, size: int, padded: int):
    assert len(vault.seal(SLOT, "x" * size).record) == 4 + 12 + padded + 16


def test_a_derived_key_and_a_digest_are_what_they_always_were(vault: Vault):
    """Whoever signed in or was remembered before an upgrade is still known after it."""
    key = vault.keys.index_key()
    assert vault.derive_key("forms") == hmac.digest(key, b"derive\0forms", "sha256")
    assert (
        vault.digest("phone", "604 555 0117")
        == hmac.digest(key, b"phone\0" + b"6045550117", "sha256")[:16]
    )


@pytest.mark.parametrize(
    "record", [b"", b"\0" + b"r" * 95, b"\3\1" + b"r" * 94, b"\2\2\0\1" + b"r" * 92]
)
def test_what_is_no_record_names_no_key(record: bytes):
    with pytest.raises(Unreadable):
        number_of(Sealed(record))


def test_a_record_with_many_keys_before_it_names_its_own():
    assert number_of(Sealed(b"\2\1\1\2" + b"r" * 92)) == 258
    assert number_of(Sealed(b"\1" + b"r" * 92)) == 1
