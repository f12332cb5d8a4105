"""A driver cannot come on a day after all."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_day
from dispatch.people import queries as people
from dispatch.planning import forms, service
from dispatch.planning.views.blueprint import REFUSALS, blueprint, board_of, enqueue, refused
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context


@blueprint.get("/drivers/<uuid:uid>/drop-out")
@needs(Action.DROP_OUT)
def ask_drop_out(uid: UUID) -> ResponseReturnValue:
    """What goes back if this driver cannot come."""
    session = context.session()
    driver = drivers.get_driver(session, context.actor(), uid)
    day = _day_asked()
    return render_template(
        "planning/drop_out.html",
        driver=driver,
        name=people.shown_name(driver.user, vault_of(session)),
        day=day,
        held=service.held_on(session, driver, day),
        way_back=board_of(day),
    )


@blueprint.post("/drivers/<uuid:uid>/drop-out")
@needs(Action.DROP_OUT)
def drop_out(uid: UUID) -> ResponseReturnValue:
    """Take a driver out of a day, and let the plan be repaired."""
    session, actor, day = context.session(), context.actor(), _day_asked()
    driver = drivers.get_driver(session, actor, uid)
    try:
        freed, _run = service.drop_out(
            session, actor, driver, day, enqueue=enqueue(), now=context.now()
        )
    except REFUSALS as error:
        return refused(error, board_of(day))
    name = people.shown_name(driver.user, vault_of(session))
    said = _("%(name)s does not drive on %(day)s.", name=name, day=say_day(day))
    if freed:
        said += " " + ngettext(
            "One ride looks for another driver.", "%(num)s rides look for other drivers.", freed
        )
    flash(said)
    return redirect(board_of(day), code=303)


def _day_asked() -> date:
    group = context.group()
    return forms.parse_day(request.values.get("day")) or clock.local_day(context.now(), group.zone)
