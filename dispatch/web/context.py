"""What a view may take for granted: the session, the actor, the group, the moment.

Nothing here decides anything. `dispatch/app.py` fills it before each request.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app, g, request
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.db.transactions import Database
from dispatch.errors import NotFound
from dispatch.policy.actor import ANONYMOUS, Actor

if TYPE_CHECKING:
    from dispatch.people.models import Group, User, WebSession

DATABASE = "dispatch.database"


def database() -> Database:
    """The application's database."""
    return current_app.extensions[DATABASE]


def session() -> Session:
    """The request's session, begun at its first use. A page view does not wait for writers."""
    if "session" not in g:
        g.session = database().session(reads_only=request.method in ("GET", "HEAD"))
    return g.session


def now() -> datetime:
    """The moment of this request: one, whatever it takes."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


def actor() -> Actor:
    """Who is asking."""
    return g.get("actor", ANONYMOUS)


def user() -> "User":
    """The account of who is asking.

    Raises
        NotFound: nobody is signed in.
    """
    return web_session().user


def web_session() -> "WebSession":
    """The signed-in browser.

    Raises
        NotFound: nobody is signed in.
    """
    found = g.get("web_session")
    if found is None:
        raise NotFound("web session")
    return found


def group() -> "Group":
    """The group whose pages are shown.

    Raises
        NotFound: the person works for none.
    """
    found = g.get("group")
    if found is None:
        raise NotFound("group")
    return found
