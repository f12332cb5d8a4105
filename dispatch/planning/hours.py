"""When a driver is at work on the day, and what of its limits each part of it may use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.planning.facts import DayFacts, DriverDay
from dispatch.planning.rules import drive_seconds


@dataclass(frozen=True)
class Share:
    """What one shift may use of a driver's limits for the day and the week."""

    drive: int | None
    rides: int | None


def shares(
    facts: DayFacts, driver: DriverDay, hours: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime, Share]]:
    """The hours with their part of the day's limits, in proportion to their length.

    The matcher knows limits of a shift, not of a person's day. No part is less than what the
    promised rides in it need.
    """
    total = sum((end - start).total_seconds() for start, end in hours)
    found = []
    for start, end in hours:
        part = (end - start).total_seconds() / total
        held = [one for one in driver.committed if start <= one.pickup_at < end]
        drive = rides = None
        if driver.max_drive is not None:
            needed = drive_seconds(facts, driver, held, inside={}) if held else 0
            drive = max(int(driver.max_drive * part), needed or 0)
        if driver.rides_left is not None:
            rides = len(held) + max(0, round(driver.rides_left * part))
        found.append((start, end, Share(drive, rides)))
    return found


def hours_of(facts: DayFacts, driver: DriverDay) -> list[tuple[datetime, datetime]]:
    """When the driver is at work: what it offers, stretched round what it has promised.

    An offer that was withdrawn after a ride was accepted does not undo the ride, so the ride's
    time stays a shift, from leaving home to being back. Time given to another group is cut out.
    """
    spans = list(driver.offered)
    for one in driver.committed:
        there = facts.travel.between(driver.start_place, one.pickup_place) or 0
        home = facts.travel.between(one.dropoff_place, driver.end_place) or 0
        spans.append(
            (one.pickup_at - timedelta(seconds=there), one.busy_until + timedelta(seconds=home))
        )
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    for gone in driver.elsewhere:
        merged = [piece for span in merged for piece in _without(span, gone)]
    return merged


def _without(
    span: tuple[datetime, datetime], gone: tuple[datetime, datetime]
) -> list[tuple[datetime, datetime]]:
    pieces = [(span[0], min(span[1], gone[0])), (max(span[0], gone[1]), span[1])]
    return [(start, end) for start, end in pieces if start < end]


def committed_fits(facts: DayFacts, driver: DriverDay) -> bool:
    """Whether the driver can drive from each promised ride to the next one in time.

    It always could when the promise was made; a changed address or road engine may have
    undone it, and then the matcher would refuse the whole day.
    """
    for early, late in zip(driver.committed, driver.committed[1:], strict=False):
        drive = facts.travel.between(early.dropoff_place, late.pickup_place)
        if drive is None or early.busy_until + timedelta(seconds=drive) > late.pickup_at:
            return False
    drive = drive_seconds(facts, driver, list(driver.committed), inside={})
    if drive is None:
        return False
    return driver.max_drive is None or not driver.committed or drive <= driver.max_drive
