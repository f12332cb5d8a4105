"""A day to be matched: anyone can solve it, nobody can recognise it.

The dial-a-ride problem after Cordeau and Laporte, 4OR 1 (2003) 89-101,
doi:10.1007/s10288-002-0009-8; unlike theirs, rides may stay unserved, every shift has its own
start and end, and unless `Problem.pooling` says otherwise a car carries one ride at a time.

All times and durations are whole seconds on one clock with any agreed zero; places are row
numbers of `Problem.travel_seconds`; ids are opaque strings. Opaque is not anonymous: a travel
matrix still draws a map, so problems of real days live in memory for one run and are never saved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from matching import reach

NO_ROAD = -1
"""The entry of `travel_seconds` that says: no car can go from here to there."""

LARGEST = 10**9
"""The largest number any field may hold; sums over a whole day then stay exact in 64 bits."""

Window = tuple[int, int]
"""A closed interval of times, in seconds: service may start at both ends."""


class InvalidProblem(ValueError):
    """A problem that contradicts itself or breaks the format, with the field and the id."""

    def __init__(self, field: str, of: str | None, reason: str) -> None:
        self.field = field
        self.id = of
        self.reason = reason
        where = field if of is None else f"{field} of {of!r}"
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True, slots=True)
class Shift:
    """One dated piece of a driver's availability, with a car: what rides are given to.

    The car leaves `start_place` at `earliest` or later, just in time for its first stop, and is
    back at `end_place` at `latest` or earlier.
    """

    id: str
    driver: str
    start_place: int
    end_place: int
    earliest: int
    latest: int
    capacity: Mapping[str, int] = field(default_factory=dict)
    """Countable things by name (seats, child seats); a name left out counts 0."""
    skills: frozenset[str] = frozenset()
    max_drive_seconds: int | None = None
    """Limit on all legs together, those from `start_place` and to `end_place` included."""
    max_duration_seconds: int | None = None
    """Limit on the time from leaving `start_place` to being back at `end_place`."""
    max_rides: int | None = None

    def __post_init__(self) -> None:
        _require_id("shifts.id", self.id)
        _require_id("shifts.driver", self.driver, of=self.id)
        for name in ("start_place", "end_place", "earliest", "latest"):
            _require_number(f"shifts.{name}", self.id, getattr(self, name))
        if self.latest < self.earliest:
            raise InvalidProblem("shifts.latest", self.id, "ends before it begins")
        for name in ("max_drive_seconds", "max_duration_seconds", "max_rides"):
            if getattr(self, name) is not None:
                _require_number(f"shifts.{name}", self.id, getattr(self, name))
        _require_amounts("shifts.capacity", self.id, self.capacity)
        _require_names("shifts.skills", self.id, self.skills)


@dataclass(frozen=True, slots=True)
class Ride:
    """One party, one pickup, one drop-off, one way."""

    id: str
    pickup_place: int
    dropoff_place: int
    pickup_window: Window
    """When boarding may start. Waiting at the place before it is allowed."""
    dropoff_window: Window
    """When alighting may start."""
    board_seconds: int = 0
    alight_seconds: int = 0
    load: Mapping[str, int] = field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    max_ride_seconds: int | None = None
    """Limit on the time from the end of boarding to the start of alighting."""
    priority: int = 1
    """What serving the ride is worth, at least 1."""
    excluded_drivers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _require_id("rides.id", self.id)
        for name in ("pickup_place", "dropoff_place", "board_seconds", "alight_seconds"):
            _require_number(f"rides.{name}", self.id, getattr(self, name))
        for name in ("pickup_window", "dropoff_window"):
            _require_window(f"rides.{name}", self.id, getattr(self, name))
        if self.max_ride_seconds is not None:
            _require_number("rides.max_ride_seconds", self.id, self.max_ride_seconds)
        _require_number("rides.priority", self.id, self.priority, least=1)
        _require_amounts("rides.load", self.id, self.load)
        _require_names("rides.skills", self.id, self.skills)
        _require_names("rides.excluded_drivers", self.id, self.excluded_drivers)


@dataclass(frozen=True, slots=True)
class Problem:
    """The rides and shifts of one service day, and the seconds between their places.

    Raises
        InvalidProblem: a number, a reference or a lock that cannot be; names field and id.
    """

    travel_seconds: tuple[tuple[int, ...], ...]
    """(P, P): seconds from place i to place j, 0 from a place to itself, `NO_ROAD` where no car
    can go; not symmetric, and a detour may be shorter than the direct way."""
    shifts: tuple[Shift, ...]
    rides: tuple[Ride, ...]
    pooling: bool = False
    """Whether rides may share a car; else a ride's drop-off follows its pickup at once."""
    affinity: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(ride, driver) -> seconds added to the cost when that driver takes that ride."""
    locked: Mapping[str, str] = field(default_factory=dict)
    """ride -> the shift it must stay on."""
    previous: Mapping[str, str] = field(default_factory=dict)
    """ride -> the shift it is on in the plan people know; the shift may be gone."""

    def __post_init__(self) -> None:
        _require_matrix(self.travel_seconds)
        _require_unique("shifts.id", (shift.id for shift in self.shifts))
        _require_unique("rides.id", (ride.id for ride in self.rides))
        self._require_places()
        self._require_hours_apart()
        self._require_references()
        self._require_possible_locks()

    def _require_places(self) -> None:
        places = len(self.travel_seconds)
        named = [("shifts.start_place", shift.id, shift.start_place) for shift in self.shifts]
        named += [("shifts.end_place", shift.id, shift.end_place) for shift in self.shifts]
        named += [("rides.pickup_place", ride.id, ride.pickup_place) for ride in self.rides]
        named += [("rides.dropoff_place", ride.id, ride.dropoff_place) for ride in self.rides]
        for name, of, place in named:
            if place >= places:
                raise InvalidProblem(name, of, f"place {place} is not there, {places} places are")

    def _require_hours_apart(self) -> None:
        """One driver is in one place at a time."""
        by_driver: dict[str, Shift] = {}
        for shift in sorted(self.shifts, key=lambda shift: (shift.earliest, shift.latest)):
            before = by_driver.get(shift.driver)
            if before is not None and shift.earliest < before.latest:
                raise InvalidProblem(
                    "shifts.earliest",
                    shift.id,
                    f"its hours overlap those of {before.id!r}, also of driver {shift.driver!r}",
                )
            by_driver[shift.driver] = shift

    def _require_references(self) -> None:
        rides = {ride.id for ride in self.rides}
        shifts = {shift.id for shift in self.shifts}
        for (ride, driver), seconds in self.affinity.items():
            _require_known("affinity.ride", ride, rides)
            _require_id("affinity.driver", driver, of=ride)
            _require_number("affinity.seconds", ride, seconds, least=-LARGEST)
        for ride, shift in self.locked.items():
            _require_known("locked.ride", ride, rides)
            _require_known("locked.shift", shift, shifts)
        for ride, shift in self.previous.items():
            _require_known("previous.ride", ride, rides)
            _require_id("previous.shift", shift, of=ride)

    def _require_possible_locks(self) -> None:
        if not self.locked:
            return
        rides = {ride.id: ride for ride in self.rides}
        shifts = {shift.id: shift for shift in self.shifts}
        for ride, shift in self.locked.items():
            obstacle = reach.lock_obstacle(self, rides[ride], shifts[shift])
            if obstacle is not None:
                raise InvalidProblem("locked.shift", ride, f"shift {shift!r} {obstacle}")


def _require_id(field: str, value: object, *, of: str | None = None) -> None:
    if not isinstance(value, str) or not value:
        raise InvalidProblem(field, of, f"an id is a text that is not empty, not {_short(value)}")


def _require_number(field: str, of: str | None, number: object, *, least: int = 0) -> None:
    if type(number) is not int:
        raise InvalidProblem(field, of, f"{_short(number)} is not a whole number")
    if not least <= number <= LARGEST:
        raise InvalidProblem(field, of, f"{_short(number)} is not between {least} and {LARGEST}")


def _require_window(field: str, of: str, window: object) -> None:
    if not isinstance(window, tuple) or len(window) != 2:
        raise InvalidProblem(field, of, "a window is two numbers: opens, closes")
    for number in window:
        _require_number(field, of, number)
    if window[1] < window[0]:
        raise InvalidProblem(field, of, "closes before it opens")


def _require_amounts(field: str, of: str, amounts: object) -> None:
    if not isinstance(amounts, Mapping):
        raise InvalidProblem(field, of, "is not a table of names and whole numbers")
    for name, amount in amounts.items():
        _require_id(field, name, of=of)
        _require_number(f"{field}.{name}", of, amount)


def _require_names(field: str, of: str, names: Collection[object]) -> None:
    for name in names:
        _require_id(field, name, of=of)


def _require_matrix(rows: tuple[tuple[int, ...], ...]) -> None:
    """Square, whole numbers, no negative one but `NO_ROAD`, zeros on the diagonal."""
    for number, row in enumerate(rows):
        place = str(number)
        if len(row) != len(rows):
            reason = f"the row has {len(row)} numbers, not one for each of {len(rows)} places"
            raise InvalidProblem("travel_seconds", place, reason)
        if set(map(type, row)) - {int} or not NO_ROAD <= min(row) <= max(row) <= LARGEST:
            for seconds in row:
                _require_number("travel_seconds", place, seconds, least=NO_ROAD)
        if row[number] != 0:
            raise InvalidProblem("travel_seconds", place, "from a place to itself it takes 0")


def _require_unique(field: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in ids:
        if value in seen:
            raise InvalidProblem(field, value, "is used twice")
        seen.add(value)


def _require_known(field: str, value: object, known: Collection[str]) -> None:
    _require_id(field, value)
    if value not in known:
        raise InvalidProblem(field, str(value), "is not there")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
