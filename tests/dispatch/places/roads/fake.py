"""A made-up road server on loopback: it answers as it is told, and remembers what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit


class Fake:
    """How the server answers, and what it heard."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.most = 10_000
        """More points in one table are too many."""
        self.metres: dict[str, float] = {}
        """How far a point lies from its road, by its text; 5 m unless said."""
        self.apart: set[tuple[str, str]] = set()
        """Pairs of points that no road joins."""
        self.answer: tuple[int, bytes] | None = None
        """Said in place of anything else."""
        self.headers: dict[str, str] = {}
        self.slow = threading.Event()
        """Until it is set, no answer comes; it is set unless a test clears it."""
        self.slow.set()

    def say(self, path: str) -> tuple[int, bytes]:
        """The answer to one question."""
        self.asked.append(path)
        self.slow.wait(10)
        if self.answer is not None:
            return self.answer
        address = urlsplit(path)
        service, points = address.path.split("/")[-4], address.path.split("/")[-1].split(";")
        if service == "route":
            return self._route(points)
        return self._table(points, parse_qs(address.query))

    def _table(self, points: list[str], query: dict[str, list[str]]) -> tuple[int, bytes]:
        starts, ends = (
            [points[int(one)] for one in query[name][0].split(";")] if name in query else points
            for name in ("sources", "destinations")
        )
        if len(points) > self.most:
            return 400, json.dumps({"code": "TooBig", "message": "Too many"}).encode()
        return self._ok(
            durations=[[self.seconds(start, end) for end in ends] for start in starts],
            sources=[{"distance": self.metres.get(one, 5.0)} for one in starts],
        )

    def _route(self, points: list[str]) -> tuple[int, bytes]:
        legs = [self.seconds(*pair) for pair in pairwise(points)]
        if None in legs:
            return 400, json.dumps({"code": "NoRoute", "message": f"from {points[0]}"}).encode()
        return self._ok(
            routes=[{"legs": [{"duration": one} for one in legs]}],
            waypoints=[{"distance": self.metres.get(one, 5.0)} for one in points],
        )

    def seconds(self, start: str, end: str) -> float | None:
        """Made of both texts, so that a swapped pair is noticed."""
        if (start, end) in self.apart:
            return None
        (west, south), (east, north) = (map(float, one.split(",")) for one in (start, end))
        return round(abs(east - west) * 10_000 + abs(north - south) * 1_000 + (east > west), 1)

    def _ok(self, **said: object) -> tuple[int, bytes]:
        return 200, json.dumps({"code": "Ok", **said}).encode()


@contextmanager
def serving() -> Iterator[Fake]:
    """The server, ended with the block."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = fake.say(self.path)
            self.send_response(status)
            for name, value in fake.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing on the terminal."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_request: object) -> None:
            """Whoever asked has gone: nothing to be said about it."""

    server = Quiet(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        fake.slow.set()
        server.shutdown()
        thread.join()
        server.server_close()
