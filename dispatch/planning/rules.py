"""May this driver take this ride then? Every reason that speaks against it, at once.

Pure: values in, codes out. The same facts feed the matcher, so what it proposes passes here
unless something changed in between. Sentences for the codes are in `reasons.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import combinations

from dispatch.planning.facts import (
    AskedRide,
    Committed,
    DayFacts,
    DriverDay,
    Needs,
    Timing,
    pickup_window,
    timing,
)


class Obstacle(Enum):
    """What speaks against a driver taking a ride."""

    NO_ROAD = "no_road"
    OFF_ROAD = "off_road"
    """The pickup or the drop-off lies too far from any road of the map."""
    CUT_OFF = "cut_off"
    """No road joins the driver's start or end with the ride."""
    IN_THE_PAST = "in_the_past"
    OUTSIDE_WINDOW = "outside_window"
    """The family would be too early or too late."""
    NOT_OFFERED = "not_offered"
    """The driver offers no time then, or too little to get there and home."""
    CAR_TOO_SMALL = "car_too_small"
    """`name` says of what the car has too few."""
    SKILL_MISSING = "skill_missing"
    """`name` says which."""
    NEVER = "never"
    """The family or the driver asked not to be matched."""
    SAID_NO = "said_no"
    """The driver declined this very ride."""
    TOO_FAR_AWAY = "too_far_away"
    ELSEWHERE = "elsewhere"
    """Another ride of the driver is at the same time, or too near to it."""
    TOO_MUCH_DRIVING = "too_much_driving"
    WEEK_IS_FULL = "week_is_full"


WARNINGS = frozenset({Obstacle.SAID_NO})
"""Obstacles to the matcher that a coordinator may set aside: she can talk to the driver."""


@dataclass(frozen=True)
class Refusal:
    """An obstacle and what its sentence needs."""

    obstacle: Obstacle
    facts: dict[str, object] = field(default_factory=dict)


def refusals(
    facts: DayFacts, ride: AskedRide, driver: DriverDay, pickup_at: datetime
) -> list[Refusal]:
    """Everything that speaks against `driver` picking `ride` up at `pickup_at`; empty if nothing.

    `driver.committed` must not hold the ride itself.
    """
    times = timing(facts, ride, pickup_at)
    window = pickup_window(facts, ride)
    if times is None or window is None:
        return [Refusal(Obstacle.OFF_ROAD if is_off_road(facts, ride) else Obstacle.NO_ROAD)]
    out, back = times
    whole = Timing(out.pickup_at, (back or out).dropoff_at, (back or out).busy_until)
    found: list[Refusal] = []
    if pickup_at < facts.not_before:
        found.append(Refusal(Obstacle.IN_THE_PAST))
    # People write whole minutes: the first one that is shown has to be one that can be taken.
    if not window[0].replace(second=0, microsecond=0) <= pickup_at <= window[1]:
        found.append(Refusal(Obstacle.OUTSIDE_WINDOW, {"first": window[0], "last": window[1]}))
    found += _needs(ride, driver)
    found += _distance(facts, ride, driver)
    is_cut_off = _is_cut_off(facts, ride, driver)
    return found + ([Refusal(Obstacle.CUT_OFF)] if is_cut_off else _day(facts, ride, driver, whole))


def is_off_road(facts: DayFacts, ride: AskedRide) -> bool:
    """Whether an end of the ride, or of its way back, lies too far from any road of the map."""
    ends = {ride.pickup_place, ride.dropoff_place}
    if ride.way_back is not None:
        ends |= {ride.way_back.pickup_place, ride.way_back.dropoff_place}
    return bool(ends & facts.travel.astray)


def _is_cut_off(facts: DayFacts, ride: AskedRide, driver: DriverDay) -> bool:
    last = ride.dropoff_place if ride.way_back is None else ride.way_back.dropoff_place
    there = facts.travel.between(driver.start_place, ride.pickup_place)
    return there is None or facts.travel.between(last, driver.end_place) is None


def lacking(needs: Needs, driver: DriverDay) -> list[str]:
    """What of `needs` the driver and the car do not have, by name: loads first, then skills."""
    short = [name for name, n in needs.load.items() if driver.capacity.get(name, 0) < n]
    return short + sorted(needs.skills - driver.skills)


def binding(needs: Needs, drivers: Sequence[DriverDay]) -> list[str]:
    """The fewest of `needs`, by name, that keep each of `drivers` away; empty if one has all.

    What nobody has at all, or else the smallest choice of what nobody has together.
    """
    lacks = [frozenset(lacking(needs, driver)) for driver in drivers]
    if not lacks or not all(lacks):
        return []
    names = [*needs.load, *sorted(needs.skills)]
    nobody = frozenset.intersection(*lacks)
    if nobody:
        return [name for name in names if name in nobody]
    return next(
        list(chosen)
        for size in range(2, len(names) + 1)
        for chosen in combinations(names, size)
        if all(gone.intersection(chosen) for gone in lacks)
    )


def _needs(ride: AskedRide, driver: DriverDay) -> list[Refusal]:
    needs, has = ride.needs, driver.capacity
    found = [
        Refusal(Obstacle.SKILL_MISSING, {"name": name})
        if name in needs.skills
        else Refusal(
            Obstacle.CAR_TOO_SMALL,
            {"name": name, "needs": needs.load[name], "has": has.get(name, 0)},
        )
        for name in lacking(needs, driver)
    ]
    if driver.driver_id in ride.never:
        found.append(Refusal(Obstacle.NEVER))
    if driver.driver_id in ride.declined:
        found.append(Refusal(Obstacle.SAID_NO))
    rides = 1 if ride.way_back is None else 2
    if driver.rides_left is not None and driver.rides_left < rides:
        found.append(Refusal(Obstacle.WEEK_IS_FULL))
    return found


