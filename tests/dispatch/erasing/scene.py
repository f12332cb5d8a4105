"""Families with rides of every age, as the daily run finds them."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import schema
from dispatch.drivers.models import Driver
from dispatch.families.models import Family
from dispatch.notify.models import Message, MessageKind
from dispatch.people.models import Group
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.rides.models import Ride, RideState
from tests import build

NOW = datetime(2027, 3, 8, 17, 0, tzinfo=build.MADE.tzinfo)
TODAY = date(2027, 3, 8)


def days_ago(days: int) -> date:
    """A service day before today."""
    return TODAY - timedelta(days=days)


def a_past_ride(
    session: Session, group: Group, family: Family, days: int, **values: object
) -> Ride:
    """A ride of `family` on the day so many days ago, in a request of its own."""
    day = days_ago(days)
    at = NOW - timedelta(days=days)
    request = build.a_request(session, family, first_on=day, last_on=day, made_at=at)
    return build.a_ride(
        session,
        group,
        family=family,
        request=request,
        **{
            "service_on": day,
            "state": RideState.DONE,
            "window_starts_at": at,
            "window_ends_at": at,
            **values,
        },
    )


def driven_by(session: Session, ride: Ride, driver: Driver, **values: object) -> Assignment:
    """`ride` as `driver` drove it."""
    at = ride.window_starts_at
    assignment = Assignment(
        **{
            "group_id": ride.group_id,
            "ride_id": ride.id,
            "driver_id": driver.id,
            "user_id": driver.user_id,
            "state": AssignmentState.COMPLETED,
            "pickup_at": at,
            "dropoff_at": at + timedelta(minutes=20),
            "busy_until": at + timedelta(minutes=23),
            "approved_at": at,
            **values,
        }
    )
    session.add(assignment)
    session.flush()
    return assignment


def told(session: Session, ride: Ride, days: int) -> Message:
    """A message about `ride`, made so many days ago."""
    message = Message(
        group_id=ride.group_id,
        kind=MessageKind.RIDE_ACCEPTED,
        family_id=ride.family_id,
        ride_id=ride.id,
        once=f"accepted:{ride.uid}:{days}",
        made_at=NOW - timedelta(days=days),
    )
    session.add(message)
    session.flush()
    return message


def sizes(session: Session) -> dict[str, int]:
    """How many rows every table has."""
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in schema.metadata().tables.items()
    }
