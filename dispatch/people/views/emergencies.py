"""What is done when something went wrong: pausing the service, and helping people in again."""

from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dispatch.db.transactions import vault_of
from dispatch.errors import Conflict, NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import freezing, queries, service, two_persons
from dispatch.people.link import show_link
from dispatch.people.models import Group, User
from dispatch.people.service.freezes import UNFREEZE
from dispatch.people.service.renewing import RENEW, find_agreed
from dispatch.people.views.door import leave
from dispatch.people.views.room import blueprint
from dispatch.policy import Action, permits
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.errors import sentence_for


@blueprint.app_context_processor
def _banner() -> dict[str, object]:
    """Every page of the desk says it while the service is paused."""
    return {"is_frozen": context.actor().is_frozen}


@blueprint.get("/freeze")
@needs(Action.SEE_FREEZE)
def show_freeze() -> ResponseReturnValue:
    """Whether the service is paused, and who asked for its end."""
    session, actor, now = context.session(), context.actor(), context.now()
    found = freezing.find_freeze(session)
    motion = found and two_persons.open_motion(session, UNFREEZE, found.uid, now=now)
    return render_template(
        "people/freeze.html",
        freeze=found,
        motion=motion,
        asked_by=motion and queries.shown_name(motion.asked_by, vault_of(session)),
        may_second=bool(motion) and permits(actor, Action.SECOND_MOTION, motion, now),
        may_freeze=permits(actor, Action.FREEZE, None, now),
    )


@blueprint.post("/freeze")
@needs(Action.FREEZE, fresh=True)
def freeze() -> ResponseReturnValue:
    """Pause the service and sign everybody out, oneself included."""
    service.freeze(context.session(), context.actor(), now=context.now())
    flash(_("The service is paused, and everybody is signed out."))
    return leave()


@blueprint.post("/freeze/end")
@needs(Action.ASK_UNFREEZE)
def ask_unfreeze() -> ResponseReturnValue:
    """Ask for the end of the pause."""
    try:
        service.ask_unfreeze(context.session(), context.actor(), now=context.now())
        flash(_("Asked. Another steward or coordinator has to say yes."))
    except (Conflict, Refused) as error:
        flash(sentence_for(error))
    return redirect("/freeze", code=303)


@blueprint.get("/groups/<uuid:uid>/accounts")
@needs(Action.SEE_ACCOUNTS)
def accounts(uid: UUID) -> ResponseReturnValue:
    """Who of a group gets in how, and who needs help with it."""
    group = _group(uid, Action.SEE_ACCOUNTS)
    session, actor, now = context.session(), context.actor(), context.now()
    people = [
        (
            one,
            queries.held_by(session, one.user),
            two_persons.open_motion(session, RENEW, one.user.uid, now=now),
            find_agreed(session, actor, one.user, now=now) is not None,
        )
        for one in queries.members(session, group, now=now)
    ]
    return render_template(
        "people/accounts.html", group=group, people=people, own_uid=context.user().uid
    )


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/renewal")
@needs(Action.ASK_RENEWAL)
def ask_renewal(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """Ask for a new link for somebody who cannot get in."""
    group, user = _member(uid, user_uid, Action.ASK_RENEWAL)
    try:
        service.ask_renewal(context.session(), context.actor(), group, user, now=context.now())
        flash(_("Asked. A second person who knows them has to say yes."))
    except (Conflict, Refused) as error:
        flash(sentence_for(error))
    return redirect(f"/groups/{uid}/accounts", code=303)


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/renewed")
@needs(Action.ASK_RENEWAL, fresh=True)
def renewed_link(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """The link that two people agreed on: shown now and never again."""
    group, user = _member(uid, user_uid, Action.ASK_RENEWAL)
    code = service.renew_invitation(
        context.session(), context.actor(), group, user, now=context.now()
    )
    return show_link(group, user, code, back=f"/groups/{uid}/accounts")


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/unlock")
@needs(Action.UNLOCK_ACCOUNT, fresh=True)
def unlock(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """Let somebody in again who had the account locked."""
    group, user = _member(uid, user_uid, Action.UNLOCK_ACCOUNT)
    try:
        service.unlock(context.session(), context.actor(), group, user, now=context.now())
        flash(_("Unlocked. Let them look at once what is set up under “My account”."))
    except Refused as error:
        flash(sentence_for(error))
    return redirect(f"/groups/{uid}/accounts", code=303)


def _group(uid: UUID, action: Action) -> Group:
    found = context.session().scalars(select(Group).where(Group.uid == uid)).one_or_none()
    if found is None or not permits(context.actor(), action, found, context.now()):
        raise NotFound(action.value)
    return found


def _member(uid: UUID, user_uid: UUID, action: Action) -> tuple[Group, User]:
    group = _group(uid, action)
    return group, queries.get_member(context.session(), group, user_uid)
