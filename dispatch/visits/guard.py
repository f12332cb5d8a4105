"""The family's own door: from its cookie to the actor. No account opens it, and it opens no other.

Pages of the blueprint `own` look at this cookie alone, all others never look at it: who works here
is nobody on a family's page, and a family is nobody at the desk.
"""

from dataclasses import replace
from datetime import timedelta

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from dispatch.db import transactions
from dispatch.errors import Forbidden, Frozen
from dispatch.people import freezing
from dispatch.people.models import Group
from dispatch.policy import may_ever
from dispatch.policy.endpoints import PUBLIC, action_of
from dispatch.visits import rules, service
from dispatch.visits.models import FamilyPhone
from dispatch.visits.service.entering import actor_of
from dispatch.web import context

OWN = "own"
"""The blueprint behind this door."""
DOOR = "/f"
_COOKIE = "dispatch.family cookie"
_TOUCH = timedelta(hours=1)


def init_app(app: Flask, *, secure: bool) -> None:
    """Guard the pages of families of `app`."""
    app.extensions[_COOKIE] = ("__Host-family" if secure else "family", secure)

    @app.before_request
    def _open() -> ResponseReturnValue | None:
        if request.blueprint != OWN:
            return None
        _recognise()
        return _admit(app)


def phone() -> FamilyPhone | None:
    """The phone on which a family asks; None if nobody is recognised."""
    return g.get("family_phone")


def give_cookie(response: Response, token: str) -> None:
    """Let the phone keep its token as long as its page can be open; scripts never see it."""
    name, secure = current_app.extensions[_COOKIE]
    age = int(rules.PHONE_LASTS.total_seconds())
    response.set_cookie(
        name, token, max_age=age, secure=secure, httponly=True, samesite="Lax", path="/"
    )


def take_cookie(response: Response) -> None:
    """Let the phone forget its token, and every page it kept of us."""
    name, secure = current_app.extensions[_COOKIE]
    response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _recognise() -> None:
    name, _secure = current_app.extensions[_COOKIE]
    token = request.cookies.get(name)
    if not token:
        return
    now = context.now()
    found = service.find_phone(context.session(), token, now=now)
    if found is None:
        return
    if now - found.seen_at >= _TOUCH:
        _touch(found.id)
    g.family_phone = found
    g.group = context.session().get_one(Group, found.family.group_id)
    is_frozen = freezing.is_frozen(context.session())
    g.actor = replace(actor_of(found.family), is_frozen=is_frozen)


def _touch(phone_id: int) -> None:
    if request.method in ("GET", "HEAD"):
        with context.database().transaction() as session:
            service.touch(session, phone_id, now=context.now())
    else:
        service.touch(context.session(), phone_id, now=context.now())
        transactions.commit(context.session())


def _admit(app: Flask) -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    action = action_of(app.view_functions[request.endpoint])
    if phone() is None:
        return redirect(DOOR, code=303)
    if context.actor().is_frozen:
        raise Frozen(request.endpoint)
    if action is None or not may_ever(context.actor(), action):
        raise Forbidden(request.endpoint if action is None else action.value)
    return None
