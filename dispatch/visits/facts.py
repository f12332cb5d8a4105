"""What stands on a family's own page, as values."""

import enum
from dataclasses import dataclass
from datetime import datetime

from dispatch.rides.models import Ride


@dataclass(frozen=True)
class Driver:
    """Who comes."""

    name: str
    """First name."""
    car: str
    pickup_at: datetime
    """When the car is expected: what was promised, and later if the driver says so."""
    delay_minutes: int
    """By how much later than promised."""


@dataclass(frozen=True)
class OwnRide:
    """One ride to come, as its family sees it. No address: a home is called home."""

    ride: Ride
    at: datetime | None
    """The promised pickup if there is a driver, else what was asked for; None for a will-call."""
    is_arrival: bool
    """Whether `at` is when they want to be there."""
    start: str
    end: str
    driver: Driver | None
    may_confirm: bool
    may_cancel: bool
    is_waited_for: bool
    """Whether they may say today that they are ready."""


class Seen(enum.Enum):
    """What somebody read of a family."""

    ADDRESS = "address"
    OTHER = "other"
    """A name, a phone number, who rides, or a note."""


@dataclass(frozen=True)
class OwnLook:
    """Somebody read something of the family."""

    at: datetime
    role: str
    """As the log has it: "driver", "coordinator"."""
    name: str
    """First name of a driver; nothing for anybody else."""
    what: frozenset[Seen]
    in_need: bool
    """Whether the family was closed and opened in need."""
