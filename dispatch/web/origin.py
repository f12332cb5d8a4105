"""Refusing what another site sends: by token (Flask-WTF) and by what the browser says of origin."""

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(BadRequest):
    """A form that another site made, or one whose page is too old to prove otherwise."""


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
        if origin is not None and origin != request.host_url.rstrip("/"):
            raise ForeignOrigin

    @app.errorhandler(CSRFError)
    def _no_token(_error: CSRFError) -> None:
        raise ForeignOrigin
