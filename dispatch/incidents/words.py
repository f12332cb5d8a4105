"""What happened and who was told, in words."""

from babel.support import LazyProxy

from dispatch.i18n import lazy_gettext as _l
from dispatch.incidents.models import IncidentKind, Told

KIND_WORDS: dict[IncidentKind, LazyProxy] = {
    IncidentKind.ACCIDENT: _l("An accident"),
    IncidentKind.HEALTH: _l("Somebody was hurt or ill"),
    IncidentKind.UNSAFE: _l("Somebody was not safe, or felt so"),
    IncidentKind.CONDUCT: _l("How somebody behaved"),
    IncidentKind.CAR: _l("Trouble with the car"),
    IncidentKind.LOST: _l("Something was lost or broken"),
    IncidentKind.OTHER: _l("Something else"),
}
TOLD_WORDS: dict[Told, LazyProxy] = {
    Told.EMERGENCY: _l("Emergency services"),
    Told.FAMILY: _l("The family"),
    Told.DRIVER: _l("The driver"),
    Told.STEWARD: _l("A steward"),
    Told.INSURANCE: _l("The insurance"),
}
