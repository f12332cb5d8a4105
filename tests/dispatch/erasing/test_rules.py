"""What is no longer needed, decided on plain values."""

import pytest

from dispatch.erasing import rules
from dispatch.erasing.models import Outcome
from dispatch.rides.models import Ride, RideState


@pytest.mark.parametrize(
    ("kilometres", "band"),
    [(0, "0-5"), (4.99, "0-5"), (5, "5-15"), (14.9, "5-15"), (15, "15-40"), (40, "40+")],
)
def test_a_distance_is_counted_in_a_band(kilometres: float, band: str):
    assert rules.distance_band(kilometres) == band


def test_every_state_of_a_ride_is_counted_somehow():
    counted = {state: rules.outcome_of(Ride(state=state)) for state in RideState}
    assert counted[RideState.DONE] is Outcome.DRIVEN
    assert counted[RideState.NO_SHOW] is Outcome.NO_SHOW
    assert counted[RideState.CANCELLED] is Outcome.CANCELLED
    assert counted[RideState.OPEN] is counted[RideState.ACCEPTED] is Outcome.NOT_DRIVEN


@pytest.mark.parametrize(
    ("ride", "outcome"),
    [
        (Ride(state=RideState.NO_SHOW, no_show_reason="nobody"), Outcome.NO_SHOW),
        (Ride(state=RideState.NO_SHOW, no_show_reason="at_door"), Outcome.CANCELLED),
        (Ride(state=RideState.CANCELLED, cancel_reason="sick"), Outcome.CANCELLED),
        (Ride(state=RideState.CANCELLED, cancel_reason="no_driver"), Outcome.NOT_DRIVEN),
    ],
)
def test_whose_doing_it_was_decides_how_a_ride_is_counted(ride: Ride, outcome: Outcome):
    assert rules.outcome_of(ride) is outcome
