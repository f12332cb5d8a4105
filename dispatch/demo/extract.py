"""Alder Bay written as an OpenStreetMap extract, which the demo imports as anybody imports one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import osmium
from osmium.osm.mutable import Node, Relation, Way

from dispatch.demo import streets, town
from dispatch.demo.streets import Road
from dispatch.demo.town import AREAS, Area, Km
from dispatch.places.models import PlaceKind
from dispatch.places.sealed import Point

_FRAME: tuple[Km, Km] = ((-7.0, -1.8), (7.0, 6.4))
"""What the extract covers; the sea goes on."""
_FOOTPRINT = (0.00005, 0.00007)
"""Half the depth and half the width of a house, degrees."""
_BIG = 2.4
"""A public building is so many times as long as a house."""
_ON_AVENUES = (101, 149)
"""The first and the last number on the avenues, whose houses are counted and not listed."""
_KIND_TAGS = {
    PlaceKind.CLINIC: {"amenity": "clinic"},
    PlaceKind.SCHOOL: {"amenity": "school"},
    PlaceKind.COURT: {"amenity": "courthouse"},
    PlaceKind.SHOP: {"shop": "supermarket"},
    PlaceKind.WORK: {"office": "company"},
    PlaceKind.WORSHIP: {"amenity": "place_of_worship"},
    PlaceKind.COMMUNITY: {"amenity": "community_centre"},
    PlaceKind.OTHER: {"office": "ngo"},
}
_CODES = {area.name: f"{order:05d}" for order, area in enumerate(AREAS, start=1)}
"""A postcode for each area."""
_SPANISH = {
    "Lakeview Clinic": "Clínica Vista del Lago",
    "Alder Bay Hospital": "Hospital de Alder Bay",
    "County Court": "Juzgado del Condado",
    "Public Library": "Biblioteca Pública",
    "Food Bank": "Banco de Alimentos",
    "Community Centre": "Centro Comunitario",
    "Saint Brendan's Church": "Iglesia de San Brandán",
    "Children's Clinic": "Clínica Infantil",
}


def write(path: Path) -> Path:
    """The town as a file; the same at every call."""
    drawing = _Drawing()
    _draw_ground(drawing)
    _draw_roads(drawing)
    _draw_houses(drawing)
    _draw_public_places(drawing)
    drawing.write(path)
    return path


@dataclass
class _Drawing:
    """Points, lines and relations by number. A class because each refers to earlier ones."""

    points: list[Node] = field(default_factory=list)
    lines: list[Way] = field(default_factory=list)
    groups: list[Relation] = field(default_factory=list)
    _shared: dict[Km, int] = field(default_factory=dict)

    def point(self, where: Point, **tags: str) -> int:
        """A point; its number."""
        latitude, longitude = where
        number = len(self.points) + 1
        self.points.append(Node(id=number, version=1, tags=tags, location=(longitude, latitude)))
        return number

    def joint(self, place: Km) -> int:
        """A point of the drawing board, the same one for every line through it."""
        if place not in self._shared:
            self._shared[place] = self.point(town.ground(place))
        return self._shared[place]

    def line(self, points: Iterable[int], tags: dict[str, str]) -> int:
        """A line; its number."""
        number = len(self.lines) + 1
        self.lines.append(Way(id=number, version=1, tags=tags, nodes=list(points)))
        return number

    def shape(self, corners: Iterable[Km], tags: dict[str, str]) -> int:
        """A closed line around corners of the drawing board."""
        points = [self.joint(corner) for corner in corners]
        return self.line([*points, points[0]], tags)

    def building(self, middle: Point, size: float, tags: dict[str, str]) -> None:
        """A house around its middle."""
        deep, wide = (half * size for half in _FOOTPRINT)
        corners = ((deep, wide), (deep, -wide), (-deep, -wide), (-deep, wide))
        points = [self.point((middle[0] + lat, middle[1] + lon)) for lat, lon in corners]
        self.line([*points, points[0]], {"building": "yes", **tags})

    def write(self, path: Path) -> None:
        """Points first, then lines, then relations, with the frame of the town in the header."""
        header = osmium.io.Header()
        (south, west), (north, east) = (town.ground(corner) for corner in _FRAME)
        low, high = osmium.osm.Location(west, south), osmium.osm.Location(east, north)
        header.add_box(osmium.osm.Box(low, high))
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for node in self.points:
                writer.add_node(node)
            for way in self.lines:
                writer.add_way(way)
            for relation in self.groups:
                writer.add_relation(relation)


def _draw_ground(drawing: _Drawing) -> None:
    drawing.shape(streets.SEA, {"natural": "water", "water": "bay", **_named("Alder Bay", "")})
    river = _named("Alder River", "Río Aliso")
    drawing.shape(streets.banks(), {"natural": "water", "water": "river"})
    drawing.line([drawing.joint(place) for place in streets.RIVER], {"waterway": "river", **river})
    shore = drawing.shape(streets.round_shape(streets.LAKE, 0.42, 0.28), {})
    island = drawing.shape(streets.round_shape(streets.LAKE, 0.08, 0.06, 10), {})
    members = [("w", shore, "outer"), ("w", island, "inner")]
    lake = {"type": "multipolygon", "natural": "water", **_named("Mirror Lake", "Lago Espejo")}
    drawing.groups.append(Relation(id=1, version=1, tags=lake, members=members))
    for name, es, kind, corners in streets.PARKS:
        key, _, value = kind.partition("=")
        drawing.shape(corners, {key: value, **_named(name, es)})
    for area in AREAS:
        half = 0.44
        corners = [area.at(*at) for at in ((half, half), (half, -half), (-half, -half))]
        corners.append(area.at(-half, half))
        drawing.shape(corners, {"landuse": "residential"})
        drawing.point(town.ground(area.middle), place="neighbourhood", **_named(area.name, area.es))
    drawing.point(town.ground(AREAS[1].middle), place="town", **_named(town.TOWN, ""))


def _draw_roads(drawing: _Drawing) -> None:
    network = streets.network()
    for road, line in zip(network.roads, network.lines, strict=True):
        drawing.line([drawing.joint(place) for place in line], _road_tags(road))


def _road_tags(road: Road) -> dict[str, str]:
    tags = {"highway": road.kind, "maxspeed": f"{road.speed}", **_named(road.name, road.es)}
    if road.one_way:
        tags["oneway"] = "yes"
    if road.bridge:
        tags |= {"bridge": "yes", "layer": "1"}
    return tags


def _draw_houses(drawing: _Drawing) -> None:
    for house in town.houses(Random(0)):
        drawing.building(house.point, 1.0, _address(house.address.line, house.area))
    for area in AREAS:
        if area.runs_east:
            _draw_counted_houses(drawing, area)


def _draw_counted_houses(drawing: _Drawing, area: Area) -> None:
    """An avenue of whose houses the map knows the first and the last."""
    name, _es = streets.avenue_of(area)
    ends = [
        drawing.point(town.ground(area.at(0.02, along)), **_address(f"{number} {name}", area.name))
        for number, along in zip(_ON_AVENUES, (-0.22, 0.22), strict=True)
    ]
    drawing.line(ends, {"addr:interpolation": "odd"})


def _draw_public_places(drawing: _Drawing) -> None:
    for spot in town.public_places():
        line = spot.address
        tags = _KIND_TAGS[spot.kind] | _named(spot.name, _SPANISH.get(spot.name, ""))
        if "Hospital" in spot.name:
            tags["amenity"] = "hospital"
        drawing.building(spot.point, _BIG, tags | _address(line, town.area_of(line)))


def _address(line: str, area: str) -> dict[str, str]:
    number, _, street = line.partition(" ")
    return {
        "addr:housenumber": number,
        "addr:street": street,
        "addr:city": town.TOWN,
        "addr:postcode": _CODES[area],
    }


def _named(name: str, es: str) -> dict[str, str]:
    return {"name": name, "name:es": es} if es else {"name": name}
