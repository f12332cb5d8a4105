"""From proposal to yes, on both databases: one winner, grants that open and close, nothing lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import Closed, Conflict, NotFound, Refused, Stale
from dispatch.notify.models import Message, MessageKind
from dispatch.places.models import AddressGrant
from dispatch.places.roads import Estimate
from dispatch.planning import service
from dispatch.planning.models import (
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
)
from dispatch.rides.models import Leg, RideState
from tests.build import (
    DAY,
    TEN,
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_public_place,
    a_request,
    a_ride,
    driver_actor,
)

ENGINE = Estimate()
PICKUP = TEN - timedelta(minutes=20)


@pytest.fixture
def world(any_session, now):
    """A group with a coordinator, a driver, a ride and a proposal for the two."""
    return World(any_session, now)


class World:
    """What most of these tests are about; a class because they share all of it."""

    def __init__(self, session, now) -> None:
        self.session, self.now = session, now
        self.group = a_group(session)
        self.rosa = a_coordinator(session, self.group)
        self.driver = a_driver(session, self.group)
        self.marta = driver_actor(self.driver)
        self.ride = a_ride(session, self.group)
        self.proposal = self.propose(self.ride, self.driver)

    def propose(self, ride, driver, pickup_at=PICKUP):
        run = MatchRun(
            group_id=self.group.id, service_on=DAY, asked_at=self.now, state=RunState.DONE
        )
        self.session.add(run)
        self.session.flush()
        proposal = Proposal(
            run=run,
            group_id=self.group.id,
            ride=ride,
            driver=driver,
            state=ProposalState.LIVE,
            pickup_at=pickup_at,
            dropoff_at=pickup_at + timedelta(minutes=15),
            ride_version=ride.version,
        )
        self.session.add(proposal)
        self.session.flush()
        return proposal

    def approve(self, proposal=None):
        return service.approve(
            self.session, self.rosa, proposal or self.proposal, engine=ENGINE, now=self.now
        )

    def accepted(self):
        (assignment,) = self.approve()
        service.accept(self.session, self.marta, assignment, now=self.now)
        return assignment

    def assign(self, driver, pickup_at=PICKUP, ride=None, version=None):
        ride = ride or self.ride
        return service.assign(
            self.session,
            self.rosa,
            ride,
            driver,
            pickup_at=pickup_at,
            version=version or ride.version,
            engine=ENGINE,
            now=self.now,
        )

    def live_grants(self):
        self.session.expire_all()
        grants = self.session.scalars(select(AddressGrant))
        return [one for one in grants if one.revoked_at is None]

    def messages(self, kind):
        found = select(Message).where(Message.kind == kind, Message.dropped_at.is_(None))
        return list(self.session.scalars(found))


def test_an_approved_proposal_is_offered_to_its_driver(world):
    (made,) = world.approve()
    assert made.state is AssignmentState.OFFERED
    assert world.ride.state is RideState.OFFERED
    assert world.proposal.state is ProposalState.APPROVED
    assert [one.user_id for one in world.messages(MessageKind.RIDE_OFFERED)] == [
        world.driver.user_id
    ]


def test_nobody_may_read_the_address_before_the_driver_accepts(world):
    world.approve()
    assert world.live_grants() == []


def test_the_second_of_two_coordinators_is_told_who_was_first(world):
    world.approve()
    with pytest.raises(Conflict, match=r"Rosa approved this"):
        world.approve()


def test_a_coordinator_of_another_group_finds_no_proposal(world):
    stranger = a_coordinator(world.session, a_group(world.session, name="Elsewhere"))
    with pytest.raises(NotFound):
        service.approve(world.session, stranger, world.proposal, engine=ENGINE, now=world.now)


def test_a_proposal_for_an_older_version_of_the_ride_is_stale(world):
    world.ride.version += 1
    with pytest.raises(Stale):
        world.approve()


def test_a_driver_who_lost_the_seats_meanwhile_is_refused_with_the_reason(world):
    world.driver.seats = 1
    world.session.flush()
    with pytest.raises(Refused, match="2 seats"):
        world.approve()
    assert world.ride.state is RideState.OPEN


def test_accepting_opens_the_home_for_the_groups_time(world):
    assignment = world.accepted()
    (grant,) = world.live_grants()
    assert grant.place_id == world.ride.pickup_place_id
    assert grant.starts_at == assignment.pickup_at - timedelta(hours=2)
    assert grant.ends_at == assignment.dropoff_at + timedelta(hours=1)


def test_the_family_is_told_only_once_the_driver_accepts(world):
    (assignment,) = world.approve()
    assert world.messages(MessageKind.RIDE_ACCEPTED) == []
    service.accept(world.session, world.marta, assignment, now=world.now)
    assert len(world.messages(MessageKind.RIDE_ACCEPTED)) == 1


def test_another_driver_cannot_answer_the_offer(world):
    (assignment,) = world.approve()
    other = driver_actor(a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(NotFound):
        service.accept(world.session, other, assignment, now=world.now)


def test_accepting_twice_says_so_and_opens_nothing_more(world):
    assignment = world.accepted()
    with pytest.raises(Conflict):
        service.accept(world.session, world.marta, assignment, now=world.now)
    assert len(world.live_grants()) == 1


def test_declining_an_offer_returns_the_ride_to_the_pool(world):
    (assignment,) = world.approve()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    assert (assignment.state, world.ride.state) == (AssignmentState.DECLINED, RideState.OPEN)


def test_giving_an_accepted_ride_back_closes_the_address_and_says_so(world):
    assignment = world.accepted()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_SEARCHING)) == 1


def test_who_said_no_is_not_asked_again_for_the_same_ride(world):
    (assignment,) = world.approve()
    service.decline_offer(world.session, world.marta, assignment, now=world.now)
    with pytest.raises(Refused, match="not to be matched"):
        world.assign(world.driver)


def test_an_offer_that_went_to_somebody_else_is_closed_kindly(world):
    (assignment,) = world.approve()
    world.assign(a_driver(world.session, world.group, name="Yusuf"))
    with pytest.raises(Closed, match="Somebody else took this ride"):
        service.accept(world.session, world.marta, assignment, now=world.now)


def test_moving_an_accepted_ride_closes_the_address_for_the_first_driver(world):
    first = world.accepted()
    (second,) = world.assign(a_driver(world.session, world.group, name="Yusuf"))
    assert first.state is AssignmentState.RELEASED
    assert second.state is AssignmentState.OFFERED
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_a_refused_move_leaves_the_ride_where_it_was(world):
    first = world.accepted()
    small = a_driver(world.session, world.group, name="Yusuf", seats=1)
    with pytest.raises(Refused, match="2 seats"):
        world.assign(small)
    world.session.expire_all()
    assert first.state is AssignmentState.ACCEPTED
    assert len(world.live_grants()) == 1


def test_a_form_made_before_a_change_is_told_and_changes_nothing(world):
    with pytest.raises(Stale):
        world.assign(world.driver, version=world.ride.version + 1)
    assert world.ride.state is RideState.OPEN


def test_the_same_driver_may_be_given_another_time(world):
    world.accepted()
    (moved,) = world.assign(world.driver, pickup_at=PICKUP + timedelta(minutes=5))
    assert moved.pickup_at == PICKUP + timedelta(minutes=5)
    assert moved.state is AssignmentState.OFFERED


def test_a_time_outside_what_was_asked_is_refused_with_the_window(world):
    with pytest.raises(Refused, match=r"between \d\d:\d\d and \d\d:\d\d"):
        world.assign(world.driver, pickup_at=PICKUP + timedelta(hours=3))


def test_taking_a_ride_back_opens_it_for_others(world):
    assignment = world.accepted()
    service.release(world.session, world.rosa, assignment, now=world.now)
    assert world.ride.state is RideState.OPEN
    assert world.live_grants() == []


def test_cancelling_tells_driver_and_family_and_closes_the_address(world):
    world.accepted()
    service.cancel_ride(
        world.session,
        world.rosa,
        world.ride,
        reason="family",
        version=world.ride.version,
        now=world.now,
    )
    assert world.ride.state is RideState.CANCELLED
    assert world.live_grants() == []
    assert len(world.messages(MessageKind.RIDE_CANCELLED)) == 1
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_cancelling_an_open_ride_drops_its_proposal_and_tells_nobody(world):
    service.cancel_ride(
        world.session,
        world.rosa,
        world.ride,
        reason="family",
        version=world.ride.version,
        now=world.now,
    )
    world.session.expire_all()
    assert world.proposal.state is ProposalState.SUPERSEDED
    assert list(world.session.scalars(select(Message))) == []


def test_a_suspended_driver_cannot_answer(world):
    (assignment,) = world.approve()
    suspended = driver_actor(world.driver)
    suspended = type(suspended)(
        user_id=suspended.user_id,
        uid=suspended.uid,
        is_active=False,
        drives=suspended.drives,
    )
    with pytest.raises(Exception, match="assignment:answer"):
        service.accept(world.session, suspended, assignment, now=world.now)


def test_several_are_approved_at_once_and_the_others_say_why(world):
    yusuf = a_driver(world.session, world.group, name="Yusuf")
    second = world.propose(a_ride(world.session, world.group), yusuf)
    clashing = world.propose(a_ride(world.session, world.group), yusuf)
    bulk = service.approve_many(
        world.session,
        world.rosa,
        [world.proposal, second, clashing],
        engine=ENGINE,
        now=world.now,
    )
    assert len(bulk.approved) == 2
    ((left, why),) = bulk.refused
    assert left.ride.state is RideState.OPEN
    assert "another ride" in why


def test_a_bulk_keeps_the_weeks_limit(world):
    world.driver.max_rides_week = 1
    later = a_ride(
        world.session,
        world.group,
        window_starts_at=TEN + timedelta(hours=3),
        window_ends_at=TEN + timedelta(hours=4),
    )
    second = world.propose(later, world.driver, PICKUP + timedelta(hours=4))
    bulk = service.approve_many(
        world.session, world.rosa, [world.proposal, second], engine=ENGINE, now=world.now
    )
    assert len(bulk.approved) == 1
    assert "used up" in bulk.refused[0][1]


@pytest.fixture
def waiting(world):
    """A ride whose driver waits, with a proposal for each way."""
    session, group = world.session, world.group
    family = a_family(session, group)
    request = a_request(session, family)
    clinic = a_public_place(session, group, "Harbour Court")
    out = a_ride(session, group, family=family, request=request, dropoff_place=clinic)
    out.wait_minutes = 45
    back = a_ride(
        session,
        group,
        family=family,
        request=request,
        leg=Leg.RETURN,
        outbound=out,
        with_outbound=True,
        pickup_place=clinic,
        dropoff_place=family.place,
        window_starts_at=TEN + timedelta(minutes=15),
        window_ends_at=TEN + timedelta(minutes=45),
    )
    first = world.propose(out, world.driver)
    second = world.propose(back, world.driver, TEN + timedelta(minutes=30))
    return first, second


@pytest.mark.parametrize("which", [0, 1])
def test_a_waiting_driver_is_approved_for_both_ways_whichever_is_clicked(world, waiting, which):
    made = world.approve(waiting[which])
    assert [one.ride.leg for one in made] == [Leg.OUTBOUND, Leg.RETURN]
    assert made[0].busy_until == made[1].pickup_at


def test_a_waiting_driver_answers_for_both_ways(world, waiting):
    made = world.approve(waiting[0])
    service.accept(world.session, world.marta, made[1], now=world.now)
    assert {one.state for one in made} == {AssignmentState.ACCEPTED}
    service.decline_offer(world.session, world.marta, made[0], now=world.now)
    assert {one.state for one in made} == {AssignmentState.DECLINED}
    assert world.live_grants() == []


def test_a_bulk_takes_both_ways_of_a_waiting_driver_once(world, waiting):
    bulk = service.approve_many(
        world.session, world.rosa, [waiting[1], waiting[0]], engine=ENGINE, now=world.now
    )
    assert len(bulk.approved) == 2
    assert bulk.refused == []
    live = world.session.scalars(select(Assignment)).all()
    assert len(live) == 2
