"""Who we are to push services (VAPID, RFC 8292): a key of this installation's own.

It is derived from what the key store holds, as the secret of forms is: no file holds it, and a
store that is put back has it again. A browser that was subscribed under another key is refused.
"""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dispatch.crypto.vault import Vault

HOLDS = timedelta(hours=1)
"""How long what is signed is believed; 24 hours at most."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256: private keys are numbers from 1 to below it."""
_HALF = 32


def public_key(vault: Vault) -> str:
    """What a browser is told when it subscribes: a point, in base64url."""
    return _text(_point(_own_key(vault)))


def authorization(vault: Vault, *, origin: str, contact: str, now: datetime) -> str:
    """The header by which the push service at `origin` knows us; `contact`: `mailto:` or a page."""
    key = _own_key(vault)
    claims = {"aud": origin, "exp": int((now + HOLDS).timestamp()), "sub": contact}
    head = {"typ": "JWT", "alg": "ES256"}
    said = ".".join(_text(json.dumps(one).encode()) for one in (head, claims))
    halves = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(SHA256())))
    signature = b"".join(half.to_bytes(_HALF) for half in halves)
    return f"vapid t={said}.{_text(signature)},k={_text(_point(key))}"


def _own_key(vault: Vault) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(vault.derive_key("push"))
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
