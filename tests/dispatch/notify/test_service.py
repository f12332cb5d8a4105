"""The outbox, on both databases."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.notify import service
from dispatch.notify.models import Message, MessageKind
from dispatch.rides.models import Ride
from tests.build import (
    a_coordinator,
    a_driver,
    a_group,
    a_ride,
    driver_actor,
)

FACTS = {"pickup_at": "2027-03-09T17:00:00+00:00"}


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def actor(any_session, group):
    return a_coordinator(any_session, group)


@pytest.fixture
def ride(any_session, group):
    return a_ride(any_session, group)


def tell(session, ride, now, once, kind=MessageKind.RIDE_ACCEPTED):
    service.tell_family(
        session,
        kind=kind,
        family_id=ride.family_id,
        ride=ride,
        facts=FACTS,
        once=once,
        now=now,
    )


def messages(session):
    return list(session.scalars(select(Message).order_by(Message.id)))


def waiting(session):
    return [one.once for one in messages(session) if not one.told_at and not one.dropped_at]


def test_a_message_holds_a_time_and_no_name(any_session, ride, now):
    tell(any_session, ride, now, "a")
    [message] = messages(any_session)
    assert (message.facts, message.family_id, message.user_id) == (FACTS, ride.family_id, None)


def test_the_same_news_is_told_once(any_session, ride, now):
    tell(any_session, ride, now, "a")
    tell(any_session, ride, now, "a")
    assert waiting(any_session) == ["a"]


def test_newer_news_take_the_place_of_what_nobody_heard_yet(any_session, ride, now):
    tell(any_session, ride, now, "a")
    tell(any_session, ride, now, "b", MessageKind.RIDE_CANCELLED)
    assert waiting(any_session) == ["b"]
    assert messages(any_session)[0].dropped_at == now


def test_old_news_said_again_drop_nothing(any_session, ride, now):
    tell(any_session, ride, now, "a")
    tell(any_session, ride, now, "b")
    tell(any_session, ride, now, "a")
    assert waiting(any_session) == ["b"]


def test_another_ride_and_another_party_keep_their_news(any_session, group, ride, now):
    driver = a_driver(any_session, group)
    other = a_ride(any_session, group, family=ride.family)
    tell(any_session, ride, now, "a")
    tell(any_session, other, now, "b")
    service.tell_driver(
        any_session,
        kind=MessageKind.RIDE_OFFERED,
        user_id=driver.user_id,
        ride=ride,
        facts=FACTS,
        once="c",
        now=now,
    )
    assert waiting(any_session) == ["a", "b", "c"]


@pytest.mark.parametrize("keys", [("a", "a"), ("a", "b")])
def test_two_at_the_same_moment_leave_one_message_to_be_told(any_database, now, keys):
    with any_database.transaction() as session:
        ride_id = a_ride(session, a_group(session)).id
    together, failures = Barrier(2), []

    def send(once):
        together.wait()
        try:
            with any_database.transaction() as session:
                tell(session, session.get_one(Ride, ride_id), now, once)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=send, args=(once,)) for once in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_database.session() as session:
        assert failures == []
        assert len(waiting(session)) == 1


def test_a_rollback_takes_the_message_back(any_database, now):
    with any_database.transaction() as session:
        ride_id = a_ride(session, a_group(session)).id
    with any_database.session() as session:
        tell(session, session.get_one(Ride, ride_id), now, "a")
        session.rollback()
        assert messages(session) == []


def test_who_told_and_when_is_noted_and_can_be_undone(any_session, ride, actor, now):
    tell(any_session, ride, now, "a")
    [message] = messages(any_session)
    service.mark_told(any_session, actor, message, now=now)
    assert (message.told_at, message.told_by_id) == (now, actor.user_id)
    service.mark_untold(any_session, actor, message, now=now)
    assert waiting(any_session) == ["a"]
    any_session.commit()
    assert len(any_session.scalars(select(AuditEvent)).all()) == 2


def test_nobody_is_told_twice(any_session, ride, actor, now):
    tell(any_session, ride, now, "a")
    [message] = messages(any_session)
    service.mark_told(any_session, actor, message, now=now)
    with pytest.raises(Conflict, match="Somebody has told them already"):
        service.mark_told(any_session, actor, message, now=now + timedelta(minutes=1))


def test_dropped_news_are_not_told(any_session, ride, actor, now):
    tell(any_session, ride, now, "a")
    tell(any_session, ride, now, "b")
    with pytest.raises(Conflict, match="newer news"):
        service.mark_told(any_session, actor, messages(any_session)[0], now=now)


def test_telling_is_not_undone_once_there_are_newer_news(any_session, ride, actor, now):
    tell(any_session, ride, now, "a")
    service.mark_told(any_session, actor, messages(any_session)[0], now=now)
    tell(any_session, ride, now, "b")
    with pytest.raises(Conflict, match="newer news"):
        service.mark_untold(any_session, actor, messages(any_session)[0], now=now)
    assert waiting(any_session) == ["b"]


def test_who_may_not_call_the_family_notes_nothing(any_session, group, ride, now):
    tell(any_session, ride, now, "a")
    [message] = messages(any_session)
    driver = driver_actor(a_driver(any_session, group))
    stranger = a_coordinator(any_session, a_group(any_session))
    with pytest.raises(Forbidden):
        service.mark_told(any_session, driver, message, now=now)
    with pytest.raises(NotFound):
        service.mark_told(any_session, stranger, message, now=now)
    assert waiting(any_session) == ["a"]


def test_what_nobody_has_read_yet_can_be_dropped(any_session, ride, now):
    tell(any_session, ride, now, "one")
    service.drop(any_session, "one", now=now)
    assert waiting(any_session) == []
    assert messages(any_session)[0].dropped_at == now


def test_what_was_read_stays_read(any_session, actor, ride, now):
    tell(any_session, ride, now, "one")
    (message,) = messages(any_session)
    service.mark_told(any_session, actor, message, now=now)
    service.drop(any_session, "one", now=now)
    any_session.refresh(message)
    assert (message.told_at, message.dropped_at) == (now, None)
