"""The service is shut by one steward, and opened again by two people."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from dispatch.errors import Conflict, Forbidden, NotFound, Refused
from dispatch.people import freezing, service, sessions, two_persons
from dispatch.policy.actor import SYSTEM
from tests.build import a_coordinator, a_driver, a_group, a_steward, a_user, driver_actor


def test_a_freeze_ends_every_session(any_session: Session, now: datetime):
    tokens = [sessions.begin(any_session, a_user(any_session), now=now) for _user in range(3)]
    assert all(sessions.find(any_session, token, now=now) for token in tokens)
    service.freeze(any_session, a_steward(any_session), now=now)
    any_session.expire_all()
    assert not any(sessions.find(any_session, token, now=now) for token in tokens)


def test_it_is_the_steward_or_the_machine_that_shuts(any_session: Session, now: datetime):
    group = a_group(any_session)
    for actor in (a_coordinator(any_session, group), driver_actor(a_driver(any_session, group))):
        with pytest.raises(Forbidden):
            service.freeze(any_session, actor, now=now)
    assert not freezing.is_frozen(any_session)
    service.freeze(any_session, SYSTEM, now=now)
    assert freezing.is_frozen(any_session)


def test_two_people_end_it(any_session: Session, now: datetime):
    steward = a_steward(any_session)
    coordinator = a_coordinator(any_session, a_group(any_session))
    service.freeze(any_session, steward, now=now)
    motion = service.ask_unfreeze(any_session, steward, now=now)
    with pytest.raises(NotFound):
        two_persons.second(any_session, steward, motion, now=now)
    assert freezing.is_frozen(any_session)
    with pytest.raises(Conflict):
        service.ask_unfreeze(any_session, coordinator, now=now)
    two_persons.second(any_session, coordinator, motion, now=now)
    assert not freezing.is_frozen(any_session)
    with pytest.raises(Refused):
        service.ask_unfreeze(any_session, steward, now=now)


def test_a_yes_to_the_end_of_one_freeze_ends_no_other(any_session: Session, now: datetime):
    steward, other = a_steward(any_session), a_steward(any_session)
    service.freeze(any_session, steward, now=now)
    first = service.ask_unfreeze(any_session, steward, now=now)
    freezing.find_freeze(any_session).ended_at = now
    any_session.flush()
    service.freeze(any_session, steward, now=now)
    with pytest.raises(Refused):
        two_persons.second(any_session, other, first, now=now)
    assert freezing.is_frozen(any_session)
