"""A master key that never leaves its server: transit of HashiCorp Vault or OpenBao.

A key of a family is sent there to be wrapped and unwrapped, bound to its owner as associated data.
Nothing that was unwrapped is kept here: every opening asks. What cannot be asked does not open,
and that is another error than a key which is gone: nobody is taken for erased because a server is
away.
"""

import base64
import http.client
import json
import re
import secrets
import socket
import ssl
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from dispatch.crypto.keyring import (
    VERSION_BYTES,
    BadKeyring,
    KeyFile,
    KeysOutOfReach,
    Unreadable,
    version_of,
)
from dispatch.http_call import Answer, NoAnswer, Question, TooSlow, ask
from dispatch.key_server import KeyServer

log = structlog.get_logger()
ON_SERVER = 0x8000
"""Added to the server's own version, so that none is mistaken for one of the key file's."""
SECONDS = 5.0
_MOST_BYTES = 100_000
_WRAPPED = re.compile(r"vault:v([1-9][0-9]{0,4}):([A-Za-z0-9+/]+={0,2})")
_PLAIN = re.compile(r"[A-Za-z0-9+/]{43}=")
"""32 bytes."""
_DOES_NOT_OPEN = ("invalid ciphertext", "disallowed by policy")
"""How the server says that it looked and that this does not open; everything else is a trouble."""


