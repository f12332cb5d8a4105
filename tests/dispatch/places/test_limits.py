"""How many families one person opens: what is usual, what is noticed, what ends it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.errors import Forbidden
from dispatch.families import service as families
from dispatch.people import alarms
from dispatch.people.models import Alarm, Group, User, UserState, WebSession
from dispatch.people.sessions import begin
from dispatch.places import limits
from dispatch.places.limits import LimitReached, Limits, Verdict
from dispatch.policy import Actor
from tests.build import a_coordinator, a_family, a_group

NOON = datetime(2027, 3, 8, 20, 0, tzinfo=UTC)
"""Noon in Vancouver."""
FEW = Limits(hour=2, day=4, noticed=3)


def _opened(*hours_ago: float) -> dict[UUID, datetime]:
    return {uuid4(): NOON - timedelta(hours=ago) for ago in hours_ago}


@pytest.mark.parametrize(
    ("hours_ago", "expected"),
    [
        ((), Verdict.FINE),
        ((0.5,), Verdict.FINE),
        ((0.5, 0.6), Verdict.NO),
        ((1, 1), Verdict.FINE),
        ((2, 3, 4), Verdict.ALARM),
        ((2, 3, 4, 5), Verdict.NO),
    ],
)
def test_one_family_more_is_fine_noticed_or_too_much(hours_ago, expected: Verdict):
    assert limits.verdict(_opened(*hours_ago), uuid4(), FEW, NOON) is expected


def test_the_same_family_again_is_no_other_family():
    opened = _opened(0.5, 0.6)
    assert limits.verdict(opened, next(iter(opened)), FEW, NOON) is Verdict.FINE


def test_a_family_of_this_morning_counts_anew_within_the_hour():
    opened = _opened(0.5, 0.6, 3)
    of_this_morning = list(opened)[-1]
    assert limits.verdict(opened, of_this_morning, FEW, NOON) is Verdict.NO


@pytest.mark.parametrize(
    ("at_desk", "expected", "found"),
    [
        (False, 0, Limits(10, 25, 2)),
        (False, 5, Limits(10, 25, 8)),
        (False, 40, Limits(10, 25, 25)),
        (True, 0, Limits(30, 100, 10)),
        (True, 20, Limits(30, 100, 30)),
    ],
)
def test_a_full_day_lets_more_go_unnoticed_than_an_empty_one(
    any_session: Session, at_desk: bool, expected: int, found: Limits
):
    group = a_group(any_session)
    assert limits.limits_of(group, at_desk=at_desk, expected=expected) == found


@pytest.mark.parametrize(("hour", "night"), [(5, True), (6, False), (21, False), (22, True)])
def test_a_desk_works_by_day(any_session: Session, hour: int, night: bool):
    local = datetime(2027, 3, 8, hour, 30, tzinfo=a_group(any_session).zone)
    assert limits.is_night(local, a_group(any_session)) is night


@pytest.fixture
def group(any_session: Session) -> Group:
    return a_group(any_session, desk_families_hour=3, desk_families_day=5, usual_percent=100)


@pytest.fixture
def desk(any_session: Session, group: Group) -> Actor:
    return a_coordinator(any_session, group)


def _reveal(session: Session, actor: Actor, group: Group, now: datetime, times: int = 1) -> None:
    for family in [a_family(session, group) for _ in range(times)]:
        session.commit()
        families.reveal(session, actor, family, now=now)


def _raised(session: Session) -> list[str]:
    return list(session.scalars(select(Alarm.kind).order_by(Alarm.id)))


def test_at_the_limit_nothing_is_shown_and_the_account_is_closed(
    any_session: Session, group: Group, desk: Actor
):
    user = any_session.get_one(User, desk.user_id)
    begin(any_session, user, now=NOON)
    _reveal(any_session, desk, group, NOON, times=3)
    with pytest.raises(LimitReached):
        _reveal(any_session, desk, group, NOON + timedelta(minutes=59))
    any_session.rollback()
    assert any_session.get_one(User, desk.user_id).state is UserState.SUSPENDED
    assert any_session.scalars(select(WebSession.ended_at)).all() != [None]
    done = select(AuditEvent.family_uid).where(
        AuditEvent.actor_uid == desk.uid, AuditEvent.outcome == audit.DONE
    )
    assert len(set(any_session.scalars(done))) == 3
    assert limits.OVER.name in _raised(any_session)


def test_an_hour_later_there_is_room_for_others_but_not_for_a_whole_day_of_them(
    any_session: Session, group: Group, desk: Actor
):
    _reveal(any_session, desk, group, NOON, times=3)
    _reveal(any_session, desk, group, NOON + limits.AN_HOUR, times=2)
    with pytest.raises(LimitReached):
        _reveal(any_session, desk, group, NOON + timedelta(hours=3))


def test_a_closed_account_opens_nothing_even_within_the_same_request(
    any_session: Session, group: Group, desk: Actor
):
    any_session.get_one(User, desk.user_id).state = UserState.SUSPENDED
    with pytest.raises(Forbidden):
        _reveal(any_session, desk, group, NOON)


def test_more_than_the_day_asks_for_is_shown_and_told_once(
    any_session: Session, desk: Actor, group: Group
):
    group.desk_families_hour = group.desk_families_day = 30
    _reveal(any_session, desk, group, NOON, times=10)
    assert limits.MANY.name not in _raised(any_session)
    _reveal(any_session, desk, group, NOON, times=2)
    assert _raised(any_session).count(limits.MANY.name) == 1
    colleague = a_coordinator(any_session, group)
    said = [alarms.say(any_session, one) for one in alarms.open_alarms(any_session, colleague)]
    assert "Opened 11 families within a day, more than the rides ask for." in said
    assert alarms.open_alarms(any_session, desk) == []


def test_families_without_a_ride_are_noticed_beyond_a_few(
    any_session: Session, desk: Actor, group: Group
):
    group.desk_families_hour = group.desk_families_day = 30
    _reveal(any_session, desk, group, NOON, times=5)
    assert _raised(any_session) == []
    _reveal(any_session, desk, group, NOON)
    assert _raised(any_session) == [limits.WITHOUT_RIDE.name]


def test_a_family_without_a_ride_at_night_is_noticed(
    any_session: Session, desk: Actor, group: Group
):
    _reveal(any_session, desk, group, NOON + timedelta(hours=11))
    assert _raised(any_session) == [limits.AT_NIGHT.name]


def test_families_with_a_ride_these_days_are_usual_even_at_night(
    any_session: Session, desk: Actor, group: Group
):
    from tests.build import a_ride

    late = NOON + timedelta(hours=11)
    family = a_family(any_session, group)
    a_ride(any_session, group, family=family, service_on=late.date())
    any_session.commit()
    families.reveal(any_session, desk, family, now=late)
    assert _raised(any_session) == []
