"""A transit server on this machine, made up after OpenBao's sources: it answers as that one does.

No Vault or OpenBao can be installed from PyPI, npm or Debian, so that the real one is not asked in
these tests. Texts and statuses of refusals are those of `builtin/logical/transit`.
"""

import base64
import json
import secrets
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.larch-quarry-7"  # noqa: S105 -- made up
Told = dict[str, object]


class Refusal(Exception):
    """A status and a text."""


@dataclass
class Transit:
    """A key in versions, and how the server behaves."""

    url: str = ""
    key: str = "dispatch"
    keys: dict[int, bytes] = field(default_factory=lambda: {1: secrets.token_bytes(32)})
    oldest: int = 1
    may: set[str] = field(
        default_factory=lambda: {"encrypt", "decrypt", "read", "rotate", "config"}
    )
    token: str | None = TOKEN
    status: int | None = None
    """Answers everything with this, if set."""
    raw: bytes | None = None
    """The whole body of every answer, if set."""
    instead: Told = field(default_factory=dict)
    """Takes the place of what it would say of the same name."""
    knows_owners: bool = True
    """An old server does not know associated data, and takes no notice of it."""
    pause: float = 0.0
    """Seconds before each byte of an answer."""
    hangs_up: bool = False
    """Ends each connection after one answer, without a word of it."""
    heard: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """The token of each question."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of the last question, as they were written."""
    told: Told = field(default_factory=dict)
    """What the last question said."""
    is_old: bool = False
    """Older servers answer with nothing where there is nothing to ask for."""
    connections: int = 0

    def answer(self, method: str, path: str, told: Told) -> Told:
        """The data of the answer."""
        parts = path.removeprefix("/v1/transit/").split("/")
        if not path.startswith("/v1/transit/"):
            raise Refusal(404, "no handler for route")
        what, name, step = parts[0], parts[1], (parts[2] if len(parts) > 2 else "")
        right = step or {"keys": "read"}.get(what, what)
        if right not in self.may:
            raise Refusal(403, "permission denied")
        if name != self.key:
            if what == "keys":
                raise Refusal(404, "")
            raise Refusal(400, "encryption key not found")
        done = {"encrypt": self._encrypt, "decrypt": self._decrypt}.get(what)
        if done is not None and method == "POST":
            return done(told)
        if (method, step) == ("POST", "rotate"):
            self.keys[max(self.keys) + 1] = secrets.token_bytes(32)
            return self._described()
        if (method, step) == ("POST", "config"):
            self.oldest = int(str(told["min_decryption_version"]))
            return self._described()
        if (method, step) == ("GET", ""):
            return self._described()
        raise Refusal(405, "unsupported operation")

    def _described(self) -> Told:
        return {
            "type": "aes256-gcm96",
            "latest_version": max(self.keys),
            "min_decryption_version": self.oldest,
            "keys": {str(one): 1_700_000_000 for one in self.keys if one >= self.oldest},
            "exportable": False,
        }

    def _bound(self, told: Told) -> bytes | None:
        return _bytes(told.get("associated_data", "")) if self.knows_owners else None

    def _encrypt(self, told: Told) -> Told:
        version, nonce = max(self.keys), secrets.token_bytes(12)
        plain = _bytes(told["plaintext"])
        body = nonce + AESGCM(self.keys[version]).encrypt(nonce, plain, self._bound(told))
        text = f"vault:v{version}:{base64.b64encode(body).decode()}"
        return {"ciphertext": text, "key_version": version}

    def _decrypt(self, told: Told) -> Told:
        prefix, _, rest = str(told["ciphertext"]).partition(":v")
        number, _, text = rest.partition(":")
        if prefix != "vault" or not number.isdecimal():
            raise Refusal(400, "invalid ciphertext: no prefix")
        if int(number) > max(self.keys):
            raise Refusal(400, "invalid ciphertext: version is too new")
        if int(number) < self.oldest:
            raise Refusal(400, "ciphertext or signature version is disallowed by policy (too old)")
        body = _bytes(text)
        try:
            opener = AESGCM(self.keys[int(number)])
            plain = opener.decrypt(body[:12], body[12:], self._bound(told))
        except (InvalidTag, ValueError):
            raise Refusal(400, "invalid ciphertext: unable to decrypt") from None
        return {"plaintext": base64.b64encode(plain).decode()}


def _bytes(text: object) -> bytes:
    return base64.b64decode(str(text), validate=True)


class _Quiet(socketserver.ThreadingMixIn):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone."""


class _OnPort(_Quiet, HTTPServer):
    pass


class _OnSocket(_Quiet, socketserver.UnixStreamServer):
    pass


@contextmanager
def listening(socket: Path | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Transit]:
    """The server on a free port of the loopback, or on a socket."""
    made = Transit()
    if socket is not None:
        server = _OnSocket(str(socket), _handler(made))
        made.url = f"unix://{socket}"
    else:
        server = _OnPort(("127.0.0.1", 0), _handler(made))
        made.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class _Handler(BaseHTTPRequestHandler):
    made: Transit
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece, as a server writes it that is in a hurry

    def setup(self) -> None:
        super().setup()
        self.made.connections += 1

    def do_GET(self) -> None:
        self._speak({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._speak(json.loads(self.rfile.read(length) or b"{}"))

    def _speak(self, told: Told) -> None:
        self.made.heard.append((self.command, self.path))
        self.made.said.append(self.headers.get("X-Vault-Token", ""))
        self.made.headers, self.made.told = dict(self.headers.items()), told
        with suppress(OSError):  # whoever asked has gone
            self._send(*self._answered(told))

    def _answered(self, told: Told) -> tuple[int, bytes]:
        try:
            if self.made.status is not None:
                raise Refusal(self.made.status, "")
            if self.made.token is not None and self.made.said[-1] != self.made.token:
                raise Refusal(403, "permission denied")
            if not isinstance(told, dict):
                raise Refusal(400, "failed to parse JSON input")
            data = self.made.answer(self.command, self.path, told)
            if self.made.is_old and self.path.endswith(("/rotate", "/config")):
                return 204, b""
            body = json.dumps({"data": {**data, **self.made.instead}}).encode()
            return 200, body if self.made.raw is None else self.made.raw
        except Refusal as refusal:
            status, text = refusal.args
            return status, json.dumps({"errors": [text] if text else []}).encode()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.made.url}/v1/transit/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body if self.made.pause else ():
            time.sleep(self.made.pause)
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
        if not self.made.pause:
            self.wfile.write(body)
        self.close_connection = self.made.hangs_up

    def log_message(self, *_: object) -> None:
        pass

    def address_string(self) -> str:
        return "here"


def _handler(made: Transit) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"made": made})
