"""Decisions about what is no longer needed."""

from datetime import timedelta

from dispatch.erasing.models import Outcome
from dispatch.rides.models import Ride, RideState
from dispatch.rides.rules import CANCELLED_AT_DOOR, DRIVER_STAYED_AWAY

_BANDS = ((5, "0-5"), (15, "5-15"), (40, "15-40"))
_FAR = "40+"
BANDS = (*(band for _most, band in _BANDS), _FAR)
"""The bands of kilometres that distances are counted in, the nearest first."""
OVERDUE_AFTER = timedelta(hours=24)
"""What is due and still there after this is shown in red: the daily run should have taken it."""
LONGEST_HOLD = timedelta(days=90)

_OUTCOMES = {
    RideState.DONE: Outcome.DRIVEN,
    RideState.NO_SHOW: Outcome.NO_SHOW,
    RideState.CANCELLED: Outcome.CANCELLED,
}


def distance_band(kilometres: float) -> str:
    """The band that a distance is counted in: "0-5", "5-15", "15-40" or "40+"."""
    return next((band for most, band in _BANDS if kilometres < most), _FAR)


def outcome_of(ride: Ride) -> Outcome:
    """How a ride whose time is over is counted."""
    if ride.state is RideState.NO_SHOW and ride.no_show_reason == CANCELLED_AT_DOOR:
        return Outcome.CANCELLED
    if ride.state is RideState.CANCELLED and ride.cancel_reason == DRIVER_STAYED_AWAY:
        return Outcome.NOT_DRIVEN
    return _OUTCOMES.get(ride.state, Outcome.NOT_DRIVEN)
