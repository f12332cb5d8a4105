"""A hand goes up: the desk hears of it, or the ride is the driver's; of two drivers one gets it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.claims import service
from dispatch.claims.models import Claim
from dispatch.drivers.models import Driver
from dispatch.errors import Closed, Forbidden, NotFound
from dispatch.notify.models import MessageKind
from dispatch.people import alarms
from dispatch.people.facts import Claims
from dispatch.places.roads import Estimate
from dispatch.planning.models import LIVE_STATES, Assignment, AssignmentState
from dispatch.planning.queries import live_assignment
from dispatch.policy import Action
from dispatch.rides.models import Ride, RideState
from tests.build import a_driver, a_group, driver_actor
from tests.dispatch.claims.conftest import Stranded


def claim(world, driver=None, actor=None):
    driver = driver or world.driver
    return service.claim(
        world.session,
        actor or driver_actor(driver),
        driver,
        world.back,
        engine=Estimate(),
        now=world.now,
    )


def said(world):
    found = alarms.open_alarms(world.session, world.rosa)
    return [alarms.say(world.session, one) for one in found]


def test_a_hand_goes_to_the_desk_and_the_ride_stays_open(world):
    assert claim(world) is False
    assert world.back.state is RideState.OPEN
    number = world.ride.family.number
    assert said(world) == [f"{number}: a driver can do the way back."]
    (alarm,) = alarms.open_alarms(world.session, world.rosa)
    assert number not in str(alarm.facts)
    assert alarms.ride_of(world.session, alarm) == world.back.uid
    assert world.messages(MessageKind.RIDE_OFFERED) == []


def test_a_hand_is_raised_once(world):
    assert [claim(world), claim(world)] == [False, False]
    assert len(world.session.scalars(select(Claim)).all()) == 1
    assert len(said(world)) == 1


def test_the_alarm_ends_when_somebody_has_the_ride(world):
    claim(world)
    service.settle(world.session, now=world.now)
    assert len(said(world)) == 1
    world.back.state = RideState.OFFERED
    world.session.flush()
    service.settle(world.session, now=world.now)
    assert said(world) == []


def test_where_drivers_take_rides_it_is_theirs_and_the_family_is_told(taking):
    assert claim(taking) is True
    held = live_assignment(taking.session, taking.back)
    assert (held.driver, held.state) == (taking.driver, AssignmentState.ACCEPTED)
    assert held.approved_by_id is None
    assert len(taking.live_grants()) >= 1
    assert taking.messages(MessageKind.RIDE_OFFERED) == []
    assert len(taking.messages(MessageKind.RIDE_ACCEPTED)) == 1
    assert said(taking) == []
    assert claim(taking) is True


def test_of_two_drivers_one_gets_it_and_the_other_is_told(taking):
    other = a_driver(taking.session, taking.group)
    assert claim(taking) is True
    with pytest.raises(Closed, match="Somebody else took this ride"):
        claim(taking, other)
    assert live_assignment(taking.session, taking.back).driver is taking.driver


def test_what_the_rules_speak_against_becomes_a_hand(taking):
    taking.driver.max_rides_week = 0
    taking.session.flush()
    assert claim(taking) is False
    assert taking.back.state is RideState.OPEN
    assert len(said(taking)) == 1


def test_where_the_group_has_changed_its_mind_nothing_is_taken(taking):
    taking.group.claims = Claims.NONE
    with pytest.raises(Closed):
        claim(taking)
    assert taking.session.scalars(select(Claim)).all() == []


def test_it_is_on_record(world):
    claim(world)
    world.session.commit()
    found = select(AuditEvent).where(AuditEvent.action == Action.CLAIM_RIDE.value)
    assert world.session.scalars(found).one().ride_uid == world.back.uid


def test_nobody_else_raises_a_hand(world):
    stranger = driver_actor(a_driver(world.session, a_group(world.session)))
    for actor, refusal in ((stranger, NotFound), (world.rosa, Forbidden)):
        with pytest.raises(refusal):
            claim(world, actor=actor)
    assert world.session.scalars(select(Claim)).all() == []


def test_of_what_is_erased_an_alarm_says_no_more_than_its_kind(world):
    claim(world)
    made = world.session.scalars(select(Claim)).one()
    world.session.delete(made)
    world.session.flush()
    assert said(world) == ["A driver could drive somebody back."]
    service.settle(world.session, now=world.now)
    assert said(world) == []


def test_two_drivers_who_claim_at_the_same_moment_do_not_both_get_it(any_database, now):
    with any_database.transaction() as session:
        world = Stranded(session, now, Claims.TAKE)
        drivers = [world.driver.id, a_driver(session, world.group).id]
        ride_id = world.back.id

    def take(driver_id):
        with any_database.transaction() as session:
            driver = session.get_one(Driver, driver_id)
            ride = session.get_one(Ride, ride_id)
            actor = driver_actor(driver)
            try:
                return service.claim(session, actor, driver, ride, engine=Estimate(), now=now)
            except Closed:
                return "too late"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, drivers), key=str) == [True, "too late"]
    with any_database.transaction(reads_only=True) as session:
        live = select(Assignment).where(
            Assignment.ride_id == ride_id, Assignment.state.in_(LIVE_STATES)
        )
        assert len(session.scalars(live).all()) == 1
