"""Settings: read once from the environment and the command line, handed down by `create_app`."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from dispatch import geocoding_server, key_server, mail_server, sms_gateway
from dispatch.geocoding_server import BadServer, GeocodingServer
from dispatch.key_server import BadKeyServer, KeyServer
from dispatch.mail_server import BadMailServer, MailServer
from dispatch.sms_gateway import BadSmsGateway, SmsGateway

PUBLIC_ROAD_SERVERS = ("project-osrm.org", "openstreetmap.de", "openstreetmap.org", "mapbox.com")
"""Who answers anybody's questions about driving times, and so must not be asked about homes."""
_BASE64_KEY = re.compile(r"[A-Za-z0-9+/_-]{43}=?")
_HEX_KEY = re.compile(r"[0-9a-fA-F]{64}")
"""How 32 bytes are written down."""
DEMO_MARK = "demo.json"
"""The file that the `demo` command leaves in its own directory."""
_THIS_MACHINE = ("127.0.0.1", "localhost")
REPOSITORY = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting cannot be used; the message names it and says what to change."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Rooms get values, never the environment."""

    data_dir: Path
    """Where the embedded database, the key store, the queue and imported maps live."""
    database_url: str
    """An SQLAlchemy URL; SQLite in `data_dir` unless DATABASE_URL names another."""
    queue_url: str
    """Where jobs wait: `sqlite:///…`, `redis://…` or `postgresql://…`."""
    master_key_file: Path
    """The key that wraps all others; always outside `data_dir`, so that a copy of the data
    directory alone opens nothing."""
    key_server: KeyServer | None = None
    """The server whose key wraps all others in place of the file's; None for the file."""
    base_url: str = "http://127.0.0.1:8000"
    """How people reach the service; decides host pinning and secure cookies."""
    onion: str | None = None
    """The host of a second address in the Tor network, `….onion`, if there is one."""
    match_seconds: int = 20
    """Longest wall time of one match run, seconds."""
    proxies: int = 0
    """How many proxies of ours stand in front: so many of the addresses they name are believed."""
    osrm_bin: Path | None = None
    """The folder of the road engine's programs; None for those of its wheel."""
    osrm_url: str | None = None
    """A road server of the group's own, asked in place of an engine on this machine."""
    snap_metres: int = 400
    """A place that lies farther than this from any road counts as off the road: a long driveway
    is nearer, and a pin in a lake or in a region that the map does not show is farther."""
    cell_addresses: int = 5
    """Fewest known addresses in an area that may be shown where an address may not."""
    geocoder: GeocodingServer | None = None
    """The server that is asked for an address which the imported map does not know."""
    anchors: Path | None = None
    """Where the end of the log and the destroyed keys are noted down, see `anchors_file`."""
    forms_secret: int = 0
    """The number of the secret that signs what forms keep in the browser; that of the number
    before still opens it."""
    security_contact: str | None = None
    """Where somebody writes who found a hole: `mailto:…` or `https://…`."""
    mail: MailServer | None = None
    """Who takes letters for drivers; None: there are no e-mails."""
    sms: SmsGateway | None = None
    """Who takes text messages for drivers; None: there are none."""
    push: str | None = None
    """Whom push services may write to, `mailto:…` or `https://…`; None: none of them is told
    anything."""
    testing: bool = False
    is_demo: bool = False
    """Whether this is a demo's made-up town: its people sign in with a password alone."""

    @property
    def anchors_file(self) -> Path:
        """A file outside the data directory and its backups, so that it outlives both."""
        return self.anchors or self.data_dir.parent / f"{self.data_dir.name}.anchors"

    @property
    def has_master_key(self) -> bool:
        """Whether there is a master key: on a server, or in its file."""
        return self.key_server is not None or self.master_key_file.exists()

    @property
    def key_store_file(self) -> Path:
        """The store of wrapped family keys, apart from the database on purpose."""
        return self.data_dir / "keys" / "keys.db"

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        """The host names that requests may be addressed to."""
        host = urlsplit(self.base_url).hostname or "127.0.0.1"
        own = ["127.0.0.1", "localhost"] if host in ("127.0.0.1", "localhost") else [host]
        return own if self.onion is None else [*own, self.onion]


