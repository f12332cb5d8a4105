"""One's own account."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request
from flask import session as form_cookie
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound, Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.notify.push import subscriptions, vapid
from dispatch.people import forms, guard, queries, rules, service
from dispatch.people.factors import codes, passkeys
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import User
from dispatch.people.telling import say_notice
from dispatch.people.views.door import leave
from dispatch.people.views.room import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.errors import sentence_for
from dispatch.web.origin import own_path


@blueprint.get("/me")
@needs(Action.CHANGE_OWN_ACCOUNT)
def me() -> ResponseReturnValue:
    """What I am called, my password, my browsers."""
    return _show({})


@blueprint.post("/me")
@needs(Action.CHANGE_OWN_ACCOUNT)
def change_me() -> ResponseReturnValue:
    """Change name, telephone, language."""
    profile, errors = forms.parse_profile(request.form)
    if profile is None:
        return _show(errors, request.form), 422
    service.change_profile(
        context.session(), context.actor(), context.user(), profile, now=context.now()
    )
    form_cookie["language"] = profile.language
    flash(_("Saved."))
    return redirect("/me", code=303)


@blueprint.post("/me/password")
@needs(Action.CHANGE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Choose another password; every other browser is signed out."""
    contact = queries.contact_of(context.user(), vault_of(context.session()))
    password, errors = forms.parse_new_password(request.form, (contact.name, contact.email))
    if password is None:
        return _show(errors), 422
    try:
        token = service.change_password(
            context.session(),
            context.actor(),
            context.user(),
            request.form.get("old", ""),
            password,
            web_session=context.web_session(),
            now=context.now(),
        )
    except (Refused, TooMany) as error:
        return _show({"old": sentence_for(error)}), error.status
    flash(_("Your password is changed. Every other browser is signed out."))
    response = redirect("/me", code=303)
    guard.give_cookie(response, token)
    return response


@blueprint.post("/me/browsers")
@needs(Action.CHANGE_OWN_ACCOUNT)
def end_browser() -> ResponseReturnValue:
    """Sign out one of my other browsers."""
    service.end_browser(
        context.session(), context.actor(), context.user(), _named("browser"), now=context.now()
    )
    flash(_("That browser is signed out."))
    return redirect("/me", code=303)


@blueprint.post("/me/passkeys")
@needs(Action.CHANGE_OWN_ACCOUNT, fresh=True)
def remove_passkey() -> ResponseReturnValue:
    """Let one of my passkeys open nothing any more."""
    uid = _named("passkey")
    return _remove(partial(service.remove_passkey, uid=uid), _("The passkey is removed."))


@blueprint.post("/me/app")
@needs(Action.CHANGE_OWN_ACCOUNT, fresh=True)
def remove_app() -> ResponseReturnValue:
    """Let my app for codes be asked for no more."""
    return _remove(service.remove_app, _("The app is removed."))


@blueprint.post("/me/notices")
@needs(Action.CHANGE_OWN_ACCOUNT)
def dismiss_notices() -> ResponseReturnValue:
    """I have seen what happened to my account."""
    service.dismiss(context.session(), context.actor(), context.user(), now=context.now())
    return redirect(own_path(request.form.get("next"), "/me"), code=303)


@blueprint.app_context_processor
def _told() -> dict[str, object]:
    """What happened to the own account: asked for by the frames of whole pages alone."""
    return {"account_notices": _unseen}


def _unseen() -> list[tuple[str, datetime, bool]]:
    """Sentence and moment of each, and whether somebody else may have done it in one's name."""
    if not context.actor().is_in or context.actor().user_id is None:
        return []
    found = queries.unseen_notices(context.session(), context.user())
    return [(say_notice(one.kind), one.at, one.kind is not NoticeKind.LOG_BROKEN) for one in found]


def _named(field: str) -> UUID:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        raise Refused(_("Say which one.")) from None


def _remove(remove: Callable[..., str], sentence: str) -> ResponseReturnValue:
    token = remove(context.session(), context.actor(), context.web_session(), now=context.now())
    flash(sentence)
    response = redirect("/me", code=303)
    guard.give_cookie(response, token)
    return response


@blueprint.post("/me/signout")
@needs(Action.CHANGE_OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign out here and in every other browser."""
    service.sign_out_everywhere(
        context.session(), context.actor(), context.user(), now=context.now()
    )
    return leave()


@blueprint.post("/group")
@needs(Action.CHANGE_OWN_ACCOUNT)
def switch_group() -> ResponseReturnValue:
    """Show the pages of another of my groups."""
    try:
        uid = UUID(request.form.get("group", ""))
    except ValueError as error:
        raise NotFound(Action.SEE_GROUP.value) from error
    group = service.switch_group(
        context.session(), context.actor(), context.web_session(), uid, now=context.now()
    )
    flash(_("You see %(group)s now.", group=group.name))
    return redirect("/", code=303)


def _show(errors: dict[str, str], typed: object = None) -> str:
    user = context.user()
    actor = context.actor()
    contact = queries.contact_of(user, vault_of(context.session()))
    news = _ways_of_news() if actor.drives else []
    values = typed or {
        "name": contact.name,
        "phone": contact.phone,
        "language": user.language,
        "news": _news_of(user, [value for value, _word in news]),
    }
    here = context.web_session()
    held = queries.held_by(context.session(), user)
    browsers = queries.own_browsers(context.session(), user, now=context.now())
    return render_template(
        "people/me.html",
        layout="phone.html" if actor.drives and not actor.coordinates else "desk.html",
        is_waiting=not (actor.drives or actor.coordinates or actor.is_steward),
        email=contact.email,
        news=news,
        push_key=_push_key() if actor.drives else None,
        told_browsers=subscriptions.of(context.session(), user.id),
        groups=[(one.uid, one.name) for one in queries.own_groups(context.session(), user)],
        group_uid=here.group.uid if here.group else None,
        browsers=[(browser, browser.id == here.id) for browser in browsers],
        passkeys=passkeys.passkeys_of(context.session(), user),
        held=held,
        needs_passkey=rules.needs_passkey(user, user.memberships),
        codes_left=codes.left(context.session(), user),
        values=values,
        errors=errors,
    )


def _ways_of_news() -> list[tuple[str, str]]:
    """How a driver may hear of news here: value and word of each; none where nothing is sent."""
    settings = current_app.config["DISPATCH"]
    words = {
        "mail": (settings.mail, _("By e-mail")),
        "text": (settings.sms, _("By text message")),
        "both": (settings.mail and settings.sms, _("Both")),
    }
    found = [(value, word) for value, (is_there, word) in words.items() if is_there]
    return [*found, ("none", _("Not at all"))] if found else []


def _push_key() -> str | None:
    """What browsers are told to be told of news here; None where the operator does not allow it."""
    if current_app.config["DISPATCH"].push is None:
        return None
    return vapid.public_key(vault_of(context.session()))


def _news_of(user: User, offered: list[str]) -> str:
    """Which of those that are offered is in force."""
    if not (user.takes_mail or user.takes_texts):
        return "none"
    chosen = (
        "both" if user.takes_mail and user.takes_texts else "mail" if user.takes_mail else "text"
    )
    return next((one for one in (chosen, *offered) if one in offered), "none")
