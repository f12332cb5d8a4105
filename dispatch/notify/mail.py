"""Letters by e-mail, handed to one server: encrypted, checked, and for no longer than said."""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from dispatch import secret_file
from dispatch.mail_server import ADDRESS, Line, MailServer
from dispatch.notify.channels import MAIL, Letter, RefusedForGood, TryLater, Unclear
from dispatch.secret_file import UnusableSecret

_STEP = 20.0
"""Seconds that the server has for one answer."""
_ALL = 60.0
"""Seconds for a whole letter."""
_BROKEN = (OSError, ValueError)
"""What a line does that breaks: of `smtplib` every error is an OSError, and one that is shut while
it is read raises ValueError."""
_PASSING, _FOR_GOOD = 400, 500
"""From which code on a server says no, for now and for good."""


class Mail:
    """One mail server. A class because it is a channel."""

    name = MAIL

    def __init__(
        self,
        server: MailServer,
        *,
        trusted: ssl.SSLContext | None = None,
        step: float = _STEP,
        most: float = _ALL,
    ) -> None:
        """`trusted` vouches for the server, whom the system trusts if not given; `step` and `most`
        are seconds for an answer and for all of it."""
        self._server, self._step, self._most = server, step, most
        self._trusted = trusted or ssl.create_default_context()

    def send(self, to: str, letter: Letter) -> None:
        """Hand `letter` over for the address `to`; see `Channel`."""
        if not ADDRESS.fullmatch(to):
            raise RefusedForGood("address")
        written = _written(self._server.sender, to, letter)
        with contextlib.ExitStack() as leaving:
            try:
                line = leaving.enter_context(self._open())
                _require_passed(line.mail(self._server.sender)[0])
                code = line.rcpt(to)[0]
            except ssl.SSLError:
                raise TryLater("encryption") from None
            except smtplib.SMTPAuthenticationError:
                raise TryLater("login") from None
            except smtplib.SMTPNotSupportedError:
                raise TryLater("unencrypted") from None
            except _BROKEN:
                raise TryLater("away") from None
            _require_taken(code)
            try:
                code = line.data(written)[0]
            except smtplib.SMTPDataError as error:  # it said no before it was told anything
                code = error.smtp_code
            except _BROKEN:
                raise Unclear("broken off") from None
            _require_taken(code)

    @contextlib.contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        """A line on which the server listens."""
        server = self._server
        own_name = server.sender.rpartition("@")[2]  # and not what this machine is called
        common = {"local_hostname": own_name, "timeout": self._step, "most": self._most}
        line = (
            _Encrypted(server.host, server.port, context=self._trusted, **common)
            if server.line is Line.TLS
            else _Watched(server.host, server.port, **common)
        )
        try:
            if server.line is Line.STARTTLS:
                _require_passed(line.starttls(context=self._trusted)[0])
            if server.user:
                line.login(server.user, _password(server.password_file))
            line.ehlo_or_helo_if_needed()
            yield line
        finally:
            line.take_leave()


class _Watched(smtplib.SMTP):
    """A line that is shut when its time is over, however slowly the server speaks."""

    def __init__(self, *named: Any, most: float, **more: Any) -> None:  # noqa: ANN401 -- as the library's
        self._watch = threading.Timer(most, self._hang_up)
        self._watch.start()
        try:
            super().__init__(*named, **more)
        except BaseException:
            self._watch.cancel()
            raise

    def take_leave(self) -> None:
        """Say goodbye if somebody listens, and shut the line."""
        with contextlib.suppress(*_BROKEN):
            self.quit()
        self._watch.cancel()
        self.close()

    def _hang_up(self) -> None:
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _Encrypted(_Watched, smtplib.SMTP_SSL):
    """A line that is encrypted from the first byte on."""


def _require_passed(code: int) -> None:
    if code >= _PASSING:
        raise TryLater("not heard")


def _require_taken(code: int) -> None:
    if code >= _FOR_GOOD:
        raise RefusedForGood("refused")
    if code >= _PASSING or code < 0:
        raise TryLater("not now")


def _password(file: Path | None) -> str:
    try:
        return secret_file.read(file)
    except UnusableSecret as error:
        raise TryLater(f"password file {error}") from None


def _written(sender: str, to: str, letter: Letter) -> bytes:
    """The letter as it goes over the line. A line break in its head is refused by the library."""
    message = EmailMessage(policy=policy.SMTP)
    heads = {
        "From": sender,
        "To": to,
        "Subject": letter.subject,
        "Date": format_datetime(letter.written_at),
        "Message-ID": f"<{letter.uid}@{sender.rpartition('@')[2]}>",
        "List-Unsubscribe": f"<{letter.off_url}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        for name, value in heads.items():
            message[name] = value
    except ValueError:
        raise RefusedForGood("line break") from None
    message.set_content(letter.text)
    return message.as_bytes()
