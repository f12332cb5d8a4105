"""Making the groups of the demo: places, accounts, drivers and families, through the services."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random

from sqlalchemy.orm import Session

from dispatch.demo import people, town
from dispatch.demo.families import family_facts
from dispatch.demo.people import DemoDriver, Person
from dispatch.demo.town import House, Spot
from dispatch.drivers import service as drivers
from dispatch.drivers.facts import DriverFacts, OwnAddress
from dispatch.drivers.models import CredentialKind, Driver, DriverState
from dispatch.families import service as families
from dispatch.families.models import Family, Wish
from dispatch.people import service as accounts
from dispatch.people import sessions
from dispatch.people.forms import GroupSettings
from dispatch.people.models import Group, Role, User, UserState
from dispatch.places import service as places
from dispatch.places.models import Place
from dispatch.policy import Actor

FAMILIES = 45
GROUP = "Alder Bay Rides"
SECOND_GROUP = "Pine Valley Rides"
_SECOND_FAMILIES = 4
_MEETING_POINT = "Saint Brendan's Church"
_AWAY, _PAUSED, _EXPIRED, _EXPIRING = 8, 17, 20, 6
"""Places in the list of drivers: on holiday, pausing, with papers out of date, or nearly so."""
_PREFERRING, _AVOIDING = (3, 0), (6, 7)
"""A family and a driver who go well together, and two who do not."""


@dataclass(frozen=True)
class Settled:
    """A group of the demo with everybody in it."""

    group: Group
    coordinators: tuple[Actor, ...]
    drivers: tuple[Driver, ...]
    families: tuple[Family, ...]
    places: dict[str, Place]
    """Public places by name."""


@dataclass
class Settling:
    """What every step of settling needs. A class because the houses are given out one by one."""

    session: Session
    steward: Actor
    password_hash: str
    zone: str
    random: Random
    now: datetime
    houses: Iterator[House]

    def group(self, name: str, coordinators: Iterable[Person]) -> tuple[Group, tuple[Actor, ...]]:
        """A group, and those who coordinate it."""
        settings = GroupSettings(
            name=name,
            time_zone=self.zone,
            language="en",
            desk_phone="902-555-0199",
            grant_before_minutes=120,
            grant_after_minutes=60,
            most_seats=6,
            board_minutes=5,
            alight_minutes=3,
            flexible_minutes=30,
            even_load_seconds=300,
            uses_miles=False,
        )
        group = accounts.make_group(self.session, self.steward, settings, now=self.now)
        users = [self.account(self.steward, group, Role.COORDINATOR, one) for one in coordinators]
        return group, tuple(sessions.actor_of(user, {}) for user in users)

    def account(self, actor: Actor, group: Group, role: Role, person: Person) -> User:
        """An account that was opened long ago.

        Hashing a password is slow on purpose. All accounts of a demo have the same pass phrase,
        so the hash that the first of them got by its invitation serves for all.
        """
        user, _code = accounts.invite(
            self.session,
            actor,
            group,
            role,
            name=person.name,
            email=person.email,
            language=person.language,
            now=self.now,
        )
        user.state, user.password_hash = UserState.ACTIVE, self.password_hash
        self.session.refresh(user, ["memberships"])
        return user

    def place(self, actor: Actor, group: Group, spot: Spot) -> Place:
        """A public place."""
        return places.save_public(
            self.session,
            actor,
            group=group,
            kind=spot.kind,
            name=spot.name,
            address=spot.address or None,
            point=spot.point,
            now=self.now,
        )

    def driver(self, actor: Actor, group: Group, number: int, one: DemoDriver) -> Driver:
        """A driver with a car and a week."""
        user = self.account(actor, group, Role.DRIVER, one.person)
        home = next(self.houses)
        facts = DriverFacts(
            number=f"D{number:02d}",
            state=DriverState.PAUSED if number == _PAUSED else DriverState.ACTIVE,
            car=one.car,
            seats=one.seats,
            child_seats=dict(one.child_seats),
            wheelchair=one.wheelchair,
            languages=one.speaks,
            max_drive_minutes=one.most_minutes,
            max_rides_week=one.most_rides,
            max_distance_km=one.most_km,
            start=OwnAddress(home.address, home.point),
        )
        driver = drivers.save(self.session, actor, facts, group=group, user=user, now=self.now)
        drivers.set_weekly(self.session, actor, driver, one.week, now=self.now)
        return driver

    def family(self, actor: Actor, group: Group, number: int, meeting_point: Place) -> Family:
        """A family at the next free house, or at the meeting point."""
        facts = family_facts(number, self.random, next(self.houses), meeting_point)
        return families.save(self.session, actor, facts, group=group, now=self.now)


def settle_town(settling: Settling, *, today: date) -> Settled:
    """The group of the demo: its town, its people, and what some of them wish."""
    group, coordinators = settling.group(GROUP, people.COORDINATORS)
    desk = coordinators[0]
    spots = [*town.areas(), *town.public_places()]
    known = {spot.name: settling.place(desk, group, spot) for spot in spots}
    cars = [
        settling.driver(desk, group, number, one)
        for number, one in enumerate(people.DRIVERS, start=1)
    ]
    _record_papers(settling, desk, cars, today)
    homes = [
        settling.family(desk, group, number, known[_MEETING_POINT])
        for number in range(1, FAMILIES + 1)
    ]
    for (family, driver), wish in ((_PREFERRING, Wish.PREFERS), (_AVOIDING, Wish.NEVER)):
        families.wish(settling.session, desk, homes[family], cars[driver], wish, now=settling.now)
    return Settled(group, coordinators, tuple(cars), tuple(homes), known)


def settle_neighbours(settling: Settling) -> Settled:
    """A second group, to show that neither sees the other."""
    group, coordinators = settling.group(SECOND_GROUP, (people.NEIGHBOUR,))
    desk = coordinators[0]
    known = {spot.name: settling.place(desk, group, spot) for spot in town.public_places()[:6]}
    driver = DemoDriver(
        Person("Nora", "nora@example.org"),
        "purple Opel Corsa",
        ("en",),
        people.DRIVERS[0].week,
    )
    car = settling.driver(desk, group, 1, driver)
    meeting_point = next(iter(known.values()))
    homes = [
        settling.family(desk, group, number, meeting_point)
        for number in range(1, _SECOND_FAMILIES + 1)
    ]
    return Settled(group, coordinators, (car,), tuple(homes), known)


def settling_with(
    session: Session, *, steward: User, zone: str, random: Random, now: datetime
) -> Settling:
    """The start of it. `steward` has accepted an invitation."""
    if steward.password_hash is None:
        raise LookupError("the steward has no password yet")
    return Settling(
        session=session,
        steward=sessions.actor_of(steward, {}),
        password_hash=steward.password_hash,
        zone=zone,
        random=random,
        now=now,
        houses=cycle(town.houses(random)),
    )


def _record_papers(settling: Settling, desk: Actor, cars: list[Driver], today: date) -> None:
    """Everybody's licence and insurance; some run out soon, one did, and one driver is away."""
    for position, driver in enumerate(cars, start=1):
        days = {_EXPIRED: -1, _EXPIRING: 9}.get(position, settling.random.randint(60, 700))
        for kind, more in ((CredentialKind.LICENCE, 300), (CredentialKind.INSURANCE, 0)):
            drivers.record_paper(
                settling.session,
                desk,
                driver,
                kind,
                today + timedelta(days=days + more),
                now=settling.now,
            )
    drivers.add_day_off(
        settling.session,
        desk,
        cars[_AWAY],
        today,
        today + timedelta(days=5),
        now=settling.now,
    )
