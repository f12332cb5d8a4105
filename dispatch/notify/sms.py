"""Letters as text messages, handed to the gateway that the settings name."""

import http.client
import ssl
from http import HTTPStatus

from dispatch import secret_file
from dispatch.http_call import NoAnswer, Question, ask
from dispatch.notify.channels import SMS, Letter, RefusedForGood, TryLater, Unclear
from dispatch.secret_file import UnusableSecret
from dispatch.sms_gateway import SmsGateway

_ALL = 30.0
"""Seconds that the gateway has for a message."""
_MOST_BYTES = 10_000
"""Of an answer, which is not read."""
_LOGIN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)
_NOT_NOW = (
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class Sms:
    """One gateway. A class because it is a channel."""

    name = SMS

    def __init__(
        self, gateway: SmsGateway, *, trusted: ssl.SSLContext | None = None, most: float = _ALL
    ) -> None:
        """`trusted` vouches for the gateway, whom the system trusts if not given; `most`: seconds
        for all of it."""
        self._gateway, self._most = gateway, most
        self._trusted = trusted or ssl.create_default_context()

    def send(self, to: str, letter: Letter) -> None:
        """Hand `letter` over for the telephone number `to`, as a person typed it; see `Channel`."""
        number = self._gateway.dialled(to)
        if number is None:
            raise RefusedForGood("number")
        told = {"to": number, "text": letter.brief, "id": str(letter.uid)}
        kind, body = self._gateway.written(told)
        question = Question(
            "POST", self._gateway.path, {"Content-Type": kind, **self._login()}, body
        )
        try:
            answer = ask(self._connection(), question, seconds=self._most, most_bytes=_MOST_BYTES)
        except NoAnswer as error:
            raise Unclear("broken off") if error.may_be_heard else TryLater("away") from None
        _require_taken(answer.status)

    def _connection(self) -> http.client.HTTPConnection:
        if self._gateway.is_encrypted:
            return http.client.HTTPSConnection(self._gateway.place, context=self._trusted)
        return http.client.HTTPConnection(self._gateway.place)

    def _login(self) -> dict[str, str]:
        if self._gateway.token_file is None:
            return {}
        try:
            return {"Authorization": secret_file.read(self._gateway.token_file)}
        except UnusableSecret as error:
            raise TryLater(f"token file {error}") from None


def _require_taken(status: int) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _LOGIN:
        raise TryLater("login")
    if status in _NOT_NOW or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise TryLater("not now")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RefusedForGood("refused")
    raise Unclear("server error")
