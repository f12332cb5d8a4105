"""No look without a note that stays."""

import pytest
from sqlalchemy import select

from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.errors import Forbidden, NotFound
from dispatch.people.models import Group
from dispatch.places.looks import note_look
from dispatch.policy import Action
from tests.build import a_coordinator, a_family, a_group, a_steward


@pytest.fixture
def group(any_session):
    return a_group(any_session)


def _look(session, actor, family, now):
    note_look(
        session,
        actor,
        Action.REVEAL_FAMILY,
        family,
        asked_about=family,
        uids={"family_uid": family.uid},
        now=now,
    )


def _notes(session):
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.position))
    return [(event.actor_uid, event.family_uid, event.outcome) for event in events]


def test_a_look_is_noted_and_no_rollback_takes_the_note_back(any_session, group, now):
    rosa, family = a_coordinator(any_session, group), a_family(any_session, group)
    uid = family.uid
    _look(any_session, rosa, family, now)
    any_session.rollback()
    assert _notes(any_session) == [(rosa.uid, uid, audit.DONE)]


def test_a_refusal_is_noted_alone(any_session, group, now):
    family = a_family(any_session, group)
    stranger = a_coordinator(any_session, a_group(any_session))
    any_session.commit()
    uid, begun = family.uid, a_group(any_session, name="Begun and not saved")
    name = begun.name
    with pytest.raises(NotFound):
        _look(any_session, stranger, family, now)
    any_session.rollback()
    assert _notes(any_session) == [(stranger.uid, uid, audit.REFUSED)]
    assert any_session.scalars(select(Group).where(Group.name == name)).all() == []


def test_who_never_may_is_told_so_and_noted(any_session, group, now):
    steward, family = a_steward(any_session), a_family(any_session, group)
    any_session.commit()
    with pytest.raises(Forbidden):
        _look(any_session, steward, family, now)
    assert [outcome for _actor, _family, outcome in _notes(any_session)] == [audit.REFUSED]
