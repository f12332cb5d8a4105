"""One-time codes of families, and the phones on which they opened their page."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.db.base import Base
from dispatch.families.models import Family


class CodeState(enum.Enum):
    """What has become of a code."""

    OPEN = "open"
    USED = "used"
    ENDED = "ended"
    """Taken back by the desk, or by a newer code."""
    EXPIRED = "expired"


class FamilyCode(Base):
    """A code that opens a family's page once, on one phone. Only its keyed digest is stored."""

    __tablename__ = "family_code"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Exclusive: at this instant it opens nothing any more."""
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    family: Mapped[Family] = relationship()

    def state(self, now: datetime) -> CodeState:
        """What has become of it at `now`."""
        if self.used_at is not None:
            return CodeState.USED
        if self.revoked_at is not None:
            return CodeState.ENDED
        return CodeState.OPEN if now < self.expires_at else CodeState.EXPIRED


class FamilyPhone(Base):
    """One phone on which a family opened its page. The cookie holds a token, this row its hash."""

    __tablename__ = "family_phone"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    family: Mapped[Family] = relationship()
