"""What stands beside a closed family that somebody opened."""

from babel.support import LazyProxy

from dispatch.glass.models import Need, Verdict
from dispatch.i18n import lazy_gettext as _l

NEED_WORDS: dict[Need, LazyProxy] = {
    Need.DANGER: _l("Somebody is in danger"),
    Need.STRANDED: _l("Somebody waits to be fetched or brought home"),
    Need.LOST_CONTACT: _l("They have to be told something, and there is no other way"),
    Need.LAW: _l("The law asks for it"),
    Need.OTHER: _l("Something else"),
}
VERDICT_WORDS: dict[Verdict, LazyProxy] = {
    Verdict.NEEDED: _l("It was needed"),
    Verdict.QUESTIONED: _l("It was not needed, or too much was read"),
}
