"""A closed family is opened by one person, for half an hour, before everybody's eyes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.glass import rules, service
from dispatch.glass.models import GlassBreak, Need, Verdict
from dispatch.people import alarms
from dispatch.policy import Action
from tests import build

REASON = "Carmen waits at the clinic and it closes"
SECOND = timedelta(seconds=1)


@pytest.fixture
def group(any_session):
    """A group, on each kind of database."""
    return build.a_group(any_session)


@pytest.fixture
def rosa(any_session, group):
    """Who opens."""
    return build.a_coordinator(any_session, group)


@pytest.fixture
def tom(any_session, group):
    """A colleague at the same desk."""
    return build.a_coordinator(any_session, group)


@pytest.fixture
def closed(any_session, group, now):
    """A family that has withdrawn."""
    family = build.a_family(any_session, group, withdrawn_at=now - timedelta(days=1))
    any_session.commit()
    return family


def break_glass(session, actor, family, now, **values):
    values = {"need": Need.STRANDED, "reason": REASON, **values}
    broken = service.break_glass(session, actor, family, now=now, **values)
    session.commit()
    return broken


def reads(session, actor, family, at):
    """Whether every part of the family opens to the actor at a moment."""
    opened = set()
    for part in Part:
        try:
            families.reveal(session, actor, family, parts={part}, now=at)
        except NotFound:
            opened.add(False)
        else:
            opened.add(True)
    (answer,) = opened
    return answer


def test_a_closed_family_opens_to_who_breaks_the_glass(any_session, rosa, closed, now):
    assert not reads(any_session, rosa, closed, now)
    break_glass(any_session, rosa, closed, now)
    assert reads(any_session, rosa, closed, now)


def test_it_closes_after_half_an_hour_to_the_second(any_session, rosa, closed, now):
    break_glass(any_session, rosa, closed, now)
    assert reads(any_session, rosa, closed, now + rules.OPEN_FOR - SECOND)
    assert not reads(any_session, rosa, closed, now + rules.OPEN_FOR)


def test_it_opens_to_nobody_else(any_session, rosa, tom, closed, now):
    break_glass(any_session, rosa, closed, now)
    assert not reads(any_session, tom, closed, now)


def test_it_opens_no_second_family(any_session, rosa, group, closed, now):
    second = build.a_family(any_session, group, withdrawn_at=now)
    break_glass(any_session, rosa, closed, now)
    assert not reads(any_session, rosa, second, now)
    with pytest.raises(Conflict):
        break_glass(any_session, rosa, second, now + timedelta(minutes=29))
    any_session.rollback()
    assert break_glass(any_session, rosa, second, now + rules.OPEN_FOR)


def test_a_family_that_is_open_needs_no_breaking(any_session, rosa, group, now):
    with pytest.raises(Conflict):
        break_glass(any_session, rosa, build.a_family(any_session, group), now)


def test_a_stranger_breaks_nothing(any_session, closed, now):
    stranger = build.a_coordinator(any_session, build.a_group(any_session))
    with pytest.raises(NotFound):
        break_glass(any_session, stranger, closed, now)
    with pytest.raises(Forbidden):
        break_glass(any_session, build.a_steward(any_session), closed, now)


def test_without_a_reason_nothing_opens(any_session, rosa, closed, now):
    with pytest.raises(service.ReasonMissing) as refused:
        break_glass(any_session, rosa, closed, now, need=None, reason="because")
    assert set(refused.value.troubles) == {"need", "reason"}
    assert any_session.scalars(select(GlassBreak)).all() == []


def test_everybody_else_is_told_in_the_same_transaction(any_session, rosa, tom, closed, now):
    service.break_glass(any_session, rosa, closed, need=Need.DANGER, reason=REASON, now=now)
    for told in (tom, build.a_steward(any_session)):
        (alarm,) = alarms.open_alarms(any_session, told)
        assert closed.number in alarms.say(any_session, alarm)
        assert alarm.made_at == now
    any_session.rollback()
    assert alarms.open_alarms(any_session, tom) == []


def test_ending_it_closes_the_family_at_once(any_session, rosa, tom, closed, now):
    broken = break_glass(any_session, rosa, closed, now)
    later = now + timedelta(minutes=5)
    service.end(any_session, tom, broken, now=later)
    any_session.commit()
    assert (broken.ended_at, broken.ended_by_id) == (later, tom.user_id)
    assert not reads(any_session, rosa, closed, later)


def test_what_is_closed_already_is_not_ended_again(any_session, rosa, closed, now):
    broken = break_glass(any_session, rosa, closed, now)
    service.end(any_session, rosa, broken, now=now + rules.OPEN_FOR)
    assert broken.ended_at is None


def test_the_reason_is_sealed_and_opens_to_the_desk_alone(any_session, rosa, tom, closed, now):
    broken = break_glass(any_session, rosa, closed, now)
    assert REASON.encode() not in broken.sealed_reason.record
    assert service.read_reason(any_session, tom, broken, now=now) == REASON
    with pytest.raises(Forbidden):
        service.read_reason(any_session, build.a_steward(any_session), broken, now=now)


@pytest.fixture
def over(any_session, rosa, closed, now):
    """A family that was opened and is closed again; and the moment after."""
    return break_glass(any_session, rosa, closed, now), now + timedelta(hours=1)


def review(session, actor, over, verdict=Verdict.NEEDED):
    service.review(session, actor, over[0], verdict, now=over[1])


def test_another_person_reviews_it(any_session, tom, over):
    review(any_session, tom, over)
    broken = over[0]
    assert (broken.verdict, broken.reviewed_by_id) == (Verdict.NEEDED, tom.user_id)


def test_a_steward_reviews_where_there_is_no_colleague(any_session, over):
    review(any_session, build.a_steward(any_session), over)
    assert over[0].verdict is Verdict.NEEDED


def test_nobody_reviews_the_own_deed(any_session, rosa, over):
    with pytest.raises(NotFound):
        review(any_session, rosa, over)


def test_the_database_refuses_it_too(any_session, rosa, over):
    broken = over[0]
    broken.reviewed_at, broken.verdict = over[1], Verdict.NEEDED
    broken.reviewed_by_id = rosa.user_id
    with pytest.raises(IntegrityError):
        any_session.flush()


def test_it_is_reviewed_once(any_session, tom, over):
    review(any_session, tom, over)
    with pytest.raises(Conflict):
        review(any_session, tom, over, Verdict.QUESTIONED)


def test_what_is_open_still_is_not_reviewed_yet(any_session, tom, over, now):
    with pytest.raises(Conflict):
        service.review(any_session, tom, over[0], Verdict.NEEDED, now=now)


def test_what_was_not_needed_is_everybodys_to_talk_about(any_session, tom, over):
    review(any_session, tom, over, Verdict.QUESTIONED)
    said = [alarms.say(any_session, one) for one in alarms.open_alarms(any_session, tom)]
    assert any("not needed" in words for words in said)


def test_every_step_is_on_record(any_session, rosa, tom, closed, over):
    service.read_reason(any_session, tom, over[0], now=over[1])
    review(any_session, tom, over)
    any_session.commit()
    rows = any_session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.family_uid == closed.uid)
        .order_by(AuditEvent.position)
    ).all()
    steps = (Action.BREAK_GLASS, Action.READ_GLASS_REASON, Action.REVIEW_GLASS)
    assert rows == [step.value for step in steps]
