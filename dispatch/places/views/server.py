"""The steward's page about the geocoding server: what it learns, and whether it may be asked."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.errors import Conflict
from dispatch.geocoding_server import GeocodingServer
from dispatch.i18n import gettext as _
from dispatch.places import consents
from dispatch.places.views.room import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context


@blueprint.get("/geocoder")
@needs(Action.SEE_GEOCODER)
def show_server() -> ResponseReturnValue:
    """Which server the settings name, what it learns, and whether it is asked."""
    return _page({})


@blueprint.post("/geocoder/allow")
@needs(Action.ALLOW_GEOCODER)
def allow_server() -> ResponseReturnValue:
    """Let a public server be asked: the one that was read about, by whoever says so."""
    server = _server()
    if server is None or request.form.get("host") != server.host:
        raise Conflict(_("The settings name another server now. Nothing was allowed."))
    if not request.form.get("has_read"):
        return _page({"has_read": _("Say that you have read what it learns.")})
    consents.give(context.session(), context.actor(), server, now=context.now())
    flash(_("%(server)s is asked from now on.", server=server.host))
    return redirect(url_for("places.show_server"), code=303)


@blueprint.post("/geocoder/stop")
@needs(Action.STOP_GEOCODER)
def stop_server() -> ResponseReturnValue:
    """Let a public server be asked no more."""
    server = _server()
    if server is not None:
        consents.end(context.session(), context.actor(), server, now=context.now())
        flash(_("%(server)s is asked no more.", server=server.host))
    return redirect(url_for("places.show_server"), code=303)


def _server() -> GeocodingServer | None:
    return current_app.config["DISPATCH"].geocoder


def _page(errors: dict[str, str]) -> ResponseReturnValue:
    server = _server()
    consent = consents.find_consent(context.session(), server) if server else None
    page = render_template("places/server.html", server=server, consent=consent, errors=errors)
    return page, 422 if errors else 200
