"""What lists of rides hold, and what they cost."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from dispatch.errors import NotFound
from dispatch.families.models import FamilyState
from dispatch.rides import queries
from dispatch.rides.models import Leg, RideState
from dispatch.rides.queries import Scope
from tests.build import DAY, TEN, a_coordinator, a_family, a_group, a_public_place, a_ride

WEEK = timedelta(days=7)
WAY = ("Mill Hill", "Lakeview Clinic")


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def actor(any_session, group):
    return a_coordinator(any_session, group)


@pytest.fixture
def stranger(any_session):
    return a_coordinator(any_session, a_group(any_session))


def a_return(session, group, outbound, **values):
    """The way back of `outbound`, two hours later."""
    return a_ride(
        session,
        group,
        family=outbound.family,
        request=outbound.request,
        leg=Leg.RETURN,
        outbound=outbound,
        dropoff_place=outbound.pickup_place,
        **values,
    )


class Counter:
    """Counts the statements that a connection runs."""

    def __init__(self, session):
        self.bind, self.number = session.get_bind(), 0

    def __enter__(self):
        event.listen(self.bind, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_error):
        event.remove(self.bind, "before_cursor_execute", self._count)

    def _count(self, *_statement):
        self.number += 1


def test_a_ride_is_found_with_what_its_page_shows(any_session, group, actor):
    ride = a_ride(any_session, group)
    any_session.expunge_all()
    found = queries.get_ride(any_session, actor, ride.uid)
    with Counter(any_session) as statements:
        assert found.family.number
        assert found.pickup_place.shown_as == "Mill Hill"
        assert (found.returns, found.events, found.outbound) == ([], [], None)
        assert found.request.family is found.family
    assert statements.number == 0


def test_what_belongs_to_another_group_is_not_found(any_session, group, stranger):
    ride = a_ride(any_session, group)
    with pytest.raises(NotFound):
        queries.get_ride(any_session, stranger, ride.uid)
    with pytest.raises(NotFound):
        queries.get_request(any_session, stranger, ride.request.uid)


def test_every_list_is_empty_for_a_stranger(any_session, group, stranger, now):
    out = a_ride(any_session, group, state=RideState.DONE)
    a_return(any_session, group, out)
    session, family = any_session, out.family
    assert queries.rides_of_day(session, stranger, group, DAY) == []
    assert queries.rides_of_week(session, stranger, group, DAY) == []
    assert queries.rides_of_request(session, stranger, out.request) == []
    assert queries.rides_of_family(session, stranger, family, since=DAY) == []
    assert queries.returns_without_driver(session, stranger, group, now) == []
    assert queries.rides_at(session, stranger, family, family.place, since=DAY) == []
    assert queries.recent_dropoffs(session, stranger, family) == []
    assert queries.open_rides_by_day(session, stranger, group, DAY, DAY) == {}
    assert queries.rides_in_scope(session, stranger, out, Scope.REST) == []
    assert queries.family_numbers(session, stranger, group) == []


def test_a_day_is_in_the_order_of_time_with_will_calls_last(any_session, group, actor):
    family = a_family(any_session, group)
    late = a_ride(any_session, group, family=family)
    early = a_ride(any_session, group, window_starts_at=TEN - WEEK, family=family)
    called = a_ride(
        any_session, group, state=RideState.WILL_CALL, window_starts_at=None, window_ends_at=None
    )
    a_ride(any_session, group, service_on=DAY + WEEK)
    assert queries.rides_of_day(any_session, actor, group, DAY) == [early, late, called]


def test_a_week_runs_from_monday_to_sunday(any_session, group, actor):
    days = [DAY + timedelta(days=n) for n in (-2, -1, 5, 6)]
    rides = [a_ride(any_session, group, service_on=day) for day in days]
    assert queries.rides_of_week(any_session, actor, group, DAY) == rides[1:3]


def test_a_day_of_many_rides_costs_as_many_statements_as_one_of_few(any_session, group, actor):
    for day, rides in ((DAY, 2), (DAY + WEEK, 12)):
        for _ in range(rides):
            a_ride(any_session, group, service_on=day)
    assert [statements_for(any_session, actor, group, DAY + n * WEEK) for n in (0, 1)] == [1, 1]


def statements_for(session, actor, group, day):
    """How many statements it takes to show the rides of `day`."""
    session.flush()
    session.expunge_all()
    with Counter(session) as statements:
        for ride in queries.rides_of_day(session, actor, group, day):
            assert ride.family.number
            assert (ride.pickup_place.shown_as, ride.dropoff_place.shown_as) == WAY
    return statements.number


@pytest.mark.parametrize(
    ("outbound", "back", "alarms"),
    [
        (RideState.DONE, RideState.OPEN, True),
        (RideState.DONE, RideState.OFFERED, True),
        (RideState.DONE, RideState.WILL_CALL, True),
        (RideState.DONE, RideState.ACCEPTED, False),
        (RideState.DONE, RideState.CANCELLED, False),
        (RideState.ON_BOARD, RideState.OPEN, False),
    ],
)
def test_a_party_that_was_dropped_off_and_has_no_driver_back_alarms(
    any_session, group, actor, outbound, back, alarms
):
    out = a_ride(any_session, group, state=outbound)
    ride = a_return(any_session, group, out, state=back)
    assert (ride in queries.returns_without_driver(any_session, actor, group, TEN)) == alarms


def test_an_old_return_alarms_nobody_any_more(any_session, group, actor):
    out = a_ride(any_session, group, state=RideState.DONE)
    a_return(any_session, group, out)
    later = TEN + timedelta(days=2)
    assert queries.returns_without_driver(any_session, actor, group, later) == []


def test_rides_at_a_place_are_those_of_the_family_that_may_still_go_there(
    any_session, group, actor
):
    ride = a_ride(any_session, group)
    back = a_return(any_session, group, ride)
    a_ride(any_session, group)
    gone = a_ride(any_session, group, family=ride.family, service_on=DAY - WEEK)
    driving = a_ride(any_session, group, family=ride.family, service_on=DAY - WEEK)
    driving.state = RideState.ON_BOARD
    for over in (RideState.DONE, RideState.NO_SHOW):
        a_ride(any_session, group, family=ride.family, state=over)
    a_ride(any_session, group, family=ride.family, pickup_place=ride.dropoff_place)
    family = ride.family
    found = queries.rides_at(any_session, actor, family, family.place, since=DAY)
    assert found == [driving, ride, back]
    assert gone not in found


def test_recent_dropoffs_name_each_place_once_newest_first(any_session, group, actor):
    family = a_family(any_session, group)
    clinic, school = (a_public_place(any_session, group, name) for name in ("Clinic", "School"))
    a_ride(any_session, group, family=family, dropoff_place=clinic)
    to_school = a_ride(any_session, group, family=family, dropoff_place=school)
    again = a_ride(any_session, group, family=family, dropoff_place=clinic)
    a_return(any_session, group, again)
    assert queries.recent_dropoffs(any_session, actor, family) == [again, to_school]


def test_open_rides_are_counted_by_day(any_session, group, actor):
    for day, state in [(DAY, RideState.OPEN), (DAY, RideState.OPEN), (DAY, RideState.DONE)]:
        a_ride(any_session, group, service_on=day, state=state)
    assert queries.open_rides_by_day(any_session, actor, group, DAY, DAY + WEEK) == {DAY: 2}


@pytest.mark.parametrize(
    ("scope", "days"), [(Scope.RIDE, [7]), (Scope.DAY, [7, 7]), (Scope.REST, [7, 7, 14])]
)
def test_a_scope_is_a_ride_a_day_or_the_rest_of_the_series(any_session, group, actor, scope, days):
    first = a_ride(any_session, group)
    same = {"family": first.family, "request": first.request}
    second = a_ride(any_session, group, service_on=DAY + WEEK, **same)
    a_return(any_session, group, second, service_on=DAY + WEEK)
    a_ride(any_session, group, service_on=DAY + 2 * WEEK, **same)
    a_ride(any_session, group, service_on=DAY + 3 * WEEK, state=RideState.DONE, **same)
    found = queries.rides_in_scope(any_session, actor, second, scope)
    assert [(ride.service_on - DAY).days for ride in found] == days


def test_a_request_shows_its_rides_day_by_day(any_session, group, actor):
    out = a_ride(any_session, group)
    back = a_return(any_session, group, out)
    later = a_ride(
        any_session, group, family=out.family, request=out.request, service_on=DAY + WEEK
    )
    request = queries.get_request(any_session, actor, out.request.uid)
    assert queries.rides_of_request(any_session, actor, request) == [out, back, later]


def test_families_who_left_are_not_offered(any_session, group, actor):
    stays = a_family(any_session, group)
    a_family(any_session, group, state=FamilyState.LEFT)
    assert queries.family_numbers(any_session, actor, group) == [stays.number]
