"""Letters to browsers: encrypted for one, signed as ours, and handed to its push service."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from dispatch.crypto.vault import Vault
from dispatch.http_call import NoAnswer, Question, ask
from dispatch.notify.channels import PUSH, Gone, Letter, RefusedForGood, TryLater, Unclear
from dispatch.notify.push import address, encrypting, vapid

_ALL = 20.0
"""Seconds that a push service has for a message."""
_MOST_BYTES = 10_000
"""Of an answer, which is not read."""
_KEPT = 6 * 60 * 60
"""Seconds that a push service keeps it for a browser that is off: later it is news no more."""
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_NOT_NOW = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
Connect = Callable[[str], http.client.HTTPConnection]
"""The line to a host; how it is found is the one thing that tests do in another way."""


class Push:
    """Every push service. A class because it is a channel."""

    name = PUSH

    def __init__(self, vault: Vault, contact: str, connect: Connect | None = None) -> None:
        """`contact` is whom a push service may write to: `mailto:…` or `https://…`."""
        self._vault, self._contact = vault, contact
        self._connect = connect or PublicConnection

    def send(self, to: str, letter: Letter) -> None:
        """Hand `letter` over for the browser at `to`, as `PushAddress.text` says; see `Channel`."""
        where = address.read(to)
        told = {"title": letter.subject, "path": urlsplit(letter.url).path}
        try:
            body = encrypting.encrypted(json.dumps(told).encode(), where.browser_key, where.auth)
        except ValueError:
            raise RefusedForGood("too long") from None
        signed = vapid.authorization(
            self._vault, origin=where.origin, contact=self._contact, now=letter.written_at
        )
        headers = {
            "Authorization": signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_KEPT),
            "Urgency": "high",
        }
        question = Question("POST", where.path, headers, body)
        try:
            answer = ask(self._connect(where.host), question, seconds=_ALL, most_bytes=_MOST_BYTES)
        except NoAnswer as error:
            raise Unclear("broken off") if error.may_be_heard else TryLater("away") from None
        _require_taken(answer.status)


class PublicConnection(http.client.HTTPSConnection):
    """A line to a host of everybody's network: whatever its name means just now, an address of
    ours is not spoken to."""

    def __init__(self, host: str) -> None:
        self._trusted = ssl.create_default_context()
        super().__init__(host, context=self._trusted)

    def connect(self) -> None:
        """As for every connection, to an address that was looked at."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        places = [where[:2] for *_kind, where in found]
        if not places or not all(address.is_public(str(place[0])) for place in places):
            raise OSError("no public address")
        line = socket.create_connection(places[0], self.timeout)
        self.sock = self._trusted.wrap_socket(line, server_hostname=self.host)


def _require_taken(status: int) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _GONE:
        raise Gone("browser gone")
    if status in _NOT_NOW:
        raise TryLater("not now")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unclear("server error")
    raise RefusedForGood("refused")
