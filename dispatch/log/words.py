"""The roles of the log in words."""

from babel.support import LazyProxy

from dispatch.i18n import lazy_gettext as _l

ROLE_WORDS: dict[str, LazyProxy] = {
    "coordinator": _l("coordinator"),
    "driver": _l("driver"),
    "steward": _l("steward"),
    "family": _l("the family itself"),
    "system": _l("the program"),
    "anonymous": _l("nobody signed in"),
}
