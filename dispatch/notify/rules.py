"""When a letter goes out: not at night unless it is soon, and again after growing pauses."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch import clock

QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 0)
"""On the group's clock: nobody is woken for what can wait."""
SETTLED = timedelta(seconds=40)
"""What was decided can be undone as if nothing had been: until then nobody is written to."""
SOON = timedelta(hours=12)
"""A ride that is nearer is told at any hour."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""After so many tries that did not succeed, so long until the next."""


def first_try_at(ride_at: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """When to send what is known `now` about a ride at `ride_at`."""
    settled_at = now + SETTLED
    local = settled_at.astimezone(zone)
    if ride_at - now <= SOON or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return settled_at
    morning = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return clock.local_instant(morning, QUIET_UNTIL, zone)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None: it has been tried often enough."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None
