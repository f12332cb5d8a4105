"""Drivers, what they offer, and their credentials."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.db.base import Base, states

if TYPE_CHECKING:
    from dispatch.people.models import User
    from dispatch.places.models import Place


class DriverState(enum.Enum):
    """Whether a driver is asked at all."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By own wish: no proposals until it is active again; accepted rides stay."""


class Driver(Base):
    """A person who offers time and a car in one group."""

    __tablename__ = "driver"
    __table_args__ = (
        UniqueConstraint("group_id", "user_id"),
        UniqueConstraint("group_id", "number"),
        CheckConstraint("seats BETWEEN 1 AND 20", name="a_car_has_seats"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    number: Mapped[str] = mapped_column(String(12))
    state: Mapped[DriverState] = mapped_column(states(DriverState), default=DriverState.ACTIVE)
    start_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    end_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    seats: Mapped[int] = mapped_column(default=4)
    """For riders, the driver's own not counted."""
    child_seats: Mapped[dict] = mapped_column(default=dict)
    """How many of each kind the car has: {"infant": 1, "booster": 2}."""
    wheelchair: Mapped[bool] = mapped_column(default=False)
    """Takes a rider who stays in the wheelchair."""
    languages: Mapped[list] = mapped_column(default=list)
    """Language codes, ["en", "es"]."""
    car: Mapped[str] = mapped_column(String(60), default="")
    """How the family knows it: "blue Honda Fit"."""
    max_drive_minutes: Mapped[int | None]
    """Most driving on one day."""
    max_rides_week: Mapped[int | None]
    max_distance_km: Mapped[int | None]
    """Farthest pickup from the start place, as the crow flies."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes: a form or proposal made from an older one is stale."""

    user: Mapped["User"] = relationship("dispatch.people.models.User")
    start_place: Mapped["Place"] = relationship(
        "dispatch.places.models.Place", foreign_keys=start_place_id
    )
    end_place: Mapped["Place"] = relationship(
        "dispatch.places.models.Place", foreign_keys=end_place_id
    )
    weekly: Mapped[list["WeeklyAvailability"]] = relationship(
        back_populates="driver", cascade="all, delete-orphan", order_by="WeeklyAvailability.id"
    )
    dated: Mapped[list["DatedAvailability"]] = relationship(
        back_populates="driver", cascade="all, delete-orphan", order_by="DatedAvailability.on"
    )
    days_off: Mapped[list["DayOff"]] = relationship(
        back_populates="driver", cascade="all, delete-orphan", order_by="DayOff.first_on"
    )
    credentials: Mapped[list["Credential"]] = relationship(
        back_populates="driver", cascade="all, delete-orphan", order_by="Credential.expires_on"
    )

    @property
    def driver_id(self) -> int:
        """Its own id: policy asks whose a thing is."""
        return self.id

    @property
    def owner_uid(self) -> UUID:
        """Whose key seals the driver's places."""
        return self.user.uid


class WeeklyAvailability(Base):
    """The same hours every week."""

    __tablename__ = "weekly_availability"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="a_weekday"),
        CheckConstraint(
            "starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name="within_the_day",
        ),
    )

    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    weekday: Mapped[int]
    """0 is Monday."""
    starts_minute: Mapped[int]
    """Minutes after local midnight."""
    ends_minute: Mapped[int]

    driver: Mapped[Driver] = relationship(back_populates="weekly")


class DatedAvailability(Base):
    """Hours on one date; on that date they replace the weekly ones."""

    __tablename__ = "dated_availability"
    __table_args__ = (
        CheckConstraint(
            "starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name="within_the_day",
        ),
    )

    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    on: Mapped[date]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]

    driver: Mapped[Driver] = relationship(back_populates="dated")


class DayOff(Base):
    """Days on which nothing is offered, whatever the week or a date says."""

    __tablename__ = "day_off"
    __table_args__ = (CheckConstraint("first_on <= last_on", name="some_day"),)

    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    """Inclusive."""

    driver: Mapped[Driver] = relationship(back_populates="days_off")


class CredentialKind(enum.Enum):
    """Papers that a driver must keep current."""

    LICENCE = "licence"
    INSURANCE = "insurance"
    BACKGROUND_CHECK = "background_check"
    CHILD_SEAT_TRAINING = "child_seat_training"


class Credential(Base):
    """A paper seen by a coordinator, and its last good day. Past it, no ride is proposed."""

    __tablename__ = "credential"
    __table_args__ = (UniqueConstraint("driver_id", "kind"),)

    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    kind: Mapped[CredentialKind] = mapped_column(states(CredentialKind))
    expires_on: Mapped[date]
    """The last day on which it is good."""
    seen_at: Mapped[datetime]

    driver: Mapped[Driver] = relationship(back_populates="credentials")
