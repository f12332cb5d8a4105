"""Named selects of what a sheet is held against: places, addresses, people, requests on record."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.drivers.models import Driver
from dispatch.families.models import Family
from dispatch.imports import rules
from dispatch.imports.models import KnownAddress
from dispatch.imports.reading.addresses import AddressBook, Found
from dispatch.imports.reading.known import AddressRow, PlaceRow, Point
from dispatch.people.models import Group, User
from dispatch.places.models import Place
from dispatch.rides.models import Request

# What a group may have is decided before, by IMPORT: the actor may be the house itself, which has
# no scope.


@dataclass(frozen=True)
class Book:
    """Everything that the group's sheets may name, and the places behind it."""

    names: AddressBook
    places: list[tuple[PlaceRow, Place]]

    def place(self, found: Found) -> Place | None:
        """The public place that was found; None for an address."""
        if found.kind is None:
            return None
        return next(
            place
            for row, place in self.places
            if row.point == found.point and found.label.startswith(row.name)
        )


def public_places(session: Session, group: Group) -> list[Place]:
    """The public places of `group` that are offered, by name."""
    chosen = select(Place).where(
        Place.group_id == group.id, Place.owner_uid.is_(None), Place.retired_at.is_(None)
    )
    return list(session.scalars(chosen.order_by(Place.name, Place.id)))


def known_addresses(session: Session, group: Group) -> list[AddressRow]:
    """The house numbers that `group` knows."""
    chosen = select(KnownAddress).where(KnownAddress.group_id == group.id)
    return [
        AddressRow(
            one.house_number,
            one.street,
            one.city,
            one.postcode,
            Point(one.latitude, one.longitude),
        )
        for one in session.scalars(chosen.order_by(KnownAddress.id))
    ]


def book_of(session: Session, group: Group) -> Book:
    """What people of `group` may mean when they write where they live or where they go."""
    places = public_places(session, group)
    bases = rules.base_names(place.shown_as for place in places)
    rows = [
        PlaceRow(bases[place.shown_as], place.kind.value, Point(*place.coarse_point), place.address)
        for place in places
    ]
    return Book(
        AddressBook(known_addresses(session, group), rows), list(zip(rows, places, strict=True))
    )


def families_by_number(session: Session, group: Group) -> dict[str, Family]:
    """The families of `group`, also those who left, with their places."""
    chosen = select(Family).where(Family.group_id == group.id).options(joinedload(Family.place))
    return {family.number.upper(): family for family in session.scalars(chosen)}


def find_family(session: Session, group: Group, number: str) -> Family | None:
    """The family of `group` with this number."""
    chosen = select(Family).where(Family.group_id == group.id, func.upper(Family.number) == number)
    return session.scalars(chosen).one_or_none()


def requests_by_token(session: Session, tokens: Iterable[str]) -> dict[str, Request]:
    """Those requests that an earlier import made, with their rides."""
    chosen = (
        select(Request)
        .where(Request.form_token.in_(list(tokens)))
        .options(selectinload(Request.rides))
    )
    return {request.form_token: request for request in session.scalars(chosen)}


def find_driver(session: Session, group: Group, user: User) -> Driver | None:
    """The driver of `group` who is `user`."""
    chosen = select(Driver).where(Driver.group_id == group.id, Driver.user_id == user.id)
    return session.scalars(chosen).one_or_none()
