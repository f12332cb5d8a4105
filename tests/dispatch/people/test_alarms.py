"""An alarm stays until somebody looks into it who is not the person it is about."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, NotFound
from dispatch.people import alarms
from dispatch.people.alarms import Kind
from dispatch.people.models import Alarm, Group
from dispatch.policy import Action, Actor
from tests.build import a_coordinator, a_group, a_steward


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """A kind of alarm that only these tests have."""
    monkeypatch.setattr(alarms, "_KINDS", {})
    return alarms.register(Kind("eager", say=lambda _session, one: f"{one.facts['families']}!"))


@pytest.fixture
def group(any_session: Session) -> Group:
    return a_group(any_session)


@pytest.fixture
def desk(any_session: Session, group: Group) -> Actor:
    return a_coordinator(any_session, group)


@pytest.fixture
def watched(any_session: Session, group: Group) -> Actor:
    return a_coordinator(any_session, group)


def _raise(
    session: Session, kind: Kind, group: Group, about: Actor, now: datetime, once: str = "a"
) -> bool:
    return alarms.raise_alarm(
        session,
        kind,
        group_id=group.id,
        about_id=about.user_id,
        once=once,
        facts={"families": 12},
        now=now,
    )


def test_the_desk_and_the_stewards_see_it_and_the_person_does_not(
    any_session: Session, eager: Kind, group: Group, desk: Actor, watched: Actor, now: datetime
):
    _raise(any_session, eager, group, watched, now)
    [seen] = alarms.open_alarms(any_session, desk)
    assert alarms.say(any_session, seen) == "12!"
    assert alarms.ride_of(any_session, seen) is None
    assert alarms.open_alarms(any_session, a_steward(any_session)) == [seen]
    assert alarms.open_alarms(any_session, watched) == []
    assert (alarms.count_open(any_session, desk), alarms.count_open(any_session, watched)) == (1, 0)


def test_nobody_elsewhere_sees_it(
    any_session: Session, eager: Kind, group: Group, watched: Actor, now: datetime
):
    _raise(any_session, eager, group, watched, now)
    stranger = a_coordinator(any_session, a_group(any_session, name="Elsewhere"))
    assert alarms.open_alarms(any_session, stranger) == []
    with pytest.raises(NotFound):
        alarms.get_alarm(any_session, stranger, any_session.scalars(select(Alarm.uid)).one())


def test_the_same_thing_is_one_alarm(
    any_session: Session, eager: Kind, group: Group, desk: Actor, watched: Actor, now: datetime
):
    assert _raise(any_session, eager, group, watched, now)
    assert not _raise(any_session, eager, group, watched, now)
    assert _raise(any_session, eager, group, watched, now, once="b")
    assert alarms.count_open(any_session, desk) == 2


def test_an_alarm_that_was_taken_leaves_the_pages_and_stays_on_record(
    any_session: Session, eager: Kind, group: Group, desk: Actor, watched: Actor, now: datetime
):
    _raise(any_session, eager, group, watched, now)
    [seen] = alarms.open_alarms(any_session, desk)
    alarms.take(any_session, desk, seen, now=now)
    any_session.commit()
    assert alarms.open_alarms(any_session, desk) == []
    assert (seen.taken_at, seen.taken_by_id) == (now, desk.user_id)
    assert any_session.scalars(select(AuditEvent.action)).all() == [Action.TAKE_ALARM.value]


def test_it_is_taken_once(
    any_session: Session, eager: Kind, group: Group, desk: Actor, watched: Actor, now: datetime
):
    _raise(any_session, eager, group, watched, now)
    [seen] = alarms.open_alarms(any_session, desk)
    alarms.take(any_session, desk, seen, now=now)
    with pytest.raises(Conflict):
        alarms.take(any_session, a_steward(any_session), seen, now=now)
    assert seen.taken_by_id == desk.user_id


def test_the_person_it_is_about_does_not_take_it(
    any_session: Session, eager: Kind, group: Group, watched: Actor, now: datetime
):
    _raise(any_session, eager, group, watched, now)
    alarm = any_session.scalars(select(Alarm)).one()
    with pytest.raises(NotFound):
        alarms.take(any_session, watched, alarm, now=now)
    assert alarm.taken_at is None


def test_no_two_kinds_share_a_name(eager: Kind):
    with pytest.raises(ValueError, match="eager"):
        alarms.register(eager)


def test_what_settles_by_itself_ends_and_nobody_took_it(
    any_session: Session, eager: Kind, group: Group, desk: Actor, watched: Actor, now: datetime
):
    for once in ("a", "b"):
        _raise(any_session, eager, group, watched, now, once)
    other = alarms.register(Kind("other", say=lambda *_: "?"))
    _raise(any_session, other, group, watched, now, "c")
    alarms.settle(any_session, [eager], lambda alarm: alarm.once == "a", now=now)
    any_session.flush()
    assert {one.once for one in alarms.open_alarms(any_session, desk)} == {"b", "c"}
    ended = any_session.scalars(select(Alarm).where(Alarm.once == "a")).one()
    assert (ended.taken_at, ended.taken_by_id) == (now, None)
