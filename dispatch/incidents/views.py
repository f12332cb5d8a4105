"""The pages of incidents: a short form about a ride, the list, and one of them."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, Conflict
from dispatch.i18n import gettext as _
from dispatch.incidents import forms, queries, service
from dispatch.incidents.models import Incident, Told
from dispatch.incidents.words import KIND_WORDS, TOLD_WORDS
from dispatch.people.models import User
from dispatch.people.queries import shown_name
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.rides.models import Ride
from dispatch.web import context
from dispatch.web.errors import sentence_for
from dispatch.web.render import for_a_minute

blueprint = Blueprint("incidents", __name__)


@blueprint.get("/incidents")
@needs(Action.SEE_INCIDENTS)
def index() -> ResponseReturnValue:
    """What is open, and what was settled."""
    session, actor, group = context.session(), context.actor(), context.group()
    return render_template(
        "incidents/list.html",
        open_ones=queries.open_incidents(session, actor, group),
        settled=queries.settled_incidents(session, actor, group),
        kind_words=KIND_WORDS,
    )


@blueprint.get("/rides/<uuid:uid>/incident")
@needs(Action.WRITE_INCIDENT)
def new(uid: UUID) -> ResponseReturnValue:
    """The form about a ride."""
    return _form(rides.get_ride(context.session(), context.actor(), uid), {}, {})


@blueprint.post("/rides/<uuid:uid>/incident")
@needs(Action.WRITE_INCIDENT)
def write_down(uid: UUID) -> ResponseReturnValue:
    """Keep it."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    told = request.form.getlist("told")
    written, errors = forms.parse_incident(request.form, told)
    if written is None:
        return _form(ride, request.form, errors)
    try:
        incident = service.write_down(
            session,
            actor,
            ride,
            kind=written.kind,
            note=written.note,
            told=written.told,
            now=context.now(),
        )
    except Closed as error:
        return _form(ride, request.form, {"": sentence_for(error)}, error.status)
    flash(_("Kept. It stays open until somebody settles it."))
    return redirect(url_for("incidents.show", uid=incident.uid), code=303)


@blueprint.get("/incidents/<uuid:uid>")
@needs(Action.SEE_INCIDENTS)
def show(uid: UUID) -> ResponseReturnValue:
    """One of them; what happened is under its seal."""
    return _record(_get(uid))


@blueprint.post("/incidents/<uuid:uid>/note")
@needs(Action.READ_INCIDENT)
def read_note(uid: UUID) -> ResponseReturnValue:
    """What happened, for a minute."""
    incident = _get(uid)
    note = service.read_note(context.session(), context.actor(), incident, now=context.now())
    if request.headers.get("HX-Request"):
        return render_template("incidents/_note.html", incident=incident, note=note)
    return for_a_minute(_record(incident, note=note), url_for("incidents.show", uid=uid))


@blueprint.post("/incidents/<uuid:uid>/settle")
@needs(Action.SETTLE_INCIDENT)
def settle(uid: UUID) -> ResponseReturnValue:
    """Nothing is left to do about it."""
    session, actor = context.session(), context.actor()
    try:
        service.settle(session, actor, _get(uid), now=context.now())
    except Conflict as error:
        flash(sentence_for(error))
    else:
        flash(_("Settled."))
    return redirect(url_for("incidents.index"), code=303)


def _get(uid: UUID) -> Incident:
    return queries.get_incident(context.session(), context.actor(), uid)


def _form(
    ride: Ride, values: Mapping[str, str], errors: dict[str, str], status: int = 422
) -> ResponseReturnValue:
    page = render_template(
        "incidents/form.html",
        ride=ride,
        values=values,
        ticked=request.form.getlist("told"),
        errors=errors,
        kinds=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        told=[(one.value, words) for one, words in TOLD_WORDS.items()],
    )
    return page, status if errors else 200


def _record(incident: Incident, *, note: str | None = None) -> str:
    session = context.session()
    vault = vault_of(session)

    def name(user_id: int | None) -> str:
        user = session.get(User, user_id) if user_id else None
        return shown_name(user, vault) if user else ""

    return render_template(
        "incidents/record.html",
        incident=incident,
        kind=KIND_WORDS[incident.kind],
        told=[TOLD_WORDS[Told(one)] for one in incident.told],
        made_by=name(incident.made_by_id),
        settled_by=name(incident.settled_by_id),
        note=note,
    )
