"""How far drivers drove: a driver's own rides to correct, and the desk's sheet of a month."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.audit import service as audit
from dispatch.errors import Conflict
from dispatch.i18n import gettext as _
from dispatch.planning import driven, forms, queries, service
from dispatch.planning.views.blueprint import blueprint, refused
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

_NAME = "driven-{month:%Y-%m}.csv"


@blueprint.get("/driven")
@needs(Action.SEE_OWN_RIDES)
def own_driven() -> ResponseReturnValue:
    """What the driver drove, ride by ride."""
    return _page({}, {}, None)


@blueprint.post("/assignments/<uuid:uid>/driven")
@needs(Action.CORRECT_DRIVEN)
def correct_driven(uid: UUID) -> ResponseReturnValue:
    """How far and how long one of them really was."""
    session, actor, group = context.session(), context.actor(), context.group()
    assignment = queries.get_own_assignment(session, actor, uid)
    typed, errors = forms.parse_driven(request.form)
    if typed is None:
        return _page(request.form, errors, uid), 422
    distance, minutes = typed
    metres = driven.metres_of(distance, uses_miles=group.uses_miles)
    try:
        service.correct_driven(
            session, actor, assignment, metres=metres, minutes=minutes, now=context.now()
        )
    except Conflict as error:
        return refused(error, url_for("planning.own_driven"))
    flash(_("Saved."))
    return redirect(url_for("planning.own_driven"), code=303)


@blueprint.get("/driven/sheet")
@needs(Action.EXPORT_DRIVEN)
def sheet_of_driven() -> ResponseReturnValue:
    """What each driver drove in a month, for a spreadsheet; numbers of drivers, no names."""
    session, actor = context.session(), context.actor()
    group, now = context.group(), context.now()
    month = forms.parse_month(request.args.get("month")) or clock.local_day(now, group.zone)
    found = driven.months_of(session, actor, group, month)
    audit.record(session, actor, Action.EXPORT_DRIVEN, group, now=now, group_uid=group.uid)
    name = _NAME.format(month=month)
    return Response(
        driven.sheet_of(found, uses_miles=group.uses_miles),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(values: Mapping[str, str], errors: dict[str, str], wrong: UUID | None) -> str:
    """The rides; of the one that is `wrong`, what was typed comes back."""
    group = context.group()
    today = clock.local_day(context.now(), group.zone)
    found = driven.own_driven(context.session(), context.actor(), group)
    return render_template(
        "planning/driven.html",
        rides=found,
        correctable={
            one.assignment.uid for one in found if driven.may_correct(one.assignment, today)
        },
        distance_of=lambda metres: driven.distance_in(metres, uses_miles=group.uses_miles),
        unit=_("mi") if group.uses_miles else _("km"),
        unit_name=_("Miles") if group.uses_miles else _("Kilometres"),
        values=values,
        errors=errors,
        wrong=wrong,
    )
