"""What a letter says, in the language spoken now: a time and a link, and of what kind it is.

It names no ride, so that whoever reads along does not learn what its reader does here. The time is
the one that was asked for: the planned minute tells how far away the door is.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_time

from dispatch.i18n import gettext as _
from dispatch.i18n import language, say_day
from dispatch.notify.channels import Letter
from dispatch.notify.models import MessageKind

PAGES = {
    MessageKind.RIDE_OFFERED: "/offers",
    MessageKind.RIDE_WITHDRAWN: "/today",
    MessageKind.RIDE_REMINDER: "/today",
}
"""Where the rest stands; of each kind of message that drivers get."""
OFF = "/me"
"""Where letters are turned off."""


def letter(
    kind: MessageKind,
    *,
    day: date,
    asked_at: datetime | None,
    zone: ZoneInfo,
    base_url: str,
    uid: UUID,
    now: datetime,
) -> Letter:
    """The letter for a message of `kind`; `asked_at` is None where the day has no hour yet."""
    when = _when(day, asked_at, zone)
    base = base_url.rstrip("/")
    off_url = f"{base}{OFF}"
    subject, text = _words(kind, when)
    off = _("Nobody reads answers to this e-mail. Your page is also where you turn e-mails off:")
    lines = [text, f"{base}{PAGES[kind]}", f"{off}\n{off_url}"]
    return Letter(uid, subject, "\n\n".join(lines) + "\n", off_url, now)


def _words(kind: MessageKind, when: str) -> tuple[str, str]:
    if kind is MessageKind.RIDE_OFFERED:
        return (
            _("A question about %(when)s", when=when),
            _("There is a question for you about %(when)s. Please answer it here:", when=when),
        )
    if kind is MessageKind.RIDE_REMINDER:
        return (
            _("Reminder: %(when)s", when=when),
            _("This is to remind you of %(when)s. What it is about stands here:", when=when),
        )
    return (
        _("A change on %(when)s", when=when),
        _("Something has changed for you on %(when)s. Please look here:", when=when),
    )


def _when(day: date, asked_at: datetime | None, zone: ZoneInfo) -> str:
    """ "Tuesday 9 March, 10:00"."""
    if asked_at is None:
        return say_day(day)
    local = asked_at.astimezone(zone)
    # The pattern is a message too: each language reads times its own way.
    clock = format_time(local, _("HH:mm"), locale=language())
    return f"{say_day(local.date())}, {clock}"
