"""Static text is sent small: scripts, styles and drawings, pressed once and kept in memory.

Pages are not: they hold what somebody typed beside a secret of theirs, and the length of both
pressed together would tell something of the secret (the attack is called BREACH).
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, request
from werkzeug.wrappers import Response

from dispatch.web.render import STATIC

_TEXT = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
_LEAST_BYTES = 512
"""Below this nothing is won."""


def init_app(app: Flask) -> None:
    """Press the static text that `app` sends to whoever takes it so."""

    @app.after_request
    def _press(response: Response) -> Response:
        if request.endpoint != "static" or response.mimetype not in _TEXT:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"]:
            _send_pressed(response)
        return response


def _send_pressed(response: Response) -> None:
    path = STATIC / str((request.view_args or {})["filename"])
    stat = path.stat()
    if stat.st_size < _LEAST_BYTES:
        return
    response.close()  # the plain file, which was opened for it
    response.direct_passthrough = False
    response.set_data(_pressed(path, stat.st_mtime_ns))
    response.content_encoding = "gzip"
    etag, _is_weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # the same file, though not the same bytes


@lru_cache(maxsize=128)
def _pressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
