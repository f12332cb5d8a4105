"""The log shows each desk its own, stewards all of it, and everybody ids alone."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.audit import service as audit
from dispatch.errors import NotFound
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.glass import service as glass
from dispatch.glass.models import Need
from dispatch.log import queries
from dispatch.log.forms import Question
from dispatch.policy import Action
from tests import build

UTC = ZoneInfo("UTC")


@pytest.fixture
def group(session):
    """A group."""
    return build.a_group(session)


@pytest.fixture
def rosa(session, group):
    """Its coordinator."""
    return build.a_coordinator(session, group)


@pytest.fixture
def family(session, group, rosa, now):
    """A family whose name Rosa read."""
    found = build.a_family(session, group)
    session.commit()
    families.reveal(session, rosa, found, parts={Part.NAME}, now=now)
    return found


def shown(session, actor, **asked):
    return queries.entries(session, actor, Question(**asked), UTC)[0]


def test_a_look_stands_there_by_who_what_and_number(session, rosa, family, now):
    (entry,) = shown(session, rosa)
    assert (entry.event.at, entry.who, entry.number) == (now, "Rosa", family.number)
    assert entry.what == "read a family's name, phone or address"
    assert not entry.is_refused
    assert not entry.in_need


def test_a_refused_look_is_marked(session, family, now):
    stranger = build.a_coordinator(session, build.a_group(session))
    session.commit()
    with pytest.raises(NotFound):
        families.reveal(session, stranger, family, parts={Part.NAME}, now=now)
    marked = [entry.is_refused for entry in shown(session, build.a_steward(session))]
    assert marked == [True, False]


def test_another_desk_sees_nothing_of_it(session, family):
    stranger = build.a_coordinator(session, build.a_group(session))
    driver = build.driver_actor(build.a_driver(session, build.a_group(session)))
    for actor in (stranger, driver):
        assert shown(session, actor) == []


def test_somebody_suspended_sees_nothing(session, rosa, family):
    assert shown(session, replace(rosa, is_active=False)) == []


def test_a_family_a_person_and_a_day_are_asked_for(session, rosa, group, family, now):
    other = build.a_family(session, group)
    tom = build.a_coordinator(session, group)
    session.commit()
    later = now + timedelta(days=1)
    families.reveal(session, tom, other, parts={Part.NAME}, now=later)
    assert len(shown(session, rosa)) == 2
    for asked in ({"family": family.uid}, {"person": rosa.uid}, {"day": now.date()}):
        (entry,) = shown(session, rosa, **asked)
        assert entry.number == family.number


def test_a_day_is_that_of_the_groups_clock(session, rosa, family, now):
    midnight = now.replace(hour=4, minute=0) + timedelta(days=1)  # still the 8th in Vancouver
    families.reveal(session, rosa, family, parts={Part.NAME}, now=midnight)
    asked = Question(day=now.date())
    found = queries.entries(session, rosa, asked, ZoneInfo("America/Vancouver"))[0]
    assert [entry.event.at for entry in found] == [midnight, now]
    assert len(shown(session, rosa, day=now.date())) == 1


def test_only_looks_and_refusals_are_shown_unless_everything_is_asked_for(
    session, rosa, group, family, now
):
    about = {"now": now, "group_uid": group.uid}
    audit.record(session, rosa, Action.CHANGE_GROUP, group, **about)
    session.commit()
    assert len(shown(session, rosa)) == 1
    assert len(shown(session, rosa, everything=True)) == 2


def test_a_long_log_comes_in_pages_that_miss_nothing(session, rosa, family, now, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    for minute in range(1, 8):
        at = now + timedelta(minutes=minute)
        families.reveal(session, rosa, family, parts={Part.NAME}, now=at)
    seen, before = [], None
    for _page in range(3):
        found, before = queries.entries(session, rosa, Question(before=before), UTC)
        seen += [entry.event.position for entry in found]
    assert before is None
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 8


def test_a_look_at_a_closed_family_is_marked(session, rosa, family, now):
    later = now + timedelta(hours=1)
    family.withdrawn_at = later
    session.flush()
    words = "They wait at the clinic and it closes"
    glass.break_glass(session, rosa, family, need=Need.STRANDED, reason=words, now=later)
    session.commit()
    families.reveal(session, rosa, family, parts={Part.NAME}, now=later)
    marked = [entry.in_need for entry in shown(session, rosa)]
    assert marked == [True, True, False]


def test_who_may_be_asked_for_is_who_one_works_with(session, rosa, family):
    other = build.a_family(session, build.a_group(session))
    steward = build.a_steward(session)
    assert [uid for uid, _name in queries.people(session, rosa)] == [rosa.uid]
    assert [uid for uid, _number in queries.families(session, rosa)] == [family.uid]
    assert {uid for uid, _name in queries.people(session, steward)} >= {rosa.uid, steward.uid}
    assert {uid for uid, _number in queries.families(session, steward)} == {family.uid, other.uid}
