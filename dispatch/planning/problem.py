"""The parts of a problem in the matcher's format: rows of places, shifts, rides, locks, wishes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from dispatch.planning import fairness
from dispatch.planning.facts import (
    AskedRide,
    Committed,
    DayFacts,
    DriverDay,
    Standing,
    pickup_window,
)
from dispatch.planning.hours import Share, committed_fits, hours_of, shares
from dispatch.planning.rules import is_too_far

PREFERRED = -900
"""Seconds of driving that a family's wish for a driver is worth."""
KNOWN = -300
"""Seconds that it is worth when the driver drove the family lately: people get used to it."""
SPEAKS = -180
"""Seconds that a shared language is worth where it is wished for, not needed."""
_NO_ROAD = -1


@dataclass
class Builder:
    """Collects the parts of one problem; a class because the matrix grows as rides are added."""

    facts: DayFacts
    places: dict[int, int] = field(default_factory=dict)
    matrix: list[list[int]] = field(default_factory=list)
    parts: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"shifts": [], "rides": [], "affinity": [], "locked": []}
    )
    driver_keys: dict[int, str] = field(default_factory=dict)

    @cached_property
    def surcharges(self) -> dict[int, int]:
        """Seconds by driver id that keep the load even."""
        return fairness.surcharges(self.facts.drivers, weight=self.facts.even_load)

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


def new_key(kind: str) -> str:
    """A made-up id of the problem, unlike any before."""
    return kind + secrets.token_hex(6)


def lay_out_places(builder: Builder, places: list[int]) -> None:
    """Give each of `places` its row, and fill in the seconds between them."""
    travel = builder.facts.travel
    builder.places = {place: row for row, place in enumerate(places)}
    builder.matrix = [
        [travel.seconds[travel.index[start]][travel.index[end]] for end in places]
        for start in places
    ]


def add_shifts(builder: Builder, drivers: list[DriverDay]) -> dict[str, DriverDay]:
    """Every driver's hours with the rides it has, locked where they are; whose each shift is."""
    shifts: dict[str, DriverDay] = {}
    for driver in drivers:
        builder.driver_keys[driver.driver_id] = new_key("d")
        if not committed_fits(builder.facts, driver):
            continue  # what it promised stays as it is; nothing is added to a day that is wrong
        hours = hours_of(builder.facts, driver)
        for start, end, share in shares(builder.facts, driver, hours):
            held = [one for one in driver.committed if start <= one.pickup_at < end]
            key = new_key("s")
            shifts[key] = driver
            builder.parts["shifts"].append(_shift(builder, driver, key, (start, end), held, share))
            for one in held:
                _add_committed(builder, one, key)
    return shifts


def _shift(
    builder: Builder,
    driver: DriverDay,
    key: str,
    hours: tuple[datetime, datetime],
    held: list[Committed],
    share: Share,
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


def _add_committed(builder: Builder, one: Committed, shift: str) -> None:
    key = new_key("c")
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


def add_ride(builder: Builder, key: str, ride: AskedRide, drivers: list[DriverDay]) -> None:
    """A ride that wants one of `drivers`, with who may not have it and who would suit it."""
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
                if one.driver_id in ride.never | ride.declined or is_too_far(facts, ride, one)
            ],
        }
    )
    builder.parts["affinity"] += [
        {"ride": key, "driver": builder.driver_keys[one.driver_id], "seconds": seconds}
        for one in drivers
        if (seconds := affinity(ride, one) + builder.surcharges.get(one.driver_id, 0)) != 0
    ]


def standing_of(
    builder: Builder,
    rides: Mapping[str, AskedRide],
    shifts: Mapping[str, DriverDay],
    standing: Mapping[int, Standing],
) -> list[dict[str, str]]:
    """The shift that each ride is proposed to now, of those that are still offered."""
    hours = {one["id"]: (one["earliest"], one["latest"]) for one in builder.parts["shifts"]}
    found = []
    for ride_key, ride in rides.items():
        kept = standing.get(ride.ride_id)
        for key, driver in shifts.items():
            if kept is not None and driver.driver_id == kept.driver_id:
                first, last = hours[key]
                if first <= builder.seconds(kept.pickup_at) < last:
                    found.append({"ride": ride_key, "shift": key})
    return found


def affinity(ride: AskedRide, driver: DriverDay) -> int:
    """Seconds that the family and the driver suiting each other is worth; negative is good."""
    seconds = 0
    if driver.driver_id in ride.prefers:
        seconds += PREFERRED
    elif driver.driver_id in ride.known:
        seconds += KNOWN
    if f"lang:{ride.language}" in driver.skills - ride.needs.skills:
        seconds += SPEAKS
    return seconds + fairness.turn(ride.passed_over)


def _lay_out_wait(builder: Builder, ride: AskedRide) -> tuple[int, int, int, int]:
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
