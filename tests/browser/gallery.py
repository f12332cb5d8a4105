"""Every part of the pages in every state, on the product's own frames and under its policy.

Not linked from the product, which has no such routes. `python -m tests.browser.gallery FOLDER`
writes a picture of each page, light and dark, at a desk and on a phone.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path

from babel import Locale
from flask import Flask, Response, flash, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from dispatch import i18n
from dispatch.web.headers import CONTENT_SECURITY_POLICY
from tests.services import chromium

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("parts", "board", "request", "record", "today", "offer", "times", "signin", "refused")


def make_app() -> Flask:
    """An app that shows the gallery's pages, in the language of `?lang=`."""
    app = Flask("gallery", static_folder=None)
    app.secret_key = "gallery"  # noqa: S105 - signs nothing but the toasts of this page
    folders = (ROOT / "templates", Path(__file__).parent / "gallery")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.jinja_env.globals |= {
        "_": i18n.gettext,
        "gettext": i18n.gettext,
        "ngettext": i18n.ngettext,
        "get_locale": lambda: Locale(request.args.get("lang", "en")),
        "static_url": lambda path: f"/static/{path}",
        "csrf_token": lambda: "token",
        "base_map": lambda: None,
    }
    app.jinja_env.filters["moment"] = lambda instant: f"{instant:%d %B, %H:%M}"
    app.before_request(lambda: i18n.set_language(request.args.get("lang", "en")))
    app.context_processor(_context)
    app.after_request(_under_policy)
    app.add_url_rule("/static/<path:path>", view_func=_static)
    app.add_url_rule("/<page>", view_func=_show)
    app.add_url_rule("/reveal", view_func=_reveal, methods=["POST"])
    app.add_url_rule("/run", view_func=_run)
    return app


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep quiet."""


def _context() -> dict[str, object]:
    return {
        "languages": [("en", "English"), ("es", "Español")],
        "group_name": "Alder Bay Rides",
        "user_name": "Anna",
        "desk_phone": "+1 555 0100",
        "offer_count": 2,
        "desk_nav": [
            (name, f"/{name.lower()}", name == "Board")
            for name in ("Board", "Families", "Drivers", "Places", "Messages")
        ],
    }


def _under_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _static(path: str) -> Response:
    """From memory: a browser that goes away in the middle leaves no open file behind."""
    return Response((ROOT / "static" / path).read_bytes(), mimetype=guess_type(path)[0])


def _show(page: str) -> str:
    if page == "board":
        flash({"text": "Approved: 11:40, F093 with Yusuf. He has been asked.", "undo": "/undo"})
    if page == "refused":
        return render_template(
            "errors/error.html",
            status=404,
            sentence="There is nothing here, or it is not yours to see.",
            home="/board",
        )
    return render_template(f"{page}.html")


def _reveal() -> str:
    return render_template("revealed.html")


def _run() -> str:
    return render_template("run.html")


@contextmanager
def served() -> Iterator[str]:
    """The gallery on a free port; its address."""
    server = make_server("127.0.0.1", 0, make_app(), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium.path(), args=chromium.arguments())
        try:
            yield started
        finally:
            started.close()


def take_pictures(folder: Path) -> None:
    """Write one picture per page, theme and width into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, browser() as started:
        for theme in ("light", "dark"):
            for width in (360, 1280):
                size = {"width": width, "height": 900}
                tab = started.new_page(viewport=size, color_scheme=theme)
                for page in PAGES:
                    tab.goto(f"{address}/{page}")
                    tab.wait_for_timeout(400)
                    tab.screenshot(path=folder / f"{page}-{width}-{theme}.png", full_page=True)
                tab.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))
