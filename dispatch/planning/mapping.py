"""Rides and drivers become a problem of the matcher, and its plan becomes proposals again.

The matcher sees row numbers, seconds and made-up ids: new ones every run, so that two problems
cannot be laid side by side. Nothing of a problem is ever stored.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dispatch.planning.facts import (
    AskedRide,
    Committed,
    DayFacts,
    DriverDay,
    Timing,
    pickup_window,
    places_of,
    timing,
)
from dispatch.planning.rules import drive_seconds, is_too_far

PREFERRED = -900
"""Seconds of driving that a family's wish for a driver is worth."""
KNOWN = -300
"""Seconds that it is worth when the driver drove the family lately: people get used to it."""
SPEAKS = -180
"""Seconds that a shared language is worth where it is wished for, not needed."""
_NO_ROAD = -1
TOO_LATE = "too_late"
"""Our own reason beside the matcher's: the ride's time is past, or too near."""


@dataclass(frozen=True)
class Mapped:
    """A problem in the matcher's format, and what its ids stand for."""

    problem: dict[str, Any]
    rides: Mapping[str, AskedRide]
    drivers: Mapping[str, DriverDay]
    """By the problem's driver id."""
    shifts: Mapping[str, DriverDay]
    too_late: tuple[AskedRide, ...]
    """Rides that were not asked for any more."""


@dataclass(frozen=True)
class Proposed:
    """One ride of a plan: which driver, when."""

    ride_id: int
    version: int
    driver_id: int
    at: Timing
    ride_key: str = ""
    """The problem's id of the ride, to find its explanation."""


@dataclass
class _Builder:
    """Collects the parts of one problem; a class because the matrix grows as rides are added."""

    facts: DayFacts
    places: dict[int, int] = field(default_factory=dict)
    matrix: list[list[int]] = field(default_factory=list)
    parts: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"shifts": [], "rides": [], "affinity": [], "locked": []}
    )
    driver_keys: dict[int, str] = field(default_factory=dict)

    def seconds(self, moment: datetime) -> int:
        """A moment on the matcher's clock."""
        return int((moment - self.facts.zero).total_seconds())

    def twin(self, arrive_as: int, leave_as: int, inside: int, partner: int) -> int:
        """A made-up place: reached like one row, left like another, `inside` from `partner`."""
        new = len(self.matrix)
        for row in self.matrix:
            row.append(row[arrive_as])
        leaving = [*self.matrix[leave_as][:new], 0]
        self.matrix.append(leaving)
        if partner >= 0:
            self.matrix[partner][new] = inside
        return new


def problem_of(facts: DayFacts) -> Mapped:
    """The problem of one day: open rides to be served, committed rides locked where they are."""
    drivers = [one for one in facts.drivers if one.offered or one.committed]
    wanted = [ride for ride in facts.rides if not _is_too_late(facts, ride)]
    builder = _Builder(facts)
    _lay_out_places(builder, places_of(wanted, drivers))
    shifts = _add_shifts(builder, drivers)
    rides = {_key("r"): ride for ride in wanted}
    for key, ride in rides.items():
        _add_ride(builder, key, ride, drivers)
    problem = {
        "format": "matching-problem/1",
        "pooling": False,
        "travel_seconds": builder.matrix,
        **builder.parts,
    }
    return Mapped(
        problem=problem,
        rides=rides,
        drivers={key: facts.driver(one) for one, key in builder.driver_keys.items()},
        shifts=shifts,
        too_late=tuple(ride for ride in facts.rides if _is_too_late(facts, ride)),
    )


def proposals_of(
    facts: DayFacts, mapped: Mapped, routes: Iterable[Mapping[str, Any]]
) -> list[Proposed]:
    """What a plan proposes for the rides that have no driver yet."""
    found: list[Proposed] = []
    for route in routes:
        driver = mapped.shifts[route["shift"]]
        for stop in route["stops"]:
            ride = mapped.rides.get(stop["ride"])
            if ride is None or stop["kind"] != "pickup":
                continue
            times = timing(facts, ride, facts.zero + timedelta(seconds=stop["at"]))
            if times is None:
                continue
            out, back = times
            found.append(Proposed(ride.ride_id, ride.version, driver.driver_id, out, stop["ride"]))
            if ride.way_back is not None and back is not None:
                way = ride.way_back
                found.append(
                    Proposed(way.ride_id, way.version, driver.driver_id, back, stop["ride"])
                )
    return found


def _is_too_late(facts: DayFacts, ride: AskedRide) -> bool:
    window = pickup_window(facts, ride)
    return window is not None and window[1] < facts.not_before


def _key(kind: str) -> str:
    return kind + secrets.token_hex(6)


def _lay_out_places(builder: _Builder, places: list[int]) -> None:
    travel = builder.facts.travel
    builder.places = {place: row for row, place in enumerate(places)}
    builder.matrix = [
        [travel.seconds[travel.index[start]][travel.index[end]] for end in places]
        for start in places
    ]


def _add_shifts(builder: _Builder, drivers: list[DriverDay]) -> dict[str, DriverDay]:
    shifts: dict[str, DriverDay] = {}
    for driver in drivers:
        builder.driver_keys[driver.driver_id] = _key("d")
        if not committed_fits(builder.facts, driver):
            continue  # what it promised stays as it is; nothing is added to a day that is wrong
        hours = hours_of(builder.facts, driver)
        for start, end, share in _shares(builder.facts, driver, hours):
            held = [one for one in driver.committed if start <= one.pickup_at < end]
            key = _key("s")
            shifts[key] = driver
            builder.parts["shifts"].append(_shift(builder, driver, key, (start, end), held, share))
            for one in held:
                _add_committed(builder, one, key)
    return shifts


