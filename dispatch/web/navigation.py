"""Where each role starts, and what stands in the bar above its pages."""

from urllib.parse import urlencode, urlsplit

from flask import Flask, request

from dispatch.i18n import gettext as _
from dispatch.policy import Standing
from dispatch.web import context


def home() -> str:
    """The first page of who is asking."""
    actor = context.actor()
    if actor.family_id is not None:
        return "/f/rides"
    if actor.user_id is None:
        return "/signin"
    if actor.standing is not Standing.IN:
        return first_step(actor.standing)
    if actor.is_frozen and (actor.is_steward or actor.coordinates):
        return "/freeze"
    if actor.coordinates:
        return "/board"
    if actor.is_steward:
        return "/groups"
    return "/today" if actor.drives else "/me"


def first_step(standing: Standing, back: str = "") -> str:
    """Where somebody is led who has something to set up, or to prove, before `back`."""
    if standing is Standing.TO_ENROL:
        return "/enrol"
    return f"/signin/code?{urlencode({'next': back})}" if back else "/signin/code"


def came_from(default: str) -> str:
    """The page that a form stood on, as the browser tells; `default` if it tells nothing."""
    told = urlsplit(request.referrer or "")
    if told.netloc != request.host or not told.path.startswith("/") or told.path.startswith("//"):
        return default
    return told.path + (f"?{told.query}" if told.query else "")


def init_app(app: Flask) -> None:
    """Give every page of `app` its bar."""

    @app.context_processor
    def _bar() -> dict[str, object]:
        return {"desk_nav": _desk()}


def _desk() -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the current page, for what the actor may open."""
    actor = context.actor()
    pages: list[tuple[str, str]] = []
    if actor.coordinates:
        pages += [
            (_("Board"), "/board"),
            (_("New request"), "/requests/new"),
            (_("Families"), "/families"),
            (_("Drivers"), "/drivers"),
            (_("Places"), "/places"),
            (_("Messages"), "/messages"),
        ]
    if actor.is_steward:
        pages.append((_("Groups"), "/groups"))
    if actor.coordinates or actor.is_steward:
        pages.append((_("Log"), "/log"))
    if actor.drives:
        pages.append((_("My rides"), "/today"))
    return [(label, url, _is_here(url)) for label, url in pages]


def _is_here(url: str) -> bool:
    return request.path == url or request.path.startswith(f"{url}/")
