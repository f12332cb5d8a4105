"""Master keys: what wraps every other key."""

import base64
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatch.crypto import keyring
from dispatch.crypto.keyring import BadKeyring, KeyFile, Keyring, Unreadable, version_of

OWNER, OTHER = b"a" * 16, b"b" * 16
WHOLE = base64.b64encode(b"m" * 32).decode()


def test_a_wrapped_key_opens_for_its_owner_only(tmp_path: Path):
    ring = keyring.make(tmp_path / "master-key")
    key = secrets.token_bytes(32)
    wrapped = ring.wrap(key, OWNER)
    assert ring.unwrap(wrapped, OWNER) == key
    with pytest.raises(Unreadable):
        ring.unwrap(wrapped, OTHER)


def test_no_single_bit_of_a_wrapped_key_can_change():
    ring = Keyring({1: secrets.token_bytes(32), 2: secrets.token_bytes(32)})
    wrapped = ring.wrap(secrets.token_bytes(32), OWNER)
    opened = []
    for place in range(len(wrapped) * 8):
        altered = bytearray(wrapped)
        altered[place // 8] ^= 1 << (place % 8)
        try:
            opened.append(ring.unwrap(bytes(altered), OWNER))
        except Unreadable:
            continue
    assert len(wrapped) * 8 == 8 * (2 + 12 + 32 + 16)
    assert opened == []


def test_the_newest_key_wraps_and_older_ones_still_unwrap():
    old = Keyring({1: secrets.token_bytes(32)})
    both = Keyring({**old.keys, 2: secrets.token_bytes(32)})
    wrapped_before = old.wrap(b"k" * 32, OWNER)
    assert both.unwrap(wrapped_before, OWNER) == b"k" * 32
    with pytest.raises(Unreadable):
        old.unwrap(both.wrap(b"k" * 32, OWNER), OWNER)


def test_a_new_key_file_is_readable_by_its_owner_only_and_never_overwritten(tmp_path: Path):
    path = tmp_path / "keys" / "master-key"
    made = keyring.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keyring.load(path) == made
    with pytest.raises(FileExistsError):
        keyring.make(path)


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int):
    path = tmp_path / "master-key"
    keyring.make(path)
    path.chmod(mode)
    with pytest.raises(BadKeyring, match="read by others"):
        keyring.load(path)


@pytest.mark.parametrize(
    "text", ["", "one two three", "1 !!!", "x YWJj", "1 YWJj", f"1 {WHOLE}!", f"1 {WHOLE}\n2 YWJj"]
)
def test_a_file_that_holds_no_whole_key_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "master-key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(BadKeyring):
        keyring.load(path)


def test_a_missing_key_file_is_said_by_name(tmp_path: Path):
    with pytest.raises(BadKeyring, match="nowhere"):
        keyring.load(tmp_path / "nowhere")


def test_a_key_file_that_gets_a_new_version_is_read_anew(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    here, there = KeyFile(path), KeyFile(path)
    before = there.wrap(b"k" * 32, OWNER)
    assert keyring.add_version(path) == 2
    after = here.wrap(b"k" * 32, OWNER)
    assert (version_of(before), version_of(after)) == (1, 2)
    assert there.unwrap(after, OWNER) == here.unwrap(before, OWNER) == b"k" * 32
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_out_of_reach_keeps_what_was_read(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    file = KeyFile(path)
    path.unlink()
    assert file.unwrap(file.wrap(b"k" * 32, OWNER), OWNER) == b"k" * 32


def test_a_version_that_is_removed_opens_nothing_and_the_newest_stays(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    before = KeyFile(path).wrap(b"k" * 32, OWNER)
    keyring.add_version(path)
    keyring.remove_versions(path, {1, 2})
    assert set(keyring.load(path).keys) == {2}
    with pytest.raises(Unreadable):
        KeyFile(path).unwrap(before, OWNER)


def test_a_key_file_that_cannot_be_written_is_said_so(tmp_path: Path):
    path = tmp_path / "handed" / "master-key"
    keyring.make(path)
    path.with_name("master-key.new").mkdir()
    with pytest.raises(BadKeyring, match="cannot be written"):
        keyring.add_version(path)
    assert set(keyring.load(path).keys) == {1}


def test_a_wrapped_key_is_read_as_it_always_was(tmp_path: Path):
    """Keys that an earlier version of the program wrapped lie in key stores and their copies."""
    sealed = AESGCM(b"m" * 32).encrypt(b"n" * 12, b"k" * 32, b"dispatch-key" + OWNER)
    wrapped = b"\0\1" + b"n" * 12 + sealed
    assert Keyring({1: b"m" * 32}).unwrap(wrapped, OWNER) == b"k" * 32
    path = tmp_path / "master-key"
    path.write_text("1 " + base64.b64encode(b"m" * 32).decode())
    path.chmod(0o600)
    assert keyring.load(path) == Keyring({1: b"m" * 32})
    assert keyring.add_version(path) == 2
    assert path.read_text().startswith("1 bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=\n2 ")


def test_a_new_keyring_has_one_whole_key_of_the_first_version(tmp_path: Path):
    (only,) = keyring.make(tmp_path / "far" / "away" / "master-key").keys.items()
    assert (only[0], len(only[1])) == (1, 32)
    assert keyring.make(tmp_path / "another").keys[1] != only[1]


def test_what_a_crash_left_beside_the_key_file_hinders_nobody(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    path.with_name("master-key.new").write_text("torn")
    assert keyring.add_version(path) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["master-key"]


def test_a_version_that_is_known_is_opened_without_a_look_at_the_file(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    file = KeyFile(path)
    wrapped = file.wrap(b"k" * 32, OWNER)
    path.write_text("torn")
    assert file.unwrap(wrapped, OWNER) == b"k" * 32
    with pytest.raises(BadKeyring):
        file.unwrap(b"\0\2" + wrapped[2:], OWNER)


def test_a_key_file_that_did_not_change_is_not_read_again(tmp_path: Path, monkeypatch):
    keyring.make(tmp_path / "master-key")
    file = KeyFile(tmp_path / "master-key")
    monkeypatch.setattr(keyring, "load", None)
    assert file.unwrap(file.wrap(b"k" * 32, OWNER), OWNER) == b"k" * 32


def test_versions_that_wrap_nothing_are_forgotten_and_the_newest_never(tmp_path: Path):
    path = tmp_path / "master-key"
    keyring.make(path)
    file = KeyFile(path)
    assert [file.add_version(), file.add_version()] == [2, 3]
    assert file.forget_unused({2}) == {1}
    assert set(keyring.load(path).keys) == {2, 3}
    assert file.forget_unused({1}) == {2}
    before = path.stat().st_ino
    assert file.forget_unused(set()) == set()
    assert (set(keyring.load(path).keys), path.stat().st_ino) == ({3}, before)
