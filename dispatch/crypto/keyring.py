"""The master keys: one file outside the data directory, one line a version.

Each line is `version base64(32 bytes)`; the highest version wraps, all of them unwrap.
"""

import base64
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY = 32


class BadKeyring(Exception):
    """The master key file is missing, readable by others, or not in its format."""


class Unreadable(Exception):
    """A wrapped key or a sealed record does not open: its key is gone, or it was altered."""


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
        return version.to_bytes(2, "big") + nonce + sealed

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        """The key that `wrap` wrapped for the same owner.

        Raises
            Unreadable: unknown version, another owner's, or altered.
        """
        version, nonce = int.from_bytes(wrapped[:2], "big"), wrapped[2 : 2 + _NONCE]
        try:
            opener = AESGCM(self.keys[version])
            return opener.decrypt(nonce, wrapped[2 + _NONCE :], b"dispatch-key" + owner)
        except (KeyError, InvalidTag) as error:
            raise Unreadable("a wrapped key does not open") from error


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
    line = f"1 {base64.b64encode(secrets.token_bytes(_KEY)).decode()}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return load(path)
