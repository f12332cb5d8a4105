"""The page with the link to one's calendar, and the calendar itself."""

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from dispatch import i18n
from dispatch.drivers import queries as drivers
from dispatch.drivers.models import Driver
from dispatch.feeds import service
from dispatch.feeds.ics import file_of
from dispatch.i18n import gettext as _
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.origin import public_url

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/feed")
@needs(Action.KEEP_FEED)
def show_link() -> ResponseReturnValue:
    """Whether there is a link for one's calendar."""
    has_link = service.has_link(context.session(), context.actor(), _own(), now=context.now())
    return render_template("feeds/link.html", has_link=has_link, link=None)


@blueprint.post("/feed")
@needs(Action.KEEP_FEED)
def make_link() -> ResponseReturnValue:
    """A link for one's calendar: shown now, and never again."""
    token = service.make_link(context.session(), context.actor(), _own(), now=context.now())
    link = public_url(f"/feed/{token}.ics")
    return render_template("feeds/link.html", has_link=True, link=link)


@blueprint.post("/feed/end")
@needs(Action.KEEP_FEED)
def end_link() -> ResponseReturnValue:
    """The calendar sees nothing any more."""
    service.end_link(context.session(), context.actor(), _own(), now=context.now())
    flash(_("The link shows nothing any more."))
    return redirect("/feed", code=303)


@blueprint.get("/feed/<code>.ics")
def rides(code: str) -> ResponseReturnValue:
    """About when the rides of a link are: for a calendar, which signs in nowhere."""
    user, found = service.entries(context.session(), code, now=context.now())
    with i18n.speaking(user.language):
        made = file_of(found, link=public_url("/today"))
    return Response(made, mimetype="text/calendar")


def _own() -> Driver:
    return drivers.own_driver(context.session(), context.actor(), context.group())
