"""What the matcher proposes: a coordinator says yes, or no."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.people import queries as people
from dispatch.places.here import roads
from dispatch.planning import forms, queries, service
from dispatch.planning.views.blueprint import (
    REFUSALS,
    blueprint,
    board_of,
    refused,
    undo_of,
)
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.navigation import came_from


@blueprint.post("/proposals/approve")
@needs(Action.APPROVE_PROPOSAL)
def approve_many() -> ResponseReturnValue:
    """Approve the chosen proposals; what cannot be says why, the rest is done."""
    session, actor = context.session(), context.actor()
    uids = [uid for text in request.form.getlist("proposal") if (uid := forms.parse_uid(text))]
    chosen = [queries.get_proposal(session, actor, uid) for uid in dict.fromkeys(uids)]
    if not chosen:
        flash(_("Choose at least one proposal."))
        return redirect(came_from(url_for("board.day")), code=303)
    day = chosen[0].ride.service_on
    bulk = service.approve_many(session, actor, chosen, engine=roads(), now=context.now())
    _say_bulk(bulk)
    return redirect(board_of(day), code=303)


@blueprint.post("/proposals/<uuid:uid>/approve")
@needs(Action.APPROVE_PROPOSAL)
def approve(uid: UUID) -> ResponseReturnValue:
    """Approve one proposal; if it cannot be, the board of its day says why."""
    session, actor = context.session(), context.actor()
    proposal = queries.get_proposal(session, actor, uid)
    way_back = board_of(proposal.ride.service_on, proposal.ride)
    try:
        made = service.approve(session, actor, proposal, engine=roads(), now=context.now())
    except REFUSALS as error:
        return refused(error, way_back)
    name = people.shown_name(proposal.driver.user, vault_of(session))
    if len(made) > 1:
        said = _("Approved for both ways. %(name)s is asked now.", name=name)
    else:
        said = _("Approved. %(name)s is asked now.", name=name)
    flash({"text": said, "undo": undo_of(made)})
    return redirect(way_back, code=303)


@blueprint.post("/proposals/<uuid:uid>/decline")
@needs(Action.DECLINE_PROPOSAL)
def decline(uid: UUID) -> ResponseReturnValue:
    """Say no to a proposal."""
    session, actor = context.session(), context.actor()
    proposal = queries.get_proposal(session, actor, uid)
    way_back = board_of(proposal.ride.service_on, proposal.ride)
    try:
        service.decline_proposal(session, actor, proposal, now=context.now())
    except REFUSALS as error:
        return refused(error, way_back)
    undo = url_for("planning.undo_decline", uid=uid)
    flash({"text": _("Declined. The ride is open again for the next run."), "undo": undo})
    return redirect(way_back, code=303)


@blueprint.post("/proposals/<uuid:uid>/undecline")
@needs(Action.DECLINE_PROPOSAL)
def undo_decline(uid: UUID) -> ResponseReturnValue:
    """It was not meant to be declined."""
    session, actor = context.session(), context.actor()
    proposal = queries.get_proposal(session, actor, uid)
    way_back = board_of(proposal.ride.service_on, proposal.ride)
    try:
        service.undo_decline(session, actor, proposal, now=context.now())
    except REFUSALS as error:
        return refused(error, way_back)
    flash(_("Undone. It waits for a decision again."))
    return redirect(way_back, code=303)


@blueprint.post("/assignments/undo")
@needs(Action.RELEASE_ASSIGNMENT)
def undo_offers() -> ResponseReturnValue:
    """What was approved or given away a moment ago was not meant so."""
    session, actor = context.session(), context.actor()
    uids = [uid for text in request.values.getlist("assignment") if (uid := forms.parse_uid(text))]
    chosen = [queries.get_assignment(session, actor, uid) for uid in dict.fromkeys(uids)]
    if not chosen:
        raise NotFound("assignment")
    way_back = board_of(chosen[0].ride.service_on, chosen[0].ride)
    try:
        service.undo_offers(session, actor, chosen, now=context.now())
    except REFUSALS as error:
        return refused(error, way_back)
    flash(_("Undone. Nobody is asked."))
    return redirect(way_back, code=303)


def _say_bulk(bulk: service.Bulk) -> None:
    done = len(bulk.approved)
    if done:
        said = ngettext(
            "One ride approved, its driver is asked now.",
            "%(num)s rides approved, their drivers are asked now.",
            done,
        )
        flash({"text": said, "undo": undo_of(bulk.approved)})
    for proposal, sentence in bulk.refused:
        number = proposal.ride.family.number
        flash(_("%(number)s was not approved: %(reason)s", number=number, reason=sentence))
