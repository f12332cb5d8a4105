"""Everybody who could ask, and a thing of each kind that the law decides on."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.policy import Actor, Standing
from dispatch.policy.actor import ANONYMOUS, SYSTEM
from dispatch.policy.predicates import PlaceInQuestion, RideInQuestion

NOW = datetime(2027, 3, 9, 17, 0, tzinfo=UTC)
HERE, ELSEWHERE = 1, 2
"""Ids of two groups."""
MARTA, OMAR = 11, 22
"""Ids of two driver records, one in each group."""

SOMETHING = UUID(int=1)

DRIVER = Actor(user_id=101, uid=UUID(int=101), drives={HERE: MARTA})
DRIVER_ELSEWHERE = Actor(user_id=102, uid=UUID(int=102), drives={ELSEWHERE: OMAR})
COORDINATOR = Actor(user_id=103, uid=UUID(int=103), coordinates=frozenset({HERE}))
COORDINATOR_ELSEWHERE = Actor(user_id=104, uid=UUID(int=104), coordinates=frozenset({ELSEWHERE}))
FAMILY = Actor(user_id=None, uid=UUID(int=106), family_id=31)
FAMILY_ELSEWHERE = Actor(user_id=None, uid=UUID(int=107), family_id=32)
STEWARD = Actor(user_id=105, uid=UUID(int=105), is_steward=True)

PRINCIPALS: dict[str, Actor] = {
    "anonymous": ANONYMOUS,
    "driver": DRIVER,
    "driver elsewhere": DRIVER_ELSEWHERE,
    "coordinator": COORDINATOR,
    "coordinator elsewhere": COORDINATOR_ELSEWHERE,
    "steward": STEWARD,
    "family": FAMILY,
    "family elsewhere": FAMILY_ELSEWHERE,
    "system": SYSTEM,
    "driver to enrol": replace(DRIVER, standing=Standing.TO_ENROL),
    "coordinator half in": replace(COORDINATOR, standing=Standing.HALF_IN),
    "frozen driver": replace(DRIVER, is_frozen=True),
    "frozen coordinator": replace(COORDINATOR, is_frozen=True),
    "frozen steward": replace(STEWARD, is_frozen=True),
    "suspended driver": replace(DRIVER, is_active=False),
    "suspended coordinator": replace(COORDINATOR, is_active=False),
    "suspended steward": replace(STEWARD, is_active=False),
    "suspended family": replace(FAMILY, is_active=False),
}


@dataclass(frozen=True)
class Break:
    """A closed family that somebody opened in need, until a moment."""

    family_id: int = 31
    user_id: int = 103
    ends_at: datetime = NOW + timedelta(minutes=30)

    def is_live(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return now < self.ends_at


@dataclass(frozen=True)
class Family:
    """A family as the law sees it."""

    id: int = 31
    is_closed: bool = False
    breaks: tuple[Break, ...] = (Break(),)


@dataclass(frozen=True)
class Thing:
    """Something of the first group that names its driver and its family: a record, a ride."""

    group_id: int = HERE
    driver_id: int = MARTA
    user_id: int = 101
    family_id: int = 31
    is_closed: bool = False
    breaks: tuple[Break, ...] = (Break(),)


@dataclass(frozen=True)
class Grant:
    """A driver's right to read a place until a moment."""

    driver_id: int = MARTA
    place_id: int = 5
    ends_at: datetime = NOW + timedelta(hours=1)

    def is_live(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return now < self.ends_at


@dataclass(frozen=True)
class Asked:
    """What somebody else of the first group asked for, and a second person has to want too."""

    group_id: int | None = HERE
    asked_by_id: int = 109
    subject_uid: UUID = SOMETHING


@dataclass(frozen=True)
class Noticed:
    """Something in the first group that somebody's doing made an alarm of."""

    group_id: int = HERE
    about_id: int | None = 109


THING = Thing()
MOTION = Asked()
ALARM = Noticed()
HOME = PlaceInQuestion(place_id=5, group_id=HERE, grants=(Grant(),), family=Family())
RIDE = RideInQuestion(
    driver_id=MARTA,
    group_id=HERE,
    is_accepted=True,
    opens_at=NOW - timedelta(hours=1),
    closes_at=NOW + timedelta(hours=1),
    may_navigate=True,
)
