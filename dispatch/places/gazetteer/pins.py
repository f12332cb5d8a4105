"""What the imported map tells about a dropped pin: the nearest address, and what is wrong."""

import enum
from collections import defaultdict

from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.ground import (
    area_holds,
    metres,
    square_of,
    squares_around,
    unpack,
)
from dispatch.places.gazetteer.store import Edition
from dispatch.places.sealed import Point

FARTHEST = 300.0
"""Metres to an address that is still offered for a pin."""


class PinTrouble(enum.Enum):
    """Why nobody can be fetched at a pin."""

    SWAPPED = "swapped"
    """It would lie on the map with latitude and longitude the other way round."""
    OUTSIDE = "outside"
    """It lies outside of the imported map."""
    WATER = "water"
    """It lies in a lake or a river."""


def nearest(edition: Edition, point: Point) -> Found | None:
    """The address nearest to `point`; None if none is near."""
    squares = squares_around(square_of(point))
    best: tuple[float, Found] | None = None
    asked = """SELECT number, street.name, town.name AS town, postcode, address.lat, address.lon
        FROM address JOIN street ON street.id = address.street
        LEFT JOIN town ON town.id = address.town WHERE square BETWEEN ? AND ?"""
    for first, last in zip(squares[::3], squares[2::3], strict=True):
        for row in edition.database.execute(asked, (first, last)):
            number, name, town, postcode, lat, lon = row
            away = metres(point, (lat, lon))
            if away <= FARTHEST and (best is None or away < best[0]):
                found = Found(
                    MatchKind.EXACT, (lat, lon), name, number, town or "", postcode, score=100.0
                )
                best = away, found
    return best[1] if best else None


def trouble_with(edition: Edition, point: Point) -> PinTrouble | None:
    """What is wrong with `point`, as far as the map can tell."""
    frame = edition.frame
    if frame and not frame.holds(point):
        turned = point[1], point[0]
        return PinTrouble.SWAPPED if frame.holds(turned) else PinTrouble.OUTSIDE
    return PinTrouble.WATER if _is_in_water(edition, point) else None


def _is_in_water(edition: Edition, point: Point) -> bool:
    lat, lon = point
    near = """SELECT area, line FROM water
        WHERE south <= ? AND north >= ? AND west <= ? AND east >= ?"""
    lakes: dict[int, list[list[Point]]] = defaultdict(list)
    for area, line in edition.database.execute(near, (lat, lat, lon, lon)):
        lakes[area].append(unpack(line))
    return any(area_holds(rings, point) for rings in lakes.values())
