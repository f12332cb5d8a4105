"""Groups and the people who work for them."""

import enum
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, states
from dispatch.people.facts import Claims
from dispatch.policy.actor import Standing


class Group(Base):
    """A community group with its own families, drivers and coordinators, and its settings."""

    __tablename__ = "community_group"
    __table_args__ = (
        CheckConstraint("grant_before_minutes BETWEEN 0 AND 720", name="grant_opens_at_most_12_h"),
        CheckConstraint("grant_after_minutes BETWEEN 0 AND 720", name="grant_closes_within_12_h"),
        CheckConstraint("most_seats BETWEEN 1 AND 20", name="a_car_has_seats"),
    )

    name: Mapped[str] = mapped_column(String(80))
    time_zone: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8), default="en")
    desk_phone: Mapped[str] = mapped_column(String(32), default="")
    """The group's own public number: drivers call the desk, never a family."""
    grant_before_minutes: Mapped[int] = mapped_column(default=120)
    """How long before a pickup the accepted driver may read its address."""
    grant_after_minutes: Mapped[int] = mapped_column(default=60)
    """How long after a drop-off."""
    lets_navigate: Mapped[bool] = mapped_column(default=False)
    """Whether a driver may hand an address that is open to a map app of the phone."""
    most_seats: Mapped[int] = mapped_column(default=6)
    """Riders in the largest car that any driver brings: a larger party is refused."""
    board_minutes: Mapped[int] = mapped_column(default=5)
    """Service time at a pickup."""
    alight_minutes: Mapped[int] = mapped_column(default=3)
    """Service time at a drop-off."""
    flexible_minutes: Mapped[int] = mapped_column(default=30)
    """How much earlier than an appointment, or later than a wished departure, is fine."""
    even_load_seconds: Mapped[int] = mapped_column(default=300)
    """Seconds of driving, for each ride, that an even load of the drivers is worth; 0: nothing."""
    driver_families_hour: Mapped[int] = mapped_column(default=10)
    """Families that one driver may open within an hour; one more closes the account."""
    driver_families_day: Mapped[int] = mapped_column(default=25)
    """The same within 24 hours."""
    desk_families_hour: Mapped[int] = mapped_column(default=30)
    """Families that one coordinator may open within an hour."""
    desk_families_day: Mapped[int] = mapped_column(default=100)
    usual_percent: Mapped[int] = mapped_column(default=150)
    """Of the families whose rides the day holds for a person: beyond it there is an alarm."""
    quiet_from_hour: Mapped[int] = mapped_column(default=21)
    """From this hour of its clock on nobody is sent anything that can wait ..."""
    quiet_until_hour: Mapped[int] = mapped_column(default=7)
    """... until this one; the same hour twice: it is sent at any time."""
    reminds_week: Mapped[bool] = mapped_column(default=False)
    """Whether a driver is reminded of an accepted ride seven days before ..."""
    reminds_day: Mapped[bool] = mapped_column(default=True)
    """... the evening before ..."""
    reminds_same_day: Mapped[bool] = mapped_column(default=True)
    """... and two hours before."""
    uses_miles: Mapped[bool] = mapped_column(default=False)
    claims: Mapped[Claims] = mapped_column(states(Claims), default=Claims.NONE)
    ride_days: Mapped[int] = mapped_column(default=30)
    """How long a ride is kept after its day; then it is only counted."""
    family_days: Mapped[int] = mapped_column(default=90)
    """How long a family is kept after the last day that it asked for."""
    message_days: Mapped[int] = mapped_column(default=14)
    """How long a message is kept."""
    latitude: Mapped[float | None]
    """Of the middle of its map, degrees north; None until a steward says where it drives."""
    longitude: Mapped[float | None]
    """Degrees east; None with the latitude."""
    made_at: Mapped[datetime]

    @property
    def group_id(self) -> int:
        """Its own id: policy asks every thing for its group."""
        return self.id

    @property
    def zone(self) -> ZoneInfo:
        """The group's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def grant_before(self) -> timedelta:
        """How long before a pickup an address opens."""
        return timedelta(minutes=self.grant_before_minutes)

    @property
    def grant_after(self) -> timedelta:
        """How long after a drop-off it stays open."""
        return timedelta(minutes=self.grant_after_minutes)


class UserState(enum.Enum):
    """Whether an account can be used."""

    INVITED = "invited"
    """Made by an invitation; nobody has signed in yet."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Closed by a steward: every web session ended, every grant void."""


