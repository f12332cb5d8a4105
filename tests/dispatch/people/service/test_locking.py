"""Who unlocks what its owner locked."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from dispatch.errors import NotFound, Refused
from dispatch.people import service
from dispatch.people.factors import codes
from dispatch.people.models import UserState
from dispatch.people.service import Whence
from tests.build import a_coordinator, a_driver, a_group, a_steward, a_user, driver_actor

HOME = Whence("203.0.113.7")


def test_what_its_owner_locked_somebody_of_the_group_unlocks(any_session: Session, now: datetime):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    user = driver.user
    for opener in (a_coordinator(any_session, group), a_steward(any_session)):
        service.lock_own(any_session, driver_actor(driver), user, now=now)
        assert (user.state, user.locked_at) == (UserState.SUSPENDED, now)
        service.unlock(any_session, opener, group, user, now=now)
        assert (user.state, user.locked_at) == (UserState.ACTIVE, None)


def test_a_coordinator_of_another_group_unlocks_nobody(any_session: Session, now: datetime):
    group, other = a_group(any_session), a_group(any_session)
    driver = a_driver(any_session, group)
    service.lock_own(any_session, driver_actor(driver), driver.user, now=now)
    stranger = a_coordinator(any_session, other)
    for asked in (group, other):
        with pytest.raises(NotFound):
            service.unlock(any_session, stranger, asked, driver.user, now=now)
    assert driver.user.state is UserState.SUSPENDED


def test_a_coordinator_does_not_open_what_a_steward_suspended(any_session: Session, now: datetime):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    service.suspend(any_session, a_steward(any_session), driver.user, now=now)
    with pytest.raises(Refused):
        service.unlock(any_session, a_coordinator(any_session, group), group, driver.user, now=now)
    assert driver.user.state is UserState.SUSPENDED


def test_the_code_locks_a_suspended_account_no_further(any_session: Session, now: datetime):
    group = a_group(any_session)
    driver = a_driver(any_session, group, user=a_user(any_session, email="marta@example.org"))
    sheet = codes.make(any_session, driver.user, now=now)
    service.suspend(any_session, a_steward(any_session), driver.user, now=now)
    service.lock_by_code(any_session, "marta@example.org", sheet.lock_code, HOME, now=now)
    assert codes.left(any_session, driver.user) == codes.HOW_MANY
    assert (driver.user.state, driver.user.locked_at) == (UserState.SUSPENDED, None)
