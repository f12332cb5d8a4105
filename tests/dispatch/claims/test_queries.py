"""What a driver is shown of rides that nobody has, and what the desk sees of hands."""

import pytest

from dispatch.claims import queries, service
from dispatch.errors import NotFound
from dispatch.families.models import DriverWish, Wish
from dispatch.people.facts import Claims
from dispatch.places.roads import Estimate
from dispatch.planning.models import Assignment, AssignmentState
from tests.build import DAY, TEN, a_coordinator, a_driver, a_group, driver_actor
from tests.dispatch.planning.service.world import PICKUP


def seen(world, driver=None):
    driver = driver or world.driver
    world.session.flush()
    actor = driver_actor(driver)
    return queries.open_rides(world.session, actor, driver, now=world.now)


def test_a_driver_sees_the_way_back_that_nobody_has_and_no_other_ride(world):
    assert seen(world) == [world.back]
    actor = world.marta
    found = queries.get_open_ride(world.session, actor, world.driver, world.back.uid, now=world.now)
    assert found is world.back
    with pytest.raises(NotFound):
        queries.get_open_ride(world.session, actor, world.driver, world.ride.uid, now=world.now)


def test_where_the_group_does_not_let_them_nobody_sees_anything(world):
    world.group.claims = Claims.NONE
    assert seen(world) == []
    with pytest.raises(NotFound):
        queries.get_open_ride(
            world.session, world.marta, world.driver, world.back.uid, now=world.now
        )


def test_drivers_of_other_groups_see_nothing(world):
    stranger = a_driver(world.session, a_group(world.session, claims=Claims.TAKE))
    assert seen(world, stranger) == []
    actor = driver_actor(stranger)
    assert not queries.is_known_to(world.session, actor, world.back.uid)
    assert queries.is_known_to(world.session, world.marta, world.back.uid)


def test_what_is_proposed_for_somebody_is_not_up_for_anybody(world):
    world.propose(world.back, world.driver, PICKUP)
    assert seen(world) == []


def test_who_is_never_to_drive_them_does_not_see_it(world):
    wish = DriverWish(family=world.ride.family, driver=world.driver, wish=Wish.NEVER)
    world.session.add(wish)
    assert seen(world) == []


def test_who_said_no_to_it_does_not_see_it_again(world):
    said_no = Assignment(
        group_id=world.group.id,
        ride=world.back,
        driver=world.driver,
        user_id=world.driver.user_id,
        state=AssignmentState.DECLINED,
        pickup_at=PICKUP,
        dropoff_at=TEN,
        busy_until=TEN,
        approved_at=world.now,
    )
    world.session.add(said_no)
    assert seen(world) == []


def test_a_car_too_small_is_not_asked(world):
    world.back.adults = world.driver.seats + 1
    assert seen(world) == []


def test_hands_are_for_the_own_desk_while_the_ride_waits(world):
    service.claim(
        world.session, world.marta, world.driver, world.back, engine=Estimate(), now=world.now
    )
    hands = lambda actor: queries.hands_on(world.session, actor, world.group, DAY)  # noqa: E731 -- one question, asked thrice
    (hand,) = hands(world.rosa)
    assert (hand.ride, hand.driver) == (world.back, world.driver)
    assert queries.claimed_by(world.session, world.driver) == {world.back.id}
    assert hands(a_coordinator(world.session, a_group(world.session))) == []
    world.back.state = world.back.state.OFFERED
    world.session.flush()
    assert hands(world.rosa) == []
