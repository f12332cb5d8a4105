"""No look without a note that stays."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.errors import Forbidden, NotFound
from dispatch.people.models import Alarm, Group, User, UserState
from dispatch.places import looks, service
from dispatch.places.limits import LimitReached
from dispatch.places.looks import as_now, note_look
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from dispatch.policy.predicates import RideInQuestion
from tests.build import a_coordinator, a_driver, a_family, a_group, a_steward


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


def _rows(session):
    """Everything that the log says."""
    names = ("actor_uid", "action", "object_uid", "family_uid", "ride_uid", "at", "outcome")
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.position))
    return [tuple(getattr(event, name) for name in names) for event in events]


@pytest.mark.parametrize("outcome", [audit.DONE, audit.REFUSED])
def test_a_note_says_who_looked_at_what_and_when(any_session, group, now, outcome):
    desk = group if outcome == audit.DONE else a_group(any_session)
    rosa, family = a_coordinator(any_session, desk), a_family(any_session, group)
    uids = {"family_uid": family.uid, "ride_uid": uuid4()}
    any_session.commit()
    about = {"asked_about": family, "uids": uids, "now": now}
    if outcome == audit.DONE:
        note_look(any_session, rosa, Action.REVEAL_FAMILY, family, **about)
    else:
        with pytest.raises(NotFound):
            note_look(any_session, rosa, Action.REVEAL_FAMILY, family, **about)
    noted = (rosa.uid, "family:reveal", family.uid, family.uid, uids["ride_uid"], now, outcome)
    assert _rows(any_session) == [noted]


def test_looks_of_one_person_take_turns_and_those_of_another_do_not_wait(
    any_session, group, monkeypatch
):
    rosa, tom = (a_coordinator(any_session, group) for _one in range(2))
    turns = []
    monkeypatch.setattr(looks, "take_turns", lambda *turn: turns.append(turn))
    for actor in (rosa, tom):
        as_now(any_session, actor)
    assert turns == [(any_session, b"looks" + str(actor.user_id).encode()) for actor in (rosa, tom)]


def test_nobody_changes_the_account_before_the_note_and_others_may_read_it(
    any_session, group, monkeypatch
):
    rosa, asked = a_coordinator(any_session, group), []
    monkeypatch.setattr(any_session, "scalar", lambda one: asked.append(one) or UserState.ACTIVE)
    as_now(any_session, rosa)
    (chosen,) = asked
    assert str(chosen.compile(dialect=postgresql.dialect())).endswith("FOR SHARE")


def test_an_account_is_what_it_is_at_this_moment(any_session, group):
    rosa = a_coordinator(any_session, group)
    assert as_now(any_session, rosa) == rosa
    assert as_now(any_session, SYSTEM) is SYSTEM
    closed = replace(rosa, is_active=False)
    assert as_now(any_session, closed) == closed
    any_session.get_one(User, rosa.user_id).state = UserState.SUSPENDED
    any_session.flush()
    assert as_now(any_session, rosa) == closed


def test_what_is_of_no_family_is_not_counted(any_session, now):
    group = a_group(any_session, desk_families_hour=1, desk_families_day=1)
    rosa = a_coordinator(any_session, group)
    driver = a_driver(any_session, group)
    any_session.commit()
    for _time in range(3):
        service.reveal(any_session, rosa, driver.start_place, family_uid=None, now=now)
    _look(any_session, rosa, a_family(any_session, group), now)
    assert any_session.scalars(select(Alarm)).all() == []


def test_the_one_look_too_many_closes_the_account_and_is_on_record(any_session, now):
    group = a_group(any_session, desk_families_hour=1, desk_families_day=1)
    rosa = a_coordinator(any_session, group)
    first, second = a_family(any_session, group), a_family(any_session, group)
    begun = a_group(any_session, name="Begun and not saved")
    any_session.commit()
    _look(any_session, rosa, first, now)
    begun.name = "Changed and not saved"
    later = now + timedelta(minutes=1)
    with pytest.raises(LimitReached, match="as many families as one person may"):
        _look(any_session, rosa, second, later)
    any_session.rollback()
    assert begun.name == "Begun and not saved"
    rows = _rows(any_session)
    assert rows[0] == (rosa.uid, "family:reveal", first.uid, first.uid, None, now, audit.DONE)
    assert (None, "account:suspend", rosa.uid, None, None, later, audit.DONE) in rows
    refused = (rosa.uid, "family:reveal", second.uid, second.uid, None, later, audit.REFUSED)
    assert refused in rows
    assert len(rows) == 3
    alarms = any_session.scalars(select(Alarm)).all()
    over = next(one for one in alarms if one.kind == "families:over")
    assert (over.group_id, over.about_id, over.made_at) == (group.id, rosa.user_id, later)
    assert over.facts == {"families": 2}


def test_a_family_of_a_day_ago_counts_no_more(any_session, now):
    group = a_group(any_session, desk_families_hour=1, desk_families_day=1)
    rosa = a_coordinator(any_session, group)
    first, second = a_family(any_session, group), a_family(any_session, group)
    any_session.commit()
    _look(any_session, rosa, first, now)
    _look(any_session, rosa, second, now + timedelta(days=1))
    assert [row[-1] for row in _rows(any_session)] == [audit.DONE, audit.DONE]


@pytest.mark.parametrize("at_desk", [True, False])
def test_the_families_of_the_day_are_asked_of_who_knows_the_rides(any_session, now, at_desk):
    """The day holds so many families that what is usual for it lies above what is noticed."""
    limits_of_all = {"desk_families_day": 40, "driver_families_day": 40}
    group = a_group(any_session, usual_percent=100, **limits_of_all)
    rosa = a_coordinator(any_session, group)
    families = [a_family(any_session, group) for _one in range(12 if at_desk else 4)]
    any_session.commit()
    asked = []

    def expects(*told, **span):
        asked.append((told, span))
        return {one.uid for one in families}

    any_session.info["expects"] = expects
    actor = rosa
    if not at_desk:
        actor = replace(rosa, coordinates=frozenset(), drives={group.id: 7})
    an_hour = timedelta(hours=1)
    ride = RideInQuestion(7, group.id, True, now - an_hour, now + an_hour, may_navigate=False)
    for family in families:
        note_look(
            any_session,
            actor,
            Action.REVEAL_FAMILY if at_desk else Action.MEET_FAMILY,
            family,
            asked_about=family if at_desk else ride,
            uids={"family_uid": family.uid},
            now=now,
        )
    a_day = timedelta(days=1)
    assert asked[0] == (
        (any_session, actor, group.id),
        {"since": now - a_day, "until": now + a_day},
    )
    assert any_session.scalars(select(Alarm)).all() == []


def test_where_nobody_knows_the_rides_none_is_expected(any_session, group, now):
    del any_session.info["expects"]
    _look(any_session, a_coordinator(any_session, group), a_family(any_session, group), now)
    assert [row[-1] for row in _rows(any_session)] == [audit.DONE]