def _shift(
    builder: _Builder,
    driver: DriverDay,
    key: str,
    hours: tuple[datetime, datetime],
    held: list[Committed],
    share: "_Share",
) -> dict[str, Any]:
    capacity = dict(driver.capacity)
    skills = set(driver.skills)
    for one in held:  # a promise is kept even if the car has changed since
        for name, amount in one.needs.load.items():
            capacity[name] = max(capacity.get(name, 0), amount)
        skills |= one.needs.skills
    return {
        "id": key,
        "driver": builder.driver_keys[driver.driver_id],
        "start_place": builder.places[driver.start_place],
        "end_place": builder.places[driver.end_place],
        "earliest": max(0, builder.seconds(hours[0])),
        "latest": builder.seconds(hours[1]),
        "capacity": capacity,
        "skills": sorted(skills),
        "max_drive_seconds": share.drive,
        "max_rides": share.rides,
    }


@dataclass(frozen=True)
class _Share:
    """What one shift may use of a driver's limits for the day and the week."""

    drive: int | None
    rides: int | None


def _shares(
    facts: DayFacts, driver: DriverDay, hours: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime, _Share]]:
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
        found.append((start, end, _Share(drive, rides)))
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


def _add_committed(builder: _Builder, one: Committed, shift: str) -> None:
    key = _key("c")
    pickup = builder.seconds(one.pickup_at)
    start, end = builder.places[one.pickup_place], builder.places[one.dropoff_place]
    drive = max(0, builder.matrix[start][end])
    # The party is with the driver until busy_until, whatever it does before: that is the lock.
    board = max(0, builder.seconds(one.busy_until) - pickup - drive)
    builder.parts["rides"].append(
        {
            "id": key,
            "pickup_place": start,
            "dropoff_place": end,
            "pickup_window": [pickup, pickup],
            "dropoff_window": [pickup + board + drive] * 2,
            "board_seconds": board,
            "alight_seconds": 0,
            "load": dict(one.needs.load),
            "skills": sorted(one.needs.skills),
            "max_ride_seconds": None,
            "priority": 1,
            "excluded_drivers": [],
        }
    )
    builder.parts["locked"].append({"ride": key, "shift": shift})


def _add_ride(builder: _Builder, key: str, ride: AskedRide, drivers: list[DriverDay]) -> None:
    facts = builder.facts
    start, end = builder.places[ride.pickup_place], builder.places[ride.dropoff_place]
    drive, board = builder.matrix[start][end], facts.board
    back = ride.way_back
    if back is not None:
        start, end, drive, board = _lay_out_wait(builder, ride)
    window = pickup_window(facts, ride) or ride.window
    first = max(builder.seconds(max(window[0], facts.not_before)), 0)
    last = max(builder.seconds(window[1]), first)
    ahead = board + max(drive, 0)
    builder.parts["rides"].append(
        {
            "id": key,
            "pickup_place": start,
            "dropoff_place": end,
            "pickup_window": [first, last],
            "dropoff_window": [first + ahead, last + ahead],
            "board_seconds": board,
            "alight_seconds": facts.alight,
            "load": dict(ride.needs.load),
            "skills": sorted(ride.needs.skills),
            "max_ride_seconds": None,
            "priority": ride.priority,
            "excluded_drivers": [
                builder.driver_keys[one.driver_id]
                for one in drivers
                if one.driver_id in ride.never or is_too_far(facts, ride, one)
            ],
        }
    )
    builder.parts["affinity"] += [
        {"ride": key, "driver": builder.driver_keys[one.driver_id], "seconds": seconds}
        for one in drivers
        if (seconds := affinity(ride, one)) != 0
    ]


def affinity(ride: AskedRide, driver: DriverDay) -> int:
    """Seconds that the family and the driver suiting each other is worth; negative is good."""
    seconds = 0
    if driver.driver_id in ride.prefers:
        seconds += PREFERRED
    elif driver.driver_id in ride.known:
        seconds += KNOWN
    if f"lang:{ride.language}" in driver.skills - ride.needs.skills:
        seconds += SPEAKS
    return seconds


def _lay_out_wait(builder: _Builder, ride: AskedRide) -> tuple[int, int, int, int]:
    """A ride whose driver waits, as one ride of the matcher: rows, drive, time spent at stops.

    It is picked up where the way out begins and dropped off where the way back ends; driving
    both ways counts as driving, boarding twice and the wait as time at the pickup.
    """
    back = ride.way_back
    if back is None:
        raise LookupError("no way back")
    out = builder.matrix[builder.places[ride.pickup_place]][builder.places[ride.dropoff_place]]
    home = builder.matrix[builder.places[back.pickup_place]][builder.places[back.dropoff_place]]
    drive = _NO_ROAD if out < 0 or home < 0 else out + home
    start_row, end_row = builder.places[ride.pickup_place], builder.places[back.dropoff_place]
    start = builder.twin(start_row, start_row, 0, -1)
    end = builder.twin(end_row, end_row, drive, start)
    return start, end, drive, builder.facts.board + back.wait + builder.facts.board
