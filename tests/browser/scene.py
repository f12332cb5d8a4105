"""A group in the running installation: people who are signed in, rides of the next hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.demo import town
from dispatch.demo.town import House
from dispatch.drivers.models import Driver
from dispatch.people import sessions
from dispatch.people.models import Group, Membership, Role, User
from dispatch.places.cells import cell_for
from dispatch.places.models import Place
from dispatch.rides.models import Ride
from tests import build
from tests.browser.world import Installation

CLINIC = "Lakeview Clinic"
COOKIE = "dispatch"
_NAME = "A test's own group"
_CLINIC = next(spot for spot in town.public_places() if spot.name == CLINIC)
_HOUSES = town.houses(Random(7))  # noqa: S311 -- a seeded town wants the plain generator
"""Where its people live, one after the other: on the map that the demo imports."""
DOOR = _HOUSES[1].address.line
"""Of the families of `make`."""


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
    drivers: Sequence[str] = ("Marta",),
) -> Scene:
    """Rosa and Ines coordinate; a ride to `CLINIC` so long from now for each span."""
    zone, now = local_now.tzinfo.key, clock.now()
    with installation.database.transaction() as session:
        group = build.a_group(session, name=_NAME, time_zone=zone)
        people = {name: _coordinator(session, group, name) for name in ("Rosa", "Ines")}
        place = _clinic(session, group)
        for name, house in zip(drivers, (_HOUSES[0], *_HOUSES[2:]), strict=False):
            people[name] = _driver(session, group, name, house).user
        made = [_ride(session, group, place, local_now + span, _HOUSES[1]) for span in rides]
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
        place = _clinic(session, group)
        for number in range(drivers):
            _driver(session, group, f"Driver {number}", _HOUSES[-1 - number])
        for number in range(rides):
            wall = time(8 + number % 10, number * 17 % 60)
            there_by = clock.local_instant(day, wall, group.zone)
            _ride(session, group, place, there_by, _HOUSES[number])
        tokens = {"Rosa": sessions.begin(session, rosa, now=now)}
        return Scene(installation, group.id, day, tokens, [])


def _clinic(session: Session, group: Group) -> Place:
    place = build.a_public_place(session, group, CLINIC, point=_CLINIC.point)
    place.cell = cell_for(session, group, _CLINIC.point, public_name=CLINIC)
    return place


def _home(session: Session, group: Group, owner: UUID, house: House) -> Place:
    home = build.a_home(session, group, owner, line=house.address.line, point=house.point)
    home.cell = cell_for(session, group, house.point)
    return home


def _driver(session: Session, group: Group, name: str, house: House) -> Driver:
    user = build.a_user(session, name=name)
    home = _home(session, group, user.uid, house)
    return build.a_driver(session, group, user=user, home=home)


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
    house: House,
) -> Ride:
    """A ride to `place`, there by `at`, of a family that lives in `house`."""
    uid = uuid4()
    family = build.a_family(session, group, uid=uid, place=_home(session, group, uid, house))
    return build.a_ride(
        session,
        group,
        dropoff_place=place,
        service_on=at.astimezone(group.zone).date(),
        window_starts_at=at - timedelta(minutes=30),
        window_ends_at=at,
        family=family,
    )
