"""The tiles of the base map, and where the pages find them."""

from flask import Blueprint, current_app, request, send_file, url_for
from werkzeug.wrappers import Response

from dispatch.errors import Closed
from dispatch.i18n import gettext as _
from dispatch.places.basemap import serving
from dispatch.policy import Action
from dispatch.policy.endpoints import needs

blueprint = Blueprint("basemap", __name__)
_ONE_YEAR = 31_536_000


@blueprint.get("/map.pmtiles")
@needs(Action.SIGN_OUT)  # what everybody may who is signed in: a map of public streets
def tiles() -> Response:
    """A range of the file that the query names by its edition.

    Which tiles somebody looks at stands in a header, and in no address that a log would keep.
    """
    found = serving.find(current_app.config["DISPATCH"].data_dir, request.args.get("v", ""))
    if found is None:
        raise Closed(_("A newer map has taken the place of this one. Reload the page to see it."))
    answer = send_file(
        found.path,
        mimetype="application/vnd.pmtiles",
        conditional=True,
        etag=found.edition,
        last_modified=None,
    )
    answer.cache_control.no_cache = None
    answer.cache_control.private = True
    answer.cache_control.max_age = _ONE_YEAR
    answer.cache_control.immutable = True
    return answer


@blueprint.app_template_global("base_map")
def base_map() -> dict[str, object] | None:
    """Where a page finds the tiles, and how detailed they are; None where there are none."""
    found = serving.in_use(current_app.config["DISPATCH"].data_dir)
    if found is None:
        return None
    return {"tiles": url_for("basemap.tiles", v=found.edition), "zoom": found.zoom}
