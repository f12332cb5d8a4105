"""What a row of requests or of drivers says, once it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from dispatch.imports.reading.addresses import Found
from dispatch.imports.reading.availability import Away, Hours
from dispatch.imports.reading.party import Party
from dispatch.rides.models import Purpose, ReturnKind


@dataclass(frozen=True)
class RequestRow:
    """One family's request for one day. Personal fields stay out of `repr()`."""

    family: str
    """The family's number in the group's own counting."""
    contact: str = field(repr=False)
    phone: str = field(repr=False)
    language: str | None
    """A code; None when nothing was written."""
    home: Found = field(repr=False)
    dropoff: Found = field(repr=False)
    service_on: date
    appointment_at: datetime
    """UTC; the party is to be there by then."""
    return_kind: ReturnKind
    return_at: datetime | None
    """UTC; of a fixed return, when the party wants to leave."""
    party: Party
    purpose: Purpose
    note: str = field(repr=False)


@dataclass(frozen=True)
class DriverRow:
    """One driver: the car, the week, the limits. Personal fields stay out of `repr()`."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    home: Found = field(repr=False)
    languages: tuple[str, ...]
    seats: int
    """For riders, the driver's own not counted."""
    child_seats: Mapping[str, int]
    wheelchair: bool
    most_drive_minutes: int | None
    """Most driving on one day; None is no limit."""
    most_rides_week: int | None
    weekly: Mapping[int, tuple[Hours, ...]]
    """Weekday (0 is Monday) to the hours offered, local time; days without hours are absent."""
    away: tuple[Away, ...]
