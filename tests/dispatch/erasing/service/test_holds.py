"""A legal hold takes two persons and ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.erasing import queries
from dispatch.erasing.service import holds
from dispatch.errors import Conflict, Forbidden, NotFound, Refused
from dispatch.families.models import Family
from dispatch.people import two_persons
from dispatch.people.models import Group
from dispatch.policy import Action
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


@pytest.mark.parametrize(("reason", "days"), [("r" * 20, 1), ("r" * 1001, 90)])
def test_the_shortest_and_the_longest_hold_are_taken(any_session, group, family, reason, days):
    rosa = build.a_coordinator(any_session, group)
    hold = holds.ask(any_session, rosa, family, reason=reason, days=days, now=NOW)
    assert (hold.made_at, hold.expires_at) == (NOW, NOW + timedelta(days=days))
    assert (hold.family_id, hold.group_id) == (family.id, group.id)
    assert hold.unseal("sealed_reason", vault_of(any_session)) == reason[:1000]


def test_a_reason_of_a_few_words_too_few_is_refused(any_session, group, family):
    rosa = build.a_coordinator(any_session, group)
    with pytest.raises(Refused, match="at least 20 characters"):
        holds.ask(any_session, rosa, family, reason="r" * 19, days=1, now=NOW)
    with pytest.raises(Refused, match="from 1 to 90 days"):
        holds.ask(any_session, rosa, family, reason="r" * 20, days=91, now=NOW)


def test_each_step_is_asked_of_the_law_and_noted(any_session, group, family, asked):
    rosa, tom = (build.a_coordinator(any_session, group) for _one in range(2))
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    hold = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    motion = two_persons.open_motion(any_session, holds.HOLD, hold.uid, now=NOW)
    assert motion.group_id == group.id
    assert two_persons.matter_of(motion).say(any_session, motion) == (
        f"Keep family {family.number} until Wednesday 7 April, even if its time is over before."
    )
    two_persons.second(any_session, tom, motion, now=soon)
    assert hold.confirmed_at == soon
    holds.end(any_session, tom, hold, now=later)
    assert hold.ended_at == later
    any_session.commit()
    about_holds = [one for one in asked if one[1] is Action.HOLD_FAMILY]
    assert about_holds == [
        (rosa, Action.HOLD_FAMILY, family, NOW),
        (tom, Action.HOLD_FAMILY, hold, later),
    ]
    chosen = select(AuditEvent).where(AuditEvent.action == "retention:hold")
    rows = any_session.scalars(chosen.order_by(AuditEvent.position)).all()
    noted = [(row.actor_uid, row.at, row.group_uid) for row in rows if row.object_uid == hold.uid]
    assert noted == [(rosa.uid, NOW, group.uid), (tom.uid, soon, None), (tom.uid, later, None)]
    assert {row.family_uid for row in rows if row.object_uid == hold.uid} == {family.uid}


def test_a_hold_is_found_until_its_last_moment_and_for_its_family_only(any_session, group, family):
    rosa, other = build.a_coordinator(any_session, group), build.a_family(any_session, group)
    hold = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    holds.ask(any_session, rosa, other, reason=REASON, days=30, now=NOW)
    end = NOW + timedelta(days=30)
    assert holds.find_live(any_session, family, now=end - timedelta(seconds=1)) is hold
    assert holds.find_live(any_session, family, now=end) is None


def test_a_hold_that_is_over_makes_room_and_one_in_force_does_not(any_session, group, family):
    rosa, tom = (build.a_coordinator(any_session, group) for _one in range(2))
    first = holds.ask(any_session, rosa, family, reason=REASON, days=2, now=NOW)
    motion = two_persons.open_motion(any_session, holds.HOLD, first.uid, now=NOW)
    two_persons.second(any_session, tom, motion, now=NOW)
    day_two = NOW + timedelta(hours=47)
    with pytest.raises(Conflict):
        holds.ask(any_session, rosa, family, reason=REASON, days=30, now=day_two)
    later = NOW + timedelta(days=2)
    again = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=later)
    assert (first.ended_at, again.ended_at) == (later, None)


def test_a_hold_of_a_day_that_nobody_agreed_to_makes_room_when_it_ends(any_session, group, family):
    rosa = build.a_coordinator(any_session, group)
    holds.ask(any_session, rosa, family, reason=REASON, days=1, now=NOW)
    a_minute_before = NOW + timedelta(hours=23, minutes=59)
    with pytest.raises(Conflict):
        holds.ask(any_session, rosa, family, reason=REASON, days=1, now=a_minute_before)
    holds.ask(any_session, rosa, family, reason=REASON, days=1, now=NOW + timedelta(days=1))


def test_a_hold_that_is_gone_cannot_be_agreed_to(any_session, group, family):
    rosa, tom = (build.a_coordinator(any_session, group) for _one in range(2))
    hold = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    motion = two_persons.open_motion(any_session, holds.HOLD, hold.uid, now=NOW)
    any_session.delete(hold)
    any_session.flush()
    with pytest.raises(NotFound):
        two_persons.second(any_session, tom, motion, now=NOW)


def test_a_hold_that_was_ended_before_anybody_agreed_makes_room(any_session, group, family):
    rosa = build.a_coordinator(any_session, group)
    first = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    holds.end(any_session, rosa, first, now=NOW)
    again = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    assert holds.find_live(any_session, family, now=NOW) is again


def test_the_last_day_of_a_hold_is_that_of_the_group(any_session):
    group = build.a_group(any_session, time_zone="Pacific/Auckland")
    rosa, family = build.a_coordinator(any_session, group), build.a_family(any_session, group)
    hold = holds.ask(any_session, rosa, family, reason=REASON, days=30, now=NOW)
    motion = two_persons.open_motion(any_session, holds.HOLD, hold.uid, now=NOW)
    assert "until Thursday 8 April," in two_persons.matter_of(motion).say(any_session, motion)
