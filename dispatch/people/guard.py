"""The door of every request: from the cookie to the actor, then whether the role may come in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from dispatch.audit import service as audit
from dispatch.db import transactions
from dispatch.db.transactions import vault_of
from dispatch.errors import Forbidden, Frozen
from dispatch.people import freezing, queries, sessions
from dispatch.people.models import User
from dispatch.policy import Action, Actor, Standing, may_ever
from dispatch.policy.endpoints import PUBLIC, UndeclaredEndpoint, action_of, wants_fresh
from dispatch.web import context, errors, navigation
from dispatch.web.origin import own_path

_COOKIE = "dispatch.cookie"
DriversOf = Callable[[Session, int], Mapping[int, int]]


@dataclass(frozen=True)
class Asked:
    """What a refused request asked for, as far as its address says: for the audit."""

    uid: UUID | None


def init_app(
    app: Flask, *, drivers_of: DriversOf, secure: bool, other_doors: Collection[str] = ()
) -> None:
    """Guard every endpoint of `app`; `drivers_of` gives driver id by group id of a person.

    `other_doors` are the blueprints that have a door of their own: no account is looked at there.
    """
    app.extensions[_COOKIE] = ("__Host-dispatch" if secure else "dispatch", secure)
    manager = LoginManager(app)

    @manager.request_loader
    def _load(_request: object) -> User | None:
        return g.get("user")

    @app.before_request
    def _open() -> ResponseReturnValue | None:
        if request.endpoint == "static" or request.blueprint in other_doors:
            return None
        _recognise(drivers_of)
        return _admit(app)

    @app.context_processor
    def _bar() -> dict[str, object]:
        return g.get("bar", {})

    errors.on_refusal(app, _note_refusal)


def check_endpoints(app: Flask) -> None:
    """Refuse to start with a view that has no action and is not public.

    Raises
        UndeclaredEndpoint: names the endpoints.
    """
    bare = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in PUBLIC and action_of(view) is None
    ]
    if bare:
        raise UndeclaredEndpoint(", ".join(sorted(bare)))


def give_cookie(response: Response, token: str) -> None:
    """Let the browser keep its token until it is closed; scripts never see it."""
    name, secure = current_app.extensions[_COOKIE]
    response.set_cookie(name, token, secure=secure, httponly=True, samesite="Lax", path="/")


def take_cookie(response: Response) -> None:
    """Let the browser forget its token, and every page it kept of us."""
    name, secure = current_app.extensions[_COOKIE]
    response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    # Not "cookies": what is left in the form cookie keeps a stranger's guesses from slowing
    # down the next sign-in of this browser.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def _recognise(drivers_of: DriversOf) -> None:
    name, _secure = current_app.extensions[_COOKIE]
    token = request.cookies.get(name)
    if not token:
        return
    now = context.now()
    found = sessions.find(context.session(), token, now=now)
    if found is None:
        return
    if sessions.is_due_to_touch(found, now) and not _asks_by_itself():
        _touch(found.id)
    g.web_session = found
    g.user = found.user
    g.group = found.group
    g.actor = sessions.actor_of(
        found.user,
        drivers_of(context.session(), found.user_id),
        standing=found.standing,
        is_frozen=freezing.is_frozen(context.session()),
    )
    # Read now, so that a page about a failure needs no database.
    g.bar = {
        "user_name": queries.shown_name(found.user, vault_of(context.session())),
        "group_name": None if found.group is None else found.group.name,
        "desk_phone": None if found.group is None else found.group.desk_phone,
    }


def _asks_by_itself() -> bool:
    """Whether an open page asks and nobody sits there: that must not keep a session alive."""
    return request.headers.get("HX-Trigger") == "fresh"


def _touch(session_id: int) -> None:
    if request.method in ("GET", "HEAD"):
        # A page view only reads, so that it waits for nobody: the note goes into its own moment.
        with context.database().transaction() as session:
            sessions.touch(session, session_id, now=context.now())
    else:
        # Now, because a form that is refused rolls back, and whoever mends it is still there.
        sessions.touch(context.session(), session_id, now=context.now())
        transactions.commit(context.session())


def _admit(app: Flask) -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    view = app.view_functions[request.endpoint]
    action = action_of(view)
    if g.get("web_session") is None:
        return _forgetting(_to_the_door())
    actor = context.actor()
    if action is None or not may_ever(actor, action):
        return _turn_away(actor, action)
    is_late = not sessions.is_fresh(context.web_session(), context.now())
    if is_late and wants_fresh(view) and actor.standing is Standing.IN:
        return _lead(f"/confirm?{urlencode({'next': _way_back()})}")
    return None


def _turn_away(actor: Actor, action: Action | None) -> ResponseReturnValue:
    """Say why this role does not get in, or lead to what has to be done before."""
    if action is None:
        raise Forbidden(str(request.endpoint))
    if actor.is_active and actor.standing is not Standing.IN:
        return _lead(navigation.home())
    if actor.is_frozen and may_ever(replace(actor, is_frozen=False), action):
        raise Frozen(action.value)
    raise Forbidden(action.value)


def _note_refusal(action: Action) -> None:
    """Record what the law refused to a signed-in person, in a transaction of its own."""
    actor = context.actor()
    is_nobody = actor.user_id is None and actor.family_id is None
    if is_nobody or ("session" in g and audit.has_noted_refusal(g.session)):
        return
    uid = (request.view_args or {}).get("uid")
    thing = Asked(uid if isinstance(uid, UUID) else None)
    with context.database().transaction() as session:
        audit.record(session, actor, action, thing, now=context.now(), outcome=audit.REFUSED)


def _to_the_door() -> Response:
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else "/"
    return _lead(f"/signin?{urlencode({'next': back})}")


def _forgetting(response: Response) -> Response:
    """`response`, with what the browser kept of us cleared if its session was ended on purpose."""
    token = request.cookies.get(current_app.extensions[_COOKIE][0])
    if token and sessions.was_ended(context.session(), token):
        take_cookie(response)
    return response


def _way_back() -> str:
    """The page to come back to: this one, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    return own_path(f"{came_from.path}?{came_from.query}".rstrip("?"))


def _lead(address: str) -> Response:
    """Answer with another page of ours, whatever was asked for."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)
