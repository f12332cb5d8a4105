"""When a driver is to be had: decided from what is on record, nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from dispatch.clock import local_instant
from dispatch.drivers.models import (
    Credential,
    DatedAvailability,
    Driver,
    DriverState,
    WeeklyAvailability,
)

DAY_MINUTES = 24 * 60
KM_PER_MILE = 1.609344

Range = tuple[int, int]
"""Minutes after local midnight: start, and end (exclusive)."""

PARTS: dict[str, Range] = {
    "morning": (0, 12 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, DAY_MINUTES),
}


@dataclass(frozen=True)
class OfferedShift:
    """One dated piece of availability."""

    starts_at: datetime
    ends_at: datetime
    """Exclusive."""


def shifts_on(driver: Driver, day: date, zone: ZoneInfo) -> list[OfferedShift]:
    """What `driver` offers on `day` in `zone`, in order and without overlap.

    Nothing while paused, on a day off, or once a recorded paper has expired. Hours on the date
    replace those of the week. A whole day is as long as the day is: 23, 24 or 25 hours.
    """
    may_drive = driver.state is DriverState.ACTIVE and not is_day_off(driver, day)
    may_drive = may_drive and not expired(driver.credentials, day)
    weekly, dated = _on_record(driver, day)
    return shifts_of(offered(weekly=weekly, dated=dated, may_drive=may_drive), day, zone)


def offered(*, weekly: Iterable[Range], dated: Iterable[Range], may_drive: bool) -> list[Range]:
    """The hours of a day, sorted: those of the date replace those of the week."""
    return (sorted(dated) or sorted(weekly)) if may_drive else []


def shifts_of(ranges: Iterable[Range], day: date, zone: ZoneInfo) -> list[OfferedShift]:
    """The hours of `day` in `zone` as instants, in order and without overlap."""
    shifts = (
        OfferedShift(_instant(day, start, zone), _instant(day, end, zone))
        for start, end in merge(ranges)
    )
    # Hours that the spring change skips are no hours.
    return [shift for shift in shifts if shift.starts_at < shift.ends_at]


def ranges_on(driver: Driver, day: date) -> list[Range]:
    """The hours on record for `day`, whether or not the driver may drive."""
    weekly, dated = _on_record(driver, day)
    return offered(weekly=weekly, dated=dated, may_drive=True)


def _on_record(driver: Driver, day: date) -> tuple[list[Range], list[Range]]:
    """The hours of the week and those of the date."""
    weekly = (one for one in driver.weekly if one.weekday == day.weekday())
    dated = (one for one in driver.dated if one.on == day)
    return _ranges(weekly), _ranges(dated)


def _ranges(hours: Iterable[WeeklyAvailability | DatedAvailability]) -> list[Range]:
    return [(one.starts_minute, one.ends_minute) for one in hours]


def has_own_hours(driver: Driver, day: date) -> bool:
    """Whether `driver` said hours for `day` alone, in place of those of its weekday."""
    return any(one.on == day for one in driver.dated)


def is_day_off(driver: Driver, day: date) -> bool:
    """Whether `day` lies in one of the driver's days off."""
    return any(one.first_on <= day <= one.last_on for one in driver.days_off)


def expired(credentials: Iterable[Credential], day: date) -> list[Credential]:
    """The papers that are no longer good on `day`."""
    return [one for one in credentials if one.expires_on < day]


def expiring(credentials: Iterable[Credential], day: date, *, within_days: int) -> list[Credential]:
    """The papers that are good on `day` but not for `within_days` more."""
    until = day + timedelta(days=within_days)
    return [one for one in credentials if day <= one.expires_on <= until]


def merge(ranges: Iterable[Range]) -> list[Range]:
    """The same hours with touching and overlapping ranges made one."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def overlapping(ranges: Iterable[Range]) -> tuple[Range, Range] | None:
    """The first two ranges that overlap; touching is no overlap."""
    for one, other in pairwise(sorted(ranges)):
        if other[0] < one[1]:
            return one, other
    return None


def parts_of(ranges: Iterable[Range]) -> list[str]:
    """Which parts of the day the hours touch: of morning, afternoon and evening."""
    hours = list(ranges)
    return [
        part
        for part, (start, end) in PARTS.items()
        if any(one[0] < end and start < one[1] for one in hours)
    ]


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    if minute == DAY_MINUTES:
        return local_instant(day + timedelta(days=1), time(0), zone)
    return local_instant(day, time(minute // 60, minute % 60), zone)
