"""The geocoder of this installation, for views: one for the application, made at its first use."""

from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from dispatch.places.gazetteer.geocoder import Gazetteer

GAZETTEER = "dispatch.gazetteer"


def gazetteer() -> "Gazetteer":
    """The application's geocoder. Before a map is imported it knows nothing."""
    # Its libraries take as long to load as a page takes to answer: not before somebody needs them.
    from dispatch.places.gazetteer.geocoder import in_folder

    extensions = current_app.extensions
    if GAZETTEER not in extensions:
        extensions[GAZETTEER] = in_folder(current_app.config["DISPATCH"].data_dir)
    return extensions[GAZETTEER]
