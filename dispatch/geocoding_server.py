"""The geocoding server that an installation names: what the setting may say, and whose it is.

Such a server learns every address that it is asked for, so it has to be named in full, and a
public one is known by its name: it is not asked before a steward allowed it.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

PUBLIC = (
    "openstreetmap.org", "openstreetmap.de", "openstreetmap.fr", "openstreetmap.us", "osm.org",
    "osmfoundation.org", "nominatim.org", "komoot.io", "komoot.de", "geocode.earth", "mapzen.com",
    "mapquestapi.com", "locationiq.com", "locationiq.org", "unwiredlabs.com", "opencagedata.com",
    "openrouteservice.org", "heigit.org", "stadiamaps.com", "geoapify.com", "maptiler.com",
    "mapbox.com", "pickpoint.io", "geocoding.ai", "geocode.xyz", "maps.co", "terrestris.de",
    "geopunt.be", "digitransit.fi", "jawg.io", "graphhopper.com", "transportdata.be",
)  # fmt: skip
"""Who answers anybody's questions about addresses: these names, and all names below them. The
servers that geopy asks by itself are among them."""
_PRIVATE_NAMES = ("localhost", "local", "lan", "internal", "home.arpa", "intranet")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class BadServer(ValueError):
    """No server can be named like this; the message says what to change."""


class Dialect(StrEnum):
    """The program that answers on the server."""

    NOMINATIM = "nominatim"
    PHOTON = "photon"
    PELIAS = "pelias"


@dataclass(frozen=True)
class GeocodingServer:
    """A server that is asked where an address is, once a person presses the button for it."""

    dialect: Dialect
    scheme: str
    host: str
    """Its name alone, in small letters: what people are told."""
    domain: str
    """Name, port and path, as geopy's classes take it."""
    login: str = field(default="", repr=False)
    """`name:password`, for a server behind a door of its own."""
    key: str = field(default="", repr=False)
    """Pelias's `api_key`."""

    @property
    def is_public(self) -> bool:
        """Whether it is a stranger's, and so not asked before a steward allowed it."""
        return any(self.host == name or self.host.endswith(f".{name}") for name in PUBLIC)


def named(dialect: str, url: str, key: str = "") -> GeocodingServer | None:
    """The server that these three settings name; None where none of them says anything.

    Raises
        BadServer: they do not name one server in full, or it would be asked in clear on a network.
    """
    if not (dialect or url or key):
        return None
    if dialect not in set(Dialect):
        raise BadServer(f"DISPATCH_GEOCODER must be one of: {', '.join(Dialect)}.")
    if not url:
        raise BadServer(
            "DISPATCH_GEOCODER needs DISPATCH_GEOCODER_URL, the address of your own server. "
            "No public one is asked by itself."
        )
    if key and dialect != Dialect.PELIAS:
        raise BadServer("DISPATCH_GEOCODER_KEY is for Pelias; put name:password@ into the URL.")
    return _server(Dialect(dialect), url, key)


def _server(dialect: Dialect, url: str, key: str) -> GeocodingServer:
    wrong = "DISPATCH_GEOCODER_URL must look like https://geocoder.example.org/path"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise BadServer(wrong) from None
    # Only plain letters: another full stop than ours would name a public server unnoticed.
    host = (parts.hostname or "").rstrip(".")
    address = _address(host)
    is_named = address is not None or _HOST.fullmatch(host)
    if parts.scheme not in ("http", "https") or not is_named or parts.query or parts.fragment:
        raise BadServer(wrong)
    if parts.scheme == "http" and not _is_private(host, address):
        raise BadServer(
            f"DISPATCH_GEOCODER_URL asks {host} in clear: every network on the way would read the "
            "addresses. Name it with https://"
        )
    place = f"[{host}]" if ":" in host else host
    domain = f"{place}:{port}" if port else place
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return GeocodingServer(
        dialect, parts.scheme, host, domain + parts.path.rstrip("/"), login.strip(":"), key
    )


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_private(host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    """Whether `host` is this machine, or one on a network of the group's own."""
    if address is not None:
        return address.is_private or address.is_loopback or address.is_link_local
    return "." not in host or host.endswith(tuple(f".{name}" for name in _PRIVATE_NAMES))
