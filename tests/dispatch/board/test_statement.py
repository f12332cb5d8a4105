"""The board's select: one line a ride, whatever happened to the ride before."""

from datetime import timedelta

import pytest

from dispatch.board.statement import rides_with_what_is_known
from dispatch.planning import queries, service
from tests.build import DAY, a_coordinator, a_driver, a_group
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


def test_each_end_has_the_columns_of_its_own_place(world):
    (line,) = lines(world)
    assert (line.pickup_name, line.dropoff_name) == (None, "Lakeview Clinic")
    assert (line.pickup_latitude, line.dropoff_latitude) == (None, 49.26)
    assert line.pickup_cell == "Mill Hill"


def test_without_a_run_the_rides_are_there_all_the_same(world):
    world.proposal.run.service_on = DAY + timedelta(days=1)
    world.session.flush()
    (line,) = lines(world)
    assert line.reason is None


def test_only_the_groups_own_coordinators_get_a_line(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    assert lines(world, actor=stranger) == []
    assert lines(world, on=DAY + timedelta(days=1)) == []
