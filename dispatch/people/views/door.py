"""The door: signing in and out, invitation links, and the language of the page."""

from flask import flash, g, redirect, render_template, request
from flask import session as form_cookie
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from dispatch import i18n
from dispatch.db import transactions
from dispatch.db.transactions import vault_of
from dispatch.errors import Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.people import browsers, forms, guard, queries, service, sessions
from dispatch.people.models import Invitation, User
from dispatch.people.rules import Proof
from dispatch.people.views.room import (
    MARK,
    blueprint,
    is_demo,
    mark_of_browser,
    site,
    whence,
)
from dispatch.policy import Action, Standing
from dispatch.policy.endpoints import needs
from dispatch.web import context, navigation
from dispatch.web.errors import sentence_for
from dispatch.web.origin import own_path


@blueprint.route("/signin", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail and password."""
    back = own_path(request.values.get("next"))
    if request.method != "POST":
        if context.actor().user_id is not None:
            return redirect(navigation.home())
        return render_template("people/signin.html", back=back, values={}, errors={})
    answer = request.form.get("credential")
    try:
        user = _by_passkey(answer) if answer else _by_password()
    except (Refused, TooMany) as error:
        errors = {"passkey" if answer else "password": sentence_for(error)}
        values = {"email": request.form.get("email", "")}
        page = render_template("people/signin.html", back=back, values=values, errors=errors)
        return page, error.status
    proof = Proof.PASSKEY if answer else Proof.PASSWORD
    return let_in(
        user, service.standing_of(context.session(), user, proof, is_demo=is_demo()), back
    )


@blueprint.post("/signout")
@needs(Action.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    service.sign_out(context.session(), context.actor(), context.web_session(), now=context.now())
    return leave()


@blueprint.route("/invite/<code>", methods=["GET", "POST"])
def open_invitation(code: str) -> ResponseReturnValue:
    """Choose a password with an invitation link."""
    invitation = service.open_invitation(context.session(), code, now=context.now())
    if request.method != "POST":
        return _show_invitation(invitation, {"language": invitation.user.language}, {})
    contact = queries.contact_of(invitation.user, vault_of(context.session()))
    password, errors = forms.parse_new_password(request.form, (contact.name, contact.email))
    language = request.form.get("language", "")
    if language not in i18n.languages():
        errors["language"] = _("Choose a language from the list.")
    if errors or password is None:
        return _show_invitation(invitation, request.form, errors), 422
    transactions.let_go(context.session())  # hashing takes a while, and nobody should wait for it
    user = service.accept_invitation(context.session(), code, password, language, now=context.now())
    form_cookie["language"] = language
    i18n.set_language(language)
    flash(_("Welcome. Next time you sign in with your e-mail and this password."))
    standing = service.standing_of(context.session(), user, Proof.PASSWORD, is_demo=is_demo())
    return let_in(user, standing, "/")


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    """Let the pages speak another language, for a visitor and for an account."""
    language = request.form.get("language", "")
    if language in i18n.languages():
        form_cookie["language"] = language
        if context.actor().user_id is not None:
            service.change_language(
                context.session(), context.actor(), context.user(), language, now=context.now()
            )
    return redirect(own_path(request.form.get("next")), code=303)


def _show_invitation(invitation: Invitation, values: object, errors: dict[str, str]) -> str:
    user = invitation.user
    contact = queries.contact_of(user, vault_of(context.session()))
    if form_cookie.get("language") is None:
        i18n.set_language(user.language)
    return render_template(
        "people/invitation.html",
        name=contact.name,
        email=contact.email,
        groups=queries.own_groups(context.session(), user),
        values=values,
        errors=errors,
    )


def _by_password() -> User:
    return service.sign_in(
        context.session(),
        request.form.get("email", ""),
        request.form.get("password", ""),
        whence(),
        now=context.now(),
    )


def _by_passkey(answer: str) -> User:
    return service.sign_in_by_passkey(
        context.session(),
        answer,
        whence(),
        site=site(),
        mark=mark_of_browser(),
        now=context.now(),
    )


def let_in(user: User, standing: Standing, back: str) -> Response:
    """A new session in the browser, and new form tokens: nothing that was there before holds.

    Who has more to prove, or to set up, is led there first.
    """
    token = sessions.begin(
        context.session(),
        user,
        now=context.now(),
        instead_of=g.get("web_session"),
        standing=standing,
        browser=browsers.label_of(request.user_agent.string),
    )
    kept = {name: form_cookie[name] for name in ("language", "_flashes") if name in form_cookie}
    if standing is not Standing.HALF_IN:
        email = queries.contact_of(user, vault_of(context.session())).email
        kept[MARK] = service.mark_of(context.session(), email)
    elif MARK in form_cookie:
        kept[MARK] = form_cookie[MARK]
    form_cookie.clear()
    form_cookie.update(kept)
    if standing is not Standing.IN:
        back = navigation.first_step(standing, back)
    response = redirect(back, code=303)
    guard.give_cookie(response, token)
    return response


def leave() -> Response:
    """Back to the door, with nothing left in the browser that could be seen or used."""
    mark = form_cookie.get(MARK)
    form_cookie.clear()
    if mark is not None:
        form_cookie[MARK] = mark
    response = redirect("/signin", code=303)
    guard.take_cookie(response)
    return response
