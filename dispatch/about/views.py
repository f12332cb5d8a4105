"""What anybody may read: a page to print, and two files for machines."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from dispatch import retention
from dispatch.about import queries
from dispatch.about.words import say_span
from dispatch.config import Settings
from dispatch.errors import NotFound
from dispatch.i18n import languages
from dispatch.web import context

blueprint = Blueprint("about", __name__)
_HOLDS = timedelta(days=180)
"""How long a contact may be believed by who kept the file; a year at most (RFC 9116)."""


@blueprint.get("/about/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept, for how long, who can see it, and what this does not protect against."""
    periods = queries.longest(context.session())
    return render_template(
        "about/privacy.html",
        periods=periods,
        lines=retention.table(periods),
        copies_days=retention.BACKUP_KEYS_DAYS,
        say_period=retention.say_period,
        say_span=say_span,
        sends_texts=current_app.config["DISPATCH"].sms is not None,
        lets_navigate=queries.any_lets_navigate(context.session()),
    )


@blueprint.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Nothing here is for a search engine."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
def security_contact() -> ResponseReturnValue:
    """Where somebody writes who found a hole (RFC 9116), if that is set."""
    settings: Settings = current_app.config["DISPATCH"]
    if settings.security_contact is None:
        raise NotFound("security.txt")
    until = (context.now() + _HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    lines = {
        "Contact": settings.security_contact,
        "Expires": until,
        "Preferred-Languages": ", ".join(languages()),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return Response(text, mimetype="text/plain")
