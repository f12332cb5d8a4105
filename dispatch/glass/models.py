"""What was opened in need, why, until when, and what another person made of it."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, states
from dispatch.families.models import Family
from dispatch.people.models import User


class Need(enum.Enum):
    """Why somebody opens a closed family, coarsely enough to count."""

    DANGER = "danger"
    """Somebody is in danger."""
    STRANDED = "stranded"
    """Somebody waits to be fetched or brought home."""
    LOST_CONTACT = "lost_contact"
    """They have to be told something and cannot be reached otherwise."""
    LAW = "law"
    """The law asks for it."""
    OTHER = "other"


class Verdict(enum.Enum):
    """What another person made of it."""

    NEEDED = "needed"
    QUESTIONED = "questioned"
    """There was no need, or too much was read: to be talked about."""


class GlassBreak(SealsColumns, Base):
    """One person opened one closed family for a while. Ended early or by time, never renewed."""

    __tablename__ = "glass_break"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="some_time"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> user_id", name="two_people"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (verdict IS NULL)"
            " AND (reviewed_at IS NULL) = (reviewed_by_id IS NULL)",
            name="whole_review",
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    """Who opened it."""
    need: Mapped[Need] = mapped_column(states(Need))
    sealed_reason: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """In the words of who opened it; sealed with the family, erased with it."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Exclusive: at this instant the family is closed again."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    review_by: Mapped[datetime]
    """Until when another person looks at it; later is overdue."""
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    verdict: Mapped[Verdict | None] = mapped_column(states(Verdict))

    family: Mapped[Family] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)

    @property
    def key_owner(self) -> UUID:
        """The reason is sealed under the family's key."""
        return self.family.uid

    def is_live(self, now: datetime) -> bool:
        """Whether the family is open to who opened it, at `now`."""
        return self.ended_at is None and self.starts_at <= now < self.ends_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether another person should have looked at it by `now`."""
        return self.reviewed_at is None and now >= self.review_by
