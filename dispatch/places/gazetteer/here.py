"""The geocoder of this installation, for views: one for the application, made at its first use."""

from flask import current_app

from dispatch.places.gazetteer.geocoder import Gazetteer, in_folder

GAZETTEER = "dispatch.gazetteer"


def gazetteer() -> Gazetteer:
    """The application's geocoder. Before a map is imported it knows nothing."""
    extensions = current_app.extensions
    if GAZETTEER not in extensions:
        extensions[GAZETTEER] = in_folder(current_app.config["DISPATCH"].data_dir)
    return extensions[GAZETTEER]
