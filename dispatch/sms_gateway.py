"""The gateway that takes text messages, as an installation names it: what its settings may say.

It is told whom to write to and a time with a link: so the line to it is encrypted, or does not
leave the machine. How it wants to be asked is a template of what is posted to it:

    {"to": "{to}", "text": "{text}"}                     a template that is JSON is posted as JSON
    To={to}&From=%2B16045550100&Body={text}              any other as the fields of a form
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

USUAL_BODY = '{"to": "{to}", "text": "{text}"}'
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PATH = re.compile(r"[A-Za-z0-9/._~%+=,;:@!$&'()*-]*")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,2}")
_FILLED = re.compile(r"\{(to|text|id)\}")
_TYPED = re.compile(r"\+?[0-9 ().\u00a0\u2011/-]+")
_DIGITS = range(8, 16)
"""Of a number with its country."""
_ONE_AND_TEN = 11
"""Digits of a North American number that is typed with its 1."""


class BadSmsGateway(ValueError):
    """No gateway can be named like this; the message says what to change."""


@dataclass(frozen=True)
class SmsGateway:
    """Who takes text messages, and how it is asked."""

    is_encrypted: bool
    """False only for a gateway on this machine."""
    place: str
    """Host and port."""
    path: str
    body: str = USUAL_BODY
    """The template of what is posted."""
    prefix: str = ""
    """The country that numbers without one belong to, `+1`; empty: they cannot be written to."""
    token_file: Path | None = None
    """What is in it is sent as the header `Authorization`."""

    def written(self, told: Mapping[str, str]) -> tuple[str, bytes]:
        """The kind and the text of what is posted to say `told`: `to`, `text` and `id`.

        What is told stands in a value and cannot become a field of its own.
        """
        if self.body.startswith("{"):
            return "application/json", json.dumps(_filled(json.loads(self.body), told)).encode()
        fields = [(name, _filled(value, told)) for name, value in _fields(self.body)]
        return "application/x-www-form-urlencoded", urlencode(fields).encode()

    def dialled(self, typed: str) -> str | None:
        """A telephone number as `+` and digits, however a person typed it; None if it is none."""
        typed = typed.strip()
        if not _TYPED.fullmatch(typed):
            return None
        digits = re.sub(r"[^0-9]", "", typed)
        country = self.prefix.removeprefix("+")
        if digits.startswith("00") and not typed.startswith("+"):
            digits = digits.removeprefix("00")
        elif not typed.startswith("+"):
            if not country:
                return None
            has_country = country == "1" and digits.startswith("1") and len(digits) == _ONE_AND_TEN
            digits = digits if has_country else country + digits.removeprefix("0")
        return f"+{digits}" if len(digits) in _DIGITS and not digits.startswith("0") else None


def named(address: str, body: str, prefix: str, token: Path | None) -> SmsGateway | None:
    """The gateway that these settings name; None where no address is.

    Raises
        BadSmsGateway: it is not named in full, or would be spoken to in clear on a network.
    """
    if not address:
        return None
    if prefix and not _PREFIX.fullmatch(prefix):
        raise BadSmsGateway("DISPATCH_SMS_PREFIX must look like +1, the code of your country.")
    body = (body or USUAL_BODY).strip()
    _require_template(body)
    is_encrypted, place, path = _where(address)
    return SmsGateway(is_encrypted, place, path, body, prefix, token)


def _where(address: str) -> tuple[bool, str, str]:
    wrong = BadSmsGateway(
        "DISPATCH_SMS_URL must look like https://sms.example.org/messages, without a name, a "
        "password or anything behind a ?"
    )
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    at = _address(host)
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not _PATH.fullmatch(parts.path)
    ):
        raise wrong
    if parts.query or parts.fragment or not (at or _HOST.fullmatch(host)):
        raise wrong
    is_here = host == "localhost" if at is None else at.is_loopback
    if parts.scheme == "http" and not is_here:
        raise BadSmsGateway(
            f"DISPATCH_SMS_URL writes to {host} in clear: every network on the way would read "
            "whom you write to. Name it with https://"
        )
    shown = f"[{host}]" if ":" in host else host
    return parts.scheme == "https", f"{shown}:{port}" if port else shown, parts.path or "/"


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _require_template(body: str) -> None:
    wrong = BadSmsGateway(
        "DISPATCH_SMS_BODY must be JSON or the fields of a form, with {to} and {text} where the "
        f"number and the words belong, such as {USUAL_BODY}"
    )
    try:
        told = json.loads(body) if body.startswith("{") else dict(_fields(body))
    except ValueError:
        raise wrong from None
    used = set(_FILLED.findall(json.dumps(told)))
    if not used >= {"to", "text"}:
        raise wrong


def _fields(body: str) -> list[tuple[str, str]]:
    return parse_qsl(body, keep_blank_values=True, strict_parsing=True)


def _filled(value: Any, told: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
    """`value` with its places filled, once: what is told is not looked at again."""
    if isinstance(value, str):
        return _FILLED.sub(lambda found: told[found[1]], value)
    if isinstance(value, dict):
        return {name: _filled(inner, told) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, told) for inner in value]
    return value
