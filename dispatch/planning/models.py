"""Match runs, what they proposed, and what people made of it."""

import enum
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.db.base import Base, states

if TYPE_CHECKING:
    from dispatch.drivers.models import Driver
    from dispatch.people.models import Alarm
    from dispatch.places.models import AddressGrant
    from dispatch.rides.models import Ride


class RunState(enum.Enum):
    """How far a match run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MatchRun(Base):
    """One execution of the matcher over one service day.

    The row is the truth: a worker claims it with a lease and an attempt number, and whoever
    writes later with an older attempt changes nothing.
    """

    __tablename__ = "match_run"
    __table_args__ = (
        Index("ix_match_run_group_day", "group_id", "service_on"),
        Index(
            "uq_match_run_one_at_a_time",
            "group_id",
            "service_on",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    service_on: Mapped[date]
    state: Mapped[RunState] = mapped_column(states(RunState), default=RunState.QUEUED)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    """A coordinator asked to stop: the best plan so far is kept."""
    is_repair: Mapped[bool] = mapped_column(default=False)
    """Whether as little as possible is to change of what was proposed before."""
    progress: Mapped[dict] = mapped_column(default=dict)
    """The latest of the solver: seconds, rides, served, priority, cost_seconds, bound."""
    result: Mapped[dict] = mapped_column(default=dict)
    """At the end: objective, bound, proven, seconds, what the driving times stood on."""
    failure: Mapped[str | None] = mapped_column(String(40))
    """Why it failed, as a code."""

    proposals: Mapped[list["Proposal"]] = relationship(back_populates="run")


class ProposalState(enum.Enum):
    """What became of a proposal."""

    LIVE = "live"
    """Waits for a coordinator."""
    APPROVED = "approved"
    DECLINED = "declined"
    """A coordinator said no."""
    SUPERSEDED = "superseded"
    """A later run, or a change of the ride, took its place."""


class Proposal(Base):
    """ "This driver could take this ride, then": not yet true."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("pickup_at < dropoff_at", name="in_order"),
        Index(
            "uq_proposal_live",
            "ride_id",
            unique=True,
            sqlite_where=text("state = 'live'"),
            postgresql_where=text("state = 'live'"),
        ),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"))
    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    state: Mapped[ProposalState] = mapped_column(states(ProposalState), default=ProposalState.LIVE)
    pickup_at: Mapped[datetime]
    dropoff_at: Mapped[datetime]
    ride_version: Mapped[int]
    """Of the ride it was made for: a later one makes it stale."""
    is_estimate: Mapped[bool] = mapped_column(default=True)
    """Whether no road was looked at for its times."""
    why: Mapped[dict] = mapped_column(default=dict)
    """Terms of the choice in 5-minute steps, and who else could: driver uids and extra minutes."""

    run: Mapped[MatchRun] = relationship(back_populates="proposals")
    ride: Mapped["Ride"] = relationship("dispatch.rides.models.Ride")
    driver: Mapped["Driver"] = relationship("dispatch.drivers.models.Driver")


class Unserved(Base):
    """A ride that a run left out, with its reason and what would help."""

    __tablename__ = "unserved"

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id"), index=True)
    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    """A code of the matcher's format."""
    relax: Mapped[dict | None]
    """The cheapest change that would let it be served: kind, name, amount, seconds, drivers; and
    `needs`, where nobody fits: what it needs of car and driver that nobody has."""
    ride_version: Mapped[int]

    ride: Mapped["Ride"] = relationship("dispatch.rides.models.Ride")


class AssignmentState(enum.Enum):
    """How far an approved proposal is."""

    OFFERED = "offered"
    """The driver has not answered."""
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    """The ride was driven, or the driver came for nothing."""
    DECLINED = "declined"
    """The driver said no, or nothing in time: then it was never answered."""
    RELEASED = "released"
    """A coordinator took it back, or the ride was cancelled or changed."""


LIVE_STATES = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.COMPLETED)
LIVE_ASSIGNMENT = "state IN ('offered', 'accepted', 'completed')"
"""A ride with such an assignment has its driver; a driver with one is taken for its time."""


