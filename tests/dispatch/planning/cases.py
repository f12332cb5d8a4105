"""Small days for the tests of planning: one driver, one ride, five places on a line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatch.places.roads import Basis
from dispatch.planning.facts import AskedRide, Committed, DayFacts, DriverDay, Needs, Travel
from dispatch.rides.models import Anchor

ZERO = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)
HOME, NEAR, CLINIC, FAR, NOWHERE = range(5)
_AT = {HOME: 0, NEAR: 600, CLINIC: 1200, FAR: 3600}


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the day, on the matcher's own clock."""
    return ZERO + timedelta(hours=hour, minutes=minute)


def _seconds(start: int, end: int) -> int:
    if start == end:
        return 0
    return -1 if NOWHERE in (start, end) else abs(_AT[start] - _AT[end])


TRAVEL = Travel(
    index={place: place for place in range(5)},
    seconds=[[_seconds(start, end) for end in range(5)] for start in range(5)],
    basis=Basis.NO_MAP,
)
RIDE = AskedRide(
    ride_id=1,
    version=1,
    family_id=1,
    pickup_place=NEAR,
    dropoff_place=CLINIC,
    anchor=Anchor.ARRIVE_BY,
    window=(at(9, 30), at(10)),
    needs=Needs({"seats": 2, "booster": 1}, frozenset({"lang:es"})),
    priority=1,
    language="es",
)
DRIVER = DriverDay(
    driver_id=7,
    version=1,
    start_place=HOME,
    end_place=HOME,
    offered=((at(8), at(12)),),
    capacity={"seats": 4, "booster": 1},
    skills=frozenset({"lang:es", "lang:en"}),
    max_drive=None,
    rides_left=None,
    max_distance=None,
)


def a_day(*, ride: AskedRide = RIDE, driver: DriverDay = DRIVER, **values: object) -> DayFacts:
    """A day with one ride and one driver; boarding takes 300 seconds, alighting 180."""
    facts = DayFacts(
        service_on=ZERO.date(),
        zero=ZERO,
        not_before=ZERO,
        board=300,
        alight=180,
        rides=(ride,),
        drivers=(driver,),
        travel=TRAVEL,
        even_load=300,
        crow_metres={(HOME, NEAR): 5000.0},
    )
    return replace(facts, **values)


def promised(pickup_at: datetime, start: int = NEAR, end: int = CLINIC) -> Committed:
    """A ride that the driver has already."""
    drive = timedelta(seconds=300 + _seconds(start, end))
    return Committed(
        ride_id=99,
        pickup_place=start,
        dropoff_place=end,
        pickup_at=pickup_at,
        dropoff_at=pickup_at + drive,
        busy_until=pickup_at + drive + timedelta(seconds=180),
        needs=Needs({"seats": 1}, frozenset()),
    )
