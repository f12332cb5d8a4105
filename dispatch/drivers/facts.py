"""What is written down about a driver, as values."""

import enum
from dataclasses import dataclass, field

from dispatch.drivers.models import DriverState
from dispatch.places.models import Place
from dispatch.places.sealed import Address, Point


@dataclass(frozen=True)
class OwnAddress:
    """Where a driver starts or ends, as it was typed; sealed under the driver's key."""

    address: Address
    point: Point
    far_is_meant: bool = False
    """Somebody confirmed that it lies far from everything else."""


class Stays(enum.Enum):
    """Instead of a place."""

    AS_STORED = "keep"
    """As it is; of a new driver, the end is the start."""
    AT_START = "same"
    """The end is wherever the start is."""


Where = OwnAddress | Place | Stays
"""An own address to seal, a public place, or none of them."""


@dataclass(frozen=True, kw_only=True)
class DriverFacts:
    """A driver, the car, and the limits."""

    number: str
    state: DriverState = DriverState.ACTIVE
    car: str = ""
    seats: int = 4
    child_seats: dict[str, int] = field(default_factory=dict)
    wheelchair: bool = False
    languages: tuple[str, ...] = ()
    max_drive_minutes: int | None = None
    max_rides_week: int | None = None
    max_distance_km: int | None = None
    start: Where = Stays.AS_STORED
    end: Where = Stays.AS_STORED
