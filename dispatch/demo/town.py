"""Alder Bay: a made-up town with areas, streets, house numbers and public places.

It lies in the open sea, so that no pin is anybody's door. An area is one cell of the grid and has
a meeting point of its name, from which the cell takes its name; streets stay inside their area.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dispatch.places.cells import centre_of, code_of
from dispatch.places.models import PlaceKind
from dispatch.places.sealed import Address, Point

TOWN = "Alder Bay"
_HARBOUR: Point = (43.62, -63.40)
"""Some 100 km off the nearest coast."""
_KM = 0.009
"""Degrees of latitude."""
_KM_EAST = 0.0124
"""Degrees of longitude, here."""
_HALF_STREET = 0.36
"""Kilometres from the middle of an area to the end of its streets."""
_HOUSES = 12

# Area, kilometres east and north of the harbour, and its three streets.
_AREAS = (
    ("Old Harbour", 0, 0, ("Quay Street", "Ropewalk", "Lantern Steps")),
    ("Market Square", 0, 1, ("Guild Street", "Scales Lane", "Court Street")),
    ("Mill Hill", -2, 2, ("Larch Row", "Millrace Road", "Granary Street")),
    ("Lakeview", 2, 3, ("Shoreline Drive", "Reed Street", "Boathouse Road")),
    ("Fernbank", 1, 2, ("Bracken Street", "Fern Road", "Hollow Lane")),
    ("Northgate", 0, 4, ("Gate Road", "Beacon Street", "Turnpike Row")),
    ("Quarry End", -3, 4, ("Slate Street", "Mason Row", "Limekiln Road")),
    ("Chapel Green", -1, 3, ("Bell Street", "Green Row", "Almond Lane")),
    ("Cannery Row", 2, 0, ("Herring Street", "Smokehouse Lane", "Tidewater Road")),
    ("Orchard Flats", -4, 1, ("Pippin Street", "Quince Road", "Ladder Lane")),
    ("Tannery", -1, 0, ("Saddler Street", "Bark Lane", "Buckle Row")),
    ("East Ferry", 4, 1, ("Ferry Road", "Pontoon Street", "Signal Row")),
    ("Heron Point", 5, 0, ("Heron Way", "Saltmarsh Road", "Driftwood Lane")),
    ("Birchwood", 3, 5, ("Birch Street", "Woodpecker Road", "Clearing Lane")),
    ("Upper Mills", -2, 5, ("Sluice Street", "Weir Road", "Spindle Row")),
    ("Airfield", -5, 3, ("Hangar Road", "Windsock Street", "Propeller Lane")),
)

# Public places: name, kind, area, number and street, kilometres from the middle of the area.
_PLACES = (
    ("Lakeview Clinic", PlaceKind.CLINIC, "Lakeview", "20 Reed Street", 0.1, 0.2),
    ("Alder Bay Hospital", PlaceKind.CLINIC, "Northgate", "1 Beacon Street", -0.2, 0.1),
    ("Harbour Dialysis Centre", PlaceKind.CLINIC, "Old Harbour", "31 Quay Street", 0.25, 0.1),
    ("Mill Hill Health Centre", PlaceKind.CLINIC, "Mill Hill", "7 Granary Street", 0.2, -0.1),
    ("Fernbank Dental", PlaceKind.CLINIC, "Fernbank", "15 Fern Road", -0.2, -0.2),
    ("Children's Clinic", PlaceKind.CLINIC, "Market Square", "9 Guild Street", 0.3, 0.2),
    ("East Ferry Midwives", PlaceKind.CLINIC, "East Ferry", "4 Signal Row", -0.1, 0.2),
    ("Eye Clinic", PlaceKind.CLINIC, "Tannery", "22 Saddler Street", 0.1, -0.2),
    ("Alder Elementary", PlaceKind.SCHOOL, "Fernbank", "40 Bracken Street", 0.3, 0.1),
    ("Bay Secondary School", PlaceKind.SCHOOL, "Chapel Green", "2 Bell Street", -0.2, 0.2),
    ("Birchwood Day Care", PlaceKind.SCHOOL, "Birchwood", "11 Birch Street", 0.0, 0.2),
    ("Adult Learning Centre", PlaceKind.SCHOOL, "Market Square", "3 Scales Lane", -0.2, 0.1),
    ("County Court", PlaceKind.COURT, "Market Square", "1 Court Street", 0.0, 0.2),
    ("Legal Aid Office", PlaceKind.OTHER, "Old Harbour", "5 Lantern Steps", -0.2, 0.2),
    ("Food Bank", PlaceKind.COMMUNITY, "Tannery", "14 Bark Lane", -0.2, 0.2),
    ("Big Valley Foods", PlaceKind.SHOP, "Quarry End", "60 Slate Street", 0.2, 0.2),
    ("Harbour Market", PlaceKind.SHOP, "Cannery Row", "8 Herring Street", 0.2, -0.2),
    ("Corner Grocery", PlaceKind.SHOP, "Orchard Flats", "1 Pippin Street", 0.1, 0.1),
    ("Bay Cannery", PlaceKind.WORK, "Cannery Row", "2 Tidewater Road", -0.2, -0.2),
    ("Heron Greenhouses", PlaceKind.WORK, "Heron Point", "90 Saltmarsh Road", 0.3, 0.2),
    ("Public Library", PlaceKind.COMMUNITY, "Market Square", "12 Guild Street", 0.2, -0.2),
    ("Community Centre", PlaceKind.COMMUNITY, "Mill Hill", "30 Millrace Road", -0.1, 0.2),
    ("Newcomer House", PlaceKind.COMMUNITY, "Tannery", "6 Buckle Row", 0.2, 0.1),
    ("Saint Brendan's Church", PlaceKind.WORSHIP, "Chapel Green", "1 Green Row", 0.2, -0.1),
    ("Al Noor Mosque", PlaceKind.WORSHIP, "Northgate", "18 Turnpike Row", 0.2, -0.2),
    ("Lotus Temple", PlaceKind.WORSHIP, "Lakeview", "5 Boathouse Road", -0.2, -0.2),
)

_ZONES = (
    "Pacific/Auckland", "Pacific/Noumea", "Australia/Brisbane", "Asia/Tokyo", "Asia/Manila",
    "Asia/Bangkok", "Asia/Dhaka", "Asia/Tashkent", "Asia/Dubai", "Africa/Nairobi",
    "Europe/Berlin", "Europe/London", "Atlantic/Azores", "Atlantic/Cape_Verde",
    "America/Noronha", "America/Sao_Paulo", "America/Halifax", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "Pacific/Honolulu", "Pacific/Pago_Pago",
)  # fmt: skip
_MORNING = timedelta(hours=10, minutes=40)


@dataclass(frozen=True)
class House:
    """A door: where it is and how it is written."""

    area: str
    address: Address
    point: Point


@dataclass(frozen=True)
class Spot:
    """A public place."""

    name: str
    kind: PlaceKind
    address: str | None
    point: Point


def where_it_is_morning(now: datetime) -> str:
    """The time zone in which it is the middle of the morning at `now`.

    A board lives by day; the demo is looked at at any hour, and a made-up town may lie anywhere.
    """

    def away(name: str) -> timedelta:
        local = now.astimezone(ZoneInfo(name)).replace(tzinfo=UTC)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return abs(local - midnight - _MORNING)

    return min(_ZONES, key=away)


def houses(random: Random) -> list[House]:
    """Every house of the town, in mixed order."""
    found = [house for area in _AREAS for house in _houses_of(*area)]
    random.shuffle(found)
    return found


def areas() -> list[Spot]:
    """The meeting points that give the cells their names: to be made before everything else."""
    return [
        Spot(name, PlaceKind.MEETING_POINT, None, _middle(east, north))
        for name, east, north, _streets in _AREAS
    ]


def public_places() -> list[Spot]:
    """Where people go, by the order of the list above."""
    middles = {name: _middle(east, north) for name, east, north, _streets in _AREAS}
    return [
        Spot(name, kind, address, _beside(middles[area], east, north))
        for name, kind, area, address, east, north in _PLACES
    ]


def _houses_of(area: str, east: int, north: int, streets: tuple[str, ...]) -> Iterator[House]:
    """Three streets, one beside the other, every second one running north."""
    middle = _middle(east, north)
    for lane, street in enumerate(streets):
        across = (lane - 1) * 0.25
        for house in range(_HOUSES):
            along = -_HALF_STREET + house * 2 * _HALF_STREET / (_HOUSES - 1)
            offset = (along, across) if (east + north) % 2 else (across, along)
            yield House(
                area,
                Address(line=f"{(house + 1) * 4 - lane} {street}", town=TOWN),
                _beside(middle, *offset),
            )


def _middle(east: int, north: int) -> Point:
    """The middle of the cell that lies so many kilometres from the harbour's."""
    harbour = centre_of(code_of(_HARBOUR))
    return centre_of(code_of(_beside(harbour, east, north)))


def _beside(point: Point, east: float, north: float) -> Point:
    return round(point[0] + north * _KM, 6), round(point[1] + east * _KM_EAST, 6)
