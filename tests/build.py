"""Builders: valid by default, so that a test names only what it is about."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.crypto import keyring
from dispatch.crypto.keyring import KeyFile
from dispatch.crypto.vault import EVERYWHERE
from dispatch.db.transactions import vault_of
from dispatch.drivers.models import Driver, WeeklyAvailability
from dispatch.families.models import Family
from dispatch.people.models import Group, Membership, Role, User, UserState
from dispatch.places.cells import centre_of
from dispatch.places.models import Cell, Place, PlaceKind
from dispatch.policy import Actor
from dispatch.rides.models import Anchor, Leg, Purpose, Request, ReturnKind, Ride, RideState

MADE = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DAY = date(2027, 3, 9)
"""The service day of a ride, a Tuesday."""
TEN = datetime(2027, 3, 9, 18, 0, tzinfo=UTC)
"""Ten in the morning of that day in Vancouver."""
_numbers = count(1)


def a_key_file(path: Path) -> KeyFile:
    """The master keys in the file at `path`, which is made if there is none."""
    if not path.exists():
        keyring.make(path)
    return KeyFile(path)


def a_group(session: Session, **values: object) -> Group:
    """A group in Vancouver."""
    defaults = {"name": "Alder Bay Rides", "time_zone": "America/Vancouver", "made_at": MADE}
    group = Group(
        **{
            "desk_phone": "604-555-0100",
            "language": "en",
            "grant_before_minutes": 120,
            "grant_after_minutes": 60,
            "most_seats": 6,
            "board_minutes": 5,
            "alight_minutes": 3,
            "flexible_minutes": 30,
            **defaults,
            **values,
        }
    )
    session.add(group)
    session.flush()
    return group


def a_user(
    session: Session, *, name: str = "Rosa", email: str | None = None, **values: object
) -> User:
    """A person with an active account."""
    user = User(**{"made_at": MADE, "state": UserState.ACTIVE, "language": "en", **values})
    vault = vault_of(session)
    email = email or f"person{next(_numbers)}@example.org"
    user.seal("sealed_name", name, vault)
    user.seal("sealed_email", email, vault)
    vault.remember("email", email, user.uid, EVERYWHERE)
    session.add(user)
    session.flush()
    return user


def actor_for(user: User, **values: object) -> Actor:
    """An actor who is `user`."""
    return Actor(user_id=user.id, uid=user.uid, **values)


def a_coordinator(session: Session, group: Group) -> Actor:
    """A coordinator of `group`."""
    user = a_user(session)
    session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    session.flush()
    return actor_for(user, coordinates=frozenset({group.id}))


def a_steward(session: Session) -> Actor:
    """A steward of the installation."""
    return actor_for(a_user(session, is_steward=True), is_steward=True)


def a_cell(session: Session, group: Group, code: str = "5474:-8926") -> Cell:
    """A cell of the grid, the same for the same code: at first the one of `a_home`."""
    found = session.scalars(
        select(Cell).where(Cell.group_id == group.id, Cell.code == code)
    ).first()
    if found is None:
        latitude, longitude = centre_of(code)
        found = Cell(
            group_id=group.id,
            code=code,
            name="Mill Hill",
            latitude=latitude,
            longitude=longitude,
        )
        session.add(found)
        session.flush()
    return found


def a_home(
    session: Session,
    group: Group,
    owner: UUID,
    *,
    line: str = "48 Larch Row",
    point: tuple[float, float] = (49.271, -123.112),
) -> Place:
    """A private place, sealed under `owner`'s key."""
    from dispatch.places.sealed import Address, seal_into

    place = Place(
        group_id=group.id, kind=PlaceKind.HOME, owner_uid=owner, cell=a_cell(session, group)
    )
    seal_into(place, Address(line=line), point, vault_of(session))
    session.add(place)
    session.flush()
    return place


