"""What a family reads on its own page: short sentences, as the desk says them on the phone."""

from babel.support import LazyProxy

from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.visits.facts import OwnLook, Seen

REASON_WORDS: dict[str, LazyProxy] = {
    "family": _l("We do not need it any more"),
    "moved": _l("The appointment was moved"),
    "sick": _l("Somebody is ill"),
    "other_way": _l("We found another way"),
}
"""Why a family calls a ride off, as it says it itself; of `rides.rules.CANCEL_REASONS`."""


def say_who(look: OwnLook) -> str:
    """Who looked: drivers by their first name, people of the desk by what they do."""
    if look.role == "driver":
        return _("%(name)s, driver", name=look.name)
    return {
        "coordinator": _("A coordinator"),
        "steward": _("A steward"),
        "family": _("You"),
    }.get(look.role, _("The program"))


def say_what(look: OwnLook) -> str:
    """What was read."""
    if look.what == {Seen.ADDRESS}:
        return _("your address")
    if Seen.ADDRESS in look.what:
        return _("your address and name")
    return _("your name, phone or notes")
