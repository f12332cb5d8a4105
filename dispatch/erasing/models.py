"""What stays after something was erased: receipts, counts of nobody, reports; and legal holds."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, Json, states
from dispatch.rides.models import Leg, Purpose

if TYPE_CHECKING:
    from dispatch.families.models import Family


class Whose(enum.Enum):
    """Whose key and rows were erased."""

    FAMILY = "family"
    ACCOUNT = "account"


class Why(enum.Enum):
    """What made it due."""

    INACTIVE = "inactive"
    """Nothing was asked for as long as the group keeps a family."""
    WITHDRAWN = "withdrawn"
    """The family or the person wished it."""


class ErasureState(enum.Enum):
    """How far an erasure is."""

    ERASING = "erasing"
    """Begun, and carried on by whoever runs next: there is no way back."""
    ERASED = "erased"


class Erasure(Base):
    """The receipt of an erasure: a code, times and counts. The code names nobody any more."""

    __tablename__ = "erasure"

    owner_uid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    """Whose key was destroyed."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    whose: Mapped[Whose] = mapped_column(states(Whose))
    why: Mapped[Why] = mapped_column(states(Why))
    state: Mapped[ErasureState] = mapped_column(states(ErasureState))
    due_at: Mapped[datetime]
    begun_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    rows: Mapped[dict] = mapped_column(Json, default=dict)
    """How many rows went, by table."""
    checked: Mapped[bool] = mapped_column(default=False)
    """Whether a record of it was tried afterwards and did not open."""


class Outcome(enum.Enum):
    """How a ride ended, for counting."""

    DRIVEN = "driven"
    NO_SHOW = "noshow"
    CANCELLED = "cancelled"
    NOT_DRIVEN = "notdriven"
    """Nobody could, or nobody said how it went."""


class PastRide(Base):
    """A ride as it is counted once its time is over: of a week, of nobody, from nowhere."""

    __tablename__ = "past_ride"
    __table_args__ = (Index("ix_past_ride_group_week", "group_id", "week_on"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    week_on: Mapped[date]
    """The Monday of its week."""
    leg: Mapped[Leg] = mapped_column(states(Leg))
    purpose: Mapped[Purpose] = mapped_column(states(Purpose))
    outcome: Mapped[Outcome] = mapped_column(states(Outcome))
    distance: Mapped[str] = mapped_column(String(8))
    """A band of kilometres between the areas of its ends, see `rules.distance_band`."""


class RetentionReport(Base):
    """One run over everything that has a period: what was due, what went, what is left."""

    __tablename__ = "retention_report"

    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    """A dry run: counted, nothing erased."""
    counts: Mapped[dict] = mapped_column(Json, default=dict)
    """By line of the table: `due`, and rows by table `before`, `erased`, `made`, `after`."""
    agrees: Mapped[bool]
    """Whether before, less what went, plus what was made, is after, to the row."""
    overdue: Mapped[int]
    """Families and accounts past their day and still there when it ended, but for holds."""


class LegalHold(SealsColumns, Base):
    """A family that may not be erased for a while, because somebody has to be shown its record.

    Two people, a reason, an end: there is no switch that stops erasing for everybody.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("made_at < expires_at", name="some_time"),
        Index(
            "uq_legal_hold_live",
            "family_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    sealed_reason: Mapped[Sealed | None] = mapped_column(SealedColumn)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Somebody else; until then nothing is held."""
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    family: Mapped["Family"] = relationship("dispatch.families.models.Family")

    @property
    def key_owner(self) -> UUID:
        """The reason tells of the family, and is sealed with it."""
        return self.family.uid

    def holds(self, now: datetime) -> bool:
        """Whether the family may not be erased at `now`."""
        return self.confirmed_at is not None and self.ended_at is None and now < self.expires_at