def a_public_place(
    session: Session,
    group: Group,
    name: str = "Lakeview Clinic",
    point: tuple[float, float] = (49.26, -123.12),
    kind: PlaceKind = PlaceKind.CLINIC,
) -> Place:
    """A place that anybody may know, the same for the same name."""
    known = select(Place).where(
        Place.group_id == group.id, Place.name == name, Place.retired_at.is_(None)
    )
    found = session.scalars(known).first()
    if found is not None:
        return found
    place = Place(
        group_id=group.id,
        kind=kind,
        cell=a_cell(session, group),
        name=name,
        latitude=point[0],
        longitude=point[1],
    )
    session.add(place)
    session.flush()
    return place


def a_family(session: Session, group: Group, **values: object) -> Family:
    """A Spanish-speaking family of two with a home."""
    uid = uuid4()
    number = f"F{next(_numbers):03d}"
    defaults = {"number": number, "language": "es", "made_at": MADE, "adults": 1, "children": 1}
    place = values.pop("place", None) or a_home(session, group, uid)
    family = Family(**{"uid": uid, "group_id": group.id, "place": place, **defaults, **values})
    vault = vault_of(session)
    family.seal("sealed_name", "Carmen", vault)
    family.seal("sealed_phone", "604-555-0117", vault)
    session.add(family)
    session.flush()
    return family


def a_driver(
    session: Session, group: Group, *, name: str = "Marta", weekly: bool = True, **values: object
) -> Driver:
    """An active driver with an account who offers every day from 7 to 21."""
    user = values.pop("user", None) or a_user(session, name=name)
    session.add(Membership(user=user, group=group, role=Role.DRIVER))
    home = values.pop("home", None) or a_home(
        session, group, user.uid, line="5 Quay St", point=(49.275, -123.10)
    )
    driver = Driver(
        **{
            "group_id": group.id,
            "user": user,
            "number": f"D{next(_numbers):02d}",
            "start_place": home,
            "end_place": home,
            "seats": 4,
            "child_seats": {"booster": 2},
            "languages": ["en", "es"],
            "car": "blue Honda",
            **values,
        }
    )
    if weekly:
        driver.weekly = [
            WeeklyAvailability(weekday=day, starts_minute=7 * 60, ends_minute=21 * 60)
            for day in range(7)
        ]
    session.add(driver)
    session.flush()
    return driver


def driver_actor(driver: Driver) -> Actor:
    """The actor who is `driver`."""
    return actor_for(driver.user, drives={driver.group_id: driver.id})


def a_request(session: Session, family: Family, **values: object) -> Request:
    """A medical request for one day, one way."""
    defaults = {
        "group_id": family.group_id,
        "family": family,
        "made_at": MADE,
        "form_token": uuid4().hex,
        "purpose": Purpose.MEDICAL,
        "return_kind": ReturnKind.NONE,
        "first_on": DAY,
        "last_on": DAY,
    }
    request = Request(**{**defaults, **values})
    session.add(request)
    session.flush()
    return request


def a_ride(session: Session, group: Group, **values: object) -> Ride:
    """An open ride of two people from home to a clinic, there by ten."""
    family = values.pop("family", None) or a_family(session, group)
    request = values.pop("request", None) or a_request(session, family)
    defaults = {
        "group_id": group.id,
        "family": family,
        "request": request,
        "leg": Leg.OUTBOUND,
        "service_on": DAY,
        "state": RideState.OPEN,
        "pickup_place": family.place,
        "anchor": Anchor.ARRIVE_BY,
        "window_starts_at": TEN - timedelta(minutes=30),
        "window_ends_at": TEN,
        "adults": 1,
        "children": 1,
        "purpose": Purpose.MEDICAL,
    }
    if "dropoff_place" not in values:
        defaults["dropoff_place"] = a_public_place(session, group)
    ride = Ride(**{**defaults, **values})
    session.add(ride)
    session.flush()
    return ride
