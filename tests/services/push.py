"""A browser and its maker's push service, made for the tests: the one decrypts what the other took.

The browser's side is written after RFC 8291 from its own end: it knows its private key and nothing
that the sender drew by lot.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from http.client import HTTPConnection
from secrets import token_bytes, token_urlsafe

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dispatch.notify.push.address import PushAddress, told
from tests.services.gateway import Gateway, Posted

HOST = "push.example.org"
_SALT, _HEAD = 16, 21


def text(data: bytes) -> str:
    """In base64url without its end."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text: str) -> bytes:
    """What `text` made of it."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Browser:
    """One browser that wants to be told."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: token_bytes(16))
    endpoint: str = field(default_factory=lambda: f"https://{HOST}/send/{token_urlsafe(24)}")

    @property
    def point(self) -> bytes:
        """Its public key."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def form(self) -> dict[str, str]:
        """What it tells the page."""
        keys = {"p256dh": text(self.point), "auth": text(self.auth)}
        return {"endpoint": self.endpoint, **keys}

    @property
    def address(self) -> PushAddress:
        """What is kept of it."""
        return told(self.endpoint, text(self.point), text(self.auth))

    def decrypted(self, body: bytes) -> bytes:
        """What a message says, without its padding."""
        salt, length = body[:_SALT], body[_HEAD - 1]
        theirs, sealed = body[_HEAD : _HEAD + length], body[_HEAD + length :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.key.exchange(ec.ECDH(), sender)
        both = _hkdf(self.auth, shared, b"WebPush: info\0" + self.point + theirs, 32)
        key = _hkdf(salt, both, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, both, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        if not padded.endswith(b"\x02"):
            raise ValueError("not the last record")
        return padded[:-1]

    def read(self, posted: Posted) -> dict[str, str]:
        """What the worker in the browser is handed."""
        return json.loads(self.decrypted(posted.body))


def signed_by(posted: Posted, key: str) -> dict[str, object]:
    """The claims that a message came with, if they are signed with the key that browsers know.

    Raises
        InvalidSignature: they are not.
    """
    scheme, rest = posted.headers["Authorization"].split(" ", 1)
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    if scheme != "vapid" or parts["k"] != key:
        raise ValueError("another key")
    said, _, signature = parts["t"].rpartition(".")
    halves = data(signature)
    der = encode_dss_signature(int.from_bytes(halves[:32]), int.from_bytes(halves[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data(key))
    public.verify(der, said.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(data(part)) for part in said.split("."))
    if head != {"typ": "JWT", "alg": "ES256"}:
        raise ValueError("another algorithm")
    return claims


def leading_to(service: Gateway):
    """A way to every host that leads to `service` on this machine."""
    return lambda _host: HTTPConnection("127.0.0.1", service.port)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
