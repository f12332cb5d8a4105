"""How long a closed family is open in need, and what has to be said before."""

from datetime import datetime, timedelta

from dispatch.glass.models import GlassBreak, Need
from dispatch.i18n import gettext as _

OPEN_FOR = timedelta(minutes=30)
REVIEW_WITHIN = timedelta(hours=72)
LEAST_REASON = 20
"""Characters: a word is no reason."""
MOST_REASON = 1000


def trouble(need: Need | None, reason: str) -> dict[str, str]:
    """What is missing before a family is opened: {field: sentence}."""
    found = {}
    if need is None:
        found["need"] = _("Choose what is the matter.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        found["reason"] = _("Say in a sentence what is the matter: at least 20 characters.")
    return found


def closes_at(broken: GlassBreak) -> datetime:
    """When the family was, or will be, closed again."""
    return broken.ends_at if broken.ended_at is None else min(broken.ended_at, broken.ends_at)
