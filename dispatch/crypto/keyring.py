"""The master keys: one file outside the data directory, one line a version.

Each line is `version base64(32 bytes)`; the highest version wraps, all of them unwrap. A server
for keys (`transit`) stands behind the same small `KeyProvider`.
"""

import base64
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY = 32
_BITS = 8 * _KEY
VERSION_BYTES = 2
"""A wrapped key begins with the version of the master key that wrapped it."""


class BadKeyring(Exception):
    """The master key file is missing, readable by others, or not in its format."""


class KeysOutOfReach(BadKeyring):
    """Who holds the master key cannot be asked now. Nothing opens; nothing is taken for gone."""


class Unreadable(Exception):
    """A wrapped key or a sealed record does not open: its key is gone, or it was altered."""


class KeyProvider(Protocol):
    """Who wraps the keys of families and people (32 bytes each), and unwraps them again."""

    @property
    def newest(self) -> int:
        """The version of the master key that wraps now."""
        ...

    def wrap(self, key: bytes, owner: bytes) -> bytes:
        """`key` wrapped for `owner`, the version that wrapped it in front."""
        ...

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        """The key that `wrap` wrapped for the same owner.

        Raises
            Unreadable: unknown version, another owner's, or altered.
            KeysOutOfReach: nobody can say so now.
        """
        ...

    def add_version(self) -> int:
        """Make a new master key; its version, which wraps from now on."""
        ...

    def forget_unused(self, used: set[int]) -> set[int]:
        """Forget the versions before the newest that are not `used`; which ones those were."""
        ...

    def close(self) -> None:
        """End what is held open to ask."""
        ...


def version_of(wrapped: bytes) -> int:
    """The version of the master key that wrapped this."""
    return int.from_bytes(wrapped[:VERSION_BYTES])


@dataclass(frozen=True)
class Keyring:
    """The master keys by version. Wraps and unwraps the keys of families and people."""

    keys: dict[int, bytes]

    @property
    def newest(self) -> int:
        """The version that wraps new keys."""
        return max(self.keys)

    def wrap(self, key: bytes, owner: bytes) -> bytes:
        """`key` wrapped for `owner`: version, nonce, ciphertext with tag."""
        version, nonce = self.newest, secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.keys[version]).encrypt(nonce, key, b"dispatch-key" + owner)
        return version.to_bytes(VERSION_BYTES) + nonce + sealed

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        """The key that `wrap` wrapped for the same owner.

        Raises
            Unreadable: unknown version, another owner's, or altered.
        """
        nonce, body = wrapped[VERSION_BYTES:][:_NONCE], wrapped[VERSION_BYTES + _NONCE :]
        try:
            opener = AESGCM(self.keys[version_of(wrapped)])
            return opener.decrypt(nonce, body, b"dispatch-key" + owner)
        except (KeyError, InvalidTag, ValueError) as error:
            raise Unreadable("a wrapped key does not open") from error


class KeyFile:
    """The keyring in a file, read anew when the file has changed: a rotation needs no restart.

    A class because it remembers what it read, and when the file was last written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ring = load(path)
        self._stamp = _stamp(path)

    @property
    def ring(self) -> Keyring:
        """The keyring as the file has it now; as it was last, if the file is out of reach."""
        stamp = _stamp(self.path)
        if stamp is not None and stamp != self._stamp:
            self._ring, self._stamp = load(self.path), stamp
        return self._ring

    @property
    def newest(self) -> int:
        """The version that wraps new keys."""
        return self.ring.newest

    def wrap(self, key: bytes, owner: bytes) -> bytes:
        """As `Keyring.wrap`, always with the newest version in the file."""
        return self.ring.wrap(key, owner)

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        """As `Keyring.unwrap`; a version that is not known yet is looked for in the file."""
        if version_of(wrapped) in self._ring.keys:
            return self._ring.unwrap(wrapped, owner)
        return self.ring.unwrap(wrapped, owner)

    def add_version(self) -> int:
        """As the function of this name, in this file."""
        return add_version(self.path)

    def forget_unused(self, used: set[int]) -> set[int]:
        """Take the versions out of the file that are not `used`, but never the newest."""
        ring = load(self.path)
        unused = {one for one in ring.keys if one < ring.newest and one not in used}
        if unused:
            remove_versions(self.path, unused)
        return unused

    def close(self) -> None:
        """Nothing of a file is held open."""


def load(path: Path) -> Keyring:
    """The keyring in `path`.

    Raises
        BadKeyring: missing, readable by others than its owner, or malformed.
    """
    try:
        mode = path.stat().st_mode
        lines = path.read_text().split("\n")
    except OSError as error:
        raise BadKeyring(f"The master key {path} cannot be read: {error.strerror}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadKeyring(f"The master key {path} can be read by others. Run: chmod 600 {path}")
    try:
        pairs = [line.split() for line in lines if line.strip()]
        keys = {int(version): base64.b64decode(text, validate=True) for version, text in pairs}
    except ValueError as error:
        raise BadKeyring(f"The master key {path} is not in its format.") from error
    if not keys or any(len(key) != _KEY for key in keys.values()):
        raise BadKeyring(f"The master key {path} holds no whole key.")
    return Keyring(keys)


def make(path: Path) -> Keyring:
    """A new keyring of one random key, written to `path` for its owner only; never overwrites."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    _write(descriptor, {1: AESGCM.generate_key(_BITS)})
    return load(path)


def add_version(path: Path) -> int:
    """Put a new random master key into `path`, in one step; its version, which wraps from now on.

    Raises
        BadKeyring: the file cannot be read, or not be written (a credential of the system).
    """
    ring = load(path)
    version = ring.newest + 1
    _replace(path, {**ring.keys, version: AESGCM.generate_key(_BITS)})
    return version


def remove_versions(path: Path, versions: set[int]) -> None:
    """Forget master keys that wrap nothing any more, in one step; the newest always stays.

    Raises
        BadKeyring: as `add_version`.
    """
    ring = load(path)
    kept = {version: key for version, key in ring.keys.items() if version not in versions}
    _replace(path, {**kept, ring.newest: ring.keys[ring.newest]})


def _replace(path: Path, keys: dict[int, bytes]) -> None:
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _write(descriptor, keys)
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise BadKeyring(f"The master key {path} cannot be written: {error.strerror}.") from error


def _write(descriptor: int, keys: dict[int, bytes]) -> None:
    with os.fdopen(descriptor, "w") as file:
        for version, key in sorted(keys.items()):
            file.write(f"{version} {base64.b64encode(key).decode()}\n")
        file.flush()
        os.fsync(file.fileno())


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
