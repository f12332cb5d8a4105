"""The outbox: messages, and what of them leaves the house."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, Json, states

if TYPE_CHECKING:
    from dispatch.families.models import Family
    from dispatch.people.models import Group, User
    from dispatch.rides.models import Ride


class MessageKind(enum.Enum):
    """What happened."""

    RIDE_OFFERED = "ride_offered"
    """To a driver: can you drive this?"""
    RIDE_WITHDRAWN = "ride_withdrawn"
    """To a driver: this ride is no longer yours."""
    RIDE_REMINDER = "ride_reminder"
    """To a driver: this ride, which you accepted, is near."""
    RIDE_ACCEPTED = "ride_accepted"
    """To a family: somebody comes, and when."""
    RIDE_CHANGED = "ride_changed"
    """To a family that counted on a driver: another time, and a driver is looked for."""
    RIDE_LATE = "ride_late"
    """To a family: its driver comes later than promised."""
    RIDE_CANCELLED = "ride_cancelled"
    """To a family: the ride does not take place."""
    RIDE_SEARCHING = "ride_searching"
    """To a family: the driver cannot come, another one is looked for."""


class Message(Base):
    """Something one party is to be told, once.

    A driver finds it on the own pages. A family without an account is called by a coordinator,
    who then marks it as told.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (family_id IS NULL)", name="one_recipient"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    kind: Mapped[MessageKind] = mapped_column(states(MessageKind))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    once: Mapped[str] = mapped_column(String(80), unique=True)
    """What makes it the same message: saying it again under this key does nothing."""
    facts: Mapped[dict] = mapped_column(Json, default=dict)
    """Times and the driver's number; never a name or an address."""
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    dropped_at: Mapped[datetime | None]
    """A later message took its place before it was told."""

    group: Mapped["Group"] = relationship("dispatch.people.models.Group")
    user: Mapped["User | None"] = relationship(
        "dispatch.people.models.User", foreign_keys="Message.user_id"
    )
    ride: Mapped["Ride"] = relationship("dispatch.rides.models.Ride")
    family: Mapped["Family | None"] = relationship("dispatch.families.models.Family")

    @property
    def about_uid(self) -> UUID:
        """Of a message to a driver: the uid of the assignment that `once` names after its kind."""
        return UUID(self.once.rpartition(":")[2])


class DeliveryState(enum.Enum):
    """How far a message is on its way out."""

    WAITING = "waiting"
    SENDING = "sending"
    """A worker has claimed it: nobody else ever sends it."""
    SENT = "sent"
    """The server has taken it."""
    FAILED = "failed"
    """It was refused, or tried often enough."""
    UNSURE = "unsure"
    """It may be out or not, and is never sent again."""
    WITHDRAWN = "withdrawn"
    """It was news no more before it went out."""


MAY_BE_OUT = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNSURE)
"""States of a letter that its reader may have got."""


class Delivery(Base):
    """One message by one channel: sent once, or not at all and then seen by a coordinator."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "channel"),
        CheckConstraint("state = 'waiting' OR tries > 0 OR ended_at IS NOT NULL", name="claimed"),
        Index("ix_delivery_state_next_try_at", "state", "next_try_at"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[str] = mapped_column(String(12))
    letter_uid: Mapped[UUID | None]
    """Once claimed: the letter that tells it, which is that of several told together."""
    state: Mapped[DeliveryState] = mapped_column(
        states(DeliveryState), default=DeliveryState.WAITING
    )
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it was sent or given up."""
    trouble: Mapped[str] = mapped_column(String(40), default="")
    """What went wrong last, in a word of our own; never an address, nor what a server said."""

    message: Mapped[Message] = relationship()


class PushSubscription(SealsColumns, Base):
    """A browser in which a person wants to be told, by way of its maker's push service."""

    __tablename__ = "push_subscription"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """Of its endpoint: a browser is subscribed once."""
    sealed_address: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """Its endpoint and its keys."""
    label: Mapped[str] = mapped_column(String(40))
    """Which browser on what, to tell it from others."""
    made_at: Mapped[datetime]

    user: Mapped["User"] = relationship("dispatch.people.models.User")

    @property
    def key_owner(self) -> UUID:
        """Sealed under the person's own key."""
        return self.user.uid
