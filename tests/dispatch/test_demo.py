"""The demo in its week: everybody is there, today is alive, and it is the same every time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.audit import verifying
from dispatch.config import load
from dispatch.db.transactions import Database
from dispatch.demo import filling, people, settling
from dispatch.families.models import Family
from dispatch.people import queries as accounts
from dispatch.people.models import Group, Role, User
from dispatch.people.passwords import fits
from dispatch.planning.models import Assignment, MatchRun
from dispatch.policy import Actor
from dispatch.rides import queries as rides
from dispatch.rides.models import Ride, RideState

NOW = datetime(2027, 3, 9, 3, 30, tzinfo=UTC)


def a_demo(path: Path) -> Database:
    database = installation.prepare(load(str(path / "demo"), testing=True))
    filling.fill(database, now=NOW)
    return database


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A demo that no test of this module changes."""
    database = a_demo(tmp_path_factory.mktemp("filled"))
    yield database
    database.engine.dispose()
    database.vault.keys.close()


@pytest.fixture
def looking(demo: Database) -> Iterator[Session]:
    with demo.session(reads_only=True) as session:
        yield session


@pytest.fixture
def group(looking: Session) -> Group:
    return accounts.group_named(looking, settling.GROUP)


@pytest.fixture
def desk(group: Group) -> Actor:
    return Actor(user_id=1, uid=None, coordinates=frozenset({group.id}))


@pytest.fixture
def todays(looking: Session, group: Group, desk: Actor) -> list[Ride]:
    return rides.rides_of_day(looking, desk, group, clock.local_day(NOW, group.zone))


def test_every_printed_account_opens_with_the_pass_phrase(looking):
    printed = [people.STEWARD, *people.COORDINATORS, people.NEIGHBOUR]
    printed += [one.person for one in people.WITH_SIGN_IN]
    users = [accounts.find_user_by_email(looking, one.email) for one in printed]
    assert len({user.password_hash for user in users}) == 1
    assert fits(users[0].password_hash, people.PASS_PHRASE)


def test_there_are_drivers_and_families_of_many_kinds(looking, group):
    families = looking.scalars(select(Family).where(Family.group_id == group.id)).all()
    languages = Counter(one.language for one in families)
    assert len(families) == settling.FAMILIES
    assert languages["es"] * 2 >= len(families) - 4
    assert {"prs", "ti", "uk", "vi"} <= set(languages)
    assert any(one.wheelchair for one in families)
    assert any(one.place.is_public for one in families)
    assert any(one.child_seats for one in families)


def test_today_is_alive(todays):
    assert len(todays) in range(36, 40)
    states = {one.state for one in todays}
    assert states >= {
        RideState.OPEN,
        RideState.OFFERED,
        RideState.ACCEPTED,
        RideState.DONE,
        RideState.CANCELLED,
        RideState.WILL_CALL,
    }
    assert states & {RideState.ARRIVED, RideState.ON_BOARD}


def test_a_party_that_was_brought_has_no_driver_back(looking, group, desk):
    alarming = rides.returns_without_driver(looking, desk, group, NOW)
    assert any(one.state is RideState.OPEN for one in alarming)


def test_days_to_come_are_left_to_the_matcher(looking, group, desk, todays):
    later = rides.rides_of_week(looking, desk, group, todays[0].service_on)
    later = [one for one in later if one.service_on > todays[0].service_on]
    assert len(later) > 30
    assert sum(one.state is RideState.OPEN for one in later) > 0.7 * len(later)


def test_each_driver_who_can_sign_in_has_something_to_do_today(looking, todays):
    found = looking.scalars(
        select(Assignment).where(Assignment.ride_id.in_([one.id for one in todays]))
    )
    numbers = {one.driver.number for one in found}
    assert {f"D{number:02d}" for number in range(1, 6)} <= numbers


def test_what_happened_is_on_record_without_a_gap(looking):
    assert verifying.verify(looking) is None


def test_the_second_group_shares_nobody_but_the_steward(looking, group):
    members = {
        user.uid: {one.group_id for one in user.memberships}
        for user in looking.scalars(select(User))
    }
    assert all(len(groups) <= 1 for groups in members.values())
    other = accounts.group_named(looking, settling.SECOND_GROUP)
    roles = Counter(
        one.role for user in looking.scalars(select(User)) for one in user.memberships
        if one.group_id == other.id
    )  # fmt: skip
    assert roles == {Role.COORDINATOR: 1, Role.DRIVER: 1}


def told(session: Session) -> list[tuple[object, ...]]:
    """What the rides and drivers of a demo say, without what is random in every installation."""
    return [
        (
            ride.family.number,
            ride.service_on,
            ride.leg,
            ride.state,
            ride.window_starts_at,
            ride.dropoff_place.shown_as,
            [one.driver.number for one in ride.assignments],
        )
        for ride in session.scalars(select(Ride).order_by(Ride.id))
    ]


def test_it_is_the_same_every_time(looking, tmp_path):
    again = a_demo(tmp_path)
    with again.session(reads_only=True) as session:
        assert told(session) == told(looking)
    again.engine.dispose()
    again.vault.keys.close()


def test_the_matcher_is_asked_about_today_and_tomorrow(tmp_path):
    database = installation.prepare(load(str(tmp_path / "demo"), testing=True))
    with database.transaction() as session:
        session.add(Group(name=settling.GROUP, time_zone="Europe/London", made_at=NOW))
    asked = []
    filling.start_runs(database, enqueue=asked.append, now=NOW)
    with database.transaction() as session:
        runs = session.scalars(select(MatchRun).order_by(MatchRun.service_on)).all()
    assert [str(one.service_on) for one in runs] == ["2027-03-09", "2027-03-10"]
    assert asked == [one.uid for one in runs]
