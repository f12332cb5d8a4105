"""A driver raised the hand for a ride."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.db.base import Base

if TYPE_CHECKING:
    from dispatch.drivers.models import Driver
    from dispatch.rides.models import Ride


class Claim(Base):
    """ "I can do this one": one for each driver and ride, whatever came of it.

    Once only, because each try tells a little of how far away the door is.
    """

    __tablename__ = "ride_claim"
    __table_args__ = (UniqueConstraint("ride_id", "driver_id"),)

    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    made_at: Mapped[datetime]

    ride: Mapped["Ride"] = relationship("dispatch.rides.models.Ride")
    driver: Mapped["Driver"] = relationship("dispatch.drivers.models.Driver")
