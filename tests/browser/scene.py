"""A group in the running installation: people who are signed in, rides of the next hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.drivers.models import Driver
from dispatch.people import sessions
from dispatch.people.models import Group, Membership, Role, User
from dispatch.places.models import Place
from dispatch.rides.models import Ride
from tests import build
from tests.browser.world import Installation

CLINIC = "Lakeview Clinic"
COOKIE = "dispatch"
_NAME = "A test's own group"
_MIDDLE = (49.26, -123.10)
_HALF_TOWN = (0.05, 0.075)
"""Degrees."""


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
) -> Scene:
    """Rosa coordinates, Marta drives; a ride to `CLINIC` so long after now for each span."""
    zone, now = local_now.tzinfo.key, clock.now()
    with installation.database.transaction() as session:
        group = build.a_group(session, name=_NAME, time_zone=zone)
        people = {"Rosa": _coordinator(session, group, "Rosa")}
        driver: Driver = build.a_driver(session, group, name="Marta")
        people["Marta"] = driver.user
        place = build.a_public_place(session, group, CLINIC)
        made = [_ride(session, group, place, local_now + span) for span in rides]
        tokens = {name: sessions.begin(session, user, now=now) for name, user in people.items()}
        numbers = [ride.family.number for ride in made]
        return Scene(installation, group.id, local_now.date(), tokens, numbers)


def make_hard(installation: Installation, *, rides: int, drivers: int) -> Scene:
    """Rosa coordinates; tomorrow so many families, spread over a town, go to one clinic by day."""
    now = clock.now()
    with installation.database.transaction() as session:
        group = build.a_group(session, name=_NAME)
        rosa = _coordinator(session, group, "Rosa")
        day = clock.local_day(now, group.zone) + timedelta(days=1)
        place = build.a_public_place(session, group, CLINIC)
        for number in range(drivers):
            build.a_driver(session, group, name=f"Driver {number}")
        for number in range(rides):
            wall = time(8 + number % 10, number * 17 % 60)
            there_by = clock.local_instant(day, wall, group.zone)
            _ride(session, group, place, there_by, home=_somewhere(number))
        tokens = {"Rosa": sessions.begin(session, rosa, now=now)}
        return Scene(installation, group.id, day, tokens, [])


def _somewhere(number: int) -> tuple[float, float]:
    """The `number`-th of many points that are spread evenly and yet in no row."""
    north, east = ((number * step) % 1 * 2 - 1 for step in (0.7549, 0.5698))
    return _MIDDLE[0] + north * _HALF_TOWN[0], _MIDDLE[1] + east * _HALF_TOWN[1]


def _coordinator(session: Session, group: Group, name: str) -> User:
    user = build.a_user(session, name=name)
    session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    session.flush()
    return user


def _ride(
    session: Session,
    group: Group,
    place: Place,
    at: datetime,
    home: tuple[float, float] | None = None,
) -> Ride:
    """A ride to `place`, there by `at`; of a family that lives at `home`, or where all live."""
    values = {}
    if home is not None:
        uid = uuid4()
        own = build.a_home(session, group, uid, point=home)
        values["family"] = build.a_family(session, group, uid=uid, place=own)
    return build.a_ride(
        session,
        group,
        dropoff_place=place,
        service_on=at.astimezone(group.zone).date(),
        window_starts_at=at - timedelta(minutes=30),
        window_ends_at=at,
        **values,
    )
