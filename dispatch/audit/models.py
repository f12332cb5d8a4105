"""The audit table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.db.base import Base


class AuditEvent(Base):
    """One thing that somebody did, saw, or was refused. Never edited, never holds a value."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_object", "object_kind", "object_uid"),
        Index("ix_audit_event_actor_at", "actor_uid", "at"),
    )

    position: Mapped[int] = mapped_column(unique=True)
    """Place in the chain: 1, 2, 3 … without a gap."""
    at: Mapped[datetime]
    actor_uid: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    role: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(24))
    object_uid: Mapped[UUID | None] = mapped_column(Uuid)
    family_uid: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    """Whose life was touched, where that is one family's."""
    ride_uid: Mapped[UUID | None] = mapped_column(Uuid)
    group_uid: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    """done or refused."""
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    """HMAC over this row and the seal before it."""


class AuditCut(Base):
    """Where the log begins, once its oldest rows were let go: the last of them, by its seal."""

    __tablename__ = "audit_cut"

    position: Mapped[int] = mapped_column(unique=True)
    """Of the last row that went; the log goes on at the next."""
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Its seal: what the next row follows from."""
    at: Mapped[datetime]
    proof: Mapped[bytes] = mapped_column(LargeBinary(32))
    """HMAC over the others: a cut that the program did not make proves nothing."""
