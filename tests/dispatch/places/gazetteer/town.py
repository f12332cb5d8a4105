"""A tiny town on the map, written as an extract: what the tests of the geocoder search.

Wealthy Street runs from west to east and crosses Diamond Avenue; Calle Mayor runs north; a second
Quarry Street lies in another town, ten kilometres away.
"""

from collections.abc import Iterable
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

SOUTH, WEST = 42.96, -85.66
STEP = 0.0005
"""Degrees between two numbers on one side: some 40 m."""


class Town:
    """Things of a map by number, to be written in the right sequence or another."""

    def __init__(self, moved: tuple[float, float] = (0.0, 0.0)) -> None:
        self.moved = moved
        self.points: list[Node] = []
        self.lines: list[Way] = []
        self.areas: list[Relation] = []

    def point(self, lat: float, lon: float, **tags: str) -> int:
        """A point; its number. `addr_street` stands for addr:street."""
        where = lon + self.moved[1], lat + self.moved[0]
        self.points.append(Node(id=len(self.points) + 1, tags=_tags(tags), location=where))
        return len(self.points)

    def line(self, points: list[int], **tags: str) -> int:
        """A line through points; its number."""
        self.lines.append(Way(id=len(self.lines) + 1, tags=_tags(tags), nodes=points))
        return len(self.lines)

    def ring(self, south: float, west: float, side: float, **tags: str) -> int:
        """A square line, closed; its number."""
        corners = [(0.0, 0.0), (0.0, side), (side, side), (side, 0.0)]
        points = [self.point(south + lat, west + lon) for lat, lon in corners]
        return self.line([*points, points[0]], **tags)

    def area(self, outer: list[int], inner: Iterable[int] = (), **tags: str) -> None:
        """An area drawn with several lines."""
        members = [("w", line, "outer") for line in outer] + [
            ("w", line, "inner") for line in inner
        ]
        number = len(self.areas) + 1
        self.areas.append(Relation(id=number, tags=_tags(tags), members=members))

    def house(self, lat: float, lon: float, number: str, street: str, **tags: str) -> int:
        """A house."""
        return self.point(lat, lon, addr_housenumber=number, addr_street=street, **tags)

    def road(self, *places: tuple[float, float], name: str, **tags: str) -> list[int]:
        """A street through places; the numbers of its points."""
        points = [self.point(*place) for place in places]
        self.line(points, highway="residential", name=name, **tags)
        return points

    def write(self, path: Path, *, lines_first: bool = False) -> Path:
        """The extract, as a file."""
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            if lines_first:
                self._write_lines(writer)
            for one in self.points:
                writer.add_node(one)
            if not lines_first:
                self._write_lines(writer)
        return path

    def _write_lines(self, writer: osmium.SimpleWriter) -> None:
        for one in self.lines:
            writer.add_way(one)
        for area in self.areas:
            writer.add_relation(area)


def grand_bend(moved: tuple[float, float] = (0.0, 0.0)) -> Town:
    """The town of the tests, so many degrees away from where it lies."""
    town = Town(moved)
    joint = town.point(SOUTH, WEST)
    ends = [town.point(SOUTH, WEST - 0.01), town.point(SOUTH, WEST + 0.01)]
    town.line([ends[0], joint, ends[1]], highway="residential", name="Wealthy Street Southeast")
    north = town.point(SOUTH + 0.01, WEST)
    town.line([joint, north], highway="residential", name="Diamond Avenue Southeast")
    for at in range(6):
        side = {"addr_city": "Grand Bend", "addr_postcode": "49506"}
        lon = WEST + 0.001 + at * STEP
        town.house(SOUTH + 0.0002, lon, str(1201 + 4 * at), "Wealthy Street Southeast", **side)
        town.house(SOUTH - 0.0002, lon, str(1200 + 4 * at), "Wealthy Street Southeast", **side)
    _calle_mayor(town)
    for lat, city, code in ((SOUTH + 0.003, "Grand Bend", "49506"), (SOUTH + 0.1, "Ada", "49301")):
        place = {"addr_city": city, "addr_postcode": code}
        town.road((lat, WEST), (lat, WEST + 0.004), name="Quarry Street")
        town.house(lat + 0.0002, WEST + 0.001, "1243", "Quarry Street", **place)
        town.house(lat + 0.0002, WEST + 0.002, "1247", "Quarry Street", **place)
        town.point(lat, WEST + 0.002, place="town", name=city)
    town.point(SOUTH + 0.002, WEST + 0.003, amenity="clinic", name="Clínica Señora de la Paz")
    _pond(town)
    return town


def _calle_mayor(town: Town) -> None:
    start, end = (SOUTH + 0.004, WEST + 0.006), (SOUTH + 0.008, WEST + 0.006)
    town.road(start, end, name="Calle Mayor", name_en="Main Street", alt_name="Peña Row")
    first = town.house(start[0], start[1] + 0.0002, "2", "Calle Mayor", addr_city="Grand Bend")
    last = town.house(end[0], end[1] + 0.0002, "42", "Calle Mayor", addr_city="Grand Bend")
    town.line([first, last], addr_interpolation="even")


def _pond(town: Town) -> None:
    corners = [(0.0, 0.0), (0.0, 0.002), (0.002, 0.002), (0.002, 0.0)]
    points = [town.point(SOUTH + 0.02 + lat, WEST + lon) for lat, lon in corners]
    town.line([*points, points[0]], natural="water", name="Reeds Lake")


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {_key(key): value for key, value in tags.items()}


def _key(key: str) -> str:
    start, _, rest = key.partition("_")
    return f"{start}:{rest}" if rest and start in ("addr", "name") else key
