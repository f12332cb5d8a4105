"""A family with a ride that a driver has promised, its desk, and its own page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.families.models import Family
from dispatch.people.models import Group, User
from dispatch.places import grants
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Actor
from dispatch.rides.models import Ride, RideState
from dispatch.visits import service
from dispatch.visits.service.entering import actor_of
from tests import build


@dataclass
class Household:
    """What stands in the database, detached."""

    group: Group
    family: Family
    ride: Ride
    held: Assignment
    rosa: Actor
    driver: User

    @property
    def actor(self) -> Actor:
        """The family on its own page."""
        return actor_of(self.family)


def make(session: Session, now: datetime) -> Household:
    """A family whose ride of tomorrow Marta has accepted: she comes at half past nine."""
    group = build.a_group(session)
    rosa = build.a_coordinator(session, group)
    driver = build.a_driver(session, group, name="Marta Diaz")
    family = build.a_family(session, group)
    ride = build.a_ride(session, group, family=family, state=RideState.ACCEPTED)
    held = Assignment(
        group_id=group.id,
        ride=ride,
        driver=driver,
        user_id=driver.user_id,
        state=AssignmentState.ACCEPTED,
        pickup_at=build.TEN - timedelta(minutes=30),
        dropoff_at=build.TEN,
        busy_until=build.TEN + timedelta(minutes=3),
        approved_at=now,
        answered_at=now,
    )
    session.add(held)
    session.flush()
    grants.open_to_driver(
        session,
        assignment=held,
        places=[ride.pickup_place, ride.dropoff_place],
        starts_at=now,
        ends_at=now + timedelta(days=2),
    )
    session.refresh(ride, ["assignments"])
    return Household(group, family, ride, held, rosa, driver.user)


@dataclass
class Page:
    """A committed household with a browser on its own page."""

    known: Household
    tab: FlaskClient
    desk: FlaskClient

    def text(self) -> str:
        """The page as it is now."""
        return self.tab.get("/f/rides").text


def a_page(app: Flask, database: Database, now: datetime, client_of) -> Page:
    """A family that has opened its page with a code of the desk."""
    with database.transaction() as session:
        known = make(session, now)
        code = service.give_code(session, known.rosa, known.family, now=now)
        user = session.get_one(User, known.rosa.user_id)
    tab = app.test_client()
    assert tab.post("/f", data={"code": code}).status_code == 303
    return Page(known, tab, client_of(user))


@pytest.fixture
def page(app, database, moment, client_of) -> Page:
    """See `a_page`."""
    return a_page(app, database, moment.at, client_of)
