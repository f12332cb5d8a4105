"""What is written down about a family, as values: typed on the way in, revealed on the way out."""

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from dispatch.families.models import FamilyState, RiderKind
from dispatch.places.models import Place
from dispatch.places.sealed import Address, Point

if TYPE_CHECKING:
    from dispatch.rides.models import Ride


@dataclass(frozen=True)
class Home:
    """A home as it was typed."""

    address: Address
    point: Point
    far_is_meant: bool = False
    """Somebody confirmed that it lies far from everything else."""


@dataclass(frozen=True)
class RiderFacts:
    """One person who rides. `uid` names one who is known already."""

    kind: RiderKind
    name: str | None = None
    """First name; None keeps the one that is sealed."""
    uid: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class FamilyFacts:
    """All that is written down about a family.

    Of what is sealed, None keeps what is stored and an empty text clears it.
    """

    number: str
    language: str = "en"
    needs_language: bool = False
    adults: int = 1
    children: int = 0
    child_seats: dict[str, int] = field(default_factory=dict)
    wheelchair: bool = False
    shares_rides: bool = False
    takes_texts: bool = False
    state: FamilyState = FamilyState.ACTIVE
    name: str | None = None
    phone: str | None = None
    notes: str | None = None
    riders: tuple[RiderFacts, ...] | None = None
    """Everybody who rides; None keeps them all."""
    where: Home | Place | None = None
    """A home to seal, a public meeting point instead, or None: as it is."""


@dataclass(frozen=True)
class Followed:
    """The rides to come of a family that has moved, each in one of three lists, by time."""

    quiet: list["Ride"]
    """Nobody had them: they want a driver from the new place on."""
    released: list["Ride"]
    """They had a driver, and want one again."""
    under_way: list["Ride"]
    """Being driven: somebody has to call the driver."""


class Part(enum.Enum):
    """What can be read of a family, each on its own."""

    NAME = "name"
    PHONE = "phone"
    NOTES = "notes"
    RIDERS = "riders"
    ADDRESS = "address"


@dataclass(frozen=True, repr=False)
class Revealed:
    """What was under the seals that were opened; the rest is None. Never printed, never stored."""

    name: str | None = None
    phone: str | None = None
    notes: str | None = None
    riders: tuple[tuple[RiderKind, str | None], ...] | None = None
    address: Address | None = None
