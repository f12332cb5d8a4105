"""What is said beside a candidate and a pin."""

from babel.support import LazyProxy

from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.pins import PinTrouble

_KINDS: dict[MatchKind, LazyProxy] = {
    MatchKind.EXACT: _l("A known address."),
    MatchKind.SIMILAR: _l("A name much like it."),
    MatchKind.INTERPOLATED: _l("Counted between the numbers beside it: look at the pin."),
    MatchKind.STREET: _l("Only the street is known: move the pin to the door."),
    MatchKind.CROSSING: _l("Where two streets cross."),
    MatchKind.PLACE: _l("A place of this name."),
}
_TROUBLES: dict[PinTrouble, LazyProxy] = {
    PinTrouble.SWAPPED: _l("Latitude and longitude look swapped."),
    PinTrouble.OUTSIDE: _l("The pin lies outside of the map that is known here. Is it meant?"),
    PinTrouble.WATER: _l("The pin lies in water. Move it to the door."),
}


def say_how_found(found: Found) -> str:
    """How sure a candidate is, and who says so."""
    by = _("Found by %(server)s.", server=found.server) if found.server else ""
    return f"{_how_sure(found)} {by}".rstrip()


def _how_sure(found: Found) -> str:
    if found.is_doubtful and found.number:
        return _("One of several that may be meant: look at the town and the street.")
    if found.is_corrected and found.kind is MatchKind.EXACT:
        return _("A known address, written a little differently.")
    return str(_KINDS[found.kind])


def say_pin_trouble(trouble: PinTrouble) -> str:
    """What is wrong with a pin."""
    return str(_TROUBLES[trouble])
