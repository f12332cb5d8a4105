"""Setting up a passkey, an app for codes, and the sheet of recovery codes: three clear steps."""

import segno
from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dispatch.db.transactions import vault_of
from dispatch.errors import Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.people import guard, queries, rules, service
from dispatch.people.factors import apps, codes
from dispatch.people.factors.models import AuthenticatorApp
from dispatch.people.views.room import blueprint, mark_of_browser, site
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.errors import sentence_for


@blueprint.get("/enrol")
@needs(Action.ENROL)
def enrol() -> ResponseReturnValue:
    """What to set up, step by step."""
    return _show({})


@blueprint.post("/enrol/passkey")
@needs(Action.ENROL, fresh=True)
def add_passkey() -> ResponseReturnValue:
    """Store the passkey that a device made."""
    try:
        token = service.add_passkey(
            context.session(),
            context.actor(),
            context.web_session(),
            request.form.get("credential", ""),
            site=site(),
            mark=mark_of_browser(),
            now=context.now(),
        )
    except Refused as error:
        return _show({"passkey": sentence_for(error)}), error.status
    flash(_("Your passkey is set up."))
    return _go_on(token)


@blueprint.post("/enrol/app")
@needs(Action.ENROL, fresh=True)
def begin_app() -> ResponseReturnValue:
    """Begin with an app for codes."""
    try:
        service.begin_app(context.session(), context.actor(), context.user(), now=context.now())
    except Refused as error:
        return _show({"app": sentence_for(error)}), error.status
    return redirect("/enrol/app", code=303)


@blueprint.get("/enrol/app")
@needs(Action.ENROL)
def show_app() -> ResponseReturnValue:
    """The picture that the app reads, and the field for its first code."""
    app = apps.find_app(context.session(), context.user())
    if app is None or app.confirmed_at is not None:
        return redirect("/enrol")
    return _show_app(app, {})


@blueprint.post("/enrol/app/code")
@needs(Action.ENROL, fresh=True)
def confirm_app() -> ResponseReturnValue:
    """Take the app into use with its first code."""
    app = apps.find_app(context.session(), context.user())
    if app is None:
        return redirect("/enrol", code=303)
    try:
        token = service.confirm_app(
            context.session(),
            context.actor(),
            context.web_session(),
            request.form.get("code", ""),
            now=context.now(),
        )
    except (Refused, TooMany) as error:
        return _show_app(app, {"code": sentence_for(error)}), error.status
    flash(_("Your app is set up. At signing in it shows the code to type."))
    return _go_on(token)


@blueprint.post("/enrol/codes")
@needs(Action.ENROL, fresh=True)
def make_codes() -> ResponseReturnValue:
    """A new sheet of codes: shown now and never again."""
    if not queries.held_by(context.session(), context.user()).is_enough_for_a_driver:
        return redirect("/enrol", code=303)
    sheet, token = service.make_codes(
        context.session(), context.actor(), context.web_session(), now=context.now()
    )
    response = make_response(render_template("people/codes.html", sheet=sheet))
    guard.give_cookie(response, token)
    return response


def _go_on(token: str) -> ResponseReturnValue:
    """Back to the steps, in the session that goes on under `token`."""
    response = redirect("/enrol", code=303)
    guard.give_cookie(response, token)
    return response


def _show(errors: dict[str, str]) -> str:
    user = context.user()
    held = queries.held_by(context.session(), user)
    needed = rules.needs_passkey(user, user.memberships)
    return render_template(
        "people/enrol.html",
        held=held,
        needs_passkey=needed,
        is_enrolled=rules.is_enrolled(held, is_passkey_needed=needed),
        codes_left=codes.left(context.session(), user),
        errors=errors,
    )


def _show_app(app: AuthenticatorApp, errors: dict[str, str]) -> str:
    email = queries.contact_of(context.user(), vault_of(context.session())).email
    secret = apps.secret_of(context.session(), app)
    square = segno.make(apps.link_of(secret, email), error="m", micro=False)
    return render_template(
        "people/app.html",
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        # Drawn by segno from our own text.
        square=Markup(square.svg_inline(scale=4, border=3, light="#fff")),  # noqa: S704
        errors=errors,
    )
