"""What needs somebody's eyes: alarms, and what waits for a second person."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, Conflict
from dispatch.i18n import gettext as _
from dispatch.people import alarms, two_persons
from dispatch.people.queries import shown_name
from dispatch.people.views.room import blueprint
from dispatch.policy import Action, may_ever, permits
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.navigation import came_from


@blueprint.app_context_processor
def _eyes() -> dict[str, object]:
    """What the frame of a desk page asks for; that of a failure does not, nor the database."""
    return {"eyes_wanted": _waiting}


def _waiting() -> tuple[int, int]:
    """How many alarms wait for the eyes of who is asking, and how many second persons' words."""
    actor = context.actor()
    if not (actor.coordinates or actor.is_steward):
        return 0, 0
    session = context.session()
    counted = two_persons.count_for(session, actor, now=context.now())
    return alarms.count_open(session, actor), counted


@blueprint.get("/watch")
@needs(Action.SEE_ALARMS)
def watch() -> ResponseReturnValue:
    """Alarms that nobody looked into, and what takes two persons and waits for the second."""
    session, actor, now = context.session(), context.actor(), context.now()
    vault = vault_of(session)
    return render_template(
        "people/watch.html",
        sees_incidents=may_ever(actor, Action.SEE_INCIDENTS),
        alarms=[
            (
                one,
                alarms.say(session, one),
                shown_name(one.about, vault) if one.about else None,
                permits(actor, Action.TAKE_ALARM, one, now),
                alarms.ride_of(session, one) if permits(actor, Action.SEE_RIDE, one, now) else None,
            )
            for one in alarms.open_alarms(session, actor)
        ],
        motions=[
            (
                one,
                two_persons.matter_of(one).say(session, one),
                shown_name(one.asked_by, vault),
                permits(actor, Action.SECOND_MOTION, one, now),
            )
            for one in two_persons.open_motions(session, actor, now=now)
        ],
    )


@blueprint.post("/alarms/<uuid:uid>/take")
@needs(Action.TAKE_ALARM)
def take_alarm(uid: UUID) -> ResponseReturnValue:
    """Somebody has looked into it."""
    session, actor = context.session(), context.actor()
    found = alarms.get_alarm(session, actor, uid)
    try:
        alarms.take(session, actor, found, now=context.now())
    except Conflict as error:
        flash(error.sentence)
    return redirect(came_from("/watch"), code=303)


@blueprint.post("/motions/<uuid:uid>/second")
@needs(Action.SECOND_MOTION)
def second_motion(uid: UUID) -> ResponseReturnValue:
    """Say yes as the second person."""
    return _answer(uid, two_persons.second, _("Done: two persons wanted it."))


@blueprint.post("/motions/<uuid:uid>/end")
@needs(Action.END_MOTION)
def end_motion(uid: UUID) -> ResponseReturnValue:
    """Say no, or take back what one asked for."""
    return _answer(uid, two_persons.end, _("Nothing was changed."))


def _answer(uid: UUID, answer: Callable[..., object], said: str) -> ResponseReturnValue:
    """Answer the motion of this uid, and say what came of it where it stood."""
    session, actor = context.session(), context.actor()
    found = two_persons.get_motion(session, actor, uid)
    try:
        answer(session, actor, found, now=context.now())
    except (Closed, Conflict) as error:
        session.rollback()
        flash(error.sentence)
    else:
        flash(said)
    return redirect("/watch", code=303)
