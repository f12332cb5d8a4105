"""Could this driver do this ride, as far as areas tell? Nothing here knows a door.

What is shown before the grant must not depend on how long the way from the door is.
"""

from datetime import datetime, timedelta

from dispatch.planning.coarse import pickup_between
from dispatch.planning.facts import DriverDay, needs_of
from dispatch.planning.rules import lacking
from dispatch.rides.models import Leg, Ride, RideState

AHEAD = timedelta(days=14)
LEAD = timedelta(minutes=30)
"""Nobody raises a hand for what begins sooner: the desk calls."""


def may_be_claimed(ride: Ride, now: datetime) -> bool:
    """Whether `ride` is a way back of the next days that waits for a driver.

    One whose driver was to wait goes with its way there.
    """
    return (
        ride.state is RideState.OPEN
        and ride.leg is Leg.RETURN
        and not ride.with_outbound
        and ride.window_ends_at is not None
        and now + LEAD < ride.window_ends_at < now + AHEAD
    )


def suits(ride: Ride, driver: DriverDay, minutes: int, metres: float) -> bool:
    """Whether car, skills, hours and distance fit, by areas.

    `minutes` is the drive between the areas of the ride, `metres` how far its pickup's area is
    from that of the driver's start.
    """
    between = pickup_between(ride)
    if between is None or lacking(needs_of(ride), driver) or driver.rides_left == 0:
        return False
    if driver.max_distance is not None and metres > driver.max_distance:
        return False
    first, last = between
    ends = first + timedelta(minutes=minutes)
    return any(start <= last and ends <= end for start, end in driver.offered)
