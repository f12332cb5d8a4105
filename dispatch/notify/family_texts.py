"""What a family is told by text message: a time and the desk's number, in the language spoken now.

No link, no name, no place, and not what it is about: whoever reads along learns a time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.i18n import gettext as _
from dispatch.notify.channels import Letter
from dispatch.notify.letters import say_when, short_day
from dispatch.notify.models import MessageKind

SAID = frozenset(
    {
        MessageKind.RIDE_ACCEPTED,
        MessageKind.RIDE_CHANGED,
        MessageKind.RIDE_LATE,
        MessageKind.RIDE_CANCELLED,
        MessageKind.RIDE_SEARCHING,
        MessageKind.RIDE_REMINDER,
    }
)
"""The kinds of message that a family may get by text."""


def letter(
    kind: MessageKind,
    *,
    day: date,
    times: Sequence[datetime],
    zone: ZoneInfo,
    desk_phone: str,
    uid: UUID,
    now: datetime,
) -> Letter:
    """The text for messages of `kind` about rides at `times`, none where the day has no hour."""
    words = [_words(kind, say_when(day, times, zone, short_day))]
    if desk_phone:
        words.append(_("Questions: %(phone)s", phone=desk_phone))
    # Spaces of telephones alone, and one period where an hour ends with its own.
    said = " ".join(" ".join(words).split()).replace("..", ".")
    return Letter(uid=uid, subject=said, text=said, brief=said, url="", off_url="", written_at=now)


def _words(kind: MessageKind, when: str) -> str:
    if kind is MessageKind.RIDE_ACCEPTED:
        return _("Confirmed: %(when)s.", when=when)
    if kind is MessageKind.RIDE_CANCELLED:
        return _("Cancelled: %(when)s.", when=when)
    if kind is MessageKind.RIDE_REMINDER:
        return _("We remind you: %(when)s.", when=when)
    if kind is MessageKind.RIDE_SEARCHING:
        return _("Not certain any more: %(when)s. We will write again.", when=when)
    if kind is MessageKind.RIDE_LATE:
        return _("Later: %(when)s.", when=when)
    return _("Changed: %(when)s. We will write again.", when=when)
