"""Moving rides on, on both databases."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict, NotFound, Refused
from dispatch.rides.models import Leg, Ride, RideState
from dispatch.rides.service import (
    cancel,
    change_place,
    change_window,
    mark_ready,
    move,
    restore,
)
from tests.build import TEN, a_coordinator, a_family, a_group, a_public_place, a_ride

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def actor(any_session, group):
    return a_coordinator(any_session, group)


def a_return(session, group, outbound, **values):
    """The way back of `outbound`, at noon."""
    defaults = {
        "family": outbound.family,
        "request": outbound.request,
        "leg": Leg.RETURN,
        "outbound": outbound,
        "window_starts_at": TEN + 2 * HOUR,
        "window_ends_at": TEN + 2 * HOUR,
        "pickup_place": outbound.dropoff_place,
        "dropoff_place": outbound.pickup_place,
    }
    return a_ride(session, group, **{**defaults, **values})


def test_a_move_is_noted_with_who_and_when(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    move(any_session, ride, RideState.OFFERED, by_user_id=actor.user_id, now=now)
    [event] = ride.events
    assert (event.before, event.after, event.by_id, event.at) == (
        RideState.OPEN,
        RideState.OFFERED,
        actor.user_id,
        now,
    )


def test_a_move_that_is_not_in_the_table_changes_nothing(any_session, group, now):
    ride = a_ride(any_session, group)
    with pytest.raises(Conflict) as refused:
        move(any_session, ride, RideState.ARRIVED, by_user_id=None, now=now)
    assert refused.value.sentence == "This ride has no driver now. Nothing was changed."
    assert (ride.state, ride.events) == (RideState.OPEN, [])


def test_a_move_starts_from_what_is_stored_not_from_what_was_seen(any_database, now):
    with any_database.transaction() as session:
        ride_id = a_ride(session, a_group(session)).id
    with any_database.session() as mine:
        seen = mine.get_one(Ride, ride_id)
        mine.commit()
        with any_database.transaction() as theirs:
            move(
                theirs,
                theirs.get_one(Ride, ride_id),
                RideState.CANCELLED,
                by_user_id=None,
                now=now,
            )
        with pytest.raises(Conflict):
            move(mine, seen, RideState.OFFERED, by_user_id=None, now=now)


def test_a_will_call_that_is_ready_wants_a_driver(any_session, group, actor, now):
    ride = a_ride(
        any_session, group, state=RideState.WILL_CALL, window_starts_at=None, window_ends_at=None
    )
    mark_ready(any_session, actor, ride, (now, now + HOUR), now=now)
    assert (ride.state, ride.window_ends_at, ride.ready_at) == (RideState.OPEN, now + HOUR, now)
    assert (ride.version, ride.service_on.day) == (2, 8)


def test_a_ride_with_a_time_cannot_become_ready(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    with pytest.raises(Conflict):
        mark_ready(any_session, actor, ride, (now, now + HOUR), now=now)
    assert ride.window_ends_at == TEN


def test_another_time_makes_a_newer_version(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    change_window(any_session, actor, ride, (TEN + HOUR, TEN + 2 * HOUR), now=now)
    assert (ride.window_starts_at, ride.version) == (TEN + HOUR, 2)


def test_the_way_back_of_a_waiting_driver_moves_along(any_session, group, actor, now):
    out = a_ride(any_session, group, wait_minutes=15)
    back = a_return(any_session, group, out, with_outbound=True)
    change_window(any_session, actor, out, (TEN, TEN + HOUR), now=now)
    assert (back.window_starts_at, back.window_ends_at) == (TEN + QUARTER, TEN + HOUR + QUARTER)
    with pytest.raises(Refused):
        change_window(any_session, actor, back, (TEN + HOUR, TEN + HOUR), now=now)


@pytest.mark.parametrize("shift", [(HOUR, timedelta(0)), (-30 * HOUR, -29 * HOUR)])
def test_a_window_opens_before_it_closes_and_not_in_the_past(any_session, group, actor, now, shift):
    ride = a_ride(any_session, group)
    with pytest.raises(Refused):
        change_window(any_session, actor, ride, (TEN + shift[0], TEN + shift[1]), now=now)
    assert ride.version == 1


def test_nobody_goes_back_before_being_there(any_session, group, actor, now):
    out = a_ride(any_session, group)
    back = a_return(any_session, group, out)
    with pytest.raises(Refused, match="before they arrive"):
        change_window(any_session, actor, back, (TEN - HOUR, TEN + HOUR), now=now)
    with pytest.raises(Refused, match="after they leave again"):
        change_window(any_session, actor, out, (TEN + 3 * HOUR, TEN + 3 * HOUR), now=now)


def test_a_ride_under_way_keeps_its_time(any_session, group, actor, now):
    ride = a_ride(any_session, group, state=RideState.ON_BOARD)
    with pytest.raises(Conflict):
        change_window(any_session, actor, ride, (TEN, TEN + HOUR), now=now)


def test_a_cancelled_ride_says_why_and_can_be_taken_up_again(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    cancel(any_session, actor, ride, reason="sick", now=now)
    assert (ride.state, ride.cancel_reason, ride.version) == (RideState.CANCELLED, "sick", 2)
    restore(any_session, actor, ride, now=now)
    assert (ride.state, ride.cancel_reason, ride.version) == (RideState.OPEN, None, 3)


def test_the_way_back_of_a_waiting_driver_is_taken_up_with_the_way_there(
    any_session, group, actor, now
):
    out = a_ride(any_session, group, wait_minutes=15)
    back = a_return(any_session, group, out, with_outbound=True)
    for ride in (out, back):
        cancel(any_session, actor, ride, reason="family", now=now)
    with pytest.raises(Conflict, match="The way there is cancelled"):
        restore(any_session, actor, back, now=now)
    restore(any_session, actor, out, now=now)
    assert (out.state, back.state) == (RideState.OPEN, RideState.OPEN)


def test_a_cancelled_will_call_waits_again(any_session, group, actor, now):
    ride = a_ride(
        any_session, group, state=RideState.WILL_CALL, window_starts_at=None, window_ends_at=None
    )
    cancel(any_session, actor, ride, reason="family", now=now)
    restore(any_session, actor, ride, now=now)
    assert ride.state is RideState.WILL_CALL


def test_a_ride_of_yesterday_is_not_taken_up_again(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    cancel(any_session, actor, ride, reason="desk", now=now)
    with pytest.raises(Conflict):
        restore(any_session, actor, ride, now=TEN)


def test_a_reason_that_is_not_in_the_list_is_none(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    with pytest.raises(Refused):
        cancel(any_session, actor, ride, reason="because", now=now)
    assert ride.state is RideState.OPEN


@pytest.mark.parametrize("change", ["cancel", "restore", "ready", "time"])
def test_a_ride_of_another_group_is_not_there(any_session, group, now, change):
    stranger = a_coordinator(any_session, a_group(any_session))
    ride = a_ride(any_session, group)
    with pytest.raises(NotFound):
        {
            "cancel": lambda: cancel(any_session, stranger, ride, reason="family", now=now),
            "restore": lambda: restore(any_session, stranger, ride, now=now),
            "ready": lambda: mark_ready(any_session, stranger, ride, (TEN, TEN), now=now),
            "time": lambda: change_window(any_session, stranger, ride, (TEN, TEN), now=now),
        }[change]()


def test_another_place_takes_over_where_the_old_one_was(any_session, group, actor, now):
    ride = a_ride(any_session, group)
    back = a_return(any_session, group, ride)
    home, clinic, before = ride.pickup_place, ride.dropoff_place, ride.version
    library = a_public_place(any_session, group, "Mill Hill Library")
    for one in (ride, back):
        change_place(any_session, actor, one, home, library, now=now)
    assert (ride.pickup_place, ride.dropoff_place) == (library, clinic)
    assert (back.pickup_place, back.dropoff_place) == (clinic, library)
    assert ride.version == before + 1


def test_a_pickup_that_lies_behind_the_party_stays(any_session, group, actor, now):
    ride = a_ride(any_session, group, state=RideState.ON_BOARD)
    home = ride.pickup_place
    library = a_public_place(any_session, group, "Mill Hill Library")
    change_place(any_session, actor, ride, home, library, now=now)
    assert ride.pickup_place is home


def test_no_ride_goes_to_the_home_of_another_family(any_session, group, actor, now):
    ride, other = a_ride(any_session, group), a_family(any_session, group)
    with pytest.raises(NotFound):
        change_place(any_session, actor, ride, ride.pickup_place, other.place, now=now)


def test_a_ride_that_is_over_keeps_its_places(any_session, group, actor, now):
    ride = a_ride(any_session, group, state=RideState.DONE)
    library = a_public_place(any_session, group, "Mill Hill Library")
    with pytest.raises(Conflict):
        change_place(any_session, actor, ride, ride.pickup_place, library, now=now)
