"""Requests, the rides they ask for, and what happened to each ride."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn
from dispatch.db.base import Base, states
from dispatch.families.models import SealsForFamily

if TYPE_CHECKING:
    from dispatch.families.models import Family
    from dispatch.places.models import Place
    from dispatch.planning.models import Assignment


class Purpose(enum.Enum):
    """Why, coarsely: enough to count, too little to harm."""

    MEDICAL = "medical"
    SCHOOL = "school"
    WORK = "work"
    LEGAL = "legal"
    FOOD = "food"
    OTHER = "other"


class ReturnKind(enum.Enum):
    """How the party comes back."""

    NONE = "none"
    FIXED = "fixed"
    """At a time known now."""
    WAIT = "wait"
    """The driver waits and brings them back."""
    WILL_CALL = "will_call"
    """When they say that they are ready."""


class Anchor(enum.Enum):
    """Which end of the ride the time is about."""

    ARRIVE_BY = "arrive_by"
    LEAVE_AT = "leave_at"


class RideState(enum.Enum):
    """Where a ride is on its way from asked to done."""

    WILL_CALL = "willcall"
    """A return without a time until the party says it is ready."""
    OPEN = "open"
    """Wants a driver."""
    OFFERED = "offered"
    """Approved for a driver who has not answered yet."""
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    """The driver is at the pickup."""
    ON_BOARD = "onboard"
    DONE = "done"
    NO_SHOW = "noshow"
    """The driver came, the party did not."""
    CANCELLED = "cancelled"
    """Withdrawn by the asking side."""


class Leg(enum.Enum):
    """Which way a ride of a request goes."""

    OUTBOUND = "outbound"
    RETURN = "return"


class Request(SealsForFamily, Base):
    """What a coordinator submits: one ride, an outbound and a return, or a repeating series."""

    __tablename__ = "ride_request"

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    form_token: Mapped[str] = mapped_column(String(64), unique=True)
    """The token of the form it came from: a form sent twice makes one request."""
    purpose: Mapped[Purpose] = mapped_column(states(Purpose))
    return_kind: Mapped[ReturnKind] = mapped_column(states(ReturnKind))
    weekdays: Mapped[list] = mapped_column(default=list)
    """Of a series: 0 is Monday; empty for a single day."""
    first_on: Mapped[date]
    last_on: Mapped[date]
    """Inclusive; equal to `first_on` for a single day."""
    except_on: Mapped[list] = mapped_column(default=list)
    """Days of the series without a ride, as ISO dates."""
    sealed_notes: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """For the driver; sealed with the family, erased with it."""

    family: Mapped["Family"] = relationship("dispatch.families.models.Family")
    rides: Mapped[list["Ride"]] = relationship(
        back_populates="request", order_by="Ride.window_starts_at"
    )


class Ride(Base):
    """One party, one pickup, one drop-off, one way."""

    __tablename__ = "ride"
    __table_args__ = (
        CheckConstraint("window_starts_at <= window_ends_at", name="window_in_order"),
        CheckConstraint(
            "(window_starts_at IS NULL) = (window_ends_at IS NULL)", name="whole_window"
        ),
        CheckConstraint(
            "window_starts_at IS NOT NULL OR state IN ('willcall', 'cancelled', 'open')",
            name="timed_unless_will_call",
        ),
        CheckConstraint("adults >= 0 AND children >= 0 AND adults + children >= 1", name="a_party"),
        UniqueConstraint("request_id", "service_on", "leg"),
        Index("ix_ride_group_day", "group_id", "service_on"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("ride_request.id"), index=True)
    leg: Mapped[Leg] = mapped_column(states(Leg))
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("ride.id"), index=True)
    """Of a return: the ride it returns from."""
    with_outbound: Mapped[bool] = mapped_column(default=False)
    """A return whose driver waits: driven by the same driver, approved with the outbound."""
    service_on: Mapped[date]
    """Local calendar day of the pickup."""
    state: Mapped[RideState] = mapped_column(states(RideState), default=RideState.OPEN)
    pickup_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    dropoff_place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    anchor: Mapped[Anchor] = mapped_column(states(Anchor))
    window_starts_at: Mapped[datetime | None]
    """Earliest arrival (arrive-by) or earliest departure (leave-at)."""
    window_ends_at: Mapped[datetime | None]
    """Latest arrival or latest departure; equal to the start when nothing is flexible."""
    wait_minutes: Mapped[int] = mapped_column(default=0)
    """Of an outbound with a waiting driver: how long from arriving to leaving again."""
    adults: Mapped[int]
    children: Mapped[int] = mapped_column(default=0)
    child_seats: Mapped[dict] = mapped_column(default=dict)
    """Seats that the car must have, by kind."""
    wheelchair: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(8))
    """A language that the driver must speak."""
    purpose: Mapped[Purpose] = mapped_column(states(Purpose))
    priority: Mapped[int] = mapped_column(default=1)
    """What serving it is worth; larger for rides passed over before."""
    cancel_reason: Mapped[str | None] = mapped_column(String(24))
    no_show_reason: Mapped[str | None] = mapped_column(String(24))
    """Why the driver came for nothing, as a code of `rules.NO_SHOW_REASONS`."""
    ready_at: Mapped[datetime | None]
    """Of a will-call: when the party said that it was ready."""
    confirmed_at: Mapped[datetime | None]
    """When the family said on its own page that it comes; another time has to be asked anew."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes to what is asked: a form or proposal made from an older one is stale."""

    request: Mapped[Request] = relationship(back_populates="rides")
    family: Mapped["Family"] = relationship("dispatch.families.models.Family")
    pickup_place: Mapped["Place"] = relationship(
        "dispatch.places.models.Place", foreign_keys=pickup_place_id
    )
    dropoff_place: Mapped["Place"] = relationship(
        "dispatch.places.models.Place", foreign_keys=dropoff_place_id
    )
    outbound: Mapped["Ride | None"] = relationship(remote_side="Ride.id", back_populates="returns")
    returns: Mapped[list["Ride"]] = relationship(back_populates="outbound")
    events: Mapped[list["RideEvent"]] = relationship(
        back_populates="ride", order_by="RideEvent.id", cascade="all, delete-orphan"
    )
    assignments: Mapped[list["Assignment"]] = relationship(
        "dispatch.planning.models.Assignment", back_populates="ride", viewonly=True
    )

    @property
    def riders(self) -> int:
        """How many people sit in the car."""
        return self.adults + self.children


class RideEvent(Base):
    """A ride changed its state: from what, to what, when, by whom."""

    __tablename__ = "ride_event"

    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    at: Mapped[datetime]
    before: Mapped[RideState | None] = mapped_column(states(RideState, role="_before"))
    after: Mapped[RideState] = mapped_column(states(RideState, role="_after"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ride: Mapped[Ride] = relationship(back_populates="events")
