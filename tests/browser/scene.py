"""A group in the running installation: people who are signed in, rides of the next hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.drivers.models import Driver
from dispatch.people import sessions
from dispatch.people.models import Group, Membership, Role, User
from dispatch.rides.models import Ride
from tests import build
from tests.browser.world import Installation

COOKIE = "dispatch"
POINT = (49.271, -123.112)


@dataclass(frozen=True)
class Scene:
    """What was made, by the words that stand on the pages."""

    installation: Installation
    group_id: int
    today: date
    tokens: dict[str, str]
    """Of the sessions of people, by first name."""
    numbers: list[str]
    """Of the families that ride, in the order of their rides."""

    def sign_in(self, tab: Page, name: str) -> None:
        """Let `name` be signed in in the browser of `tab`."""
        cookie = {"name": COOKIE, "value": self.tokens[name], "url": self.installation.address}
        tab.context.add_cookies([cookie])


def make(
    installation: Installation,
    local_now: datetime,
    *,
    rides: list[timedelta],
    clinic: str = "Lakeview Clinic",
) -> Scene:
    """Rosa and Ana coordinate, Marta drives; a ride to `clinic` so long after now for each span."""
    zone, now = local_now.tzinfo.key, clock.now()
    with installation.database.transaction() as session:
        group = build.a_group(session, time_zone=zone)
        people = {name: _coordinator(session, group, name) for name in ("Rosa", "Ana")}
        driver: Driver = build.a_driver(session, group, name="Marta")
        people["Marta"] = driver.user
        place = build.a_public_place(session, group, clinic)
        made = [_ride(session, group, place, local_now + span) for span in rides]
        tokens = {name: sessions.begin(session, user, now=now) for name, user in people.items()}
        numbers = [ride.family.number for ride in made]
        return Scene(installation, group.id, local_now.date(), tokens, numbers)


def _coordinator(session: Session, group: Group, name: str) -> User:
    user = build.a_user(session, name=name)
    session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    session.flush()
    return user


def _ride(session: Session, group: Group, place: object, at: datetime) -> Ride:
    return build.a_ride(
        session,
        group,
        dropoff_place=place,
        service_on=at.date(),
        window_starts_at=at - timedelta(minutes=30),
        window_ends_at=at,
    )
