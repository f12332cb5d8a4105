"""Where a request comes from and where it may lead: our own pages, and nowhere else.

What another site sends is refused twice: by token (Flask-WTF) and by what the browser says of
its origin.
"""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from dispatch.config import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(BadRequest):
    """A form that another site made."""


def init_app(app: Flask) -> None:
    """Check every unsafe request of `app` twice."""
    CSRFProtect(app)

    @app.before_request
    def _same_origin() -> None:
        if request.method in _SAFE:
            return
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None and site not in ("same-origin", "none"):
            raise ForeignOrigin
        origin = request.headers.get("Origin")
        # Behind a proxy that speaks HTTPS for us we see plain HTTP: the setting knows better.
        if origin is not None and origin not in (request.host_url.rstrip("/"), public_url("")):
            raise ForeignOrigin


def public_url(path: str) -> str:
    """The address of `path` as people outside reach it: for links that leave the page."""
    settings: Settings = current_app.config["DISPATCH"]
    base = settings.base_url if settings.secure else request.host_url
    return base.rstrip("/") + path


def own_path(text: str | None, otherwise: str = "/") -> str:
    """`text` if it is the address of a page here, without host or scheme; else `otherwise`.

    A browser reads `//host`, `/\\host` and the same with a tab or line break inside as an
    address of another host, so only what is plainly a path passes.
    """
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return otherwise
    if any(ord(character) < 32 or character in "\\\x7f" for character in text):
        return otherwise
    parts = urlsplit(text)
    if parts.scheme or parts.netloc:
        return otherwise
    return text if _can_be_opened(parts.path) else otherwise


def _can_be_opened(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and adapter.test(path, method="GET")
    except ValueError:  # a path that no rule can read
        return False
