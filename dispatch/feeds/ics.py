"""Rides as a calendar file (RFC 5545). Pure: values in, bytes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from dispatch.i18n import gettext as _
from dispatch.i18n import language

REFRESH = timedelta(hours=1)
"""How often a calendar is asked to look again."""


@dataclass(frozen=True)
class Entry:
    """One ride, as far as a calendar may know it."""

    uid: UUID
    between: tuple[datetime, datetime]
    """About when the pickup is."""
    is_promised: bool
    """Whether the driver said yes."""
    changed_at: datetime


def file_of(found: Iterable[Entry], *, link: str) -> bytes:
    """The calendar file of these rides in the language spoken now; each leads to `link`."""
    made = Calendar()
    made.add("prodid", "-//Dispatch//rides//")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("Rides"))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in found:
        first, last = one.between
        event = Event()
        event.add("uid", str(one.uid))
        event.add("dtstamp", one.changed_at)
        event.add("dtstart", first)
        event.add("dtend", max(last, first + timedelta(minutes=5)))
        said = _("Pickup of a ride") if one.is_promised else _("A ride waits for your answer")
        event.add("summary", said, parameters={"LANGUAGE": language()})
        event.add("status", "CONFIRMED" if one.is_promised else "TENTATIVE")
        event.add("url", link)
        event.add("class", "PRIVATE")
        made.add_component(event)
    return made.to_ical()
