"""What a letter says, in the language spoken now: a time and a link, and of what kind it is.

It names no ride, so that whoever reads along does not learn what its reader does here. The time is
the one that was asked for: the planned minute tells how far away the door is.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list

from dispatch.i18n import gettext as _
from dispatch.i18n import language, say_day
from dispatch.notify import one_text
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
    times: Sequence[datetime],
    zone: ZoneInfo,
    base_url: str,
    uid: UUID,
    now: datetime,
) -> Letter:
    """The letter for messages of `kind`; `times` that were asked for, none where the day has no
    hour yet."""
    base = base_url.rstrip("/")
    url, off_url = f"{base}{PAGES[kind]}", f"{base}{OFF}"
    when = say_when(day, times, zone, say_day)
    off = _("Nobody reads answers to this e-mail. Your page is also where you turn e-mails off:")
    lines = [_text(kind, when), url, f"{off}\n{off_url}"]
    return Letter(
        uid=uid,
        subject=_subject(kind, when),
        text="\n\n".join(lines) + "\n",
        brief=_brief(
            kind, [say_when(day, some, zone, short_day) for some in (times, times[:1])], url
        ),
        url=url,
        off_url=off_url,
        written_at=now,
    )


def _subject(kind: MessageKind, when: str) -> str:
    if kind is MessageKind.RIDE_OFFERED:
        return _("A question about %(when)s", when=when)
    if kind is MessageKind.RIDE_REMINDER:
        return _("Reminder: %(when)s", when=when)
    return _("A change on %(when)s", when=when)


def _text(kind: MessageKind, when: str) -> str:
    if kind is MessageKind.RIDE_OFFERED:
        return _("There is a question for you about %(when)s. Please answer it here:", when=when)
    if kind is MessageKind.RIDE_REMINDER:
        return _("This is to remind you of %(when)s. What it is about stands here:", when=when)
    return _("Something has changed for you on %(when)s. Please look here:", when=when)


def _brief(kind: MessageKind, whens: Sequence[str], url: str) -> str:
    """In one text message: with every time, else with the first, else nothing but that."""
    words = [*(_subject(kind, when) for when in whens), whens[-1]]
    # Spaces that keep words together are not in the alphabet of telephones.
    said = [f"{' '.join(one.split())} {url}" for one in words]
    return next((one for one in said if one_text.fits(one)), said[-1])


def say_when(
    day: date, times: Sequence[datetime], zone: ZoneInfo, say: Callable[[date], str]
) -> str:
    """ "Tuesday 9 March, 10:00 and 13:00", the day as `say` says it."""
    if not times:
        return say(day)
    local = [one.astimezone(zone) for one in times]
    # The pattern is a message too: each language reads times its own way.
    clocks = [format_time(one, _("HH:mm"), locale=language()) for one in local]
    return f"{say(local[0].date())}, {format_list(clocks, locale=language())}"


def short_day(day: date) -> str:
    """ "9 Mar"."""
    return format_date(day, _("d MMM"), locale=language())
