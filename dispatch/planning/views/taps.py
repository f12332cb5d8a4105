"""How the touches of a driver's phone are carried out and answered, with or without a script."""

from collections.abc import Callable

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.planning import forms, service
from dispatch.planning.models import Assignment, Tap
from dispatch.web import context


def carry_out(
    assignment: Assignment, what: Tap, act: Callable[[], None], thanks: str, way_back: str
) -> ResponseReturnValue:
    """Do `act`, once if the phone gave it a uid, and say `thanks` or why not on the next page.

    Without a uid `act` raises what it refuses.
    """
    refusal = None
    told = _told(what)
    if told is None:
        act()
    else:
        session, actor = context.session(), context.actor()
        refusal = service.count_once(session, actor, assignment, told, act, now=context.now())
    flash(thanks if refusal is None else refusal)
    if request.accept_mimetypes.best == "application/json":
        return Response(status=204)
    return redirect(way_back if refusal is None else url_for("planning.today"), code=303)


def _told(what: Tap) -> service.Told | None:
    if "action" not in request.form:
        return None
    uid = forms.parse_uid(request.form["action"])
    if uid is None:
        raise Refused(_("This cannot be read. Nothing was saved."))
    return service.Told(uid, what, forms.parse_moment(request.form.get("made_at")))
