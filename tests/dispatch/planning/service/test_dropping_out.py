"""A driver who cannot come: what goes back, who is told, and that the plan is repaired."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Forbidden, NotFound, Refused
from dispatch.notify.models import MessageKind
from dispatch.planning import service
from dispatch.planning.models import AssignmentState, MatchRun, ProposalState
from dispatch.policy import Action
from dispatch.rides.models import RideState
from tests.build import DAY, TEN, a_coordinator, a_driver, a_group, a_ride
from tests.dispatch.planning.service.world import PICKUP


@pytest.fixture
def drop_out(world):
    """The driver of the world is taken out of a day; what the service returns."""

    def drop(day=DAY, actor=None):
        return service.drop_out(
            world.session,
            actor or world.rosa,
            world.driver,
            day,
            enqueue=lambda _uid: None,
            now=world.now,
        )

    return drop


def test_the_rides_of_the_day_go_back_and_a_repair_is_asked_for(world, drop_out):
    assignment = world.accepted()
    freed, run = drop_out()
    assert (freed, run.is_repair, run.service_on) == (1, True, DAY)
    assert assignment.state is AssignmentState.RELEASED
    assert world.ride.state is RideState.OPEN
    assert not world.live_grants()
    (told,) = world.messages(MessageKind.RIDE_WITHDRAWN)
    assert told.user_id == world.driver.user_id
    assert [(one.first_on, one.last_on) for one in world.driver.days_off] == [(DAY, DAY)]


def test_what_is_proposed_to_the_driver_that_day_is_not_any_more(world, drop_out):
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    of_another = world.propose(a_ride(world.session, world.group), yusuf)
    freed, _run = drop_out()
    assert freed == 0
    assert world.proposal.state is ProposalState.SUPERSEDED
    assert of_another.state is ProposalState.LIVE


def test_both_ways_of_a_waiting_driver_go_back_together(world, drop_out):
    first, _second = world.propose_both_ways()
    made = world.approve(first)
    freed, _run = drop_out()
    assert freed == 2
    assert {one.state for one in made} == {AssignmentState.RELEASED}


def test_a_ride_under_way_stays_with_its_driver(world, drop_out):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, at=PICKUP - timedelta(minutes=5))
    freed, _run = drop_out()
    assert freed == 0
    assert assignment.state is AssignmentState.ACCEPTED
    assert world.ride.state is RideState.ARRIVED


def test_rides_of_other_days_stay(world, drop_out):
    made = world.approve()
    assert drop_out(DAY + timedelta(days=1))[0] == 0
    assert made[0].state is AssignmentState.OFFERED


def test_done_twice_nothing_more_goes_back(world, drop_out):
    world.accepted()
    _freed, run = drop_out()
    assert drop_out() == (0, run)
    assert len(world.driver.days_off) == 1
    assert len(world.session.scalars(select(MatchRun).where(MatchRun.is_repair)).all()) == 1


def test_a_day_that_is_over_is_refused(world, drop_out):
    with pytest.raises(Refused, match="This day is over"):
        drop_out(DAY - timedelta(days=2))


def test_it_is_the_groups_desk_alone_who_says_so(world, drop_out):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    for actor in (stranger, world.marta):
        with pytest.raises((NotFound, Forbidden)):
            drop_out(actor=actor)
    assert world.driver.days_off == []


def test_it_stands_in_the_log(world, drop_out):
    drop_out()
    world.session.commit()
    noted = world.session.scalars(
        select(AuditEvent).where(AuditEvent.action == Action.DROP_OUT.value)
    ).one()
    assert noted.actor_uid == world.rosa.uid


def test_what_would_go_back_is_known_before(world):
    later = a_ride(
        world.session,
        world.group,
        window_starts_at=TEN + timedelta(hours=3),
        window_ends_at=TEN + timedelta(hours=4),
    )
    second = world.assign(world.driver, PICKUP + timedelta(hours=4), ride=later)
    first = world.approve()
    assert service.held_on(world.session, world.driver, DAY) == [*first, *second]
