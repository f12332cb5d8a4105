"""What every response tells the browser: nothing from elsewhere, nothing kept, nothing framed."""

from flask import Flask, request
from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default map worker"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": under it browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
KEPT_BY_THE_PHONE = "private, no-cache"
"""What a view says of the one page that a driver's phone may keep; it holds nothing personal."""
_WORKER = "/static/js/worker.js"
_ONE_YEAR = 31_536_000


def init_app(app: Flask, *, secure: bool, onion: str | None = None) -> None:
    """Put the headers on every response of `app`, errors and redirects included.

    Browsers that can reach it are told of the second address `onion`.
    """

    @app.after_request
    def _harden(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if onion is not None and request.environ.get("HTTP_HOST") != onion:
            response.headers["Onion-Location"] = f"http://{onion}{request.path}"
        if secure:
            response.headers["Strict-Transport-Security"] = (
                f"max-age={_ONE_YEAR}; includeSubDomains"
            )
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable"
        elif request.endpoint != "static" and not _may_be_kept(response):
            response.headers["Cache-Control"] = "no-store"
        if request.path == _WORKER:
            response.headers["Service-Worker-Allowed"] = "/"
        if response.status_code == 304:
            response.close()  # nobody reads the file that was opened for it
        return response


def _may_be_kept(response: Response) -> bool:
    """Whether a view says of its answer that it is the same for ever, or the page for a phone."""
    if response.headers.get("Cache-Control") == KEPT_BY_THE_PHONE:
        return response.status_code == 200
    return response.status_code in (200, 206, 304) and bool(response.cache_control.immutable)
