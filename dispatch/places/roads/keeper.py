"""Keeping the road engine running: started, watched, restarted, changed for a newer map.

The thread that starts the engine is the one on whose end the engine ends, so it lives as long as
its process. Nothing that the engine says is kept: it could only be about questions, and these
hold points.
"""

import http.client
import socket
import subprocess
import threading
import time
from pathlib import Path

import structlog

from dispatch.places.roads import leash
from dispatch.places.roads.files import Files, files_in
from dispatch.places.roads.notice import Notice, Running
from dispatch.places.roads.osrm import BLOCK
from dispatch.places.roads.programs import Programs

log = structlog.get_logger()
HOST = "127.0.0.1"
MOST_FAILURES = 3
"""In a row; then the engine is given up."""
SHORT = 10.0
"""Seconds; an engine that ended sooner than this after its start is counted as failed."""
STARTS_WITHIN = 10.0
BEAT = 0.25
"""Between two looks at engine and map."""
_GRACE = 2.0
"""Seconds, all three."""
_THREADS = 2


class Keeper:
    """Runs one engine for `folder` until its process ends, it is ended, or the engine will not run.

    What runs it says on `notice`, which it lets go at the end. A class because it holds the
    engine's process.
    """

    def __init__(self, programs: Programs, folder: Path, notice: Notice) -> None:
        self._programs, self._folder, self._notice = programs, folder, notice
        self._ending = threading.Event()
        self._failures = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._thread = threading.Thread(target=self._run, name="road engine", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still keeps an engine, or tries to."""
        return self._thread.is_alive()

    @property
    def has_given_up(self) -> bool:
        """Whether the engine will not run."""
        return self._failures >= MOST_FAILURES

    def end(self) -> None:
        """Let the engine go, and wait until it has."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            with socket.socket() as reserved:
                self._keep(_reserve(reserved))
        finally:
            self._stop()
            self._notice.close()

    def _keep(self, port: int) -> None:
        """Keep an engine running for the files of the folder, whichever these are."""
        served: Files | None = None
        while not self._ending.is_set():
            wanted = files_in(self._folder)
            if self._has_ended() or wanted != served:
                self._stop()
                served = wanted
                if wanted is None or self.has_given_up:
                    return
                self._start(wanted, port)
            self._ending.wait(BEAT)

    def _has_ended(self) -> bool:
        """Whether the engine went by itself; what it lived for counts."""
        process = self._process
        if process is None:
            return True
        if process.poll() is None:
            return False
        lived = time.monotonic() - self._started_at
        self._failures = self._failures + 1 if lived < SHORT else 1
        log.warning("the road engine ended", status=process.returncode, lived=round(lived))
        return True

    def _start(self, files: Files, port: int) -> None:
        """Start an engine for `files` at `port`, and say so once it answers."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 -- our own programs
            leash.command(_command(self._programs, files, port)),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for whoever keeps it, who then lets it go.
            start_new_session=True,
        )
        while time.monotonic() - self._started_at < STARTS_WITHIN:
            if self._process.poll() is not None or self._ending.is_set():
                return
            if _answers(port):
                self._notice.say(Running(port, self._process.pid, files.mark))
                log.info("the road engine serves", process=self._process.pid)
                return
            time.sleep(0.01)
        self._stop()
        self._failures += 1

    def _stop(self) -> None:
        self._notice.say(None)
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(programs: Programs, files: Files, port: int) -> list[str]:
    return [
        str(programs.routed),
        "--ip",
        HOST,
        "--port",
        str(port),
        "--threads",
        str(_THREADS),
        "--algorithm",
        "MLD",
        # Processes that serve the same map share its pages, and the system may take them back.
        "--mmap=on",
        # With more it writes down every question.
        "--verbosity",
        "NONE",
        "--max-table-size",
        str(2 * BLOCK),
        str(files.base),
    ]


def _reserve(reserved: socket.socket) -> int:
    """A free port, kept for this user as long as the socket is open.

    The engine listens with the option that lets both have it; this socket never listens.
    """
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind((HOST, 0))
    return int(reserved.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/")
        connection.getresponse().close()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
