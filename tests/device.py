"""A device with passkeys, in software: answers the questions that a browser would pass on to it."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
_AAGUID = bytes(16)


@dataclass(frozen=True)
class Device:
    """One key pair, and what this device says of itself; change it to tell lies."""

    site: str = "http://localhost"
    name: str = "localhost"
    flags: int = PRESENT | VERIFIED
    uses: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def but(self, **lies: object) -> "Device":
        """The same key pair in a device that says something else."""
        return replace(self, **lies)

    def make(self, asked: str) -> str:
        """The answer to the question for a new passkey (JSON)."""
        challenge = json.loads(asked)["challenge"]
        data = self._data(self.flags | HAS_KEY) + self._attested()
        told = self._told("webauthn.create", challenge)
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(told),
                "attestationObject": bytes_to_base64url(cbor2.dumps(statement)),
            }
        )

    def prove(self, asked: str) -> str:
        """The answer to the question who is there (JSON)."""
        challenge = json.loads(asked)["challenge"]
        data = self._data(self.flags)
        told = self._told("webauthn.get", challenge)
        signed = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(told),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signed),
                "userHandle": None,
            }
        )

    def public_key(self) -> bytes:
        """The public half, as a device tells it (COSE)."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, response: dict[str, object]) -> str:
        named = bytes_to_base64url(self.credential)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})

    def _told(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.site}).encode()

    def _data(self, flags: int) -> bytes:
        hashed = hashlib.sha256(self.name.encode()).digest()
        return hashed + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _attested(self) -> bytes:
        length = len(self.credential).to_bytes(2, "big")
        return _AAGUID + length + self.credential + self.public_key()
