"""The numbers of a year, and that erasing changes none of them."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from dispatch.db.transactions import Database
from dispatch.erasing.models import Outcome
from dispatch.erasing.service import running
from dispatch.errors import Forbidden, NotFound
from dispatch.numbers.queries import Numbers, numbers_of
from dispatch.people.models import Group
from dispatch.policy import Actor
from dispatch.rides.models import Purpose, Ride, RideState
from tests import build
from tests.conftest import NOW as BEFORE
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW

FATES = (RideState.DONE, RideState.DONE, RideState.CANCELLED, RideState.NO_SHOW, RideState.OPEN)


@pytest.fixture
def group(any_database: Database) -> Group:
    """Sixty days of rides of several families; one withdrew, one has long asked for none."""
    with any_database.transaction() as session:
        group = build.a_group(session)
        kept, withdrawn, gone = (build.a_family(session, group, made_at=BEFORE) for _three in "123")
        withdrawn.withdrawn_at = NOW
        for days in range(1, 61):
            state = FATES[days % len(FATES)]
            for family in (kept, withdrawn):
                scene.a_past_ride(session, group, family, days, state=state)
        scene.a_past_ride(session, group, gone, 120)
        other = build.a_group(session)
        scene.a_past_ride(session, other, build.a_family(session, other), 20)
    return group


def numbers(database: Database, group: Group, actor: Actor | None = None) -> Numbers:
    with database.transaction(reads_only=True) as session:
        return numbers_of(session, actor or coordinator(group), group.uid, 2027, now=NOW)[1]


def coordinator(group: Group) -> Actor:
    return Actor(user_id=1, uid=group.uid, coordinates=frozenset({group.id}))


def test_erasing_changes_no_number(any_database: Database, group: Group):
    before = numbers(any_database, group)
    report = running.run(any_database, now=NOW)
    assert report.counts["made"]["past_ride"] > 60
    with any_database.transaction(reads_only=True) as session:
        left = session.scalar(select(func.count()).select_from(Ride)) or 0
    assert left < 40
    assert numbers(any_database, group) == before


def test_a_year_is_counted_by_month_outcome_purpose_and_distance(
    any_database: Database, group: Group
):
    year = numbers(any_database, group)
    with any_database.transaction(reads_only=True) as session:
        days = session.execute(
            select(Ride.service_on, Ride.state).where(
                Ride.group_id == group.id, Ride.service_on < scene.TODAY
            )
        ).all()
    # Today is a Monday, so every day before it is in a week that is over.
    mondays = [(day.fromordinal(day.toordinal() - day.weekday()), state) for day, state in days]
    of_year = [(day, state) for day, state in mondays if day.year == 2027]
    by_month = Counter(day.month for day, _state in of_year)
    assert {line.key: line.total for line in year.months} == dict(by_month)
    assert year.whole.total == len(of_year)
    driven = sum(state is RideState.DONE for _day, state in of_year)
    assert year.whole.parts[list(Outcome).index(Outcome.DRIVEN)] == driven
    assert [(line.key, line.total) for line in year.purposes] == [(Purpose.MEDICAL, driven)]
    assert [(line.key, line.total) for line in year.distances] == [("0-5", driven)]
    assert (year.first_year, year.has_later) == (2026, False)


def test_the_week_under_way_is_not_counted(any_database: Database, group: Group):
    before = numbers(any_database, group)
    with any_database.transaction() as session:
        there = session.get_one(Group, group.id)
        for _six in range(6):
            scene.a_past_ride(session, there, build.a_family(session, there), 0)
    assert numbers(any_database, group) == before


def test_a_month_of_a_few_rides_says_no_more(any_database: Database):
    with any_database.transaction() as session:
        group = build.a_group(session)
        family = build.a_family(session, group)
        for days in (40, 41, 42):
            scene.a_past_ride(session, group, family, days)
    year = numbers(any_database, group)
    assert [line.total for line in (*year.months, year.whole, *year.purposes)] == [None] * 3


def test_a_steward_sees_the_numbers_and_nobody_elsewhere(any_database: Database, group: Group):
    steward = Actor(user_id=2, uid=group.uid, is_steward=True)
    assert numbers(any_database, group, steward) == numbers(any_database, group)
    elsewhere = Actor(user_id=3, uid=group.uid, coordinates=frozenset({group.id + 1}))
    with pytest.raises((Forbidden, NotFound)):
        numbers(any_database, group, elsewhere)
    driver = Actor(user_id=4, uid=group.uid, drives=frozenset({group.id}))
    with pytest.raises(Forbidden):
        numbers(any_database, group, driver)
