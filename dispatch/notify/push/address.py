"""Where a browser wants to be told: an endpoint of a push service, and the keys for it.

A browser names the endpoint, so it may be anything: only a public host is ever spoken to.
"""

import ipaddress
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

_LONGEST = 800
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_NOT_OUTSIDE = (".local", ".localhost", ".internal", ".home.arpa", ".onion", ".lan", ".test")
_PLAIN = re.compile(r"[!-~]+")
_POINT, _AUTH = 65, 16


class BadAddress(ValueError):
    """Nobody is told there."""


@dataclass(frozen=True)
class PushAddress:
    """Endpoint and keys of one browser."""

    endpoint: str = field(repr=False)
    browser_key: bytes = field(repr=False)
    """A point of P-256, uncompressed."""
    auth: bytes = field(repr=False)

    @property
    def host(self) -> str:
        """The push service."""
        return urlsplit(self.endpoint).hostname or ""

    @property
    def origin(self) -> str:
        """The push service as what is signed names it."""
        return f"https://{self.host}"

    @property
    def path(self) -> str:
        """What is asked of it."""
        parts = urlsplit(self.endpoint)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @property
    def digest(self) -> bytes:
        """The same for the same browser; an endpoint is too long a secret to be guessed by it."""
        return sha256(self.endpoint.encode()).digest()

    def text(self) -> str:
        """As it is sealed."""
        keys = {"p256dh": self.browser_key.hex(), "auth": self.auth.hex()}
        return json.dumps({"endpoint": self.endpoint, **keys})


def told(endpoint: str, browser_key: str, auth: str) -> PushAddress:
    """The address that a browser tells; its keys in base64url.

    Raises
        BadAddress: no endpoint of a public host over HTTPS, or no keys.
    """
    _require_public(endpoint)
    try:
        found = PushAddress(endpoint, _bytes(browser_key), _bytes(auth))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.browser_key)
    except ValueError:
        raise BadAddress("keys") from None
    if len(found.browser_key) != _POINT or len(found.auth) != _AUTH:
        raise BadAddress("keys")
    return found


def read(text: str) -> PushAddress:
    """What `PushAddress.text` wrote."""
    kept = json.loads(text)
    keys = (bytes.fromhex(kept[name]) for name in ("p256dh", "auth"))
    return PushAddress(kept["endpoint"], *keys)


def _require_public(endpoint: str) -> None:
    wrong = BadAddress("endpoint")
    if len(endpoint) > _LONGEST or not _PLAIN.fullmatch(endpoint):
        raise wrong
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme != "https" or "@" in parts.netloc or parts.fragment or port not in (None, 443):
        raise wrong
    if not _HOST.fullmatch(host) or host.endswith(_NOT_OUTSIDE):
        raise wrong


def is_public(address: str) -> bool:
    """Whether an IP address belongs to everybody's network."""
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if any(found in net for net in _TRANSLATED if net.version == found.version):
        return False
    return (inner is None or is_public(str(inner))) and found.is_global and not found.is_multicast


_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Addresses that a gateway turns into others, private ones too."""


def _bytes(text: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}={0,2}", text):
        raise ValueError("no base64url")
    plain = text.rstrip("=")
    return urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
