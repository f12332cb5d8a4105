"""Cancelling from the page of a ride: it alone, its day, or the rest of its series."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.people.models import User
from dispatch.rides.models import Leg, Ride, RideState
from tests.build import DAY, TEN, a_coordinator, a_group, a_ride

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("scope", "cancelled"),
    [(None, [2]), ("ride", [2]), ("day", [2, 3]), ("rest", [2, 3, 4])],
)
def test_what_is_cancelled_is_what_was_chosen(database, client_of, scope, cancelled):
    with database.transaction() as session:
        group = a_group(session)
        user = session.get_one(User, a_coordinator(session, group).user_id)
        first = a_ride(session, group)
        same = {"family": first.family, "request": first.request}
        chosen = a_ride(session, group, service_on=DAY + WEEK, **same)
        a_ride(
            session,
            group,
            service_on=DAY + WEEK,
            leg=Leg.RETURN,
            outbound=chosen,
            window_starts_at=TEN,
            window_ends_at=TEN,
            **same,
        )
        a_ride(session, group, service_on=DAY + 2 * WEEK, **same)
        address = f"/rides/{chosen.uid}/cancel"
    form = {"version": 1, "reason": "family"} | ({"scope": scope} if scope else {})
    assert client_of(user).post(address, data=form).status_code == 303
    with database.session() as session:
        gone = session.scalars(select(Ride.id).where(Ride.state == RideState.CANCELLED))
        assert sorted(gone) == cancelled


def test_a_scope_that_is_none_cancels_nothing(database, client_of):
    with database.transaction() as session:
        group = a_group(session)
        user = session.get_one(User, a_coordinator(session, group).user_id)
        uid = a_ride(session, group).uid
    form = {"version": 1, "reason": "family", "scope": "everything"}
    answer = client_of(user).post(f"/rides/{uid}/cancel", data=form, follow_redirects=True)
    assert answer.request.path == f"/rides/{uid}"
    assert "Choose what to cancel." in answer.text
    with database.session() as session:
        assert session.scalars(select(Ride)).one().state is RideState.OPEN
