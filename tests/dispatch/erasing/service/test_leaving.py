"""An account is erased once two persons want it, and not while it can be used."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.erasing import queries
from dispatch.erasing.service import leaving
from dispatch.errors import Forbidden, NotFound, Refused
from dispatch.people import two_persons
from dispatch.people.models import UserState
from dispatch.policy import Action
from tests import build
from tests.dispatch.erasing.scene import NOW


def test_an_account_is_due_once_a_second_person_agrees(any_session: Session):
    group = build.a_group(any_session)
    tom = build.a_coordinator(any_session, group)
    user = build.a_driver(any_session, group).user
    user.state = UserState.SUSPENDED
    motion = leaving.ask(any_session, build.a_steward(any_session), user, group=group, now=NOW)
    assert queries.due_accounts(any_session, now=NOW) == []
    assert two_persons.matter_of(motion).say(any_session, motion) == (
        "Erase the account of Marta for good."
    )
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


def test_each_step_is_asked_of_the_law_and_noted(any_session: Session, asked: list):
    group, steward = build.a_group(any_session), build.a_steward(any_session)
    tom, later = build.a_coordinator(any_session, group), NOW + timedelta(hours=1)
    user = build.a_user(any_session, state=UserState.SUSPENDED)
    motion = leaving.ask(any_session, steward, user, group=group, now=NOW)
    assert (motion.subject_uid, motion.group_id, motion.asked_at) == (user.uid, group.id, NOW)
    assert motion.asked_by_id == steward.user_id
    user.state = UserState.ACTIVE
    two_persons.second(any_session, tom, motion, now=later)
    assert (user.state, user.leaves_at) == (UserState.SUSPENDED, later)
    any_session.commit()
    assert asked[0] == (steward, Action.LEAVE, user, NOW)
    chosen = select(AuditEvent).where(AuditEvent.action == Action.LEAVE.value)
    rows = any_session.scalars(chosen.order_by(AuditEvent.position)).all()
    assert [(row.actor_uid, row.object_uid, row.group_uid, row.at) for row in rows] == [
        (steward.uid, user.uid, group.uid, NOW),
        (tom.uid, user.uid, None, later),
    ]


def test_an_account_that_is_gone_cannot_be_agreed_to(any_session: Session):
    group, steward = build.a_group(any_session), build.a_steward(any_session)
    tom = build.a_coordinator(any_session, group)
    user = build.a_user(any_session, state=UserState.SUSPENDED)
    motion = leaving.ask(any_session, steward, user, group=group, now=NOW)
    any_session.delete(user)
    any_session.flush()
    with pytest.raises(NotFound):
        two_persons.second(any_session, tom, motion, now=NOW)
