"""The facts of a day, read once: the rides that want a driver, with what speaks for whom."""

from datetime import timedelta

import pytest

from dispatch.families.models import DriverWish, Wish
from dispatch.places.roads import Basis, Estimate, Matrix
from dispatch.planning import reading, service
from dispatch.planning.facts import LEAD
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests.build import DAY, TEN, a_driver, a_family, a_group, a_ride
from tests.dispatch.planning.service.world import World


@pytest.fixture
def world(session, now):
    return World(session, now)


def read(world, **values):
    world.session.flush()
    return reading.facts_of_day(
        world.session, world.group, DAY, now=world.now, engine=Estimate(), **values
    )


def test_a_ride_that_wants_a_driver_is_read_with_its_needs(world):
    world.ride.child_seats, world.ride.language = {"booster": 1}, "es"
    (asked,) = read(world).rides
    assert (asked.ride_id, asked.window) == (world.ride.id, (TEN - timedelta(minutes=30), TEN))
    assert asked.needs.load == {"seats": 2, "booster": 1}
    assert asked.needs.skills == {"lang:es"}


@pytest.mark.parametrize("state", [RideState.OFFERED, RideState.CANCELLED, RideState.DONE])
def test_a_ride_that_wants_nobody_is_not_read(world, state):
    world.ride.state = state
    assert read(world).rides == ()


def test_a_will_call_waits_until_it_has_a_time(world):
    world.ride.window_starts_at = world.ride.window_ends_at = None
    assert read(world).rides == ()


def test_rides_and_drivers_of_another_group_or_day_are_not_read(world):
    elsewhere = a_group(world.session, name="Elsewhere")
    a_ride(world.session, elsewhere)
    a_driver(world.session, elsewhere)
    a_ride(world.session, world.group, service_on=DAY + timedelta(days=1))
    facts = read(world)
    assert [one.ride_id for one in facts.rides] == [world.ride.id]
    assert [one.driver_id for one in facts.drivers] == [world.driver.id]


def test_wishes_of_the_family_are_read_for_each_driver(world):
    never, prefers = (a_driver(world.session, world.group) for _ in range(2))
    for driver, wish in ((never, Wish.NEVER), (prefers, Wish.PREFERS)):
        world.session.add(
            DriverWish(family_id=world.ride.family_id, driver_id=driver.id, wish=wish)
        )
    (asked,) = read(world).rides
    assert (asked.never, asked.prefers) == ({never.id}, {prefers.id})


def test_who_declined_a_ride_is_never_matched_with_it_again(world):
    (offer,) = world.approve()
    service.decline_offer(world.session, world.marta, offer, now=world.now)
    (asked,) = read(world).rides
    assert (asked.never, asked.declined) == (set(), {world.driver.id})


@pytest.mark.parametrize(("days", "is_known"), [(59, True), (61, False)])
def test_who_drove_the_family_lately_is_known_to_it(world, days, is_known):
    (driven,) = world.approve()
    driven.state = AssignmentState.COMPLETED
    again = a_ride(world.session, world.group, family=world.ride.family)
    world.now = driven.pickup_at + timedelta(days=days)
    facts = read(world, only=reading.Only([again], frozenset({world.driver.id})))
    assert facts.rides[0].known == ({world.driver.id} if is_known else frozenset())


def test_both_ways_of_a_waiting_driver_are_one_ride(world):
    out, back = world.propose_both_ways()
    asked = next(one for one in read(world).rides if one.ride_id == out.ride_id)
    assert (asked.way_back.ride_id, asked.way_back.wait) == (back.ride_id, 45 * 60)
    assert back.ride_id not in {one.ride_id for one in read(world).rides}


def test_a_way_back_whose_way_out_is_under_way_is_a_ride_of_its_own(world):
    out, back = world.propose_both_ways()
    out.ride.state = RideState.ON_BOARD
    asked = next(one for one in read(world).rides if one.ride_id == back.ride_id)
    assert asked.way_back is None


def test_nobody_is_asked_to_come_sooner_than_the_lead(world):
    assert read(world).not_before == world.now + LEAD
    longer = timedelta(minutes=25)
    assert read(world, lead=longer).not_before == world.now + longer


def test_one_decision_reads_one_ride_and_the_drivers_in_question(world):
    other = a_driver(world.session, world.group)
    world.ride.state = RideState.ACCEPTED
    a_ride(world.session, world.group)
    facts = read(world, only=reading.Only([world.ride], frozenset({other.id})))
    assert [one.ride_id for one in facts.rides] == [world.ride.id]
    assert [one.driver_id for one in facts.drivers] == [other.id]


def test_every_place_of_the_day_has_times_to_every_other(world):
    facts = read(world)
    home, pickup = world.driver.start_place_id, world.ride.pickup_place_id
    assert facts.travel.is_estimate
    assert facts.travel.between(home, pickup) > 0
    assert facts.travel.between(pickup, world.ride.dropoff_place_id) > 0


def test_what_the_times_stand_on_and_which_places_are_off_the_road_is_kept(world):
    class OnePointAstray:
        def matrix(self, points):
            return Matrix([[0] * len(points) for _ in points], Basis.ROAD_MAP, frozenset({1}))

    world.session.flush()
    places = sorted(
        {world.driver.start_place_id, world.ride.pickup_place_id, world.ride.dropoff_place_id}
    )
    facts = reading.facts_of_day(
        world.session, world.group, DAY, now=world.now, engine=OnePointAstray()
    )
    assert (facts.travel.basis, facts.travel.is_estimate) == (Basis.ROAD_MAP, False)
    assert facts.travel.astray == {places[1]}


def test_distances_are_known_for_drivers_with_a_limit_only(world):
    assert read(world).crow_metres == {}
    world.driver.max_distance_km = 5
    ((_pair, metres),) = read(world).crow_metres.items()
    assert 500 < metres < 1500


def test_rides_of_the_family_that_nobody_drove_count_and_those_of_others_do_not(world):
    family = world.ride.family
    for days_ago, state in (
        (1, RideState.OPEN),
        (27, RideState.OFFERED),
        (2, RideState.CANCELLED),
        (3, RideState.DONE),
        (40, RideState.OPEN),
    ):
        _a_ride_of_the_past(world, family, days_ago, state)
    _a_ride_of_the_past(world, a_family(world.session, world.group), 1, RideState.OPEN)
    (asked,) = read(world).rides
    assert asked.passed_over == 2


def _a_ride_of_the_past(world, family, days_ago, state):
    ended = world.now - timedelta(days=days_ago)
    a_ride(
        world.session,
        world.group,
        family=family,
        state=state,
        service_on=ended.date(),
        window_starts_at=ended - timedelta(minutes=30),
        window_ends_at=ended,
    )


def test_the_weight_of_a_fair_share_is_the_groups(world):
    world.group.even_load_seconds = 90
    assert read(world).even_load == 90
