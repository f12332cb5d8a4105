"""One question to one server over HTTP: straight, and for no longer than said.

Nothing here knows of proxies or follows a redirect, and no error says what was asked.
"""

import contextlib
import http.client
import queue
import socket
import threading
from dataclasses import dataclass, field


class NoAnswer(Exception):
    """No connection, or one that broke off."""

    def __init__(self, said: str, *, may_be_heard: bool) -> None:
        """`may_be_heard`: whether the server may have the question all the same."""
        super().__init__(said)
        self.may_be_heard = may_be_heard


class TooSlow(NoAnswer):
    """No whole answer in time."""


@dataclass(frozen=True)
class Question:
    """What is asked."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is one byte longer than allowed if there was more."""

    status: int
    body: bytes = field(repr=False)


def ask(
    connection: http.client.HTTPConnection,
    question: Question,
    *,
    seconds: float,
    most_bytes: int,
    stays_open: bool = False,
) -> Answer:
    """The answer to `question`; all of it, from finding the host on, takes at most `seconds`.

    The connection is closed, or stays open for the next question if it can.

    Raises
        TooSlow, NoAnswer: no answer in time; none at all.
    """
    return _within(_Call(connection, question, seconds, most_bytes, stays_open))


@dataclass
class _Call:
    """One question on its way."""

    connection: http.client.HTTPConnection
    question: Question
    seconds: float
    most_bytes: int
    stays_open: bool
    line: socket.socket | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)
    is_given_up: bool = False
    is_said: bool = False
    """Whether the question, or the beginning of it, went over the line."""

    def carry_out(self) -> Answer:
        """Ask, and read the answer."""
        with contextlib.ExitStack() as leaving:
            leaving.callback(self.connection.close)
            self.connection.timeout = self.seconds
            if self.connection.sock is None:
                self.connection.connect()
            self.line = self.connection.sock
            self._begin()
            asked = self.question
            self.connection.request(
                asked.method, asked.path, body=asked.body, headers=asked.headers
            )
            with self.connection.getresponse() as response:
                answer = Answer(response.status, response.read(self.most_bytes + 1))
            is_whole = len(answer.body) <= self.most_bytes and not self.is_given_up
            if self.stays_open and is_whole:
                leaving.pop_all()
            return answer

    def _begin(self) -> None:
        """From here on the server may hear the question; never after it was given up."""
        with self.turn:
            if self.is_given_up:
                raise TimeoutError
            self.is_said = True

    def hang_up(self) -> None:
        """Let the thread that waits for the server go, however slowly that one speaks."""
        with self.turn:
            self.is_given_up = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


def _within(call: _Call) -> Answer:
    """What comes of `call`; in a thread, because each of its steps may take the whole time."""
    came: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

    def carry_out() -> None:
        try:
            came.put(call.carry_out())
        except (OSError, ValueError, http.client.HTTPException) as error:
            came.put(error)

    threading.Thread(target=carry_out, daemon=True).start()
    try:
        answer = came.get(timeout=call.seconds)
    except queue.Empty:
        call.hang_up()
        answer = TimeoutError()
    if isinstance(answer, TimeoutError):
        raise TooSlow("no answer in time", may_be_heard=call.is_said)
    if isinstance(answer, Exception):
        raise NoAnswer("no connection, or one that broke off", may_be_heard=call.is_said)
    return answer
