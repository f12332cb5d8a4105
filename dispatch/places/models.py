"""Places, cells and grants."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    String,
    TypeDecorator,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, states
from dispatch.places.words import say_cell


class PlaceKind(enum.Enum):
    """What a place is. All but the first two are public."""

    HOME = "home"
    """Somebody's door, sealed."""
    OTHER_PRIVATE = "private"
    """Another private address a family goes to, sealed."""
    MEETING_POINT = "meeting_point"
    CLINIC = "clinic"
    SCHOOL = "school"
    COURT = "court"
    SHOP = "shop"
    WORK = "work"
    WORSHIP = "worship"
    COMMUNITY = "community"
    OTHER = "other"


PRIVATE_KINDS = frozenset({PlaceKind.HOME, PlaceKind.OTHER_PRIVATE})


OFFERED = "owner_uid IS NULL AND retired_at IS NULL"
"""A public place in the lists: one of each name in a group, however it is capitalised."""


class CellName(TypeDecorator[str]):
    """Stored in the source language, read in that of the page: the compass speaks it too."""

    impl = String(80)
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The name as it is said."""
        return value if value is None else say_cell(value)


class Cell(Base):
    """A coarse area, safe to show: squares of the grid, named after what is public there."""

    __tablename__ = "cell"
    __table_args__ = (Index("uq_cell_group_code", "group_id", "code", unique=True),)

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    code: Mapped[str] = mapped_column(String(640))
    """Row and column of each of its squares: with the same map a point has the same cell."""
    name: Mapped[str] = mapped_column(CellName)
    latitude: Mapped[float]
    """Of the centre, degrees north."""
    longitude: Mapped[float]
    """Of the centre, degrees east."""


class Place(SealsColumns, Base):
    """Somewhere a ride begins or ends.

    A private place keeps its address and its point sealed under its owner's key and shows its
    cell only. A public place (a clinic, a meeting point) has a name and an open point.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint(
            "(owner_uid IS NULL AND name IS NOT NULL AND latitude IS NOT NULL"
            " AND longitude IS NOT NULL AND sealed_address IS NULL AND sealed_point IS NULL)"
            " OR (owner_uid IS NOT NULL AND name IS NULL AND latitude IS NULL"
            " AND longitude IS NULL AND address IS NULL AND sealed_point IS NOT NULL)",
            name="open_or_sealed",
        ),
        Index(
            "uq_place_offered_name",
            "group_id",
            "folded_name",
            unique=True,
            sqlite_where=text(OFFERED),
            postgresql_where=text(OFFERED),
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(states(PlaceKind))
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id"))
    owner_uid: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    """The family or person whose key seals it; None for a public place."""
    name: Mapped[str | None] = mapped_column(String(120))
    folded_name: Mapped[str | None] = mapped_column(String(360))
    """The name without capitals, in any script: what makes it the same name."""
    address: Mapped[str | None] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    sealed_address: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """Street line, unit, town and how to find the door, as JSON."""
    sealed_point: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """Latitude and longitude as JSON."""
    retired_at: Mapped[datetime | None]
    """When it stopped being offered in lists; rides that used it keep it."""

    cell: Mapped[Cell] = relationship()

    @validates("name")
    def _fold(self, _column: str, name: str | None) -> str | None:
        self.folded_name = None if name is None else name.casefold()
        return name

    @property
    def key_owner(self) -> UUID:
        """Whose key seals it."""
        if self.owner_uid is None:
            raise LookupError("a public place has nothing sealed")
        return self.owner_uid

    @property
    def is_public(self) -> bool:
        """Whether anybody may know where it is."""
        return self.owner_uid is None

    @property
    def shown_as(self) -> str:
        """What anybody may see: the name of a public place, the cell of a private one."""
        return self.name if self.name is not None else self.cell.name

    @property
    def coarse_point(self) -> tuple[float, float]:
        """What anybody may compute with, degrees: its own point if public, else its cell's."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        return self.cell.latitude, self.cell.longitude


class AddressGrant(Base):
    """A driver's right to read one place, for one assignment, for a while.

    Never edited: issued when an assignment is accepted, ended by time or revocation.
    """

    __tablename__ = "address_grant"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="some_time"),
        Index(
            "uq_address_grant_live",
            "place_id",
            "ride_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    """Why the grant exists. A grant without a reason cannot be stored."""
    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    """Of a ride each door is open to one driver at a time: the index refuses a second grant."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Exclusive: at this instant the place is closed again."""
    revoked_at: Mapped[datetime | None]

    place: Mapped[Place] = relationship()

    def is_live(self, now: datetime) -> bool:
        """Whether the place may be read at `now`."""
        return self.revoked_at is None and self.starts_at <= now < self.ends_at


class GeocoderConsent(Base):
    """A steward's consent that a public geocoding server is asked where homes are.

    Never edited but for its end; the log says who gave and who ended it.
    """

    __tablename__ = "geocoder_consent"
    __table_args__ = (
        Index(
            "uq_geocoder_consent_live",
            "host",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    host: Mapped[str] = mapped_column(String(253))
    """The server's name, as the settings give it."""
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
