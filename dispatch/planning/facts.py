"""One service day as plain values: what the rules and the matcher decide on.

Read from the database once (`reading.facts_of_day`), then computed with in memory. Times are
aware instants, durations whole seconds; places are ids, their points stay in `Travel`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dispatch.places.roads import Basis
from dispatch.rides.models import Anchor, Ride

LEAD = timedelta(minutes=15)
"""Nobody is asked to be at a pickup sooner than this from now."""
TO_DECIDE = timedelta(minutes=10)
"""What a coordinator may take to approve a proposal that begins as soon as it can."""


@dataclass(frozen=True)
class Travel:
    """Seconds between places by id. In memory for one run or one request, never stored."""

    index: Mapping[int, int]
    """Place id -> row of `seconds`."""
    seconds: Sequence[Sequence[int]]
    """(P, P); -1 where there is no road."""
    basis: Basis
    """What they stand on."""
    astray: frozenset[int] = frozenset()
    """Place ids too far from any road of the map: there is no road to them or away."""

    @property
    def is_estimate(self) -> bool:
        """Whether no road was looked at."""
        return self.basis.is_estimate

    def between(self, start: int, end: int) -> int | None:
        """Seconds from one place to another; None where there is no road."""
        found = self.seconds[self.index[start]][self.index[end]]
        return None if found < 0 else found


@dataclass(frozen=True)
class Needs:
    """What a party needs of a car and its driver."""

    load: Mapping[str, int]
    """Countable: seats, and child seats by kind."""
    skills: frozenset[str]
    """Yes or no: "wheelchair", "lang:es"."""


def needs_of(ride: Ride) -> Needs:
    """What a ride needs of car and driver, in the matcher's names."""
    load = {"seats": ride.riders} | {kind: n for kind, n in ride.child_seats.items() if n}
    skills = {"wheelchair"} if ride.wheelchair else set()
    if ride.language:
        skills.add(f"lang:{ride.language}")
    return Needs(load, frozenset(skills))


@dataclass(frozen=True)
class AskedRide:
    """A ride as the matcher and the rules see it; with a waiting driver, both ways at once."""

    ride_id: int
    version: int
    family_id: int
    pickup_place: int
    dropoff_place: int
    anchor: Anchor
    window: tuple[datetime, datetime]
    """Of the anchor's end: earliest and latest."""
    needs: Needs
    priority: int
    language: str
    """The family's, wished for where it is not needed."""
    never: frozenset[int] = frozenset()
    """Drivers it is never matched with."""
    declined: frozenset[int] = frozenset()
    """Drivers who said no to it."""
    prefers: frozenset[int] = frozenset()
    known: frozenset[int] = frozenset()
    """Drivers who drove this family lately."""
    passed_over: int = 0
    """Rides of the family that nobody drove lately."""
    way_back: "WayBack | None" = None


@dataclass(frozen=True)
class WayBack:
    """The return of a ride whose driver waits."""

    ride_id: int
    version: int
    pickup_place: int
    dropoff_place: int
    wait: int
    """Seconds from arriving to leaving again."""


@dataclass(frozen=True)
class Committed:
    """A ride that a driver already has."""

    ride_id: int
    pickup_place: int
    dropoff_place: int
    pickup_at: datetime
    dropoff_at: datetime
    busy_until: datetime
    needs: Needs


@dataclass(frozen=True)
class Standing:
    """What is proposed for a ride, before a repair."""

    driver_id: int
    pickup_at: datetime


@dataclass(frozen=True)
class DriverDay:
    """What one driver offers on the day, and has already."""

    driver_id: int
    version: int
    start_place: int
    end_place: int
    offered: tuple[tuple[datetime, datetime], ...]
    capacity: Mapping[str, int]
    skills: frozenset[str]
    max_drive: int | None
    """Seconds on the day."""
    rides_left: int | None
    """Of the week's limit, rides of this day counted as used."""
    max_distance: int | None
    """Metres from the start place to a pickup, as the crow flies."""
    committed: tuple[Committed, ...] = ()
    """In order of time."""
    elsewhere: tuple[tuple[datetime, datetime], ...] = ()
    """When the person drives for another group."""
    drove_lately: int = 0
    """Seconds with a party on board or on the way to one, in the last four weeks."""
    usually_offers: int = 0
    """Seconds of availability in four usual weeks."""


@dataclass(frozen=True)
class DayFacts:
    """Everything that is decided on for one group and service day."""

    service_on: date
    zero: datetime
    """The start of the day: the matcher's second 0."""
    not_before: datetime
    """No new pickup before this moment: on the day itself, now and the lead."""
    board: int
    """Seconds of service at a pickup."""
    alight: int
    rides: tuple[AskedRide, ...]
    drivers: tuple[DriverDay, ...]
    travel: Travel
    even_load: int
    """Seconds that an even spread of driving is worth, for each ride; 0 where it is off."""
    crow_metres: Mapping[tuple[int, int], float]
    """(start place, pickup place) -> metres, for drivers with a limit of distance."""

    def driver(self, driver_id: int) -> DriverDay:
        """The day of one driver."""
        return next(one for one in self.drivers if one.driver_id == driver_id)


@dataclass(frozen=True)
class Timing:
    """When one ride would be driven."""

    pickup_at: datetime
    dropoff_at: datetime
    busy_until: datetime


def timing(
    facts: DayFacts, ride: AskedRide, pickup_at: datetime
) -> tuple[Timing, Timing | None] | None:
    """The times that follow from a pickup at `pickup_at`, and those of the way back if any.

    None where there is no road. While the driver waits for the party it is busy with it.
    """
    drive = facts.travel.between(ride.pickup_place, ride.dropoff_place)
    if drive is None:
        return None
    dropoff_at = pickup_at + timedelta(seconds=facts.board + drive)
    back = ride.way_back
    if back is None:
        return Timing(pickup_at, dropoff_at, dropoff_at + timedelta(seconds=facts.alight)), None
    drive_back = facts.travel.between(back.pickup_place, back.dropoff_place)
    if drive_back is None:
        return None
    leave_at = dropoff_at + timedelta(seconds=back.wait)
    home_at = leave_at + timedelta(seconds=facts.board + drive_back)
    return (
        Timing(pickup_at, dropoff_at, leave_at),
        Timing(leave_at, home_at, home_at + timedelta(seconds=facts.alight)),
    )


def pickup_window(facts: DayFacts, ride: AskedRide) -> tuple[datetime, datetime] | None:
    """Earliest and latest pickup that keep the ride's window; None where there is no road."""
    first, last = ride.window
    if ride.anchor is Anchor.ARRIVE_BY:
        drive = facts.travel.between(ride.pickup_place, ride.dropoff_place)
        if drive is None:
            return None
        before = timedelta(seconds=facts.board + drive)
        first, last = first - before, last - before
    return first, last


def places_of(rides: Iterable[AskedRide], drivers: Iterable[DriverDay]) -> list[int]:
    """The ids of all places that times are needed between, each once, in order of mention."""
    found: dict[int, None] = {}
    for driver in drivers:
        found |= dict.fromkeys((driver.start_place, driver.end_place))
        for one in driver.committed:
            found |= dict.fromkeys((one.pickup_place, one.dropoff_place))
    for ride in rides:
        found |= dict.fromkeys((ride.pickup_place, ride.dropoff_place))
        if ride.way_back is not None:
            found |= dict.fromkeys((ride.way_back.pickup_place, ride.way_back.dropoff_place))
    return list(found)
