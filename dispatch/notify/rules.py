"""When a letter goes out: not at night unless it is soon, and again after growing pauses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch import clock
from dispatch.notify.models import DeliveryState

SETTLED = timedelta(seconds=40)
"""What was decided can be undone as if nothing had been: until then nobody is written to."""
SOON = timedelta(hours=12)
"""A ride that is nearer is told at any hour."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""After so many tries that did not succeed, so long until the next."""


@dataclass(frozen=True)
class Night:
    """When nobody is woken for what can wait: hours of the day on the group's clock."""

    from_hour: int
    until_hour: int
    zone: ZoneInfo

    def ends_at(self, now: datetime) -> datetime:
        """When the night ends that it is `now`; `now` itself by day."""
        local = now.astimezone(self.zone)
        since = (local.hour - self.from_hour) % 24
        if since >= (self.until_hour - self.from_hour) % 24:
            return now
        morning = local.date() + timedelta(days=local.hour >= self.until_hour)
        return clock.local_instant(morning, time(self.until_hour), self.zone)


def first_try_at(ride_at: datetime, night: Night, now: datetime) -> datetime:
    """When to send what is known `now` about a ride at `ride_at`."""
    settled_at = now + SETTLED
    return settled_at if ride_at - now <= SOON else night.ends_at(settled_at)


def together(states: Sequence[DeliveryState]) -> DeliveryState:
    """What came of one letter to several browsers: one that has it is enough, and where one may
    have it nothing is sent again."""
    best = (DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.WAITING)
    return next((one for one in best if one in states), DeliveryState.FAILED)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None: it has been tried often enough."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None
