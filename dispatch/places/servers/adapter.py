"""The way to a geocoding server: straight, to no other host, and for no longer than said."""

import contextlib
import http.client
import json
import queue
import socket
import ssl
import threading
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut

MOST_BYTES = 1_000_000
"""Of an answer: five candidates are a few kilobytes."""


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes


class Straight(BaseSyncAdapter):
    """How geopy's geocoders ask one server.

    Proxies that the environment names are not used, a redirect is an error and not followed, and
    all of it (finding the host, the answer's last byte) takes at most the time-out. No error says
    what was asked.
    """

    def __init__(
        self,
        *,
        proxies: object,
        ssl_context: ssl.SSLContext | None,
        origin: str,
        login: str = "",
    ) -> None:
        """`origin`: scheme, host and port, the only ones asked; `login`: `name:password`."""
        super().__init__(proxies=None, ssl_context=ssl_context)
        self._origin = origin
        self._ssl = ssl_context or ssl.create_default_context()
        self._login = {"Authorization": f"Basic {_coded(login)}"} if login else {}

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:  # noqa: ANN401
        """What the server says, as JSON."""
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except ValueError:
            raise GeocoderParseError("not JSON") from None

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """What the server says; `timeout` in seconds."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != self._origin:
            raise GeocoderServiceError("another host than the one that is named")
        connection = self._connection(parts.scheme, parts.netloc, timeout)
        sent = {**headers, **self._login, "Accept": "application/json"}
        answer = _within(timeout, _Call(connection, f"{parts.path}?{parts.query}", sent))
        if answer.status != 200:
            said = f"status {answer.status}"
            raise AdapterHTTPError(said, status_code=answer.status, headers={}, text="")
        if len(answer.body) > MOST_BYTES:
            raise GeocoderParseError("too long an answer")
        return answer.body.decode("utf-8", "replace")

    def _connection(self, scheme: str, place: str, timeout: float) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(place, timeout=timeout, context=self._ssl)
        return http.client.HTTPConnection(place, timeout=timeout)


def _coded(login: str) -> str:
    return b64encode(login.encode()).decode()


@dataclass
class _Call:
    """One question on its way."""

    connection: http.client.HTTPConnection
    path: str
    headers: dict[str, str]
    line: socket.socket | None = None

    def carry_out(self) -> _Answer:
        """Ask, and read the answer."""
        with contextlib.closing(self.connection):
            self.connection.connect()
            self.line = self.connection.sock
            self.connection.request("GET", self.path, headers=self.headers)
            with self.connection.getresponse() as response:
                return _Answer(response.status, response.read(MOST_BYTES + 1))

    def hang_up(self) -> None:
        """Let the thread that waits for the server go, however slowly that one speaks."""
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


def _within(seconds: float, call: _Call) -> _Answer:
    """What comes of `call`; in a thread, because each of its steps may take the whole time.

    Raises
        GeocoderTimedOut, GeocoderServiceError: no answer in time; none at all.
    """
    came: queue.SimpleQueue[_Answer | Exception] = queue.SimpleQueue()

    def carry_out() -> None:
        try:
            came.put(call.carry_out())
        except (OSError, ValueError, http.client.HTTPException) as error:
            came.put(error)

    threading.Thread(target=carry_out, daemon=True).start()
    try:
        answer = came.get(timeout=seconds)
    except queue.Empty:
        call.hang_up()
        answer = TimeoutError()
    if isinstance(answer, TimeoutError):
        raise GeocoderTimedOut("no answer in time")
    if isinstance(answer, Exception):
        raise GeocoderServiceError("no connection, or one that broke off")
    return answer
