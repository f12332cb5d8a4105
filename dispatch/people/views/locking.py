"""Locking the own account: from a strange phone with the code of the sheet, or from within."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from dispatch.i18n import gettext as _
from dispatch.people import service
from dispatch.people.views.door import leave
from dispatch.people.views.room import blueprint, whence
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context


@blueprint.route("/lock", methods=["GET", "POST"])
def lock() -> ResponseReturnValue:
    """Lock an account with the code that is for it. The answer is always the same."""
    if request.method != "POST":
        return render_template("people/lock.html", is_sent=False)
    service.lock_by_code(
        context.session(),
        request.form.get("email", ""),
        request.form.get("code", ""),
        whence(),
        now=context.now(),
    )
    return render_template("people/lock.html", is_sent=True)


@blueprint.post("/me/lock")
@needs(Action.LOCK_OWN_ACCOUNT)
def lock_own() -> ResponseReturnValue:
    """Lock the account of who is signed in."""
    service.lock_own(context.session(), context.actor(), context.user(), now=context.now())
    flash(_("Your account is locked. Somebody of your group who knows you can unlock it."))
    return leave()
