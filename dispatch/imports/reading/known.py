"""Known addresses and public places: the rows of their sheets, read and checked."""

import re
from dataclasses import dataclass, field

from dispatch.i18n import gettext as _
from dispatch.imports.reading.cells import Cells
from dispatch.imports.reading.outcome import Refused, Taken, Unreadable
from dispatch.imports.reading.streets import take_apart
from dispatch.imports.reading.tables import Table
from dispatch.imports.reading.words import fold


@dataclass(frozen=True)
class Point:
    """Where something is, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True)
class AddressRow:
    """A house number that is known, and where it is."""

    house_number: str
    """As the sheet has it, with a unit or a second number if it has one."""
    street: str
    city: str
    postcode: str
    point: Point = field(repr=False)


@dataclass(frozen=True)
class PlaceRow:
    """A public place: a clinic, a school, a shop; chains have one row for each branch."""

    name: str
    kind: str
    point: Point
    address: str | None
    """House number and street, when the sheet has both."""


def read_places(table: Table) -> list[Taken[PlaceRow] | Refused]:
    """Every row of a sheet of public places, taken or refused."""
    seen: dict[object, int] = {}
    return [_place(Cells(row, table), seen) for row in table.rows]


def read_addresses(table: Table) -> list[Taken[AddressRow] | Refused]:
    """Every row of a sheet of known addresses, taken or refused.

    One address may have several points (a house of many entrances); only a row that says the same
    twice is refused.
    """
    seen: dict[object, int] = {}
    return [_address(Cells(row, table), seen) for row in table.rows]


def _place(cells: Cells, seen: dict[object, int]) -> Taken[PlaceRow] | Refused:
    if not cells["name"]:
        cells.problem_on("name", _("The name is missing."))
    point = _point(cells)
    number, street = cells["house_number"], cells["street"]
    address = f"{number} {street}" if number and street else None
    place = point and PlaceRow(cells["name"], fold(cells["kind"]), point, address)
    if place:
        cells.refuse_repeated((fold(place.name), place.kind, point), seen)
    return cells.outcome(cells.number, place)


def _address(cells: Cells, seen: dict[object, int]) -> Taken[AddressRow] | Refused:
    for name in ("house_number", "street"):
        if not cells[name]:
            cells.problem_on(name, _("The cell is empty."))
    written = [cells[name] for name in ("house_number", "street", "city", "postcode")]
    if all(written[:2]) and take_apart(" ".join(written[:2])) is None:
        cells.problem_on("house_number", _("This is no house number with a street."))
    point = _point(cells)
    address = point and AddressRow(*written, point)
    if address:
        cells.refuse_repeated((fold(" ".join(written[:3])), point), seen)
    return cells.outcome(cells.number, address)


def _point(cells: Cells) -> Point | None:
    lat, lon = cells.read("lat", _degrees), cells.read("lon", _degrees)
    if lat is None or lon is None:
        return None
    if abs(lat) > 90 and abs(lon) <= 90:
        sentence = _("Latitude and longitude look exchanged; latitude is between -90 and 90.")
    elif abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        sentence = _("%(lat)s, %(lon)s is no point on the map.", lat=lat, lon=lon)
    else:
        return Point(lat, lon)
    cells.problem_on("lat", sentence)
    return None


def _degrees(cell: str) -> float:
    text = cell.replace("−", "-").strip("° ")
    if not re.fullmatch(r"[-+]?\d{1,3}(?:[.,]\d{1,12})?", text, flags=re.ASCII):
        raise Unreadable(
            _("%(cell)s is not a number of degrees; write it like 49.2781.", cell=cell)
        )
    return float(text.replace(",", "."))
