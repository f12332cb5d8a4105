"""When a ride is, as far as its driver may know before the address opens.

The planned minute of a pickup tells how long the way from the door is, and a few of those draw the
home on a map. So nothing here looks at the plan: what was asked for and the middles of areas alone.
"""

from datetime import datetime, timedelta

from dispatch.places.roads import Estimate
from dispatch.rides.models import Anchor, Ride


def pickup_between(ride: Ride) -> tuple[datetime, datetime] | None:
    """About when the pickup is, in steps of five minutes; None while the ride has no time."""
    if ride.window_starts_at is None or ride.window_ends_at is None:
        return None
    before = timedelta(0)
    if ride.anchor is Anchor.ARRIVE_BY:
        ends = ride.pickup_place.coarse_point, ride.dropoff_place.coarse_point
        before = timedelta(minutes=Estimate().minutes_between(*ends))
    return _floor(ride.window_starts_at - before), _floor(ride.window_ends_at - before)


def shown_minutes(minutes: int) -> int:
    """Rounded up to five minutes, at least five: what is shown before the grant draws no map."""
    return max(5, -(-minutes // 5) * 5)


def _floor(instant: datetime) -> datetime:
    return instant - timedelta(
        minutes=instant.minute % 5, seconds=instant.second, microseconds=instant.microsecond
    )
