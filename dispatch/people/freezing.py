"""Whether the service is frozen: asked at each request and by each job, kept nowhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from dispatch.db.base import Base


class Freeze(Base):
    """A time in which the service is shut: nothing is read, proposed or revealed.

    One at a time is open. Rows stay, as the history of what was shut when.
    """

    __tablename__ = "freeze"
    __table_args__ = (
        Index(
            "uq_freeze_open",
            "is_open",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    is_open: Mapped[bool] = mapped_column(default=True)
    """Always true: what the index counts, so that there is one open freeze at most."""
    began_at: Mapped[datetime]
    began_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """None: from the command line."""
    ended_at: Mapped[datetime | None]
    """When a second person agreed to end it."""


def is_frozen(session: Session) -> bool:
    """Whether a steward has shut the service."""
    return find_freeze(session) is not None


def find_freeze(session: Session) -> Freeze | None:
    """The freeze that is open, if one is."""
    return session.scalars(select(Freeze).where(Freeze.ended_at.is_(None))).one_or_none()
