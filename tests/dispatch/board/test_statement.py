"""The board's select: one line a ride, whatever happened to the ride before."""

from datetime import timedelta

import pytest

from dispatch.board.statement import places_of_the_rides, rides_with_what_is_known
from dispatch.places.models import PlaceKind
from dispatch.planning import queries, service
from tests.build import DAY, a_coordinator, a_driver, a_group, a_ride
from tests.dispatch.planning.service.world import World


@pytest.fixture
def world(any_session, now):
    return World(any_session, now)


def lines(world, *, actor=None, on=DAY):
    run = queries.latest_run(world.session, world.rosa, world.group, on, finished=True)
    chosen = rides_with_what_is_known(actor or world.rosa, world.group, on, run)
    return world.session.execute(chosen).all()


def test_a_ride_with_a_past_is_still_one_line(world):
    for name in ("Yusuf", "Aziz"):
        (made,) = world.assign(a_driver(world.session, world.group, name=name))
        service.release(world.session, world.rosa, made, now=world.now)
    (made,) = world.assign(world.driver)
    (line,) = lines(world)
    assert (line.assignment_uid, line.held_id, line.proposal_uid) == (
        made.uid,
        world.driver.id,
        None,
    )


def test_each_place_of_the_day_is_one_line_with_its_cell(world):
    a_ride(world.session, world.group, dropoff_place=world.ride.dropoff_place)
    chosen = places_of_the_rides(world.rosa, world.group, DAY)
    public, *homes = sorted(world.session.execute(chosen), key=lambda line: line[1] is None)
    assert (public[0], public[1]) == (world.ride.dropoff_place_id, "Lakeview Clinic")
    assert public[3] == 49.26
    assert [line[1:6] for line in homes] == [(None, PlaceKind.HOME, None, None, "Mill Hill")] * 2


def test_the_places_of_others_and_of_other_days_are_not_read(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    for actor, on in ((stranger, DAY), (world.rosa, DAY + timedelta(days=1))):
        assert not world.session.execute(places_of_the_rides(actor, world.group, on)).all()


def test_without_a_run_the_rides_are_there_all_the_same(world):
    world.proposal.run.service_on = DAY + timedelta(days=1)
    world.session.flush()
    (line,) = lines(world)
    assert line.reason is None


def test_only_the_groups_own_coordinators_get_a_line(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    assert lines(world, actor=stranger) == []
    assert lines(world, on=DAY + timedelta(days=1)) == []
