"""An incident: coarse words in the clear, what happened under the family's seal."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn
from dispatch.db.base import Base, states
from dispatch.families.models import SealsForFamily

if TYPE_CHECKING:
    from dispatch.families.models import Family
    from dispatch.rides.models import Ride


class IncidentKind(enum.Enum):
    """What it was about, coarsely enough to count."""

    ACCIDENT = "accident"
    HEALTH = "health"
    """Somebody was hurt or ill."""
    UNSAFE = "unsafe"
    """Somebody was not safe, or felt so."""
    CONDUCT = "conduct"
    """How somebody behaved."""
    CAR = "car"
    LOST = "lost"
    """Something was lost or broken."""
    OTHER = "other"


class Told(enum.Enum):
    """Who was told of it."""

    EMERGENCY = "emergency"
    FAMILY = "family"
    DRIVER = "driver"
    STEWARD = "steward"
    INSURANCE = "insurance"


class Incident(SealsForFamily, Base):
    """Something that went wrong on a ride. Never edited, but settled once."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) OR (settled_at >= made_at)", name="in_order"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    ride_id: Mapped[int | None] = mapped_column(ForeignKey("ride.id"), index=True)
    """None once the ride is erased: what happened is kept for longer."""
    happened_on: Mapped[date]
    """The day of the ride."""
    kind: Mapped[IncidentKind] = mapped_column(states(IncidentKind))
    told: Mapped[list] = mapped_column(default=list)
    """Values of `Told`."""
    sealed_note: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """What happened; sealed with the family, erased with it."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_at: Mapped[datetime | None]
    """When somebody said that nothing is left to do about it."""
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    family: Mapped["Family"] = relationship("dispatch.families.models.Family")
    ride: Mapped["Ride | None"] = relationship("dispatch.rides.models.Ride")
