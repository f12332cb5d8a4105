"""What templates may use: languages, days and times said the group's way, hashed static URLs."""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from babel import Locale
from flask import Flask, g, request, session, url_for

from dispatch import i18n
from dispatch.config import REPOSITORY
from dispatch.policy import Action, permits
from dispatch.web import context

STATIC = REPOSITORY / "static"
TEMPLATES = REPOSITORY / "templates"


def init_app(app: Flask) -> None:
    """Give the templates of `app` their globals, and every request its language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)
    app.jinja_env.globals.update(
        static_url=_static_url,
        get_locale=lambda: Locale.parse(i18n.language()),
        may=_may,
    )
    app.jinja_env.filters.update(clock=_clock, day=i18n.say_day, moment=_moment)
    app.before_request(_choose_language)
    app.context_processor(lambda: {"languages": _languages()})


def _choose_language() -> None:
    chosen = session.get("language")
    if chosen is None and g.get("web_session") is not None:
        chosen = context.user().language
    if chosen is None:
        chosen = request.accept_languages.best_match(i18n.languages(), i18n.SOURCE)
    i18n.set_language(chosen)


@lru_cache
def _languages() -> list[tuple[str, str]]:
    return [(code, Locale.parse(code).get_display_name(code).title()) for code in i18n.languages()]


def _may(action: str, thing: object) -> bool:
    """Whether a button is shown; the service decides again."""
    return permits(context.actor(), Action[action], thing, context.now())


def _clock(instant: datetime) -> str:
    """The wall time of an instant in the group's zone."""
    return i18n.say_time(instant, context.group().zone)


def _moment(instant: datetime) -> str:
    """Day and wall time of an instant in the group's zone."""
    zone = context.group().zone
    return f"{i18n.say_day(instant.astimezone(zone).date(), 'EEE d MMM')} {_clock(instant)}"


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _static_url(path: str) -> str:
    """The address of a static file, with its digest: a browser may keep it for ever."""
    file = STATIC / path
    return url_for("static", filename=path, v=_digest(file, file.stat().st_mtime))