def load(data_dir: str | None = None, **overrides: object) -> Settings:
    """The settings of this process.

    Raises
        BadSetting: a number that is none, a server that cannot be meant or is a stranger's, the
            master key or the anchors inside the data directory, or a key in the environment.
    """
    folder = Path(data_dir or os.environ.get("DISPATCH_DATA") or REPOSITORY / ".data" / "main")
    folder = folder.expanduser().resolve()
    values: dict[str, object] = {
        "data_dir": folder,
        "database_url": os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'dispatch.db'}",
        "queue_url": os.environ.get("DISPATCH_QUEUE") or f"sqlite:///{folder / 'queue.db'}",
        "master_key_file": _master_key_file(folder),
        "key_server": _key_server(),
        "base_url": os.environ.get("DISPATCH_URL") or Settings.base_url,
        "onion": _onion(os.environ.get("DISPATCH_ONION")),
        "anchors": _path(os.environ.get("DISPATCH_ANCHORS")),
        "match_seconds": _whole(os.environ.get("DISPATCH_MATCH_SECONDS"), Settings.match_seconds),
        "cell_addresses": _whole(
            os.environ.get("DISPATCH_CELL_ADDRESSES"), Settings.cell_addresses
        ),
        "proxies": _whole(os.environ.get("DISPATCH_PROXIES"), Settings.proxies),
        "geocoder": _geocoder(),
        "forms_secret": _whole(os.environ.get("DISPATCH_FORMS_SECRET"), Settings.forms_secret),
        "security_contact": _contact(
            "DISPATCH_SECURITY_CONTACT", os.environ.get("DISPATCH_SECURITY_CONTACT")
        ),
        "push": _contact("DISPATCH_PUSH", os.environ.get("DISPATCH_PUSH")),
        "mail": _mail(),
        "sms": _sms(),
        "osrm_bin": _path(os.environ.get("OSRM_BIN")),
        "osrm_url": _road_server(os.environ.get("OSRM_URL")),
        "snap_metres": _whole(os.environ.get("DISPATCH_SNAP_METRES"), Settings.snap_metres),
    }
    settings = Settings(**{**values, **overrides})
    settings = replace(settings, is_demo=_is_demo(settings))
    if settings.is_demo:  # its people are made up, and their addresses may be somebody's
        settings = replace(settings, mail=None, sms=None, push=None)
    _require_apart(settings)
    return settings


def _require_apart(settings: Settings) -> None:
    """Go on only if a copy of the data directory alone neither opens nor proves anything."""
    if settings.master_key_file.is_relative_to(settings.data_dir):
        raise BadSetting(
            f"The master key {settings.master_key_file} lies inside the data directory. "
            "Move it elsewhere and name it in DISPATCH_MASTER_KEY."
        )
    if settings.anchors_file.is_relative_to(settings.data_dir):
        raise BadSetting(
            f"The anchors {settings.anchors_file} lie inside the data directory, where whoever "
            "changes the log can change them too. Name another place in DISPATCH_ANCHORS."
        )


def _is_demo(settings: Settings) -> bool:
    """Whether the `demo` command made this installation, and only this machine can reach it.

    Not to be set: the command leaves its mark in a directory that it emptied itself, with its own
    made-up people. Under an address of its own, or with a database elsewhere, none is a demo.
    """
    beside = f"sqlite:///{settings.data_dir / 'dispatch.db'}"
    is_here = urlsplit(settings.base_url).hostname in _THIS_MACHINE and not settings.secure
    return is_here and settings.database_url == beside and (settings.data_dir / DEMO_MARK).is_file()


