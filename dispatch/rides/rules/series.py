"""Which days a request means, and when each of its rides may happen.

People speak in wall times ("there by ten, every Tuesday"), so a series is kept in wall times and
each of its days becomes instants by itself: the clock's change moves the instants, not the time.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch import clock
from dispatch.rides.models import Anchor, Leg, ReturnKind

if TYPE_CHECKING:
    from dispatch.rides.rules.asking import Asked

Window = tuple[datetime, datetime]
"""The earliest and the latest moment of an arrival or a departure, in UTC, both inclusive."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlannedRide:
    """One ride of a request before it is stored."""

    leg: Leg
    service_on: date
    anchor: Anchor
    window: Window | None
    """None for a will-call."""


def service_days(
    first_on: date, last_on: date, weekdays: Collection[int], except_on: Collection[date]
) -> list[date]:
    """The days of a series from `first_on` to `last_on`, both inclusive, without `except_on`.

    `weekdays` are numbers, 0 for Monday; none at all means `first_on` alone.
    """
    if not weekdays:
        return [first_on]
    days = ((first_on + n * _DAY) for n in range((last_on - first_on).days + 1))
    return [day for day in days if day.weekday() in weekdays and day not in except_on]


def window(anchor: Anchor, day: date, wall: time, flexible_minutes: int, zone: ZoneInfo) -> Window:
    """When a ride may arrive (at `wall` or that much earlier) or leave (or that much later).

    A time that the spring change skips means the moment just as long after the change; one that
    the autumn change repeats means its first showing.
    """
    instant = clock.local_instant(day, wall, zone)
    flexible = timedelta(minutes=flexible_minutes)
    if anchor is Anchor.ARRIVE_BY:
        return instant - flexible, instant
    return instant, instant + flexible


def waiting(outbound: Window, wait_minutes: int) -> Window:
    """When a party leaves again whose driver waits that long after an arrival in `outbound`."""
    wait = timedelta(minutes=wait_minutes)
    return outbound[0] + wait, outbound[1] + wait


def planned(asked: "Asked", zone: ZoneInfo) -> Iterator[PlannedRide]:
    """The rides that `asked` means, day by day, each outbound before its return."""
    for day in service_days(asked.on, asked.last_on, asked.weekdays, asked.except_on):
        outbound = window(asked.anchor, day, asked.at, asked.flexible_minutes, zone)
        yield PlannedRide(Leg.OUTBOUND, day, asked.anchor, outbound)
        if asked.return_kind is not ReturnKind.NONE:
            back = _return_window(asked, day, outbound, zone)
            yield PlannedRide(Leg.RETURN, day, Anchor.LEAVE_AT, back)


def _return_window(asked: "Asked", day: date, outbound: Window, zone: ZoneInfo) -> Window | None:
    if asked.return_kind is ReturnKind.WAIT:
        return waiting(outbound, asked.wait_minutes)
    if asked.return_kind is ReturnKind.WILL_CALL or asked.return_at is None:
        return None
    first, last = window(Anchor.LEAVE_AT, day, asked.return_at, asked.return_flexible_minutes, zone)
    # On the day of a change the arrival may be moved past the way back: nobody leaves before.
    early = max(outbound[1] - first, timedelta(0))
    return first + early, last + early
