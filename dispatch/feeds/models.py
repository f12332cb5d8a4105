"""The link under which a calendar asks for a driver's rides."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.db.base import Base
from dispatch.drivers.models import Driver


class RideFeed(Base):
    """A driver's one link. The link holds a token, this row its hash."""

    __tablename__ = "ride_feed"

    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]

    driver: Mapped[Driver] = relationship()
