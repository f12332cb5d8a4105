"""Rides and drivers become a problem of the matcher, and its plan becomes proposals again.

The matcher sees row numbers, seconds and made-up ids: new ones every run, so that two problems
cannot be laid side by side. Nothing of a problem is ever stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from dispatch.planning.facts import (
    AskedRide,
    DayFacts,
    DriverDay,
    Standing,
    Timing,
    pickup_window,
    places_of,
    timing,
)
from dispatch.planning.problem import (
    Builder,
    add_ride,
    add_shifts,
    lay_out_places,
    new_key,
    standing_of,
)

_NOTHING: Mapping[int, Standing] = MappingProxyType({})
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


def problem_of(facts: DayFacts, standing: Mapping[int, Standing] = _NOTHING) -> Mapped:
    """The problem of one day: open rides to be served, committed rides locked where they are.

    `standing` is, by ride id, what a repair is to keep where it can.
    """
    drivers = [one for one in facts.drivers if one.offered or one.committed]
    wanted = [ride for ride in facts.rides if not _is_too_late(facts, ride)]
    builder = Builder(facts)
    lay_out_places(builder, places_of(wanted, drivers))
    shifts = add_shifts(builder, drivers)
    rides = {new_key("r"): ride for ride in wanted}
    for key, ride in rides.items():
        add_ride(builder, key, ride, drivers)
    problem = {
        "format": "matching-problem/1",
        "pooling": False,
        "travel_seconds": builder.matrix,
        "previous": standing_of(builder, rides, shifts, standing),
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