def _whole(text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    if not text.isdecimal():
        raise BadSetting(f"A setting must be a whole number, not {text!r}.")
    return int(text)


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser().resolve() if text else None


def _onion(text: str | None) -> str | None:
    if text and not re.fullmatch(r"[a-z2-7]{56}\.onion", text):
        raise BadSetting(f"DISPATCH_ONION must be 56 letters and digits and .onion, not {text!r}.")
    return text or None


def _contact(setting: str, text: str | None) -> str | None:
    if text and not re.fullmatch(r"(mailto:[^\s@]+@|https://)[^\s@]+", text):
        raise BadSetting(
            f"{setting} must look like mailto:safety@example.org or https://example.org/safety, "
            f"not {text!r}."
        )
    return text or None


def _road_server(text: str | None) -> str | None:
    if not text:
        return None
    unlike = BadSetting(f"OSRM_URL must look like http://127.0.0.1:5000, not {text!r}.")
    try:
        url = urlsplit(text)
        host, _port = (url.hostname or "").rstrip("."), url.port
    except ValueError as error:
        raise unlike from error
    if url.scheme not in ("http", "https") or not host or url.query or url.fragment or url.username:
        raise unlike
    if any(host == name or host.endswith(f".{name}") for name in PUBLIC_ROAD_SERVERS):
        raise BadSetting(
            f"OSRM_URL names {host}, a public server: asked for driving times, it would learn "
            "where families live. Run osrm-routed on a machine of your own, and name that one."
        )
    return text


def _key_server() -> object:
    return _named(
        key_server.named,
        os.environ.get("DISPATCH_KEY_SERVER") or "",
        os.environ.get("DISPATCH_KEY_SERVER_KEY") or "transit/dispatch",
        _secret(os.environ.get("DISPATCH_KEY_SERVER_TOKEN"), "dispatch-key-token"),
        _path(os.environ.get("DISPATCH_KEY_SERVER_CA")),
    )


def _geocoder() -> object:
    return _named(
        geocoding_server.named,
        os.environ.get("DISPATCH_GEOCODER") or "",
        os.environ.get("DISPATCH_GEOCODER_URL") or "",
        os.environ.get("DISPATCH_GEOCODER_KEY") or "",
    )


def _mail() -> object:
    return _named(
        mail_server.named,
        os.environ.get("DISPATCH_SMTP_URL") or "",
        os.environ.get("DISPATCH_MAIL_FROM") or "",
        _secret(os.environ.get("DISPATCH_SMTP_PASSWORD"), "dispatch-mail-password"),
    )


def _sms() -> object:
    return _named(
        sms_gateway.named,
        os.environ.get("DISPATCH_SMS_URL") or "",
        os.environ.get("DISPATCH_SMS_BODY") or "",
        os.environ.get("DISPATCH_SMS_PREFIX") or "",
        _secret(os.environ.get("DISPATCH_SMS_TOKEN"), "dispatch-sms-token"),
    )


def _named(named: Callable[..., object], *said: object) -> object:
    """The server that `named` makes of the settings `said`."""
    try:
        return named(*said)
    except (BadServer, BadKeyServer, BadMailServer, BadSmsGateway) as error:
        raise BadSetting(str(error)) from None


def _secret(file: str | None, name: str) -> Path | None:
    """The file that is set, or what systemd hands over under `name`."""
    return _path(file) or _credential(name)


def _credential(name: str) -> Path | None:
    """The file of that name that systemd hands over, if it does."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return Path(folder) / name if folder and (Path(folder) / name).exists() else None


def _looks_like_a_key(text: str) -> bool:
    """Whether `text` is rather a key in base64 or hexadecimal digits than the name of a file."""
    last = text.split()[-1] if text.split() else ""
    return bool(_BASE64_KEY.fullmatch(last) or _HEX_KEY.fullmatch(last))


def _master_key_file(folder: Path) -> Path:
    named = os.environ.get("DISPATCH_MASTER_KEY")
    if named and _looks_like_a_key(named):
        raise BadSetting(
            "DISPATCH_MASTER_KEY names the file of the key; it must not be the key itself: what is "
            "in the environment is read by every program that is started from here."
        )
    if named:
        return Path(named).expanduser().resolve()
    return _credential("dispatch-master-key") or folder.parent / f"{folder.name}.master-key"
