"""Where on earth a group is: what its maps show before there is any place on them."""

import math
import re
from functools import cache
from importlib.resources import files

from dispatch.people.models import Group

HALF_HEIGHT = 0.09
"""Degrees of latitude from the middle of the area to its edge: 10 km."""
_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
"""Degrees, minutes and perhaps seconds, first north, then east: "+4916-12307"."""


def middle_of(group: Group) -> tuple[float, float] | None:
    """Latitude and longitude: what a steward chose, or else the city that the time zone is named
    after; None for a zone without one.
    """
    if group.latitude is not None and group.longitude is not None:
        return group.latitude, group.longitude
    return _cities().get(group.time_zone)


def area_of(group: Group) -> dict[str, list]:
    """What `templates/parts/map.html` draws of a group that has no place yet: where it drives."""
    middle = middle_of(group)
    if middle is None:
        return {"cells": [], "places": [], "rides": []}
    square = {"name": group.name, "squares": [_square(middle)], "count": 0}
    return {"cells": [square], "places": [], "rides": []}


def _square(middle: tuple[float, float]) -> list[tuple[float, float]]:
    latitude, longitude = middle
    half_width = HALF_HEIGHT / max(math.cos(math.radians(latitude)), 0.1)
    south, north = latitude - HALF_HEIGHT, latitude + HALF_HEIGHT
    west, east = longitude - half_width, longitude + half_width
    return [(south, west), (north, west), (north, east), (south, east)]


@cache
def _cities() -> dict[str, tuple[float, float]]:
    """The principal city of each time zone, from the zones' own table."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: _point(row[1]) for row in rows}


def _point(text: str) -> tuple[float, float]:
    found = _ISO_6709.fullmatch(text)
    if found is None:
        raise ValueError(f"no point of ISO 6709: {text}")
    north, east = found.groups()[:4], found.groups()[4:]
    return _degrees(*north), _degrees(*east)


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -value if sign == "-" else value
