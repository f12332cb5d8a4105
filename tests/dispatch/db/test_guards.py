"""What the database itself makes impossible, whatever the program does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from dispatch.audit import service as audit
from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from dispatch.rides.models import Ride
from tests.build import MADE, TEN, a_driver, a_group, a_ride

MINUTE = timedelta(minutes=1)


def an_assignment(ride: Ride, driver: Driver, *, starts: int = 0, **values: object) -> Assignment:
    """From `starts` minutes after ten, half an hour long."""
    pickup_at = TEN + starts * MINUTE
    return Assignment(
        **{
            "group_id": ride.group_id,
            "ride_id": ride.id,
            "driver_id": driver.id,
            "user_id": driver.user_id,
            "pickup_at": pickup_at,
            "dropoff_at": pickup_at + 27 * MINUTE,
            "busy_until": pickup_at + 30 * MINUTE,
            "approved_at": MADE,
            **values,
        }
    )


def test_a_ride_has_one_live_assignment(any_session: Session):
    group = a_group(any_session)
    ride, anna, ben = a_ride(any_session, group), *(a_driver(any_session, group) for _ in "ab")
    any_session.add(an_assignment(ride, anna))
    any_session.flush()
    any_session.add(an_assignment(ride, ben, starts=300))
    with pytest.raises(IntegrityError):
        any_session.flush()


@pytest.mark.parametrize("state", [AssignmentState.DECLINED, AssignmentState.RELEASED])
def test_an_ended_assignment_takes_neither_the_ride_nor_the_driver(
    any_session: Session, state: AssignmentState
):
    group = a_group(any_session)
    ride, driver = a_ride(any_session, group), a_driver(any_session, group)
    any_session.add(an_assignment(ride, driver, state=state))
    any_session.flush()
    any_session.add(an_assignment(ride, driver))
    any_session.flush()
    assert any_session.scalar(select(func.count(Assignment.id))) == 2


@pytest.mark.parametrize("starts", [-29, 0, 10, 29])
def test_nobody_is_behind_two_wheels(any_session: Session, starts: int):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    any_session.add(an_assignment(a_ride(any_session, group), driver))
    any_session.flush()
    any_session.add(an_assignment(a_ride(any_session, group), driver, starts=starts))
    with pytest.raises(IntegrityError, match="assignment_no_overlap"):
        any_session.flush()


@pytest.mark.parametrize("starts", [-30, 30])
def test_one_ride_may_follow_another_at_once(any_session: Session, starts: int):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    any_session.add(an_assignment(a_ride(any_session, group), driver))
    any_session.flush()
    any_session.add(an_assignment(a_ride(any_session, group), driver, starts=starts))
    any_session.flush()
    assert any_session.scalar(select(func.count(Assignment.id))) == 2


def test_a_person_who_drives_in_two_groups_has_one_body(any_session: Session):
    here, there = a_group(any_session), a_group(any_session)
    driver = a_driver(any_session, here)
    same_person = a_driver(any_session, there, user=driver.user, home=driver.start_place)
    any_session.add(an_assignment(a_ride(any_session, here), driver))
    any_session.flush()
    any_session.add(an_assignment(a_ride(any_session, there), same_person, starts=10))
    with pytest.raises(IntegrityError, match="assignment_no_overlap"):
        any_session.flush()


def test_an_assignment_cannot_be_moved_into_an_overlap(any_session: Session):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    any_session.add(an_assignment(a_ride(any_session, group), driver))
    second = an_assignment(a_ride(any_session, group), driver, starts=40)
    any_session.add(second)
    any_session.flush()
    second.pickup_at = TEN + 20 * MINUTE
    with pytest.raises(IntegrityError, match="assignment_no_overlap"):
        any_session.flush()


def test_an_ended_assignment_cannot_come_back_into_an_overlap(any_session: Session):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    any_session.add(an_assignment(a_ride(any_session, group), driver))
    ended = an_assignment(
        a_ride(any_session, group), driver, starts=10, state=AssignmentState.DECLINED
    )
    any_session.add(ended)
    any_session.flush()
    ended.state = AssignmentState.ACCEPTED
    with pytest.raises(IntegrityError, match="assignment_no_overlap"):
        any_session.flush()


def _race(database: Database, make: Callable[[Session, int], Assignment]) -> int:
    """How many of eight threads, each with a transaction of its own, got their assignment in."""

    def run(number: int) -> int:
        try:
            with database.transaction() as session:
                session.add(make(session, number))
        except IntegrityError:
            return 0
        except OperationalError as error:
            # Of two that wait for each other's row, PostgreSQL ends one: that is a no as well.
            assert isinstance(error.orig, DeadlockDetected)  # noqa: PT017 -- others go on
            return 0
        return 1

    with ThreadPoolExecutor(8) as threads:
        return sum(threads.map(run, range(8)))


def test_of_eight_at_once_one_gets_the_ride(any_database: Database):
    with any_database.transaction() as session:
        group = a_group(session)
        ride = a_ride(session, group)
        drivers = [a_driver(session, group) for _number in range(8)]
    assert _race(any_database, lambda _session, number: an_assignment(ride, drivers[number])) == 1


def test_of_eight_overlapping_rides_a_driver_gets_one(any_database: Database):
    with any_database.transaction() as session:
        group = a_group(session)
        driver = a_driver(session, group)
        rides = [a_ride(session, group) for _number in range(8)]

    def make(_session: Session, number: int) -> Assignment:
        return an_assignment(rides[number], driver, starts=number)

    assert _race(any_database, make) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'something else'",
        "UPDATE audit_event SET seal = seal",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE position = 1",
    ],
)
def test_an_audit_row_is_neither_changed_nor_deleted(any_database: Database, statement: str):
    with any_database.transaction() as session:
        audit.record(session, SYSTEM, Action.IMPORT, a_group(session), now=MADE)
    with any_database.session() as session:
        with pytest.raises(IntegrityError, match="audit_event_append_only"):
            session.execute(text(statement))
        session.rollback()
