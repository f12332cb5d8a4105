"""Something is wrong on the road: the desk hears of it at once, and the plan stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, NotFound, Refused
from dispatch.notify import news
from dispatch.notify import service as notify
from dispatch.notify.models import Delivery, DeliveryState, MessageKind
from dispatch.people import alarms
from dispatch.planning import service
from dispatch.planning.models import Trouble, TroubleKind
from dispatch.policy import Action
from dispatch.rides.models import RideState
from tests.build import a_coordinator, a_driver, a_group, driver_actor
from tests.dispatch.planning.service.world import PICKUP

ON_THE_WAY = PICKUP - timedelta(minutes=15)


def test_the_desk_hears_at_once_and_once(world):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.CAR, ON_THE_WAY)
    (alarm,) = alarms.open_alarms(world.session, world.rosa)
    number = world.ride.family.number
    assert alarms.say(world.session, alarm) == f"{number}: the driver has trouble with the car."
    assert (alarm.about_id, alarm.made_at) == (assignment.user_id, ON_THE_WAY)
    assert number not in str(alarm.facts)
    assert alarms.ride_of(world.session, alarm) == world.ride.uid


def test_who_is_late_is_expected_later_and_the_plan_stays(world):
    assignment = world.accepted()
    planned = (assignment.pickup_at, assignment.dropoff_at, assignment.busy_until)
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=20)
    assert assignment.expected_at == PICKUP + timedelta(minutes=20)
    assert (assignment.pickup_at, assignment.dropoff_at, assignment.busy_until) == planned
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=10)
    assert assignment.expected_at == PICKUP + timedelta(minutes=10)


def test_the_family_is_told_when_its_driver_comes_now(world):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=20)
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=10)
    (told,) = world.messages(MessageKind.RIDE_LATE)
    assert told.family_id == world.ride.family_id
    assert news.told_time(told) == PICKUP + timedelta(minutes=10)
    assert world.messages(MessageKind.RIDE_ACCEPTED) == []


def test_a_delay_taken_back_before_anybody_heard_of_it_is_told_to_nobody(world):
    assignment = world.accepted()
    (yes,) = world.messages(MessageKind.RIDE_ACCEPTED)
    notify.mark_told(world.session, world.rosa, yes, now=world.now)
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=20)
    service.take_back_trouble(world.session, world.marta, assignment, now=ON_THE_WAY)
    assert world.messages(MessageKind.RIDE_LATE) == []
    assert world.messages(MessageKind.RIDE_ACCEPTED) == [yes]


def test_a_delay_taken_back_leaves_nobody_without_word_that_a_driver_comes(world):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=20)
    service.take_back_trouble(world.session, world.marta, assignment, now=ON_THE_WAY)
    (told,) = world.messages(MessageKind.RIDE_ACCEPTED)
    assert news.told_time(told) == PICKUP


@pytest.mark.parametrize("heard_by", ["call", "text"])
def test_of_a_delay_taken_back_the_family_hears_if_it_heard_of_the_delay(world, heard_by):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=20)
    (told,) = world.messages(MessageKind.RIDE_LATE)
    if heard_by == "call":
        notify.mark_told(world.session, world.rosa, told, now=ON_THE_WAY)
    else:
        out = {"channel": "sms", "state": DeliveryState.SENT, "next_try_at": ON_THE_WAY}
        world.session.add(Delivery(message_id=told.id, tries=1, ended_at=ON_THE_WAY, **out))
        world.session.flush()
    service.take_back_trouble(world.session, world.marta, assignment, now=ON_THE_WAY)
    (anew,) = world.messages(MessageKind.RIDE_ACCEPTED)
    assert news.told_time(anew) == PICKUP


def test_a_delay_taken_back_at_the_door_is_no_news(world):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=20)
    world.report(assignment, RideState.ARRIVED, at=PICKUP)
    service.take_back_trouble(world.session, world.marta, assignment, now=PICKUP)
    assert world.messages(MessageKind.RIDE_LATE) == []
    assert world.messages(MessageKind.RIDE_ACCEPTED) == []


def test_of_other_trouble_the_desk_tells_the_family(world):
    world.tell(world.accepted(), TroubleKind.CAR, ON_THE_WAY)
    assert world.messages(MessageKind.RIDE_LATE) == []


def test_who_has_arrived_is_not_late_any_more_but_may_need_help(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, at=PICKUP)
    with pytest.raises(Conflict, match="at the pickup already"):
        world.tell(assignment, TroubleKind.LATE, PICKUP, by=20)
    assert assignment.delay_minutes == 0
    world.tell(assignment, TroubleKind.NOBODY, PICKUP)
    assert len(alarms.open_alarms(world.session, world.rosa)) == 1


def test_what_is_taken_back_is_expected_as_planned_and_said_to_the_desk(world):
    assignment = world.accepted()
    trouble = world.tell(assignment, TroubleKind.LATE, ON_THE_WAY, by=30)
    service.take_back_trouble(world.session, world.marta, assignment, now=ON_THE_WAY)
    assert (assignment.delay_minutes, trouble.taken_back_at) == (0, ON_THE_WAY)
    (alarm,) = alarms.open_alarms(world.session, world.rosa)
    assert alarms.say(world.session, alarm).endswith("The driver has taken it back since.")


def test_what_the_desk_notes_itself_alarms_nobody(world):
    assignment = world.accepted()
    service.tell_trouble(
        world.session,
        world.rosa,
        assignment,
        TroubleKind.LATE,
        delay_minutes=10,
        now=ON_THE_WAY,
    )
    assert assignment.delay_minutes == 10
    assert alarms.open_alarms(world.session, world.rosa) == []


def test_the_day_before_a_ride_is_given_back_instead(world):
    assignment = world.accepted()
    with pytest.raises(Refused, match="Give it back"):
        world.tell(assignment, TroubleKind.CAR, PICKUP - timedelta(days=1))
    assert world.session.scalars(select(Trouble)).all() == []


def test_of_a_ride_that_is_taken_back_nothing_is_told(world):
    assignment = world.accepted()
    service.release(world.session, world.rosa, assignment, now=world.now)
    with pytest.raises(Conflict, match="not yours any more"):
        world.tell(assignment, TroubleKind.CAR, ON_THE_WAY)


def test_long_after_a_ride_its_driver_tells_nothing_more(world):
    assignment = world.accepted()
    world.report(assignment, RideState.ARRIVED, RideState.ON_BOARD, RideState.DONE, at=PICKUP)
    world.tell(assignment, TroubleKind.UNSAFE, PICKUP + timedelta(minutes=59))
    with pytest.raises(Conflict, match="over for too long"):
        world.tell(assignment, TroubleKind.UNSAFE, PICKUP + timedelta(minutes=60))


def test_nobody_else_tells_of_it(world):
    assignment = world.accepted()
    other = driver_actor(a_driver(world.session, world.group))
    stranger = a_coordinator(world.session, a_group(world.session))
    for actor in (other, stranger):
        with pytest.raises(NotFound):
            service.tell_trouble(world.session, actor, assignment, TroubleKind.CAR, now=ON_THE_WAY)
        with pytest.raises(NotFound):
            service.take_back_trouble(world.session, actor, assignment, now=ON_THE_WAY)
    assert world.session.scalars(select(Trouble)).all() == []


def test_it_is_on_record(world):
    assignment = world.accepted()
    world.tell(assignment, TroubleKind.FAMILY, ON_THE_WAY)
    world.session.commit()
    found = select(AuditEvent).where(AuditEvent.action == Action.REPORT_PROGRESS.value)
    (event,) = world.session.scalars(found)
    assert (event.actor_uid, event.ride_uid) == (world.driver.user.uid, world.ride.uid)


def test_of_an_erased_ride_the_alarm_still_says_something(world):
    assignment = world.accepted()
    trouble = world.tell(assignment, TroubleKind.UNSAFE, ON_THE_WAY)
    alarm = trouble.alarm
    world.session.delete(trouble)
    world.session.flush()
    assert alarms.say(world.session, alarm).startswith("A ride that is erased: an accident")
