"""Reading an OpenStreetMap extract: houses, named streets, crossings, named places, areas."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import osmium
from osmium.filter import KeyFilter
from osmium.osm import osm_entity_bits as kinds

from dispatch.places.editions import BadImport
from dispatch.places.gazetteer import areas
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.gazetteer.staging import Staging
from dispatch.places.sealed import Point

SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".o5m")
EDGE = 0.03
"""Degrees around the extract's own frame: what lies farther out strayed into it."""
_HOUSE = "addr:housenumber"
_KEYS = (
    _HOUSE, "addr:interpolation", "highway", "place", "amenity", "shop", "healthcare", "office",
    "leisure", "tourism", "public_transport", "railway", "building", "craft", "historic",
    "natural", "waterway", "landuse",
)  # fmt: skip
_PLACE_KEYS = _KEYS[3:14]
_OTHER_NAMES = ("alt_name", "name:en", "name:es", "official_name", "short_name", "loc_name", "ref")
_NO_ROADS = {"platform", "proposed", "construction", "bus_stop", "rest_area", "services"}
_EVERY = 5_000
_UNSORTED = (
    "The extract is not sorted: points must come before the lines that use them. "
    "Sort it with `osmium sort FILE -o SORTED` and import the sorted one."
)


_POINTLESS = (
    "The points of most roads are not in the extract, so nobody can say where those lie. "
    "Cut it out again so that lines stay whole: `osmium extract --strategy complete_ways`."
)


class BadExtract(BadImport):
    """The file cannot be used; the message says why, and what to do."""


@dataclass
class _Watch:
    """Watches that lines have their points, and after them: else they have no place."""

    has_lines: bool = False
    roads: int = 0
    roads_nowhere: int = 0

    def look(self, thing: osmium.osm.OSMObject, points: list[Point]) -> None:
        if thing.is_node() and self.has_lines:
            raise BadExtract(_UNSORTED)
        self.has_lines = self.has_lines or not thing.is_node()
        if thing.is_way() and "highway" in thing.tags:
            self.roads += 1
            self.roads_nowhere += not points

    def end(self, path: Path) -> None:
        if self.roads_nowhere * 2 > self.roads:
            raise BadExtract(_UNSORTED if _has_points_after_lines(path) else _POINTLESS)


def frame_of(path: Path) -> Frame | None:
    """The rectangle that the extract says it covers.

    Raises
        BadExtract: the file is none.
    """
    try:
        with osmium.io.Reader(_file(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
            box = reader.header().box()
    except (RuntimeError, ValueError) as error:
        raise BadExtract(_why(path, str(error))) from error
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return Frame(low.lat, low.lon, high.lat, high.lon)


def read(path: Path, staging: Staging, seen: Callable[[int], None]) -> Frame | None:
    """Put what geocoding needs of the extract at `path` into `staging`; what it covers.

    `seen` is told again and again how many things of the map went by.

    Raises
        BadExtract: the file is no extract, broken off, or not sorted.
    """
    frame, watch = frame_of(path), _Watch()
    try:
        for number, thing in enumerate(_things(path)):
            points = _points(thing)
            watch.look(thing, points)
            if thing.is_area():
                areas.take(thing, staging)
            elif points and (frame is None or frame.holds(points[0], EDGE)):
                _take(thing, points, staging)
            if number % _EVERY == 0:
                seen(number)
    except RuntimeError as error:
        raise BadExtract(_why(path, str(error))) from error
    watch.end(path)
    staging.settle()
    return frame


def _has_points_after_lines(path: Path) -> bool:
    """Whether any point follows a line: those without a word about them are looked at too."""
    has_lines = False
    for thing in osmium.FileProcessor(_file(path)):
        if thing.is_node() and has_lines:
            return True
        has_lines = has_lines or not thing.is_node()
    return False


def _file(path: Path) -> osmium.io.File:
    if not path.name.endswith(SUFFIXES):
        raise BadExtract(
            f"{path.name} is neither an OpenStreetMap extract ({', '.join(SUFFIXES)}) "
            "nor an address file (.csv)."
        )
    if not path.stat().st_size:
        raise BadExtract(f"{path.name} is empty. Download or copy it again.")
    return osmium.io.File(str(path))


def _things(path: Path) -> Iterator[osmium.osm.OSMObject]:
    reading = osmium.FileProcessor(_file(path)).with_locations().with_areas(areas.wanted())
    others = KeyFilter(*_KEYS).enable_for(kinds.NODE | kinds.WAY | kinds.RELATION)
    return iter(reading.with_filter(others).with_filter(areas.wanted().enable_for(kinds.AREA)))


def _why(path: Path, said: str) -> str:
    lowered = said.lower()
    if any(sign in lowered for sign in ("truncated", "eof", "end of file", "unexpected end")):
        return f"{path.name} breaks off in the middle. Download or copy it again. ({said})"
    return f"{path.name} is not an OpenStreetMap extract, or it is damaged. ({said})"


def _take(thing: osmium.osm.OSMObject, points: list[Point], staging: Staging) -> None:
    tags = thing.tags
    is_way = thing.is_way()
    if is_way and "highway" in tags:
        _take_road(thing, points, staging)
    elif is_way and "addr:interpolation" in tags:
        refs = [one.ref for one in thing.nodes]
        street = tags.get("addr:street", "")
        staging.span(tags["addr:interpolation"], street, refs, points)
    else:
        _take_house_or_place(thing, _middle(points), staging)


def _take_road(thing: osmium.osm.OSMObject, points: list[Point], staging: Staging) -> None:
    tags = thing.tags
    name = tags.get("name") or tags.get("ref")
    if not name or tags["highway"] in _NO_ROADS:
        return
    if len(points) < max(2, len(thing.nodes)):
        staging.cut_roads += 1
        return
    others = _other_names(tags)
    staging.road([name, *others], points, [one.ref for one in thing.nodes])


def _take_house_or_place(thing: osmium.osm.OSMObject, point: Point, staging: Staging) -> None:
    tags = thing.tags
    street = tags.get("addr:street") or tags.get("addr:place")
    if _HOUSE in tags and street:
        staging.address(
            street,
            tags[_HOUSE],
            point,
            town=tags.get("addr:city", ""),
            postcode=tags.get("addr:postcode", ""),
            ref=thing.id if thing.is_node() else None,
        )
    name = tags.get("name")
    if name and "highway" not in tags:
        kinds = (f"{key}={tags[key]}" for key in _PLACE_KEYS if key in tags)
        kind = next(kinds, "")
        if kind:
            staging.place(name, kind, point)
        # A second name of a town would be a second town.
        if kind and not kind.startswith("place="):
            for other in sorted({*_other_names(tags)} - {name}):
                staging.place(other, kind, point)


def _other_names(tags: osmium.osm.TagList) -> list[str]:
    """By which people call it too, in both languages."""
    found = (tags.get(key, "").split(";") for key in _OTHER_NAMES)
    return [one.strip() for names in found for one in names if one.strip()]


def _points(thing: osmium.osm.OSMObject) -> list[Point]:
    if thing.is_node():
        where = thing.location
        return [(where.lat, where.lon)] if where.valid() else []
    if thing.is_way():
        return [(one.lat, one.lon) for one in thing.nodes if one.location.valid()]
    return []


def _middle(points: list[Point]) -> Point:
    lats, lons = zip(*points, strict=True)
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
