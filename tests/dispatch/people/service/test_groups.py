"""Groups and their settings."""

from dataclasses import asdict, replace
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.errors import Forbidden, NotFound, Refused, Stale
from dispatch.people import queries, rules, service, two_persons
from dispatch.people.forms import GroupSettings, RevealLimits
from dispatch.people.models import Group
from dispatch.policy.actor import SYSTEM
from tests.build import a_coordinator, a_group, a_steward

SETTINGS = GroupSettings(
    name="Alder Bay Rides",
    time_zone="America/Vancouver",
    language="es",
    desk_phone="604-555-0100",
    grant_before_minutes=90,
    grant_after_minutes=30,
    most_seats=5,
    board_minutes=4,
    alight_minutes=2,
    flexible_minutes=20,
    even_load_seconds=120,
    uses_miles=True,
    latitude=49.27,
    longitude=-123.12,
)


def _settings_of(group: Group) -> GroupSettings:
    return GroupSettings(**{name: getattr(group, name) for name in asdict(SETTINGS)})


def test_a_new_group_has_the_settings_that_were_typed(any_session: Session, now: datetime):
    for actor in (a_steward(any_session), SYSTEM):
        group = service.make_group(any_session, actor, SETTINGS, now=now)
        any_session.expire_all()
        assert _settings_of(group) == SETTINGS


def test_a_coordinator_neither_makes_nor_changes_a_group(any_session: Session, now: datetime):
    group = a_group(any_session)
    coordinator = a_coordinator(any_session, group)
    with pytest.raises(Forbidden):
        service.make_group(any_session, coordinator, SETTINGS, now=now)
    with pytest.raises(Forbidden):
        service.change_group(
            any_session, coordinator, group, SETTINGS, version=rules.version_of(group), now=now
        )
    with pytest.raises(Forbidden):
        queries.get_group(any_session, coordinator, group.uid, now=now)
    with pytest.raises(Forbidden):
        queries.groups(any_session, coordinator, now=now)


def test_settings_change_all_together(any_session: Session, now: datetime):
    group = a_group(any_session)
    steward = a_steward(any_session)
    version = rules.version_of(group)
    service.change_group(any_session, steward, group, SETTINGS, version=version, now=now)
    any_session.expire_all()
    assert _settings_of(group) == SETTINGS


def test_a_form_made_before_somebody_elses_change_overwrites_nothing(
    any_session: Session, now: datetime
):
    group = a_group(any_session)
    steward = a_steward(any_session)
    seen = rules.version_of(group)
    service.change_group(any_session, steward, group, SETTINGS, version=seen, now=now)
    late = replace(SETTINGS, name="Mine")
    with pytest.raises(Stale):
        service.change_group(any_session, steward, group, late, version=seen, now=now)
    assert group.name == "Alder Bay Rides"


def test_no_grant_is_longer_than_half_a_day_whoever_writes_it(any_session: Session):
    with pytest.raises(IntegrityError):
        a_group(any_session, grant_before_minutes=721)


def test_groups_are_listed_by_name_with_their_people(any_session: Session, now: datetime):
    b, a = a_group(any_session, name="B"), a_group(any_session, name="A")
    a_coordinator(any_session, b)
    listed = queries.groups(any_session, a_steward(any_session), now=now)
    assert listed == [(a, 0), (b, 1)]


def test_a_group_is_named_on_the_command_line_when_it_is_the_only_one(any_session: Session):
    group = a_group(any_session, name="Alder Bay")
    assert queries.group_named(any_session, "Alder Bay") is group
    with pytest.raises(Refused, match="Alder Bay"):
        queries.group_named(any_session, "Elder Bay")
    a_group(any_session, name="Alder Bay")
    with pytest.raises(Refused):
        queries.group_named(any_session, "Alder Bay")
    assert any_session.scalar(select(func.count(Group.id))) == 2


def test_a_person_of_another_group_is_not_found_in_this_one(any_session: Session):
    here, there = a_group(any_session), a_group(any_session)
    a_coordinator(any_session, there)
    (member,) = queries.members(any_session, there, now=here.made_at)
    assert queries.get_member(any_session, there, member.user.uid) is member.user
    assert queries.members(any_session, here, now=here.made_at) == []
    with pytest.raises(NotFound):
        queries.get_member(any_session, here, member.user.uid)


def _limits(group: Group, **values: int) -> RevealLimits:
    now = {name: getattr(group, name) for name in RevealLimits.__annotations__}
    return RevealLimits(**{**now, **values})


def test_tighter_limits_hold_at_once(any_session: Session, now: datetime):
    group, steward = a_group(any_session), a_steward(any_session)
    wanted = _limits(group, driver_families_hour=4, usual_percent=120)
    assert service.change_limits(any_session, steward, group, wanted, now=now) is None
    assert (group.driver_families_hour, group.usual_percent) == (4, 120)


def test_looser_limits_wait_for_a_second_person(any_session: Session, now: datetime):
    group, steward = a_group(any_session), a_steward(any_session)
    wanted = _limits(group, driver_families_hour=11, driver_families_day=20)
    motion = service.change_limits(any_session, steward, group, wanted, now=now)
    assert (group.driver_families_hour, group.driver_families_day) == (10, 20)
    assert "a driver within an hour: 11" in two_persons.matter_of(motion).say(any_session, motion)
    two_persons.second(any_session, a_coordinator(any_session, group), motion, now=now)
    assert (group.driver_families_hour, group.driver_families_day) == (11, 20)


def test_no_coordinator_changes_limits(any_session: Session, now: datetime):
    group = a_group(any_session)
    with pytest.raises(Forbidden):
        service.change_limits(
            any_session, a_coordinator(any_session, group), group, _limits(group), now=now
        )