class Transit:
    """Wraps and unwraps with a key on a server. What an `earlier` key file wrapped still opens.

    A class because it keeps connections for the next questions; safe to share between threads.
    """

    def __init__(self, server: KeyServer, earlier: KeyFile | None = None) -> None:
        """Asks at once whether the server does what is needed.

        Raises
            KeysOutOfReach: it cannot be asked, or it does not bind a key to its owner.
        """
        self._server = server
        self._earlier = earlier
        self._idle: list[http.client.HTTPConnection] = []
        self._tls = _believing(server.ca_file) if server.scheme == "https" else None
        try:
            self._try_out()
        except Exception:
            self.close()
            raise

    @property
    def newest(self) -> int:
        """The version that wraps new keys."""
        return ON_SERVER + _number(self._described(), "latest_version")

    def wrap(self, key: bytes, owner: bytes) -> bytes:
        """`key` wrapped for `owner`: version, and what the server made of it."""
        told = {"plaintext": _text(key), "associated_data": _bound(owner)}
        found = _WRAPPED.fullmatch(str(self._post("encrypt", told).get("ciphertext")))
        if found is None or int(found[1]) >= ON_SERVER:
            raise self._trouble("answers in a way that is not transit's")
        version = ON_SERVER + int(found[1])
        return version.to_bytes(VERSION_BYTES, "big") + base64.b64decode(found[2])

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        """The key that `wrap` wrapped for the same owner.

        Raises
            Unreadable: unknown version, another owner's, or altered.
            KeysOutOfReach: the server cannot be asked, or does not answer the question.
        """
        version = version_of(wrapped)
        if version < ON_SERVER:
            if self._earlier is None:
                raise Unreadable("the master key file that wrapped this is not here")
            return self._earlier.unwrap(wrapped, owner)
        body = _text(wrapped[VERSION_BYTES:])
        told = {
            "ciphertext": f"vault:v{version - ON_SERVER}:{body}",
            "associated_data": _bound(owner),
        }
        found = _PLAIN.fullmatch(str(self._post("decrypt", told).get("plaintext")))
        if found is None:
            raise self._trouble("answers in a way that is not transit's")
        return base64.b64decode(found[0])

    def add_version(self) -> int:
        """Let the server make a new version of the key; its number here."""
        self._post("keys", {}, "rotate")
        return self.newest

    def forget_unused(self, used: set[int]) -> set[int]:
        """Let the server open nothing older than what is in use; which versions those were."""
        described = self._described()
        here = {version - ON_SERVER for version in used if version >= ON_SERVER}
        oldest = min(here, default=_number(described, "latest_version"))
        gone = range(max(1, _number(described, "min_decryption_version")), oldest)
        if gone:
            self._post("keys", {"min_decryption_version": oldest}, "config")
        return {ON_SERVER + version for version in gone}

    def close(self) -> None:
        """End the connections that wait for a next question."""
        while self._idle:
            self._idle.pop().close()

    def _try_out(self) -> None:
        """A server that ignores the owner would unwrap anybody's key for anybody."""
        key = secrets.token_bytes(32)
        wrapped = self.wrap(key, b"one")
        if self.unwrap(wrapped, b"one") != key:
            raise self._trouble("gives back another key than it was given")
        try:
            self.unwrap(wrapped, b"another")
        except Unreadable:
            return
        raise self._trouble("does not bind a key to its owner; it is too old for associated data")

    def _described(self) -> dict[str, Any]:
        return self._asked("GET", f"keys/{self._server.key}", None)

    def _post(self, what: str, told: dict[str, object], step: str = "") -> dict[str, Any]:
        path = f"{what}/{self._server.key}" + (f"/{step}" if step else "")
        return self._asked("POST", path, json.dumps(told).encode())

    def _asked(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        """The `data` of the server's answer."""
        headers = {"X-Vault-Request": "true", "Content-Type": "application/json", **self._token()}
        question = Question(method, f"/v1/{self._server.mount}/{path}", headers, body)
        answer = self._carried_out(question)
        told = _json(answer.body)
        if answer.status == 400 and path.startswith("decrypt/") and _says_no(told):
            raise Unreadable("a wrapped key does not open")
        if answer.status not in (200, 204):
            raise self._trouble(_meaning(answer.status, path))
        data = told.get("data")
        return data if isinstance(data, dict) else {}

    def _carried_out(self, question: Question) -> Answer:
        """The answer, over a connection that is open or, if that was given up, over a new one."""
        may_repeat = not question.path.endswith("/rotate")
        with suppress(IndexError, _GivenUp):
            return self._ask(self._idle.pop(), question, may_repeat=may_repeat)
        return self._ask(self._connection(), question, may_repeat=False)

    def _ask(
        self, connection: http.client.HTTPConnection, question: Question, *, may_repeat: bool
    ) -> Answer:
        try:
            answer = ask(
                connection, question, seconds=SECONDS, most_bytes=_MOST_BYTES, stays_open=True
            )
        except NoAnswer as error:
            if may_repeat and not isinstance(error, TooSlow):
                raise _GivenUp from None
            raise self._trouble(f"cannot be asked: {error}") from None
        if connection.sock is not None:
            self._idle.append(connection)
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        server = self._server
        if server.scheme == "unix":
            return _OverSocket(server.place)
        if self._tls is not None:
            return http.client.HTTPSConnection(server.place, context=self._tls)
        return http.client.HTTPConnection(server.place)

    def _token(self) -> dict[str, str]:
        """Read for each question: whoever keeps it fresh writes the file anew."""
        file = self._server.token_file
        return {} if file is None else {"X-Vault-Token": _read_token(file)}

    def _trouble(self, what: str) -> KeysOutOfReach:
        log.error("key server", trouble=what)
        return KeysOutOfReach(f"The key server {self._server.place} {what}.")


class _GivenUp(Exception):
    """The server had ended a connection that was kept."""


class _OverSocket(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        """As for every connection, to the path."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


def say_version(version: int) -> str:
    """How a version of the master key is named to whoever keeps it."""
    return f"{version - ON_SERVER} of the key server" if version >= ON_SERVER else str(version)


def _believing(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except (OSError, ValueError):
        raise BadKeyring(f"The key server's authority {authority} cannot be read.") from None


def _read_token(file: Path) -> str:
    try:
        mode, token = file.stat().st_mode, file.read_text().strip()
    except (OSError, ValueError):
        raise BadKeyring(f"The key server's token {file} cannot be read.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadKeyring(f"The token {file} can be read by others. Run: chmod 600 {file}")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise BadKeyring(f"The key server's token {file} is not in its format.")
    return token


def _meaning(status: int, path: str) -> str:
    """What a status means for whoever keeps the server."""
    if status == 403:
        return f"refuses this token {path} (status 403); its policy has to allow that"
    if status == 404:
        return f"knows no {path} (status 404): is transit mounted, and the key made?"
    if status == 503:
        return "is sealed or not ready (status 503)"
    if 300 <= status < 400:
        return f"sends us elsewhere (status {status}), and we do not follow; name that one"
    return f"does not answer {path} (status {status}): look into its log"


def _says_no(told: dict[str, Any]) -> bool:
    return any(words in str(told.get("errors")) for words in _DOES_NOT_OPEN)


def _number(described: dict[str, Any], name: str) -> int:
    value = described.get(name)
    if not isinstance(value, int):
        raise KeysOutOfReach(f"The key server tells no {name} of its key.")
    return value


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _text(told: bytes) -> str:
    return base64.b64encode(told).decode()


def _bound(owner: bytes) -> str:
    return _text(b"dispatch-key" + owner)
