"""The web server and the worker of a demo, as children that live as long as it does."""

import http.client
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

HOST = "127.0.0.1"
_PORTS_TRIED = 50
_HEALTHY_WITHIN = 60.0
_ENDS_WITHIN = 8.0
"""Seconds."""


class ChildEnded(Exception):
    """A process ended by itself; the message says which, and where its log is."""


@dataclass(frozen=True)
class Child:
    """One running process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def require_alive(self) -> None:
        """Go on only while it runs.

        Raises
            ChildEnded: it does not.
        """
        if self.process.poll() is not None:
            raise ChildEnded(f"The {self.name} ended by itself. Its log: {self.log}")


class Stop:
    """Whether somebody asked to stop. A class because signals have to be caught and given back."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Stop":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> bool:
        """Whether it was asked within `seconds`."""
        return self._asked.wait(seconds)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.set()


def free_port(wanted: int) -> int:
    """`wanted`, or the next port after it that nobody listens on.

    Raises
        OSError: none of the next ports is free.
    """
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            # As the web server binds: a port whose last connections fade away is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"No port from {wanted} on is free.")


@contextmanager
def running(
    commands: Mapping[str, list[str]], *, environ: Mapping[str, str], folder: Path, logs: Path
) -> Iterator[list[Child]]:
    """The commands as processes by name, started in `folder`; they are ended with the block."""
    with ExitStack() as stack:
        children = []
        for name, command in commands.items():
            log = logs / f"{name.replace(' ', '-')}.log"
            output = stack.enter_context(log.open("wb"))
            process = subprocess.Popen(  # noqa: S603 -- our own programs
                command,
                cwd=folder,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C goes to the demo alone, which then ends them in order.
                start_new_session=True,
            )
            stack.callback(_end, process)
            children.append(Child(name, process, log))
        yield children


def wait_until_healthy(port: int, children: list[Child], stop: Stop) -> None:
    """Return when the pages can be opened, or when somebody asks to stop.

    Raises
        ChildEnded: a process ended instead, or does not answer.
    """
    give_up = time.monotonic() + _HEALTHY_WITHIN
    while not _is_healthy(port):
        for child in children:
            child.require_alive()
        if time.monotonic() > give_up:
            raise ChildEnded(f"The web server does not answer. Its log: {children[0].log}")
        if stop.wait(0.1):
            return


def wait_until_stopped(children: list[Child], stop: Stop) -> None:
    """Return when somebody asks to stop.

    Raises
        ChildEnded: a process ended by itself.
    """
    while not stop.wait(0.5):
        for child in children:
            child.require_alive()


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health")
        with connection.getresponse() as response:
            return response.status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
