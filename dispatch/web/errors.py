"""Every failure as a page: a status, a sentence, and the way on. Nothing of the inside leaks."""

from collections.abc import Callable

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dispatch.errors import (
    Closed,
    Conflict,
    DispatchError,
    Forbidden,
    Frozen,
    NotFound,
    Refused,
    TooMany,
)
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.policy import Action
from dispatch.policy.endpoints import action_of
from dispatch.web.origin import ForeignOrigin

log = structlog.get_logger()
_NOTE_REFUSAL = "dispatch.note_refusal"


def sentence_for(error: Exception) -> str:
    """What a person is told about `error`."""
    if isinstance(error, Refused | Conflict | Closed):
        return error.sentence
    if isinstance(error, TooMany):
        minutes = -(-error.seconds // 60)
        return ngettext(
            "Too many tries. It works again in one minute.",
            "Too many tries. It works again in %(num)s minutes.",
            minutes,
        )
    if isinstance(error, Frozen):
        return _("The service is paused. Nothing is lost. The desk of your group knows more.")
    if isinstance(error, IntegrityError):
        return _("Somebody else changed this at the same moment. Nothing of yours was saved.")
    if isinstance(error, ForeignOrigin | CSRFError):
        return _("This page was open too long. Go back, reload it, and send it again.")
    if isinstance(error, RequestEntityTooLarge):
        return _("That is too much for one form. Please send less.")
    status = status_of(error)
    if status >= 500:
        return _("Something broke on our side. Nothing was saved. It is logged.")
    return {
        403: _("Your account does not have this page."),
        404: _("There is nothing here, or it is not yours to see."),
        405: _("This address cannot be used that way."),
    }.get(status, _("This cannot be read. Nothing was saved."))


def status_of(error: Exception) -> int:
    """The HTTP status of `error`."""
    if isinstance(error, DispatchError):
        return error.status
    if isinstance(error, IntegrityError):
        return 409
    if isinstance(error, HTTPException) and error.code:
        return error.code
    return 500


def on_refusal(app: Flask, note: Callable[[Action], None]) -> None:
    """Let `note` hear of every action that the law refused, after the request was rolled back."""
    app.extensions[_NOTE_REFUSAL] = note


def init_app(app: Flask, home: Callable[[], str]) -> None:
    """Turn every exception of `app` into a page; `home` gives the address of the way on."""

    def show(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException) and error.code and error.code < 400:
            return error.get_response()
        status = status_of(error)
        if "session" in g:
            g.session.rollback()
        _note_refusal(app, error)
        if status >= 500 and not isinstance(error, Frozen):
            log.error("request failed", endpoint=request.endpoint, kind=type(error).__name__)
            if app.testing and not isinstance(error, HTTPException):
                raise error
        headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else {}
        sentence = sentence_for(error)
        if request.accept_mimetypes.best == "application/json":
            return jsonify(error=sentence), status, headers
        page = render_template("errors/error.html", status=status, sentence=sentence, home=home())
        return page, status, headers

    app.register_error_handler(Exception, show)


def _note_refusal(app: Flask, error: Exception) -> None:
    note = app.extensions.get(_NOTE_REFUSAL)
    if note is None or not isinstance(error, Forbidden | NotFound):
        return
    action = _refused_action(app, error)
    if action is not None:
        note(action)


def _refused_action(app: Flask, error: Exception) -> Action | None:
    """The action that the law named; else what the page is for: an object out of scope."""
    try:
        return Action(error.args[0])
    except (ValueError, IndexError):
        view = app.view_functions.get(request.endpoint or "")
        return None if view is None else action_of(view)
