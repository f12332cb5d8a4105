"""A party that is ready is looked after at once."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.planning.models import MatchRun, RunState
from dispatch.planning.service import taking_up
from dispatch.rides.models import RideState
from tests.build import DAY, TEN


def get_ready(world, at):
    world.ride.ready_at = at
    world.session.flush()


def take_up(world, now):
    return taking_up.take_up_ready(world.session, enqueue=lambda _uid: None, now=now)


def repairs(world):
    return list(world.session.scalars(select(MatchRun).where(MatchRun.is_repair)))


def test_a_party_that_is_ready_goes_into_a_run_once(world):
    assert take_up(world, TEN) == 0
    get_ready(world, TEN)
    assert take_up(world, TEN) == 1
    (run,) = repairs(world)
    assert (run.service_on, run.state, run.asked_by_id) == (DAY, RunState.QUEUED, None)
    run.state = RunState.DONE
    assert take_up(world, TEN + timedelta(seconds=5)) == 0


def test_a_run_that_began_before_does_not_count(world):
    get_ready(world, TEN)
    early = MatchRun(group_id=world.group.id, service_on=DAY, asked_at=TEN - timedelta(seconds=1))
    early.state = RunState.DONE
    world.session.add(early)
    assert take_up(world, TEN) == 1


def test_who_has_a_driver_or_is_ready_for_long_needs_no_run(world):
    get_ready(world, TEN)
    assert take_up(world, TEN + timedelta(hours=1)) == 0
    world.ride.state = RideState.OFFERED
    world.session.flush()
    assert take_up(world, TEN) == 0
