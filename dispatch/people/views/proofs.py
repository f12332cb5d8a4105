"""The second step of signing in, asking again who somebody is, and what a device is asked."""

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import Refused, TooMany
from dispatch.people import queries, service
from dispatch.people.factors import passkeys
from dispatch.people.rules import Proof
from dispatch.people.views.door import let_in
from dispatch.people.views.room import blueprint, is_demo, mark_of_browser, site, whence
from dispatch.policy import Action, Standing
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.errors import sentence_for
from dispatch.web.origin import own_path


@blueprint.post("/passkeys/challenge")
def ask_device() -> ResponseReturnValue:
    """What this browser is to ask a device: for a new passkey, or who is there."""
    actor, mark, now = context.actor(), mark_of_browser(), context.now()
    is_for_new = request.form.get("purpose") == "new"
    if is_for_new and actor.is_active and actor.standing is not Standing.HALF_IN:
        user = context.user()
        email = queries.contact_of(user, vault_of(context.session())).email
        asked = passkeys.ask_for_new(
            context.session(), user, called=email, site=site(), mark=mark, now=now
        )
    else:
        asked = passkeys.ask_for_proof(context.session(), site=site(), mark=mark, now=now)
    return Response(asked, mimetype="application/json")


@blueprint.route("/signin/code", methods=["GET", "POST"])
@needs(Action.FINISH_SIGN_IN)
def second_step() -> ResponseReturnValue:
    """Prove by more than the password who is there."""
    back = own_path(request.values.get("next"))
    if request.method != "POST":
        return _show_second_step(back, {})
    user = context.user()
    try:
        proof = _finish()
    except (Refused, TooMany) as error:
        return _show_second_step(back, {"code": sentence_for(error)}), error.status
    standing = service.standing_of(context.session(), user, proof, is_demo=is_demo())
    return let_in(user, standing, back)


@blueprint.route("/confirm", methods=["GET", "POST"])
@needs(Action.CHANGE_OWN_ACCOUNT)
def confirm() -> ResponseReturnValue:
    """Say once more who one is, before a step with a price."""
    back = own_path(request.values.get("next"), "/me")
    if request.method != "POST":
        return _show_confirm(back, {})
    try:
        _prove_again()
    except (Refused, TooMany) as error:
        return _show_confirm(back, {"code": sentence_for(error)}), error.status
    return redirect(back, code=303)


def _finish() -> Proof:
    """By a device's answer, or by what was typed."""
    asked = (context.session(), context.actor(), context.web_session())
    answer = request.form.get("credential")
    if not answer:
        typed = request.form.get("code", "")
        return service.finish_by_code(*asked, typed, whence(), now=context.now())
    service.finish_by_passkey(
        *asked, answer, whence(), site=site(), mark=mark_of_browser(), now=context.now()
    )
    return Proof.PASSKEY


def _prove_again() -> None:
    asked = (context.session(), context.actor(), context.web_session())
    answer = request.form.get("credential")
    if not answer:
        typed = request.form.get("code", "")
        service.prove_again_by_typing(*asked, typed, now=context.now())
        return
    service.prove_again_by_passkey(
        *asked, answer, whence(), site=site(), mark=mark_of_browser(), now=context.now()
    )


def _show_second_step(back: str, errors: dict[str, str]) -> str:
    held = queries.held_by(context.session(), context.user())
    return render_template("people/second_step.html", held=held, back=back, errors=errors)


def _show_confirm(back: str, errors: dict[str, str]) -> str:
    held = queries.held_by(context.session(), context.user())
    return render_template("people/confirm.html", held=held, back=back, errors=errors)
