"""Families and riders."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, states

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.drivers.models import Driver
    from dispatch.glass.models import GlassBreak
    from dispatch.places.models import Place


class FamilyState(enum.Enum):
    """Whether the family asks for rides."""

    ACTIVE = "active"
    LEFT = "left"
    """Asks for no more rides: nothing new is entered for it."""


class Family(SealsColumns, Base):
    """The people we serve, as one household. Lists know it by its number."""

    __tablename__ = "family"
    __table_args__ = (UniqueConstraint("group_id", "number"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    number: Mapped[str] = mapped_column(String(12))
    state: Mapped[FamilyState] = mapped_column(states(FamilyState), default=FamilyState.ACTIVE)
    language: Mapped[str] = mapped_column(String(8), default="en")
    """The language it is spoken to in."""
    needs_language: Mapped[bool] = mapped_column(default=False)
    """Whether the driver must speak it."""
    sealed_name: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """First name of the person to ask for."""
    sealed_phone: Mapped[Sealed | None] = mapped_column(SealedColumn)
    sealed_notes: Mapped[Sealed | None] = mapped_column(SealedColumn)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    """Where its rides begin: the sealed home, or a public meeting point instead."""
    wheelchair: Mapped[bool] = mapped_column(default=False)
    child_seats: Mapped[dict] = mapped_column(default=dict)
    """Usual seats its children need, by kind."""
    adults: Mapped[int] = mapped_column(default=1)
    children: Mapped[int] = mapped_column(default=0)
    shares_rides: Mapped[bool] = mapped_column(default=False)
    """Agreed to share a car with another family."""
    takes_texts: Mapped[bool] = mapped_column(default=False)
    """Wants to hear of its rides by text message too: a time and the desk's number."""
    made_at: Mapped[datetime]
    last_ride_on: Mapped[date | None]
    """The last day that it ever asked for, kept when the ride itself is only counted any more."""
    withdrawn_at: Mapped[datetime | None]
    """When the family took back its consent: it is erased as soon as that can be."""
    version: Mapped[int] = mapped_column(default=1)

    place: Mapped["Place"] = relationship("dispatch.places.models.Place")
    riders: Mapped[list["Rider"]] = relationship(
        back_populates="family", cascade="all, delete-orphan", order_by="Rider.id"
    )
    wishes: Mapped[list["DriverWish"]] = relationship(
        back_populates="family", cascade="all, delete-orphan"
    )

    breaks: Mapped[list["GlassBreak"]] = relationship(
        "dispatch.glass.models.GlassBreak", viewonly=True
    )
    """Who opened it in need after it was closed."""

    @property
    def key_owner(self) -> UUID:
        """A family's fields are sealed under the family's own key."""
        return self.uid

    @property
    def family_id(self) -> int:
        """Its own id: policy asks whose family a thing is about."""
        return self.id

    @property
    def is_closed(self) -> bool:
        """Whether even its own desk reads nothing of it any more."""
        return self.withdrawn_at is not None


class RiderKind(enum.Enum):
    """What a rider needs to sit on."""

    ADULT = "adult"
    CHILD = "child"
    """Sits without a special seat."""
    INFANT = "infant"
    CONVERTIBLE = "convertible"
    BOOSTER = "booster"


class Rider(SealsColumns, Base):
    """One person of a family who will sit in the car."""

    __tablename__ = "rider"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    kind: Mapped[RiderKind] = mapped_column(states(RiderKind))
    sealed_name: Mapped[Sealed | None] = mapped_column(SealedColumn)

    family: Mapped[Family] = relationship(back_populates="riders")

    @property
    def key_owner(self) -> UUID:
        """Sealed under the family's key."""
        return self.family.uid


class Wish(enum.Enum):
    """What a family or a driver wishes of the other."""

    PREFERS = "prefers"
    """Continuity: this driver if it costs little."""
    NEVER = "never"
    """These two are never matched, whoever of them asked for it."""


class SealsForFamily(SealsColumns):
    """A record with a `family`, sealed under its key: closed, opened and erased with it."""

    @property
    def key_owner(self) -> UUID:
        """What is sealed here is the family's."""
        return self.family.uid

    @property
    def is_closed(self) -> bool:
        """Whether the family withdrew."""
        return self.family.is_closed

    @property
    def breaks(self) -> "Iterable[GlassBreak]":
        """Who opened the family in need."""
        return self.family.breaks


class DriverWish(Base):
    """A wish about one family and one driver."""

    __tablename__ = "driver_wish"
    __table_args__ = (UniqueConstraint("family_id", "driver_id"),)

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    wish: Mapped[Wish] = mapped_column(states(Wish))

    family: Mapped[Family] = relationship(back_populates="wishes")
    driver: Mapped["Driver"] = relationship("dispatch.drivers.models.Driver")
