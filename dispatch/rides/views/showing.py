"""The pages that show requests and rides, and what can be done on them."""

from datetime import date, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.db.transactions import vault_of
from dispatch.families import queries as families
from dispatch.i18n import gettext as _
from dispatch.people.queries import shown_name
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries, rules, service
from dispatch.rides.models import Request
from dispatch.rides.rules import CHANGEABLE
from dispatch.rides.views.blueprint import blueprint, words
from dispatch.web import context
from dispatch.web.render import for_a_minute

_RECENT = timedelta(days=31)
"""How far back a family's rides are listed."""


@blueprint.get("/requests/<uuid:uid>")
@needs(Action.SEE_RIDE)
def show_request(uid: UUID) -> ResponseReturnValue:
    """All rides of one request."""
    return _request_page(queries.get_request(context.session(), context.actor(), uid))


@blueprint.post("/requests/<uuid:uid>/note")
@needs(Action.REVEAL_FAMILY)
def reveal_note(uid: UUID) -> ResponseReturnValue:
    """Open the note for the driver, for a minute."""
    session, actor = context.session(), context.actor()
    asked = queries.get_request(session, actor, uid)
    note = service.read_note(session, actor, asked, now=context.now())
    note = note or _("Nothing is written here.")
    if request.headers.get("HX-Request"):
        return render_template("rides/_note.html", request_shown=asked, note=note)
    back = url_for("rides.show_request", uid=uid)
    return for_a_minute(_request_page(asked, note=note), back)


@blueprint.get("/rides/<uuid:uid>")
@needs(Action.SEE_RIDE)
def show_ride(uid: UUID) -> ResponseReturnValue:
    """One ride: where, when, who, and what happened to it."""
    session = context.session()
    ride = queries.get_ride(session, context.actor(), uid)
    vault = vault_of(session)
    people = queries.people_of(session, ride)
    return render_template(
        "rides/ride.html",
        ride=ride,
        names={user.id: shown_name(user, vault) for user in people},
        is_changeable=ride.state in CHANGEABLE and not ride.with_outbound,
        is_cancellable=ride.state in rules.CANCELLABLE,
        reasons=rules.CANCEL_REASONS,
        no_show_reasons=rules.NO_SHOW_REASONS,
        **words(),
    )


@blueprint.post("/rides/<uuid:uid>/restore")
@needs(Action.CANCEL_RIDE)
def restore(uid: UUID) -> ResponseReturnValue:
    """Take a cancelled ride up again."""
    session, actor = context.session(), context.actor()
    ride = queries.get_ride(session, actor, uid)
    service.restore(session, actor, ride, now=context.now())
    flash(_("Taken up again."))
    return redirect(url_for("rides.show_ride", uid=uid), code=303)


@blueprint.get("/families/<uuid:uid>/rides")
@needs(Action.SEE_RIDE)
def show_family_rides(uid: UUID) -> ResponseReturnValue:
    """The rides of a family: a part of its record, or a page where there is no script."""
    session, actor, now = context.session(), context.actor(), context.now()
    family = families.get_family(session, actor, uid)
    today = clock.local_day(now, context.group().zone)
    found = queries.rides_of_family(session, actor, family, since=today - _RECENT)
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "rides/_of_family.html" if part else "rides/of_family.html",
        family=family,
        ahead=[ride for ride in found if ride.service_on >= today],
        behind=[ride for ride in reversed(found) if ride.service_on < today],
    )


def _request_page(asked: Request, note: str | None = None) -> str:
    found = queries.rides_of_request(context.session(), context.actor(), asked)
    return render_template(
        "rides/request.html",
        request_shown=asked,
        rides=found,
        except_on=[date.fromisoformat(day) for day in asked.except_on],
        note=note,
        **words(),
    )
