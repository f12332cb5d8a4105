"""The vault: seals texts, opens records, and makes digests that find people again.

A record is `version(1) | algorithm(1) | number of the owner's key(2) | nonce(12) | ciphertext and
tag`: AES-256-GCM over the padded text, authenticated with its slot and the three before the nonce.
Records of version 1, `version | nonce | ciphertext and tag` under the owner's first key, still
open. Lengths are padded so that a record does not tell how long it is.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.sealed import Sealed, Slot

VERSION = 2
AES_256_GCM = 1
"""The only algorithm so far; another one gets another number, and both open side by side."""
_FIRST_VERSION = 1
_NONCE = 12
_HEAD = 4
_HEADS = {bytes([_FIRST_VERSION]): 1, bytes([VERSION]): _HEAD}
"""Bytes before the nonce, by the first of them."""
_SMALLEST = 64
_DIGEST = 16

EVERYWHERE = UUID(int=0)
"""The scope of a digest that is unique in the whole installation."""


class Vault:
    """Seals and opens with the keys of one key store. Holds no plaintext and no cache."""

    def __init__(self, keys: KeyStore) -> None:
        self.keys = keys

    def seal(self, slot: Slot, text: str) -> Sealed:
        """`text` sealed for `slot`; makes the owner's key if there is none yet.

        Raises
            Unreadable: the owner was erased.
        """
        nonce = secrets.token_bytes(_NONCE)
        number, key = self.keys.sealing_key(slot.owner)
        head = bytes([VERSION, AES_256_GCM]) + number.to_bytes(2)
        body = AESGCM(key).encrypt(nonce, _pad(text.encode()), slot.context(VERSION) + head)
        return Sealed(head + nonce + body)

    def open(self, slot: Slot, sealed: Sealed) -> str:
        """The text that was sealed for `slot`.

        Raises
            Unreadable: the owner's key is gone, or the record was moved or altered.
        """
        head, nonce, body = _parts(sealed.record)
        cipher = AESGCM(self.keys.key(slot.owner, number_of(sealed)))
        bound = slot.context(head[0]) + (b"" if head[0] == _FIRST_VERSION else head)
        try:
            return _unpad(cipher.decrypt(nonce, body, bound)).decode()
        except InvalidTag as error:
            raise Unreadable("a sealed record does not open in its slot") from error

    def remember(self, kind: str, text: str, owner: UUID, scope: UUID = EVERYWHERE) -> None:
        """Let `find` find `owner` by `text`."""
        self.keys.put_digest(kind, scope, self.digest(kind, text), owner)

    def forget(self, kind: str, owner: UUID) -> None:
        """Let nothing of `kind` find `owner`."""
        self.keys.drop_digest(kind, owner)

    def find(self, kind: str, text: str, scope: UUID = EVERYWHERE) -> list[UUID]:
        """The owners that were remembered by `text`, as typed by anybody."""
        return self.keys.owners(kind, scope, self.digest(kind, text))

    def derive_key(self, purpose: str) -> bytes:
        """A key for `purpose`, the same in every process of this installation (32 bytes)."""
        told = b"derive\0" + purpose.encode()
        return hmac.new(self.keys.index_key(), told, hashlib.sha256).digest()

    def digest(self, kind: str, text: str) -> bytes:
        """What `find` looks for: the same for every way to type the same `text` (16 bytes)."""
        told = f"{kind}\0{_NORMAL[kind](text)}".encode()
        return hmac.new(self.keys.index_key(), told, hashlib.sha256).digest()[:_DIGEST]


def number_of(sealed: Sealed) -> int:
    """The number of the owner's key that `sealed` was sealed with.

    Raises
        Unreadable: no record.
    """
    head, _nonce, _body = _parts(sealed.record)
    return 1 if head[0] == _FIRST_VERSION else int.from_bytes(head[2:])


def _parts(record: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, nonce, and ciphertext with tag."""
    size = _HEADS.get(record[:1])
    if size is None or len(record) <= size + _NONCE:
        raise Unreadable("unknown record version")
    if size == _HEAD and record[1] != AES_256_GCM:
        raise Unreadable("unknown algorithm")
    return record[:size], record[size : size + _NONCE], record[size + _NONCE :]


def _plain_phone(text: str) -> str:
    digits = "".join(character for character in text if character.isdigit())
    return digits[-10:]


def _plain_email(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


_NORMAL: dict[str, Callable[[str], str]] = {"phone": _plain_phone, "email": _plain_email}


def _pad(body: bytes) -> bytes:
    size = _SMALLEST
    while size < len(body) + 4:
        size *= 2
    return len(body).to_bytes(4) + body.ljust(size - 4, b"\0")


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:4])
    return padded[4 : 4 + length]
