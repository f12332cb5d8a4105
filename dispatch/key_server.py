"""The server for keys that an installation names: what its settings may say.

It speaks the transit API of HashiCorp Vault and OpenBao. Keys of families pass this line, so it is
encrypted, or does not leave the machine.
"""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_KEY = re.compile(r"([A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]+")


class BadKeyServer(ValueError):
    """No server can be named like this; the message says what to change."""


@dataclass(frozen=True)
class KeyServer:
    """Where the master key is, if it is in no file."""

    scheme: str
    """`https`, `http` on this machine, or `unix`."""
    place: str
    """Host and port; of `unix` the path of the socket."""
    mount: str
    """Where transit is mounted, namespaces before it: `transit`."""
    key: str
    """The name of the key there."""
    token_file: Path | None
    """What is in it is shown to the server; None where a proxy on this machine does that."""
    ca_file: Path | None
    """Who vouches for the server; None for whom the system trusts."""


def named(address: str, key: str, token: Path | None, ca: Path | None) -> KeyServer | None:
    """The server that these settings name; None where no address is.

    Raises
        BadKeyServer: it is not named in full, or would be asked in clear on a network.
    """
    if not address:
        return None
    if not _KEY.fullmatch(key) or ".." in key:
        raise BadKeyServer("DISPATCH_KEY_SERVER_KEY must look like transit/dispatch")
    scheme, place = _place(address)
    if scheme == "https" and token is None:
        raise BadKeyServer("DISPATCH_KEY_SERVER needs DISPATCH_KEY_SERVER_TOKEN, a file.")
    mount, _, name = key.rpartition("/")
    return KeyServer(scheme, place, mount, name, token, ca)


def _place(address: str) -> tuple[str, str]:
    """Scheme, and host with port or the path of a socket."""
    wrong = BadKeyServer("DISPATCH_KEY_SERVER must look like https://vault.example.org:8200")
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.query or parts.fragment or parts.username or parts.password:
        raise wrong
    if parts.scheme == "unix":
        if parts.netloc or not parts.path.startswith("/"):
            raise BadKeyServer("DISPATCH_KEY_SERVER must look like unix:///run/vault/proxy.sock")
        return "unix", parts.path
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or parts.path.strip("/") or not _is_host(host):
        raise wrong
    if parts.scheme == "http" and not _is_here(host):
        raise BadKeyServer(
            f"DISPATCH_KEY_SERVER asks {host} in clear: every network on the way would read the "
            "keys. Name it with https://"
        )
    shown = f"[{host}]" if ":" in host else host
    return parts.scheme, f"{shown}:{port}" if port else shown


def _is_host(host: str) -> bool:
    return _address(host) is not None or bool(_HOST.fullmatch(host))


def _is_here(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
