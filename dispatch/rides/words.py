"""What a ride is for, in words."""

from babel.support import LazyProxy

from dispatch.i18n import lazy_gettext as _l
from dispatch.rides.models import Purpose

PURPOSE_WORDS: dict[Purpose, LazyProxy] = {
    Purpose.MEDICAL: _l("Medical"),
    Purpose.SCHOOL: _l("School"),
    Purpose.WORK: _l("Work"),
    Purpose.LEGAL: _l("Legal"),
    Purpose.FOOD: _l("Food"),
    Purpose.OTHER: _l("Other"),
}
