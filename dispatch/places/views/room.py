"""The blueprint that the pages of this room belong to."""

from flask import Blueprint

from dispatch.places.here import gazetteer, server

blueprint = Blueprint("places", __name__)
blueprint.add_app_template_global(lambda: gazetteer().is_there, "addresses_are_known")
blueprint.add_app_template_global(server, "address_server")
