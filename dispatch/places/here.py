"""Who is asked where an address is, in this installation: for views."""

from typing import TYPE_CHECKING

from flask import current_app

from dispatch.db import transactions
from dispatch.geocoding_server import GeocodingServer
from dispatch.places import consents, queries
from dispatch.places.roads import Roads
from dispatch.web import context

if TYPE_CHECKING:
    from dispatch.places.finder import Finder
    from dispatch.places.gazetteer.geocoder import Gazetteer

GAZETTEER = "dispatch.gazetteer"
ROADS = "dispatch.roads"


def gazetteer() -> "Gazetteer":
    """The application's own geocoder, made at its first use. It knows nothing before an import."""
    # Its libraries take as long to load as a page takes to answer: not before somebody needs them.
    from dispatch.places.gazetteer.geocoder import in_folder

    extensions = current_app.extensions
    if GAZETTEER not in extensions:
        extensions[GAZETTEER] = in_folder(current_app.config["DISPATCH"].data_dir)
    return extensions[GAZETTEER]


def roads() -> Roads:
    """What knows how long driving takes."""
    return current_app.extensions[ROADS]


def server() -> GeocodingServer | None:
    """The geocoding server that may be asked: the group's own, or one that a steward allowed."""
    named = current_app.config["DISPATCH"].geocoder
    if named is None or not consents.may_be_asked(context.session(), named):
        return None
    return named


def finder() -> "Finder":
    """What looks for an address when a person presses the button for it."""
    from dispatch.places.finder import Finder

    asked = server()
    if asked is not None:
        from dispatch.places.servers.asking import Server

        asked = Server(asked)
    session = context.session()
    public = queries.public_places(session, context.actor(), context.group())
    # Others must be able to write while a server takes its time.
    return Finder(gazetteer(), public, asked, before_asking=lambda: transactions.let_go(session))
