"""The list of calls: who is to be told what, in words ready to be said."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.errors import Conflict, NotFound
from dispatch.i18n import gettext as _
from dispatch.notify import queries, service
from dispatch.notify.models import Message
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

blueprint = Blueprint("notify", __name__)
SHOWN_TOLD = timedelta(hours=12)


@blueprint.app_context_processor
def _stuck() -> dict[str, object]:
    """What the frame of a desk page asks for; that of a failure does not, nor the database."""
    return {"letters_stuck_since": _stuck_since}


def _stuck_since() -> datetime | None:
    actor = context.actor()
    if actor.is_frozen or not (actor.coordinates or actor.is_steward):
        return None
    return queries.stuck_since(context.session(), actor, now=context.now())


@blueprint.get("/messages")
@needs(Action.SEE_MESSAGES)
def show_messages() -> ResponseReturnValue:
    """Whom to call, and who was told today."""
    return _page()


@blueprint.post("/messages/told")
@needs(Action.MARK_TOLD)
def mark_told() -> ResponseReturnValue:
    """A family, or a driver, was told everything that stood in its card."""
    session, actor = context.session(), context.actor()
    messages = _chosen()
    try:
        for message in messages:
            service.mark_told(session, actor, message, now=context.now())
    except Conflict as error:
        session.rollback()
        return _page(error.sentence), error.status
    undo = url_for("notify.mark_untold", message=[str(message.uid) for message in messages])
    flash({"text": _("Noted that they know."), "undo": undo})
    return redirect(url_for("notify.show_messages"), code=303)


@blueprint.post("/messages/untold")
@needs(Action.MARK_TOLD)
def mark_untold() -> ResponseReturnValue:
    """Nobody was reached after all."""
    session, actor = context.session(), context.actor()
    try:
        for message in _chosen():
            service.mark_untold(session, actor, message, now=context.now())
    except Conflict as error:
        session.rollback()
        return _page(error.sentence), error.status
    flash(_("They stand in the list of calls again."))
    return redirect(url_for("notify.show_messages"), code=303)


def _chosen() -> list[Message]:
    try:
        uids = [UUID(uid) for uid in request.values.getlist("message")]
    except ValueError:
        raise NotFound("message") from None
    return queries.get_messages(context.session(), context.actor(), uids, now=context.now())


def _page(conflict: str | None = None) -> str:
    session, actor, group, now = (
        context.session(),
        context.actor(),
        context.group(),
        context.now(),
    )
    return render_template(
        "notify/messages.html",
        calls=queries.calls(session, actor, group, now=now),
        unreached=queries.unreached(session, actor, group, now=now),
        told=queries.told_since(session, actor, group, now - SHOWN_TOLD),
        texted=queries.texted_since(session, actor, group, now - SHOWN_TOLD),
        conflict=conflict,
    )
