"""Alder Bay: a made-up town with areas, streets, house numbers and public places.

It lies in the open sea, so that no pin is anybody's door. An area fits into one cell of the grid
and has a meeting point of its name, from which the cell takes its name. Everything is laid out in
kilometres east and north of the harbour; `ground` says where that is.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from dispatch.places.cells import centre_of, code_of
from dispatch.places.models import PlaceKind
from dispatch.places.sealed import Address, Point

TOWN = "Alder Bay"
HALF_STREET = 0.36
"""Kilometres from the middle of an area to the end of its streets."""
BETWEEN_STREETS = 0.25
"""Kilometres from one street of an area to the next."""
_HARBOUR: Point = (43.62, -63.40)
"""Some 100 km off the nearest coast."""
_KM = 0.009
"""Degrees of latitude."""
_KM_EAST = 0.0124
"""Degrees of longitude, here."""
_NUMBER = 0.01
"""Kilometres along a street from one number to the next, which stands on the other side."""
_LAST_NUMBER = 70
_TO_THE_DOOR = 0.018
"""Kilometres from the middle of a street."""
_BEND = 0.035
"""Kilometres by which the drawing board is bent, so that no street is quite straight."""

Km = tuple[float, float]
"""East and north of the harbour."""


@dataclass(frozen=True)
class Area:
    """A quarter of the town: three streets beside one another, in one cell."""

    name: str
    es: str
    east: int
    north: int
    """About where it lies; its exact middle is that of a cell."""
    streets: tuple[tuple[str, str], ...]
    """Their names in English and in Spanish."""

    @cached_property
    def middle(self) -> Km:
        """Of its cell."""
        point = centre_of(code_of(_flat((self.east, self.north))))
        origin = _flat((0.0, 0.0))
        return (point[1] - origin[1]) / _KM_EAST, (point[0] - origin[0]) / _KM

    @property
    def runs_east(self) -> bool:
        """Whether its streets run from west to east; else from south to north."""
        return bool((self.east + self.north) % 2)

    def at(self, along: float, across: float) -> Km:
        """So far along its streets and across them, from its middle."""
        east, north = (along, across) if self.runs_east else (across, along)
        return self.middle[0] + east, self.middle[1] + north


AREAS = (
    Area("Old Harbour", "Puerto Viejo", 0, 0, (
        ("Quay Street", "Calle del Muelle"),
        ("Ropewalk", "Paseo de los Cordeleros"),
        ("Lantern Steps", "Escalones del Farol"))),
    Area("Market Square", "Plaza del Mercado", 0, 1, (
        ("Guild Street", "Calle del Gremio"),
        ("Scales Lane", "Callejón de la Balanza"),
        ("Court Street", "Calle del Juzgado"))),
    Area("Mill Hill", "Cerro del Molino", -2, 2, (
        ("Larch Row", "Hilera de los Alerces"),
        ("Millrace Road", "Camino de la Acequia"),
        ("Granary Street", "Calle del Granero"))),
    Area("Lakeview", "Vista del Lago", 2, 3, (
        ("Shoreline Drive", "Paseo de la Orilla"),
        ("Reed Street", "Calle de los Juncos"),
        ("Boathouse Road", "Camino del Embarcadero"))),
    Area("Fernbank", "Ribera de los Helechos", 1, 2, (
        ("Bracken Street", "Calle del Helechal"),
        ("Fern Road", "Camino de los Helechos"),
        ("Hollow Lane", "Callejón de la Hondonada"))),
    Area("Northgate", "Puerta Norte", 0, 4, (
        ("Gate Road", "Camino de la Puerta"),
        ("Beacon Street", "Calle de la Almenara"),
        ("Turnpike Row", "Hilera del Portazgo"))),
    Area("Quarry End", "La Cantera", -3, 4, (
        ("Slate Street", "Calle de la Pizarra"),
        ("Mason Row", "Hilera de los Canteros"),
        ("Limekiln Road", "Camino de la Calera"))),
    Area("Chapel Green", "Prado de la Capilla", -1, 3, (
        ("Bell Street", "Calle de la Campana"),
        ("Green Row", "Hilera del Prado"),
        ("Almond Lane", "Callejón del Almendro"))),
    Area("Cannery Row", "Las Conserveras", 2, 0, (
        ("Herring Street", "Calle del Arenque"),
        ("Smokehouse Lane", "Callejón del Ahumadero"),
        ("Tidewater Road", "Camino de la Marea"))),
    Area("Orchard Flats", "Los Huertos", -4, 1, (
        ("Pippin Street", "Calle de la Manzana"),
        ("Quince Road", "Camino del Membrillo"),
        ("Ladder Lane", "Callejón de la Escalera"))),
    Area("Tannery", "La Curtiduría", -1, 0, (
        ("Saddler Street", "Calle del Talabartero"),
        ("Bark Lane", "Callejón de la Corteza"),
        ("Buckle Row", "Hilera de la Hebilla"))),
    Area("East Ferry", "Transbordador Este", 4, 1, (
        ("Ferry Road", "Camino del Transbordador"),
        ("Pontoon Street", "Calle del Pontón"),
        ("Signal Row", "Hilera de la Señal"))),
    Area("Heron Point", "Punta de la Garza", 5, 0, (
        ("Heron Way", "Vía de la Garza"),
        ("Saltmarsh Road", "Camino de la Marisma"),
        ("Driftwood Lane", "Callejón de la Resaca"))),
    Area("Birchwood", "El Abedular", 3, 5, (
        ("Birch Street", "Calle del Abedul"),
        ("Woodpecker Road", "Camino del Pájaro Carpintero"),
        ("Clearing Lane", "Callejón del Claro"))),
    Area("Upper Mills", "Molinos de Arriba", -2, 5, (
        ("Sluice Street", "Calle de la Compuerta"),
        ("Weir Road", "Camino de la Presa"),
        ("Spindle Row", "Hilera del Huso"))),
    Area("Airfield", "El Aeródromo", -5, 3, (
        ("Hangar Road", "Camino del Hangar"),
        ("Windsock Street", "Calle de la Manga"),
        ("Propeller Lane", "Callejón de la Hélice"))),
)  # fmt: skip

# Public places: name, kind, number and street.
_PLACES = (
    ("Lakeview Clinic", PlaceKind.CLINIC, "20 Reed Street"),
    ("Alder Bay Hospital", PlaceKind.CLINIC, "1 Beacon Street"),
    ("Harbour Dialysis Centre", PlaceKind.CLINIC, "31 Quay Street"),
    ("Mill Hill Health Centre", PlaceKind.CLINIC, "7 Granary Street"),
    ("Fernbank Dental", PlaceKind.CLINIC, "15 Fern Road"),
    ("Children's Clinic", PlaceKind.CLINIC, "9 Guild Street"),
    ("East Ferry Midwives", PlaceKind.CLINIC, "4 Signal Row"),
    ("Eye Clinic", PlaceKind.CLINIC, "22 Saddler Street"),
    ("Alder Elementary", PlaceKind.SCHOOL, "40 Bracken Street"),
    ("Bay Secondary School", PlaceKind.SCHOOL, "2 Bell Street"),
    ("Birchwood Day Care", PlaceKind.SCHOOL, "11 Birch Street"),
    ("Adult Learning Centre", PlaceKind.SCHOOL, "3 Scales Lane"),
    ("County Court", PlaceKind.COURT, "1 Court Street"),
    ("Legal Aid Office", PlaceKind.OTHER, "5 Lantern Steps"),
    ("Food Bank", PlaceKind.COMMUNITY, "14 Bark Lane"),
    ("Big Valley Foods", PlaceKind.SHOP, "60 Slate Street"),
    ("Harbour Market", PlaceKind.SHOP, "8 Herring Street"),
    ("Corner Grocery", PlaceKind.SHOP, "1 Pippin Street"),
    ("Bay Cannery", PlaceKind.WORK, "2 Tidewater Road"),
    ("Heron Greenhouses", PlaceKind.WORK, "68 Saltmarsh Road"),
    ("Public Library", PlaceKind.COMMUNITY, "12 Guild Street"),
    ("Community Centre", PlaceKind.COMMUNITY, "30 Millrace Road"),
    ("Newcomer House", PlaceKind.COMMUNITY, "6 Buckle Row"),
    ("Saint Brendan's Church", PlaceKind.WORSHIP, "1 Green Row"),
    ("Al Noor Mosque", PlaceKind.WORSHIP, "18 Turnpike Row"),
    ("Lotus Temple", PlaceKind.WORSHIP, "5 Boathouse Road"),
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
    address: str
    """Empty for a meeting point."""
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
    found = [house for area in AREAS for house in _houses_of(area)]
    random.shuffle(found)
    return found


def areas() -> list[Spot]:
    """The meeting points that give the cells their names: to be made before everything else."""
    return [Spot(area.name, PlaceKind.MEETING_POINT, "", ground(area.middle)) for area in AREAS]


def public_places() -> list[Spot]:
    """Where people go, by the order of the list above."""
    return [Spot(name, kind, address, door(address)) for name, kind, address in _PLACES]


def door(line: str) -> Point:
    """Where an address of the town is."""
    number, _, wanted = line.partition(" ")
    area, lane = _LANES[wanted]
    return ground(_beside(area, lane, int(number)))


def area_of(line: str) -> str:
    """The area that an address lies in."""
    return _LANES[line.partition(" ")[2]][0].name


def ground(place: Km) -> Point:
    """Where a place of the drawing board lies on the earth, to a tenth of a metre."""
    east, north = place
    bent = (
        east + _BEND * math.sin(1.9 * north + 0.6 * east),
        north + _BEND * math.sin(1.6 * east - 0.5 * north),
    )
    latitude, longitude = _flat(bent)
    return round(latitude, 6), round(longitude, 6)


def _houses_of(area: Area) -> Iterator[House]:
    """Two doors that face each other, then a gap; none where a public place stands."""
    taken = {address for _name, _kind, address in _PLACES}
    for lane, (street, _es) in enumerate(area.streets):
        for first in range(1, _LAST_NUMBER, 4):
            for number in (first, first + 1):
                line = f"{number} {street}"
                if line not in taken:
                    address = Address(line=line, town=TOWN)
                    yield House(area.name, address, ground(_beside(area, lane, number)))


def _beside(area: Area, lane: int, number: int) -> Km:
    """Odd numbers on one side, even ones on the other."""
    side = _TO_THE_DOOR if number % 2 else -_TO_THE_DOOR
    along = -HALF_STREET + (number + number % 2) * _NUMBER
    return area.at(along, (lane - 1) * BETWEEN_STREETS + side)


def _flat(place: Km) -> Point:
    harbour = centre_of(code_of(_HARBOUR))
    return harbour[0] + place[1] * _KM, harbour[1] + place[0] * _KM_EAST


_LANES = {street: (area, lane) for area in AREAS for lane, (street, _es) in enumerate(area.streets)}
"""Every street, and which one of its area it is."""
