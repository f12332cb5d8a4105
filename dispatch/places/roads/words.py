"""What driving times stand on, said to people."""

from dispatch.i18n import gettext as _
from dispatch.places.roads.matrix import Basis


def basis_sentence(basis: Basis) -> str:
    """What times of this basis stand on."""
    sentences = {
        Basis.ROAD_MAP: _("Driving times follow the roads of the imported map."),
        Basis.ROAD_SERVER: _("Driving times come from the group's own road server."),
        Basis.NO_MAP: _("Times are estimates: no road map has been imported."),
        Basis.NO_ENGINE: _("Times are estimates: the road engine is not installed."),
        Basis.OFF_MAP: _("Times are estimates: the roads of the map do not lead there."),
        Basis.SILENT: _("Times are estimates: the road engine did not answer."),
    }
    return sentences[basis]