class Assignment(Base):
    """A ride given to a driver by a coordinator; the driver accepts or declines it.

    Two constraints hold in both databases: one live assignment a ride, and no person behind two
    wheels at a time.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("pickup_at < dropoff_at", name="in_order"),
        CheckConstraint("pickup_at < busy_until", name="some_time"),
        Index(
            "uq_assignment_one_live_a_ride",
            "ride_id",
            unique=True,
            sqlite_where=text(LIVE_ASSIGNMENT),
            postgresql_where=text(LIVE_ASSIGNMENT),
        ),
        Index("ix_assignment_user_time", "user_id", "pickup_at"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    ride_id: Mapped[int] = mapped_column(ForeignKey("ride.id"), index=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("driver.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    """The person: who drives in two groups still has one body."""
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    """None when a coordinator assigned by hand."""
    state: Mapped[AssignmentState] = mapped_column(
        states(AssignmentState), default=AssignmentState.OFFERED
    )
    pickup_at: Mapped[datetime]
    dropoff_at: Mapped[datetime]
    busy_until: Mapped[datetime]
    """When the party has left the car. Exclusive."""
    is_estimate: Mapped[bool] = mapped_column(default=True)
    """Whether no road was looked at for its times."""
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    delay_minutes: Mapped[int] = mapped_column(default=0)
    """How much later than planned the driver says to come; the plan stays what it is."""
    driven_metres: Mapped[int | None]
    """What the driver says it was; None where nobody corrected the estimate."""
    driven_minutes: Mapped[int | None]
    """None with the metres."""

    ride: Mapped["Ride"] = relationship("dispatch.rides.models.Ride", back_populates="assignments")
    driver: Mapped["Driver"] = relationship("dispatch.drivers.models.Driver")
    grants: Mapped[list["AddressGrant"]] = relationship("dispatch.places.models.AddressGrant")

    @property
    def is_live(self) -> bool:
        """Whether the ride is this driver's."""
        return self.state in LIVE_STATES

    @property
    def expected_at(self) -> datetime:
        """When the pickup is, as far as its driver has said."""
        return self.pickup_at + timedelta(minutes=self.delay_minutes)


class TroubleKind(enum.Enum):
    """What keeps a ride from going as planned."""

    LATE = "late"
    CAR = "car"
    NOBODY = "nobody"
    """The driver is there, and nobody comes."""
    FAMILY = "family"
    """The family needs something."""
    UNSAFE = "unsafe"
    """An accident, or somebody is not safe."""
    OTHER = "other"


class Trouble(Base):
    """Something that a driver told the desk from the road. Never edited, but taken back."""

    __tablename__ = "ride_trouble"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    alarm_id: Mapped[int] = mapped_column(ForeignKey("alarm.id"), index=True)
    """By which the desk knows: it is open until somebody takes the alarm."""
    kind: Mapped[TroubleKind] = mapped_column(states(TroubleKind))
    delay_minutes: Mapped[int] = mapped_column(default=0)
    """Of a driver who is late: by how much at least."""
    told_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]

    @property
    def needs_another(self) -> bool:
        """Whether somebody else may have to drive the ride."""
        return self.kind in (TroubleKind.CAR, TroubleKind.UNSAFE)

    assignment: Mapped[Assignment] = relationship()
    alarm: Mapped["Alarm"] = relationship("dispatch.people.models.Alarm")


class Tap(enum.Enum):
    """What a driver may tell by one touch of the phone."""

    ACCEPT = "accept"
    DECLINE = "decline"
    SEEN = "seen"
    """The driver knows that the ride was taken back."""
    ARRIVED = "arrived"
    ON_BOARD = "onboard"
    DONE = "done"
    NO_SHOW = "noshow"
    UNDO = "undo"
    """One step back: the last one was a slip of the thumb."""
    TROUBLE = "trouble"
    SOLVED = "solved"
    """The trouble is none any more, or was none."""


class DriverAction(Base):
    """Something a driver told by phone under a uid that the phone made: it counts once.

    A phone that lost its connection sends again what may have arrived already; the row says what
    came of it the first time.
    """

    __tablename__ = "driver_action"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    what: Mapped[Tap] = mapped_column(states(Tap))
    made_at: Mapped[datetime | None]
    """By the phone's clock, to five minutes; None where that cannot be. Nothing depends on it."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    refusal: Mapped[str | None] = mapped_column(String(240))
    """Why nothing was changed, as the driver was told; None if it was carried out."""
