"""A family's own page: the code, its rides, who saw what of it, and withdrawing."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask import session as form_cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dispatch import i18n
from dispatch.errors import Conflict, Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides.models import Ride
from dispatch.visits import guard, queries, service
from dispatch.visits.words import REASON_WORDS, say_what, say_who
from dispatch.web import context
from dispatch.web.errors import sentence_for

blueprint = Blueprint(guard.OWN, __name__)
SHOWN_LOOKS = 12
_HOME = "/f/rides"


@blueprint.route("/f", methods=["GET", "POST"])
def enter() -> ResponseReturnValue:
    """Type the code of a card."""
    if request.method != "POST":
        if guard.phone() is not None:
            return redirect(_HOME, code=303)
        return render_template("visits/enter.html", error=None)
    try:
        family, token = service.enter(
            context.session(),
            request.form.get("code", ""),
            request.remote_addr or "",
            now=context.now(),
        )
    except (Refused, TooMany) as error:
        page = render_template("visits/enter.html", error=sentence_for(error))
        return page, error.status
    form_cookie.clear()  # what was there before holds no more
    if family.language in i18n.languages():
        form_cookie["language"] = family.language
    response = redirect(_HOME, code=303)
    guard.give_cookie(response, token)
    return response


@blueprint.get(_HOME)
@needs(Action.SEE_OWN_FAMILY)
def rides() -> ResponseReturnValue:
    """The rides to come, who comes, and who saw what."""
    return _page()


@blueprint.post("/f/rides/<uuid:uid>/yes")
@needs(Action.CONFIRM_RIDE)
def confirm(uid: UUID) -> ResponseReturnValue:
    """The family comes."""
    return _do(uid, service.confirm, _("Good. We count on you."))


@blueprint.post("/f/rides/<uuid:uid>/ready")
@needs(Action.MARK_READY)
def ready(uid: UUID) -> ResponseReturnValue:
    """The party can be fetched."""
    return _do(uid, service.mark_ready, _("Good. We look for a driver now."))


@blueprint.post("/f/rides/<uuid:uid>/cancel")
@needs(Action.CANCEL_RIDE)
def cancel(uid: UUID) -> ResponseReturnValue:
    """The family calls a ride off."""

    def call_off(session: Session, actor: object, ride: Ride, *, now: object) -> None:
        typed = request.form.get("version", "")
        service.cancel(
            session,
            actor,
            ride,
            reason=request.form.get("reason", ""),
            version=int(typed) if typed.isdecimal() and len(typed) < 10 else -1,
            now=now,
        )

    return _do(uid, call_off, _("The ride is cancelled. You need not call."))


@blueprint.route("/f/withdraw", methods=["GET", "POST"])
@needs(Action.WITHDRAW_FAMILY)
def withdraw() -> ResponseReturnValue:
    """Take the consent back: first what it means, then the deed."""
    session, actor = context.session(), context.actor()
    family = queries.own_family(session, actor)
    if request.method != "POST":
        return render_template("visits/withdraw.html", group=context.group(), error=None)
    if request.form.get("sure") != "1":
        error = _("Tick the box if you are sure.")
        page = render_template("visits/withdraw.html", group=context.group(), error=error)
        return page, 422
    service.withdraw(session, actor, family, now=context.now())
    return redirect(_HOME, code=303)


@blueprint.post("/f/leave")
@needs(Action.LEAVE_OWN_PAGE)
def leave() -> ResponseReturnValue:
    """Close the page on this phone."""
    found = guard.phone()
    if found is not None:
        service.leave(context.session(), context.actor(), found, now=context.now())
    form_cookie.clear()
    response = redirect(guard.DOOR, code=303)
    guard.take_cookie(response)
    return response


def _do(uid: UUID, deed: Callable[..., None], done: str) -> ResponseReturnValue:
    session, actor = context.session(), context.actor()
    ride = queries.get_own_ride(session, actor, uid)
    try:
        deed(session, actor, ride, now=context.now())
    except (Conflict, Refused) as error:
        session.rollback()
        return _page(sentence_for(error)), error.status
    flash(done)
    return redirect(_HOME, code=303)


def _page(sentence: str | None = None) -> str:
    session, actor, group, now = (
        context.session(),
        context.actor(),
        context.group(),
        context.now(),
    )
    family = queries.own_family(session, actor)
    return render_template(
        "visits/rides.html",
        family=family,
        group=group,
        sentence=sentence,
        rides=queries.own_rides(session, actor, group, now=now),
        looks=queries.own_looks(session, family, most=SHOWN_LOOKS),
        reasons=REASON_WORDS.items(),
        erased_on=queries.erased_on(session, family, group),
        say_clock=lambda instant: i18n.say_time(instant, group.zone, twelve_hours=True),
        say_who=say_who,
        say_what=say_what,
    )
