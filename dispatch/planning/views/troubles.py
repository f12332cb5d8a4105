"""Something is wrong on the road: its driver, or a coordinator for it, tells the desk."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.planning import queries, service, troubles
from dispatch.planning.models import Assignment, Tap
from dispatch.planning.views import taps
from dispatch.planning.views.blueprint import REFUSALS, back_from, blueprint, refused
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import rules
from dispatch.web import context

_SOLVED = "solved"
"""What a form says where nothing is wrong any more."""


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """What the phone and the board say of what is wrong."""
    return {
        "trouble_choices": troubles.choices,
        "delay_choices": troubles.delays,
        "say_trouble": troubles.say_short,
        "no_show_reasons": rules.NO_SHOW_REASONS,
    }


@blueprint.post("/assignments/<uuid:uid>/trouble")
@needs(Action.REPORT_PROGRESS)
def tell_trouble(uid: UUID) -> ResponseReturnValue:
    """The driver, or a coordinator for it, says what is wrong, or that nothing is any more."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    way_back = back_from(assignment)
    try:
        if request.form.get("trouble") == _SOLVED:
            return _solved(assignment, way_back)
        return _told(assignment, way_back)
    except REFUSALS as error:
        return refused(error, way_back)


def _told(assignment: Assignment, way_back: str) -> ResponseReturnValue:
    session, actor = context.session(), context.actor()
    told = troubles.parse(request.form.get("trouble", ""))
    if told is None:
        raise Refused(_("Choose what happened."))
    kind, minutes = told
    return taps.carry_out(
        assignment,
        Tap.TROUBLE,
        lambda: service.tell_trouble(
            session, actor, assignment, kind, delay_minutes=minutes, now=context.now()
        ),
        _("The desk knows."),
        way_back,
    )


def _solved(assignment: Assignment, way_back: str) -> ResponseReturnValue:
    session, actor = context.session(), context.actor()
    return taps.carry_out(
        assignment,
        Tap.SOLVED,
        lambda: service.take_back_trouble(session, actor, assignment, now=context.now()),
        _("Good. The desk sees that, too."),
        way_back,
    )
