"""The way to a geocoding server: straight, to no other host, and for no longer than said."""

import http.client
import json
import ssl
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut

from dispatch.http_call import Answer, NoAnswer, Question, TooSlow, ask

MOST_BYTES = 1_000_000
"""Of an answer: five candidates are a few kilobytes."""


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
        connection = self._connection(parts.scheme, parts.netloc)
        sent = {**headers, **self._login, "Accept": "application/json"}
        question = Question("GET", f"{parts.path}?{parts.query}", sent)
        answer = _within(timeout, connection, question)
        if answer.status != 200:
            said = f"status {answer.status}"
            raise AdapterHTTPError(said, status_code=answer.status, headers={}, text="")
        if len(answer.body) > MOST_BYTES:
            raise GeocoderParseError("too long an answer")
        return answer.body.decode("utf-8", "replace")

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(place, context=self._ssl)
        return http.client.HTTPConnection(place)


def _coded(login: str) -> str:
    return b64encode(login.encode()).decode()


def _within(seconds: float, connection: http.client.HTTPConnection, question: Question) -> Answer:
    try:
        return ask(connection, question, seconds=seconds, most_bytes=MOST_BYTES)
    except TooSlow as error:
        raise GeocoderTimedOut(str(error)) from None
    except NoAnswer as error:
        raise GeocoderServiceError(str(error)) from None
