"""What time it is: aware UTC inside, the group's wall clock at the edges.

`now` is a parameter of every rule and service; only views, jobs and the command line call `now()`.
"""

import time as system
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC, to the whole second."""
    return datetime.now(UTC).replace(microsecond=0)


def uptime() -> timedelta:
    """How long this machine has been running, asleep or not: nobody sets this clock."""
    kind = getattr(system, "CLOCK_BOOTTIME", system.CLOCK_MONOTONIC)
    return timedelta(seconds=system.clock_gettime(kind))


def local_instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant at which a clock in `zone` first shows `wall` on `day`, in UTC.

    A wall time that the spring change skips becomes the moment the same distance after the
    change (02:30 shows as 03:30); one that the autumn change repeats means its first showing.
    """
    return datetime.combine(day, wall, zone).astimezone(UTC)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The service day that `instant` falls on in `zone`."""
    return instant.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start (inclusive) and end (exclusive) of `day` in `zone`: 23, 24 or 25 hours apart."""
    midnight = time(0, 0)
    return (
        local_instant(day, midnight, zone),
        local_instant(day + timedelta(days=1), midnight, zone),
    )


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month that holds `day`."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
