"""What only one browser can read: message encryption for Web Push (RFC 8291), in one record.

The push service carries it and knows neither the words nor, because every message has the same
length, how many there are.
"""

import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ROOM = 512
"""Bytes that every message fills."""
_RECORD = 4096
_LAST = b"\x02"
"""Ends the last record; zeros may follow."""
_SALT, _KEY, _NONCE, _SHARED = 16, 16, 12, 32


def encrypted(plain: bytes, browser_key: bytes, auth: bytes) -> bytes:
    """`plain` for the browser that made `browser_key` (a point of P-256) and `auth`.

    Raises
        ValueError: that is no such point, or `plain` does not fit into the room.
    """
    if len(plain) >= ROOM:
        raise ValueError("too long")
    padded = (plain + _LAST).ljust(ROOM, b"\0")
    own = ec.generate_private_key(ec.SECP256R1())
    return record(padded, browser_key, auth, own=own, salt=secrets.token_bytes(_SALT))


def record(
    padded: bytes,
    browser_key: bytes,
    auth: bytes,
    *,
    own: ec.EllipticCurvePrivateKey,
    salt: bytes,
) -> bytes:
    """One record with its header; `own` and `salt` are used once."""
    browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_key)
    own_key = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), browser)
    both = _derived(shared, auth, b"WebPush: info\0" + browser_key + own_key, _SHARED)
    key = _derived(both, salt, b"Content-Encoding: aes128gcm\0", _KEY)
    nonce = _derived(both, salt, b"Content-Encoding: nonce\0", _NONCE)
    head = salt + _RECORD.to_bytes(4) + len(own_key).to_bytes(1) + own_key
    return head + AESGCM(key).encrypt(nonce, padded, None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
