"""What belongs together: a way out and the way back that its waiting driver drives too."""

from dataclasses import replace

import pytest

from dispatch.planning import service
from dispatch.planning.models import ProposalState
from dispatch.planning.service.pairs import (
    assignments_of_pair,
    pair_of,
    proposals_of_pair,
    with_rides,
    without_rides,
)
from dispatch.rides.models import Leg, RideState
from tests.build import a_driver, a_ride
from tests.dispatch.planning.cases import DRIVER, a_day, at, promised
from tests.dispatch.planning.service.world import PICKUP


def test_a_ride_without_a_way_back_is_alone(world):
    assert pair_of(world.session, world.ride) == [world.ride]


@pytest.mark.parametrize("which", [0, 1])
def test_both_ways_are_found_from_either_the_way_out_first(world, which):
    ways = [one.ride for one in world.propose_both_ways()]
    assert pair_of(world.session, ways[which]) == ways


def test_a_way_back_for_which_nobody_waits_is_alone(world):
    back = a_ride(
        world.session,
        world.group,
        family=world.ride.family,
        request=world.ride.request,
        leg=Leg.RETURN,
        outbound=world.ride,
    )
    assert pair_of(world.session, back) == [back]
    assert pair_of(world.session, world.ride) == [world.ride]


@pytest.mark.parametrize("which", [0, 1])
def test_a_way_that_is_under_way_leaves_the_other_alone(world, which):
    ways = [one.ride for one in world.propose_both_ways()]
    ways[1 - which].state = RideState.ON_BOARD
    world.session.flush()
    assert pair_of(world.session, ways[which]) == [ways[which]]


def test_only_live_proposals_of_both_ways_are_found(world):
    out, back = world.propose_both_ways()
    assert set(proposals_of_pair(world.session, back)) == {out, back}
    out.state = ProposalState.DECLINED
    world.session.flush()
    assert proposals_of_pair(world.session, back) == [back]


def test_the_other_way_of_another_driver_does_not_belong_to_it(world):
    out, back = world.approve(world.propose_both_ways()[0])
    assert assignments_of_pair(world.session, back) == [out, back]
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    back.driver, back.user_id = yusuf, yusuf.user_id
    world.session.flush()
    assert assignments_of_pair(world.session, out) == [out]


def test_a_day_without_a_ride_has_its_time_and_its_place_in_the_week_free():
    driver = replace(DRIVER, rides_left=0, committed=(promised(at(9)),))
    (free,) = without_rides(a_day(driver=driver), [99]).drivers
    assert (free.committed, free.rides_left) == ((), 1)


def test_a_day_without_somebody_elses_ride_is_the_same():
    driver = replace(DRIVER, rides_left=0, committed=(promised(at(9)),))
    assert without_rides(a_day(driver=driver), [98]).drivers == (driver,)


def test_a_day_with_new_rides_has_them_in_order_and_used_up(world):
    (made,) = world.approve()
    driver = replace(DRIVER, driver_id=made.driver_id, rides_left=2, committed=(promised(at(23)),))
    (taken,) = with_rides(a_day(driver=driver), [made]).drivers
    assert [one.ride_id for one in taken.committed] == [world.ride.id, 99]
    assert taken.committed[0].pickup_at == PICKUP
    assert taken.rides_left == 1


def test_a_driver_without_a_limit_still_has_none(world):
    (made,) = world.approve()
    driver = replace(DRIVER, driver_id=made.driver_id)
    assert with_rides(a_day(driver=driver), [made]).driver(made.driver_id).rides_left is None


def test_both_ways_are_declined_by_one_no(world):
    out, back = world.propose_both_ways()
    service.decline_proposal(world.session, world.rosa, back, now=world.now)
    assert {out.state, back.state} == {ProposalState.DECLINED}
