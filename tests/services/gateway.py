"""A gateway for text messages made for the tests: takes them, and fails on purpose as some do."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Posted:
    """One request, as it came."""

    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        """What was posted, of JSON or of a form."""
        if self.headers["Content-Type"] == "application/json":
            return json.loads(self.body)
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))


@dataclass
class Gateway:
    """What the gateway is told to do, and what it took."""

    status: int = 200
    gone: set[str] = field(default_factory=set)
    """Paths at which there is nobody any more."""
    breaks: bool = False
    """Whether it hangs up without a word once it has read a message."""
    hangs: threading.Event | None = None
    """Until when it says nothing, once it has read a message."""
    certificate: ssl.SSLContext | None = None
    waits: Callable[[], float] = lambda: 0.0
    """Seconds before it answers."""
    taken: list[Posted] = field(default_factory=list)
    asked: list[Posted] = field(default_factory=list)
    """Everything that was posted, what it refused too."""
    port: int = 0


@contextmanager
def listening(gateway: Gateway) -> Iterator[Gateway]:
    """`gateway` on a port of this machine's own until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            posted = Posted(self.path, dict(self.headers), self.rfile.read(length))
            gateway.asked.append(posted)
            time.sleep(gateway.waits())
            if gateway.hangs is not None:
                gateway.hangs.wait(10)
            if gateway.breaks:
                gateway.taken.append(posted)
                self.close_connection = True
                return
            status = 410 if self.path in gateway.gone else gateway.status
            if status < 300:
                gateway.taken.append(posted)
            self.send_response(status)
            if 300 <= gateway.status < 400:
                self.send_header("Location", f"http://127.0.0.1:{gateway.port}/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_told: object) -> None:
            """Nothing is written down."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_told: object) -> None:
            """Who hangs up on us does so on purpose."""

    server = Server(("127.0.0.1", 0), Handler)
    if gateway.certificate is not None:
        server.socket = gateway.certificate.wrap_socket(server.socket, server_side=True)
    gateway.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
