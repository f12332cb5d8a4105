"""What a family is told, ready to be read out on the phone in the language spoken now.

Pure: values in, a sentence out. Nothing of it is stored: it is made when somebody is about to call.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_time

from dispatch.i18n import gettext as _
from dispatch.i18n import language, ngettext, say_day
from dispatch.notify.models import MessageKind

_HALF_A_DAY = 12


@dataclass(frozen=True)
class Coming:
    """Who comes: the driver's first name, the car as the family knows it, and when."""

    name: str
    car: str
    pickup_at: datetime


@dataclass(frozen=True)
class News:
    """What happened to one ride, as far as its family is concerned."""

    kind: MessageKind
    coming: Coming | None
    """The driver who has accepted by now, whatever the message said when it was made."""
    asked_at: datetime | None
    """When the ride was to be; None for a will-call."""
    place: str | None
    """The public place of the pickup; None for a home."""


def sentence(news: News, *, zone: ZoneInfo, today: date) -> str:
    """What to say about `news`; `today` is the group's calendar day."""
    if news.kind is MessageKind.RIDE_CANCELLED:
        return _("Your ride %(when)s is cancelled.", when=_when(news.asked_at, zone, today))
    if news.coming is not None and news.kind is MessageKind.RIDE_LATE:
        later = _coming(news.coming, news.place, _when(news.asked_at, zone, today))
        return _("Later than planned: %(sentence)s", sentence=later)
    if news.coming is not None:
        return _coming(news.coming, news.place, _when(news.coming.pickup_at, zone, today))
    words = {"when": _when(news.asked_at, zone, today)}
    if news.kind is MessageKind.RIDE_SEARCHING:
        return _(
            "The driver for your ride %(when)s cannot come. "
            "We are looking for another one and will call you again.",
            **words,
        )
    if news.kind is MessageKind.RIDE_CHANGED:
        return _(
            "Your ride is %(when)s now. We are looking for a driver and will call you again.",
            **words,
        )
    return _("We are still looking for a driver for your ride %(when)s.", **words)


def _coming(coming: Coming, place: str | None, when: str) -> str:
    words = {"name": coming.name, "when": when, "car": coming.car, "place": place}
    if place is not None and coming.car:
        return _("%(name)s is coming to %(place)s %(when)s, %(car)s.", **words)
    if place is not None:
        return _("%(name)s is coming to %(place)s %(when)s.", **words)
    if coming.car:
        return _("%(name)s is coming %(when)s, %(car)s.", **words)
    return _("%(name)s is coming %(when)s.", **words)


def _when(instant: datetime | None, zone: ZoneInfo, today: date) -> str:
    """ "at 13:10", or with its day if that is not today."""
    if instant is None:
        return _("for the way back")
    local = instant.astimezone(zone)
    # The pattern is a message too: each language reads times its own way, "13:10" or "1:10 p. m.".
    clock = format_time(local, _("HH:mm"), locale=language())
    # Languages that bend the word before an hour ("a la 1", "a las 2") bend it by this number.
    hour = local.hour % _HALF_A_DAY or _HALF_A_DAY
    if local.date() == today:
        return ngettext("at %(time)s", "at %(time)s", hour, time=clock)
    return ngettext(
        "on %(day)s at %(time)s",
        "on %(day)s at %(time)s",
        hour,
        day=say_day(local.date()),
        time=clock,
    )
