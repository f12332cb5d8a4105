"""Match runs: asked for, watched, stopped."""

from datetime import timedelta
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.i18n import gettext as _
from dispatch.planning import forms, queries, service
from dispatch.planning.cards import run_card
from dispatch.planning.models import MatchRun, RunState
from dispatch.planning.views.blueprint import blueprint, board_of, enqueue
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.navigation import came_from

_WEEK = 7


@blueprint.post("/runs")
@needs(Action.START_RUN)
def start_run() -> ResponseReturnValue:
    """Ask for a run over a day, which may repair its plan, or over each day of a week."""
    first = forms.parse_day(request.form.get("day"))
    if first is None:
        flash(_("Choose a day."))
        return redirect(came_from(url_for("board.day")), code=303)
    days = _WEEK if request.form.get("week") else 1
    for ahead in range(days):
        service.start_run(
            context.session(),
            context.actor(),
            context.group(),
            first + timedelta(days=ahead),
            enqueue=enqueue(),
            now=context.now(),
            is_repair=days == 1 and bool(request.form.get("repair")),
        )
    if request.form.get("week"):
        return redirect(url_for("board.week", day=first.isoformat()), code=303)
    return redirect(board_of(first), code=303)


@blueprint.get("/runs/<uuid:uid>")
@needs(Action.SEE_RUN)
def show_run(uid: UUID) -> ResponseReturnValue:
    """How far a run is: the card that asks for itself again; at the end the page is made anew."""
    run = queries.get_run(context.session(), context.actor(), uid)
    if not request.headers.get("HX-Request"):
        return redirect(board_of(run.service_on))
    response = make_response(render_template("planning/_run.html", run=run, card=_card(run)))
    if run.state not in (RunState.QUEUED, RunState.RUNNING):
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/runs/<uuid:uid>/stop")
@needs(Action.CANCEL_RUN)
def stop_run(uid: UUID) -> ResponseReturnValue:
    """Ask a run to end with the best plan it has."""
    run = queries.get_run(context.session(), context.actor(), uid)
    service.stop_run(context.session(), context.actor(), run, now=context.now())
    return redirect(board_of(run.service_on), code=303)


def _card(run: MatchRun) -> dict[str, object]:
    return run_card(run, context.group().zone, limit=current_app.config["DISPATCH"].match_seconds)
