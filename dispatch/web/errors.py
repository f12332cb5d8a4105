"""Every failure as a page: a status, a sentence, and the way on. Nothing of the inside leaks."""

from collections.abc import Callable

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dispatch.errors import Closed, Conflict, DispatchError, Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.web.origin import ForeignOrigin

log = structlog.get_logger()


def sentence_for(error: Exception) -> str:
    """What a person is told about `error`."""
    if isinstance(error, Refused):
        return " ".join(error.reasons)
    if isinstance(error, Conflict | Closed):
        return error.sentence
    if isinstance(error, TooMany):
        minutes = -(-error.seconds // 60)
        return ngettext(
            "Too many tries. It works again in one minute.",
            "Too many tries. It works again in %(num)s minutes.",
            minutes,
        )
    if isinstance(error, IntegrityError):
        return _("Somebody else changed this at the same moment. Nothing of yours was saved.")
    if isinstance(error, ForeignOrigin):
        return _("This page was open too long. Go back, reload it, and send it again.")
    if isinstance(error, RequestEntityTooLarge):
        return _("That is too much for one form. Please send less.")
    return {
        403: _("Your account does not have this page."),
        404: _("There is nothing here, or it is not yours to see."),
        405: _("This address cannot be used that way."),
    }.get(status_of(error), _("Something broke on our side. Nothing was saved. It is logged."))


def status_of(error: Exception) -> int:
    """The HTTP status of `error`."""
    if isinstance(error, DispatchError):
        return error.status
    if isinstance(error, IntegrityError):
        return 409
    if isinstance(error, HTTPException) and error.code:
        return error.code
    return 500


def init_app(app: Flask, home: Callable[[], str]) -> None:
    """Turn every exception of `app` into a page; `home` gives the address of the way on."""

    def show(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException) and error.code and error.code < 400:
            return error.get_response()
        status = status_of(error)
        if "session" in g:
            g.session.rollback()
        if status >= 500:
            log.error("request failed", endpoint=request.endpoint, kind=type(error).__name__)
            if app.testing and not isinstance(error, HTTPException):
                raise error
        sentence = sentence_for(error)
        if request.accept_mimetypes.best == "application/json":
            return jsonify(error=sentence), status
        page = render_template("errors/error.html", status=status, sentence=sentence, home=home())
        return page, status

    app.register_error_handler(Exception, show)
