"""An account is erased once two persons want it, and not while it can be used."""

import pytest
from sqlalchemy.orm import Session

from dispatch.erasing import queries
from dispatch.erasing.service import leaving
from dispatch.errors import Forbidden, Refused
from dispatch.people import two_persons
from dispatch.people.models import UserState
from tests import build
from tests.dispatch.erasing.scene import NOW


def test_an_account_is_due_once_a_second_person_agrees(any_session: Session):
    group = build.a_group(any_session)
    tom = build.a_coordinator(any_session, group)
    user = build.a_driver(any_session, group).user
    user.state = UserState.SUSPENDED
    motion = leaving.ask(any_session, build.a_steward(any_session), user, group=group, now=NOW)
    assert queries.due_accounts(any_session, now=NOW) == []
    assert two_persons.matter_of(motion).say(any_session, motion).endswith("Marta for good.")
    two_persons.second(any_session, tom, motion, now=NOW)
    assert [one.owner_uid for one in queries.due_accounts(any_session, now=NOW)] == [user.uid]


def test_an_account_in_use_is_suspended_first(any_session: Session):
    group, steward = build.a_group(any_session), build.a_steward(any_session)
    with pytest.raises(Refused, match="Suspend"):
        leaving.ask(any_session, steward, build.a_user(any_session), group=group, now=NOW)


def test_a_coordinator_cannot_ask(any_session: Session):
    group = build.a_group(any_session)
    rosa = build.a_coordinator(any_session, group)
    with pytest.raises(Forbidden):
        leaving.ask(any_session, rosa, build.a_user(any_session), group=group, now=NOW)
