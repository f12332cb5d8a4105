"""Areas of an extract: lakes with their islands, and the borders of towns and quarters.

Osmium puts them together from the lines that the map draws them with. One whose lines are not all
in the extract is left out: nobody can say which side of it is in.
"""

import enum
from collections.abc import Iterator

import osmium
from osmium.filter import TagFilter

from dispatch.places.gazetteer.staging import Staging
from dispatch.places.sealed import Point

_WET = (("natural", "water"), ("waterway", "riverbank"), ("landuse", "reservoir"))
_TOWNS = ("city", "town", "village", "municipality")
_QUARTERS = ("borough", "suburb", "quarter", "neighbourhood")
_PLACES = tuple(("place", kind) for kind in (*_TOWNS, *_QUARTERS))
_TOWN_LEVELS, _QUARTER_LEVELS = ("7", "8"), ("9", "10", "11")
_LARGE_LEVELS = ("4", "5", "6")
"""Of states and counties; a city may be one."""


class BorderKind(enum.IntEnum):
    """What lies within a border; the higher one is the nearer to a town."""

    QUARTER = 1
    REGION = 2
    """A county or a state: a town only where a town of this very name is known."""
    TOWN = 3


def wanted() -> TagFilter:
    """What tells the areas that are read from the many others of a map."""
    return TagFilter(*_WET, *_PLACES, ("boundary", "administrative"))


def take(area: osmium.osm.Area, staging: Staging) -> None:
    """Put a lake or a border into `staging`."""
    tags = area.tags
    rings = list(_rings(area))
    if not rings:
        return
    if any(tags.get(key) == wet for key, wet in _WET):
        staging.water(rings)
        return
    kind, name = _kind(tags), tags.get("name")
    if kind is not None and name:
        staging.border(name, kind, rings)


def _kind(tags: osmium.osm.TagList) -> BorderKind | None:
    level = tags.get("admin_level") if tags.get("boundary") == "administrative" else None
    place = tags.get("place")
    if place in _TOWNS or level in _TOWN_LEVELS:
        return BorderKind.TOWN
    if place in _QUARTERS or level in _QUARTER_LEVELS:
        return BorderKind.QUARTER
    return BorderKind.REGION if level in _LARGE_LEVELS else None


def _rings(area: osmium.osm.Area) -> Iterator[list[Point]]:
    """Every closed line of the area, those around islands too."""
    for outer in area.outer_rings():
        yield [(one.lat, one.lon) for one in outer]
        for inner in area.inner_rings(outer):
            yield [(one.lat, one.lon) for one in inner]
