"""Being told of news in a browser: on and off, where the operator allows it."""

from uuid import UUID

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.notify.push import address
from dispatch.notify.push.address import BadAddress
from dispatch.people import browsers, service
from dispatch.people.views.room import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context


@blueprint.post("/me/push")
@needs(Action.CHANGE_OWN_ACCOUNT)
def subscribe() -> ResponseReturnValue:
    """Tell me of news in this browser."""
    if current_app.config["DISPATCH"].push is None:
        raise Refused(_("News do not come to browsers here."))
    told = (request.form.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    try:
        where = address.told(*told)
    except BadAddress:
        raise Refused(_("This browser could not be turned on.")) from None
    service.subscribe(
        context.session(),
        context.actor(),
        context.user(),
        where,
        label=browsers.label_of(request.user_agent.string),
        now=context.now(),
    )
    flash(_("News come to this browser now."))
    return redirect("/me", code=303)


@blueprint.post("/me/push/end")
@needs(Action.CHANGE_OWN_ACCOUNT)
def unsubscribe() -> ResponseReturnValue:
    """Tell me no more in one of my browsers."""
    try:
        uid = UUID(request.form.get("subscription", ""))
    except ValueError:
        return redirect("/me", code=303)
    service.unsubscribe(context.session(), context.actor(), context.user(), uid, now=context.now())
    flash(_("No more news come to that browser."))
    return redirect("/me", code=303)
