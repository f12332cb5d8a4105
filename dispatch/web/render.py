"""What templates may use: languages, days and times said the group's way, hashed static URLs."""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, g, make_response, request, request_started, session
from werkzeug.wrappers import Response

from dispatch import i18n
from dispatch.config import REPOSITORY
from dispatch.policy import Action, permits
from dispatch.web import context

STATIC = REPOSITORY / "static"
TEMPLATES = REPOSITORY / "templates"
_UTC = ZoneInfo("UTC")


def init_app(app: Flask) -> None:
    """Give the templates of `app` their globals, and every request its language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)
    app.jinja_env.globals.update(
        static_url=_static_url,
        get_locale=lambda: Locale.parse(i18n.language()),
        may=_may,
    )
    app.jinja_env.filters.update(clock=_clock, about=_about, day=i18n.say_day, moment=_moment)
    # A thread keeps the language of its last request, and some requests fail before the next line.
    request_started.connect(_take_browsers_language, app)
    app.before_request(_choose_language)
    app.context_processor(lambda: {"languages": _languages()})


def for_a_minute(page: str, back: str) -> Response:
    """A page with something opened on it: without a script the browser leaves it after a minute."""
    response = make_response(page)
    response.headers["Refresh"] = f"60; url={back}"
    return response


def _take_browsers_language(_app: Flask) -> None:
    i18n.set_language(request.accept_languages.best_match(i18n.languages(), i18n.SOURCE))


def _choose_language() -> None:
    chosen = session.get("language")
    if chosen is None and g.get("web_session") is not None:
        chosen = context.user().language
    if chosen is not None:
        i18n.set_language(chosen)


@lru_cache
def _languages() -> list[tuple[str, str]]:
    return [(code, Locale.parse(code).get_display_name(code).title()) for code in i18n.languages()]


def _may(action: str, thing: object) -> bool:
    """Whether a button is shown; the service decides again."""
    return permits(context.actor(), Action[action], thing, context.now())


def _zone() -> ZoneInfo | None:
    group = g.get("group")
    return None if group is None else group.zone


def _clock(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """The wall time of an instant in the group's zone; in UTC, and saying so, without a group."""
    zone = zone or _zone()
    return f"{i18n.say_time(instant, _UTC)} UTC" if zone is None else i18n.say_time(instant, zone)


def _about(instant: datetime) -> str:
    """The wall time to the five minutes before it."""
    return _clock(instant - timedelta(minutes=instant.minute % 5))


def _moment(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """Day and wall time of an instant in the group's zone."""
    day = instant.astimezone(zone or _zone() or _UTC).date()
    return f"{i18n.say_day(day, 'EEE d MMM')} {_clock(instant, zone)}"


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _static_url(path: str) -> str:
    """The address of a static file, with its digest: a browser may keep it for ever."""
    file = STATIC / path
    # Not url_for: it fails on the page that refuses a foreign host name.
    return f"/static/{path}?v={_digest(file, file.stat().st_mtime)}"
