"""The server that takes letters, as an installation names it: what its settings may say.

Letters hold a time and a link, and their envelope who is told: so the line to the server is
encrypted, or does not leave the machine.
"""

import enum
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""An address that can stand in a letter's head and its envelope as it is."""


class BadMailServer(ValueError):
    """No server can be named like this; the message says what to change."""


class Line(enum.Enum):
    """How the line to the server is kept from others."""

    TLS = "tls"
    """Encrypted from the first byte on."""
    STARTTLS = "starttls"
    """Encrypted before anything is said; a server that cannot is told nothing."""
    HERE = "here"
    """It does not leave this machine."""


@dataclass(frozen=True)
class MailServer:
    """Who takes letters, and as whose."""

    host: str
    port: int
    line: Line
    sender: str
    """The address that letters come from."""
    user: str = ""
    """Who we are to the server; empty where it does not ask."""
    password_file: Path | None = None


def named(address: str, sender: str, password: Path | None) -> MailServer | None:
    """The server that these settings name; None where no address is.

    Raises
        BadMailServer: it is not named in full, or would be spoken to in clear on a network.
    """
    if not address:
        return None
    if not ADDRESS.fullmatch(sender):
        raise BadMailServer("DISPATCH_MAIL_FROM must look like rides@example.org")
    wrong = BadMailServer(
        "DISPATCH_SMTP_URL must look like smtps://name@mail.example.org:465 or "
        "smtp://name@mail.example.org:587"
    )
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    extra = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("smtp", "smtps") or not host or extra:
        raise wrong
    if parts.password is not None:
        raise BadMailServer(
            "DISPATCH_SMTP_URL must not hold the password: what is in the environment is read by "
            "every program that is started from here. Name a file in DISPATCH_SMTP_PASSWORD."
        )
    user = unquote(parts.username or "")
    if bool(user) != (password is not None):
        raise BadMailServer(
            "A name in DISPATCH_SMTP_URL and the file DISPATCH_SMTP_PASSWORD need each other."
        )
    line = _line(parts.scheme, host, user)
    return MailServer(
        host, port or (465 if line is Line.TLS else 587), line, sender, user, password
    )


def _line(scheme: str, host: str, user: str) -> Line:
    if scheme == "smtps":
        return Line.TLS
    return Line.HERE if _is_here(host) and not user else Line.STARTTLS


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
