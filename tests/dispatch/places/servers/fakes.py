"""A geocoding server on the loopback, made up: it speaks as it is told, and notes what it heard."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from dispatch.geocoding_server import GeocodingServer, named

HOUSE = (42.9602, -85.659)
"""Where the house of every answer stands, latitude first."""
NOMINATIM = [
    {
        "lat": str(HOUSE[0]),
        "lon": str(HOUSE[1]),
        "class": "building",
        "type": "yes",
        "osm_type": "way",
        "boundingbox": ["42.9601", "42.9603", "-85.6592", "-85.6588"],
        "display_name": "1201, Wealthy Street Southeast, Grand Bend, Michigan, 49506",
        "address": {
            "house_number": "1201",
            "road": "Wealthy Street Southeast",
            "city": "Grand Bend",
            "postcode": "49506",
        },
    }
]
PHOTON = {
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [HOUSE[1], HOUSE[0]]},
            "properties": {
                "osm_key": "building",
                "osm_value": "yes",
                "type": "house",
                "housenumber": "1201",
                "street": "Wealthy Street Southeast",
                "city": "Grand Bend",
                "postcode": "49506",
                "country": "United States",
            },
        }
    ]
}
PELIAS = {
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [HOUSE[1], HOUSE[0]]},
            "properties": {
                "layer": "address",
                "name": "1201 Wealthy Street Southeast",
                "housenumber": "1201",
                "street": "Wealthy Street Southeast",
                "locality": "Grand Bend",
                "postalcode": "49506",
                "match_type": "exact",
                "accuracy": "point",
                "confidence": 1,
            },
        }
    ]
}
ANSWERS: dict[str, object] = {"nominatim": NOMINATIM, "photon": PHOTON, "pelias": PELIAS}
PATHS = {"nominatim": "/search", "photon": "/api", "pelias": "/v1/search"}
"""Where each program answers."""


@dataclass
class Fake:
    """What the server does, and what it heard."""

    url: str = ""
    answer: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    """Seconds before each byte of the answer."""
    heard: list[str] = field(default_factory=list)
    """Path and query of each request."""
    said: list[dict[str, str]] = field(default_factory=list)
    """The headers of each."""

    def asked(self, number: int = 0) -> dict[str, list[str]]:
        """The parameters of a request."""
        return parse_qs(urlsplit(self.heard[number]).query)

    def setting(self, dialect: str, **more: str) -> GeocodingServer:
        """The setting that names this server."""
        found = named(dialect, self.url, **more)
        assert found is not None
        return found


@contextmanager
def listening() -> Iterator[Fake]:
    """A fake server on a free port of the loopback."""
    fake = Fake()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.heard.append(self.path)
            fake.said.append(dict(self.headers))
            with suppress(OSError):  # whoever asked has gone
                self._speak()

        def _speak(self) -> None:
            text = fake.answer if isinstance(fake.answer, bytes) else json.dumps(fake.answer)
            body = text if isinstance(text, bytes) else text.encode()
            self.send_response(fake.status)
            for name, value in fake.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not fake.pause:
                self.wfile.write(body)
                return
            for byte in body:
                time.sleep(fake.pause)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
