"""The house numbers a group knows: what the homes of its sheets are found by."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.db.base import Base


class KnownAddress(Base):
    """A house number of the town and where it is, as a group's list of addresses has it.

    Public knowledge, so nothing is sealed: no row tells that anybody of the group lives there.
    A house of many entrances has a row for each.
    """

    __tablename__ = "known_address"

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    house_number: Mapped[str] = mapped_column(String(40))
    """With a unit or a second number if it has one."""
    street: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(80))
    postcode: Mapped[str] = mapped_column(String(20))
    latitude: Mapped[float]
    longitude: Mapped[float]
