"""A mail server made for the tests: takes letters, and does on purpose what servers do at times."""

import re
import socket
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

GREETING, AFTER_DATA = "GREETING", "END"
"""Moments beside the commands: before the first word, and after the last of a letter."""
_USUAL = {"DATA": "354 go on", "QUIT": "221 bye", "STARTTLS": "220 go on"}


@dataclass(frozen=True)
class Taken:
    """A letter that the server answers for from here on."""

    sender: str
    to: str
    letter: bytes

    @property
    def uid(self) -> str:
        """What stands before the @ of its Message-ID."""
        return re.search(rb"^Message-ID:\s*<([0-9a-f-]+)@", self.letter, re.MULTILINE)[1].decode()


@dataclass
class Server:
    """What the server is told to do, and what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    """By moment, another answer than yes: `{"RCPT": "550 nobody"}`."""
    breaks_at: str | None = None
    """The moment at which it hangs up without a word; in "DATA" in the middle of the letter."""
    hangs_at: str | None = None
    """The moment at which it says nothing any more."""
    drips: bool = False
    """Whether it begins each answer and never comes to its end."""
    certificate: ssl.SSLContext | None = None
    is_encrypted: bool = False
    """From the first byte on; otherwise STARTTLS is offered if there is a certificate."""
    login: tuple[str, str] | None = None
    waits: Callable[[], float] = lambda: 0.0
    """Seconds before each answer."""
    taken: list[Taken] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Every line that was read but letters."""
    port: int = 0

    def serve(self, line: socket.socket) -> None:
        """Speak with one caller until one of both hangs up."""
        with suppress(OSError, _HungUp), _Call(self, line) as call:
            call.speak()


class _HungUp(Exception):
    """The end of a call."""


class _Call:
    """One caller."""

    def __init__(self, server: Server, line: socket.socket) -> None:
        self._server, self._line = server, line
        self._is_encrypted = False
        self._sender = self._to = ""

    def __enter__(self) -> "_Call":
        if self._server.is_encrypted:
            self._encrypt()
        self._reader = self._line.makefile("rb")
        return self

    def __exit__(self, *_error: object) -> None:
        self._line.close()
        self._reader.close()

    def speak(self) -> None:
        self._answer(GREETING, "220 made for tests")
        while line := self._reader.readline():
            text = line.decode("ascii", "replace").strip()
            self._server.said.append(text)
            verb, _, rest = text.partition(" ")
            self._carry_out(verb.upper(), rest)

    def _carry_out(self, verb: str, rest: str) -> None:
        if verb == "EHLO":
            self._answer(verb, "\r\n".join(self._features()))
            return
        if verb == "AUTH":
            self._answer(verb, "235 yes" if self._knows(rest) else "535 no")
            return
        if verb == "DATA" and self._server.breaks_at == "DATA":
            self._tell("354 go on")
            self._reader.readline()
            raise _HungUp
        said_yes = self._answer(verb, _USUAL.get(verb, "250 ok"))
        if verb == "STARTTLS" and said_yes:
            self._encrypt()
            self._reader = self._line.makefile("rb")
        elif verb == "MAIL":
            self._sender = rest[rest.index("<") + 1 : rest.index(">")]
        elif verb == "RCPT":
            self._to = rest[rest.index("<") + 1 : rest.index(">")]
        elif verb == "DATA" and said_yes:
            self._take()

    def _take(self) -> None:
        lines = []
        while (line := self._reader.readline()) != b".\r\n":
            if not line:
                raise _HungUp
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self._server.answers.get(AFTER_DATA, "250").startswith("2"):
            self._server.taken.append(Taken(self._sender, self._to, b"".join(lines)))
        self._answer(AFTER_DATA, "250 taken")

    def _features(self) -> Iterator[str]:
        yield "250-tests"
        if self._server.certificate and not self._is_encrypted:
            yield "250-STARTTLS"
        if self._server.login:
            yield "250-AUTH PLAIN"
        yield "250 8BITMIME"

    def _knows(self, told: str) -> bool:
        _, name, password = b64decode(told.partition(" ")[2]).decode().split("\0")
        return (name, password) == self._server.login

    def _encrypt(self) -> None:
        self._line = self._server.certificate.wrap_socket(self._line, server_side=True)
        self._is_encrypted = True

    def _answer(self, moment: str, usual: str) -> bool:
        """Say what is to be said at `moment`; whether that was the usual."""
        server = self._server
        time.sleep(server.waits())
        if server.breaks_at == moment:
            raise _HungUp
        if server.hangs_at == moment:
            self._reader.read()
            raise _HungUp
        self._tell(server.answers.get(moment, usual))
        return moment not in server.answers

    def _tell(self, text: str) -> None:
        while self._server.drips:
            self._line.sendall(b"220-still here\r\n")
            time.sleep(0.02)
        self._line.sendall(f"{text}\r\n".encode())


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """`server` on a port of this machine's own until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = door.getsockname()[1]
        threading.Thread(target=_let_in, args=(server, door), daemon=True).start()
        yield server
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)


def _let_in(server: Server, door: socket.socket) -> None:
    with suppress(OSError):
        while True:
            line, _where = door.accept()
            threading.Thread(target=server.serve, args=(line,), daemon=True).start()
