"""The blueprint that the pages of this room belong to, and what its views ask of the setting."""

import secrets

from flask import Blueprint, current_app, request
from flask import session as form_cookie

from dispatch.config import Settings
from dispatch.people.factors.passkeys import Site
from dispatch.people.service import Whence
from dispatch.web.origin import public_url

blueprint = Blueprint("people", __name__)
MARK = "mark"
"""In the form cookie: what an account gave to a browser in which it was signed in."""
_DEVICE = "device"


def is_demo() -> bool:
    """Whether this is a demo's made-up town."""
    settings: Settings = current_app.config["DISPATCH"]
    return settings.is_demo


def whence() -> Whence:
    """From where the visitor tries."""
    return Whence(request.remote_addr or "", form_cookie.get(MARK))


def site() -> Site:
    """Where browsers reach us."""
    return Site(public_url(""))


def mark_of_browser() -> str:
    """What this browser holds, so that no other can answer its challenge; new if it has none."""
    if _DEVICE not in form_cookie:
        form_cookie[_DEVICE] = secrets.token_urlsafe(16)
    return form_cookie[_DEVICE]
