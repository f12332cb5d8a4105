"""A legal hold takes two persons and ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.db.transactions import vault_of
from dispatch.erasing import queries
from dispatch.erasing.service import holds
from dispatch.errors import Conflict, Forbidden, NotFound, Refused
from dispatch.families.models import Family
from dispatch.people import two_persons
from dispatch.people.models import Group
from tests import build
from tests.dispatch.erasing.scene import NOW

REASON = "A court asked for the record of this family."


@pytest.fixture
def group(any_session: Session) -> Group:
    return build.a_group(any_session)


@pytest.fixture
def family(any_session: Session, group: Group) -> Family:
    return build.a_family(any_session, group, withdrawn_at=NOW)


def due(session: Session) -> list:
    return queries.due_families(session, now=NOW)


def test_a_family_is_held_once_somebody_else_agrees(any_session, group, family):
    rosa, tom = (build.a_coordinator(any_session, group) for _one in range(2))
    hold = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    assert len(due(any_session)) == 1
    motion = two_persons.open_motion(any_session, holds.HOLD, hold.uid, now=NOW)
    assert "Keep family" in two_persons.matter_of(motion).say(any_session, motion)
    two_persons.second(any_session, tom, motion, now=NOW)
    assert due(any_session) == []
    assert (hold.asked_by_id, hold.confirmed_by_id) == (rosa.user_id, tom.user_id)
    assert hold.unseal("sealed_reason", vault_of(any_session)) == REASON
    assert len(queries.due_families(any_session, now=NOW + timedelta(days=30))) == 1


def test_who_asked_cannot_agree(any_session, group, family):
    rosa = build.a_coordinator(any_session, group)
    hold = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    motion = two_persons.open_motion(any_session, holds.HOLD, hold.uid, now=NOW)
    with pytest.raises((NotFound, Forbidden)):
        two_persons.second(any_session, rosa, motion, now=NOW)
    assert len(due(any_session)) == 1


@pytest.mark.parametrize(
    ("reason", "days"), [("", 30), ("too short", 30), (REASON, 0), (REASON, 91)]
)
def test_a_hold_without_reason_or_end_is_refused(any_session, group, family, reason, days):
    rosa = build.a_coordinator(any_session, group)
    with pytest.raises(Refused):
        holds.ask(any_session, rosa, family, reason=reason, days=days, now=NOW)
    assert holds.find_live(any_session, family, now=NOW) is None


def test_a_second_hold_waits_for_the_first_to_end(any_session, group, family):
    rosa = build.a_coordinator(any_session, group)
    first = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    with pytest.raises(Conflict):
        holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    assert holds.find_live(any_session, family, now=NOW) == first
    holds.end(any_session, rosa, first, now=NOW)
    assert holds.find_live(any_session, family, now=NOW) is None


def test_a_hold_that_nobody_agreed_to_in_time_makes_room_for_another(any_session, group, family):
    rosa = build.a_coordinator(any_session, group)
    holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    later = NOW + timedelta(hours=25)
    again = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=later)
    assert holds.find_live(any_session, family, now=later) == again


def test_a_coordinator_of_another_group_knows_no_such_family(any_session, family):
    stranger = build.a_coordinator(any_session, build.a_group(any_session))
    with pytest.raises(NotFound):
        holds.ask(any_session, stranger, family, reason=REASON, days=30, now=NOW)