class User(SealsColumns, Base):
    """A person with an account, or one who is invited to have one."""

    __tablename__ = "user_account"

    state: Mapped[UserState] = mapped_column(states(UserState), default=UserState.INVITED)
    is_steward: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="en")
    sealed_name: Mapped[Sealed | None] = mapped_column(SealedColumn)
    sealed_email: Mapped[Sealed | None] = mapped_column(SealedColumn)
    """For showing; signing in finds the account by the vault's index."""
    sealed_phone: Mapped[Sealed | None] = mapped_column(SealedColumn)
    takes_mail: Mapped[bool] = mapped_column(default=True)
    """Whether what a driver is told also goes out by e-mail, where an installation sends any."""
    takes_texts: Mapped[bool] = mapped_column(default=False)
    """The same by text message."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locked_at: Mapped[datetime | None]
    """When its owner had it locked: suspended until somebody who knows the person unlocks it."""
    made_at: Mapped[datetime]
    leaves_at: Mapped[datetime | None]
    """From when on the account is to be erased, once somebody asked for it."""

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")

    @property
    def key_owner(self) -> UUID:
        """A person's fields are sealed under the person's own key."""
        return self.uid

    @property
    def user_id(self) -> int:
        """Its own id: policy asks whose account a thing is."""
        return self.id


class Role(enum.Enum):
    """What a member of a group does there."""

    COORDINATOR = "coordinator"
    DRIVER = "driver"


class Membership(Base):
    """A person's role in a group. A person may have both roles, and more than one group."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "group_id", "role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    role: Mapped[Role] = mapped_column(states(Role))

    user: Mapped[User] = relationship(back_populates="memberships")
    group: Mapped[Group] = relationship()


class Invitation(Base):
    """A one-time link that lets an invited person choose a password. Only its hash is stored."""

    __tablename__ = "invitation"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=user_id)

    def is_open(self, now: datetime) -> bool:
        """Whether the link still works at `now`."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class WebSession(Base):
    """One signed-in browser. The cookie holds a random token, this row its hash."""

    __tablename__ = "web_session"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"))
    """The group whose pages it shows; a person may belong to several."""
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proven_at: Mapped[datetime]
    """When its person last proved who they are, by signing in or again since."""
    ended_at: Mapped[datetime | None]
    standing: Mapped[Standing] = mapped_column(states(Standing), default=Standing.IN)
    browser: Mapped[str] = mapped_column(String(40), default="")
    """Which browser on what, as it says of itself, in two words: to tell the own ones apart."""

    user: Mapped[User] = relationship()
    group: Mapped[Group | None] = relationship()


class SignInFailure(Base):
    """A failed attempt, by a keyed digest of what was typed and of where it came from."""

    __tablename__ = "sign_in_failure"

    digest: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    at: Mapped[datetime]


WAITS = "seconded_at IS NULL AND ended_at IS NULL"
"""A motion that nobody answered yet: one of each matter about the same thing."""


class Motion(Base):
    """Something one person asked for that takes effect once another seconds it.

    Never edited but for its answer.
    """

    __tablename__ = "motion"
    __table_args__ = (
        CheckConstraint("seconded_by_id <> asked_by_id", name="two_persons"),
        CheckConstraint(
            "(seconded_by_id IS NULL) = (seconded_at IS NULL)", name="seconded_by_somebody"
        ),
        CheckConstraint("seconded_at IS NULL OR ended_at IS NULL", name="one_answer"),
        Index(
            "uq_motion_waits",
            "matter",
            "subject_uid",
            unique=True,
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
    )

    matter: Mapped[str] = mapped_column(String(40))
    """What is asked, as the module that registered it calls it."""
    subject_uid: Mapped[UUID] = mapped_column(Uuid)
    """About what: a group, a family, an account."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    """Whose coordinators may second it; None asks those of all groups."""
    facts: Mapped[dict]
    """How exactly: numbers, days and ids."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Exclusive: at this instant it can be seconded no more."""
    seconded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    seconded_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """None where its time ran out."""
    ended_at: Mapped[datetime | None]

    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    group: Mapped[Group | None] = relationship()


class Alarm(Base):
    """Something the desk and the stewards have to look at: it stays until one of them takes it."""

    __tablename__ = "alarm"

    kind: Mapped[str] = mapped_column(String(40))
    """What it is about, as the module that raises it calls it."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), index=True)
    """None: about the whole house, and for stewards alone."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Whose doing: that person does not take it."""
    once: Mapped[str] = mapped_column(String(120), unique=True)
    """What makes it the same alarm: raising it again under this key does nothing."""
    facts: Mapped[dict]
    """Numbers and ids."""
    made_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    about: Mapped[User | None] = relationship(foreign_keys=about_id)
    group: Mapped[Group | None] = relationship()