def _distance(facts: DayFacts, ride: AskedRide, driver: DriverDay) -> list[Refusal]:
    return [Refusal(Obstacle.TOO_FAR_AWAY)] if is_too_far(facts, ride, driver) else []


def is_too_far(facts: DayFacts, ride: AskedRide, driver: DriverDay) -> bool:
    """Whether the pickup lies beyond the driver's own limit of distance."""
    if driver.max_distance is None:
        return False
    metres = facts.crow_metres[driver.start_place, ride.pickup_place]
    return metres > driver.max_distance


def _day(facts: DayFacts, ride: AskedRide, driver: DriverDay, new: Timing) -> list[Refusal]:
    """Whether the new ride fits between what the driver has, inside what the driver offers."""
    first, last = ride.pickup_place, ride.dropoff_place
    if ride.way_back is not None:
        last = ride.way_back.dropoff_place
    block = Committed(
        ride.ride_id, first, last, new.pickup_at, new.dropoff_at, new.busy_until, ride.needs
    )
    if _clashes(facts, driver, block):
        return [Refusal(Obstacle.ELSEWHERE)]
    shift = next(
        (one for one in driver.offered if one[0] <= new.pickup_at and new.busy_until <= one[1]),
        None,
    )
    if shift is None:
        return [Refusal(Obstacle.NOT_OFFERED)]
    route = sorted(
        [one for one in driver.committed if shift[0] <= one.pickup_at < shift[1]] + [block],
        key=lambda one: one.pickup_at,
    )
    found = [] if _fits_shift(facts, driver, route, shift) else [Refusal(Obstacle.NOT_OFFERED)]
    if driver.max_drive is not None:
        drive = drive_seconds(facts, driver, route, inside=_inside(facts, ride))
        if drive is None or drive > driver.max_drive:
            found.append(Refusal(Obstacle.TOO_MUCH_DRIVING))
    return found


def _clashes(facts: DayFacts, driver: DriverDay, block: Committed) -> bool:
    if any(start < block.busy_until and block.pickup_at < end for start, end in driver.elsewhere):
        return True
    for one in driver.committed:
        early, late = (one, block) if one.pickup_at <= block.pickup_at else (block, one)
        drive = facts.travel.between(early.dropoff_place, late.pickup_place)
        if drive is None or early.busy_until + timedelta(seconds=drive) > late.pickup_at:
            return True
    return False


def _fits_shift(
    facts: DayFacts,
    driver: DriverDay,
    route: list[Committed],
    shift: tuple[datetime, datetime],
) -> bool:
    """Leaving home after the shift begins, home again before it ends."""
    there = facts.travel.between(driver.start_place, route[0].pickup_place)
    home = facts.travel.between(route[-1].dropoff_place, driver.end_place)
    if there is None or home is None:
        return False
    return (
        route[0].pickup_at - timedelta(seconds=there) >= shift[0]
        and route[-1].busy_until + timedelta(seconds=home) <= shift[1]
    )


def _inside(facts: DayFacts, ride: AskedRide) -> dict[int, int]:
    """Driving inside a block that holds two rides, where its ends do not tell it."""
    if ride.way_back is None:
        return {}
    out = facts.travel.between(ride.pickup_place, ride.dropoff_place) or 0
    back = facts.travel.between(ride.way_back.pickup_place, ride.way_back.dropoff_place) or 0
    return {ride.ride_id: out + back}


def extra_drive(
    facts: DayFacts, ride: AskedRide, driver: DriverDay, pickup_at: datetime
) -> int | None:
    """Seconds that `driver` drives more for `ride`; None where there is no road."""
    times = timing(facts, ride, pickup_at)
    if times is None:
        return None
    last = times[1] or times[0]
    end = ride.dropoff_place if ride.way_back is None else ride.way_back.dropoff_place
    block = Committed(
        ride.ride_id,
        ride.pickup_place,
        end,
        pickup_at,
        last.dropoff_at,
        last.busy_until,
        ride.needs,
    )
    route = sorted([*driver.committed, block], key=lambda one: one.pickup_at)
    with_it = drive_seconds(facts, driver, route, inside=_inside(facts, ride))
    held = list(driver.committed)
    without = drive_seconds(facts, driver, held, inside={}) if held else 0
    return None if with_it is None or without is None else with_it - without


def in_fives(seconds: int) -> int:
    """Minutes in steps of five, none for less driving: exact ones would draw homes on a map."""
    return max(0, -(-seconds // 300) * 5)


def drive_seconds(
    facts: DayFacts, driver: DriverDay, route: list[Committed], inside: dict[int, int]
) -> int | None:
    """All driving of a route, from home and back to it; None where there is no road."""
    legs: list[int | None] = []
    at = driver.start_place
    for one in route:
        legs.append(facts.travel.between(at, one.pickup_place))
        legs.append(
            inside.get(one.ride_id, facts.travel.between(one.pickup_place, one.dropoff_place))
        )
        at = one.dropoff_place
    legs.append(facts.travel.between(at, driver.end_place))
    return None if None in legs else sum(leg for leg in legs if leg is not None)
