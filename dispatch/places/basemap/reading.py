"""Reading an extract: everything that is shown, written as the lines that tippecanoe reads."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import osmium
from osmium.filter import KeyFilter
from osmium.geom import GeoJSONFactory

from dispatch.places.basemap import features, sea
from dispatch.places.basemap.features import Feature
from dispatch.places.basemap.joining import Pieces, Spot
from dispatch.places.basemap.sea import Box

_EVERY = 5_000


class Sheets:
    """The files to be filled, one for each layer. A class because it holds them open."""

    def __init__(self, folder: Path) -> None:
        """Files in `folder`, open until `close`."""
        self.folder = folder
        self._stack = ExitStack()
        self.paths = {layer: folder / f"{layer}.geojsons" for layer in features.LAYERS}
        self._files = {
            layer: self._stack.enter_context(path.open("w")) for layer, path in self.paths.items()
        }
        self.counts = dict.fromkeys(features.LAYERS, 0)
        """Things written, by layer."""

    def put(self, layer: str, zoom: int, properties: str, shape: str) -> None:
        """One thing; its properties and its shape as JSON."""
        self.counts[layer] += 1
        self._files[layer].write(
            f'{{"type":"Feature","tippecanoe":{{"minzoom":{zoom}}},'
            f'"properties":{properties},"geometry":{shape}}}\n'
        )

    def close(self) -> None:
        """Let go of the files, written to their ends."""
        self._stack.close()


def read(source: Path, sheets: Sheets, seen: Callable[[int], None]) -> None:
    """Write what the extract at `source` shows into `sheets`.

    `seen` is told again and again how many things of the map went by.

    Raises
        RuntimeError: the extract cannot be read, or not to its end.
    """
    pieces, shores = Pieces(), []
    for number, thing in enumerate(_things(source, sheets)):
        if thing.is_node():
            _put_name(thing.tags.get, (thing.lon, thing.lat), sheets)
        elif thing.is_way():
            _put_line(thing, sheets, pieces, shores)
        elif thing.is_area() and thing.num_rings()[0]:  # none where the extract cut it off
            _put_area(thing, sheets)
        if number % _EVERY == 0:
            seen(number)
    for (layer, zoom, properties), line in pieces.joined():
        sheets.put(layer, zoom, properties, _line(line))
    _put_sea(shores, box_of(source), sheets)


def box_of(source: Path) -> Box | None:
    """The frame that the extract says it covers."""
    with osmium.io.Reader(str(source), osmium.osm.osm_entity_bits.NOTHING) as reader:
        box = reader.header().box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return Box(low.lon, low.lat, high.lon, high.lat)


def _things(source: Path, sheets: Sheets) -> Iterator[osmium.osm.OSMObject]:
    # In a file, as quick as in memory: of a whole state they would take more than there may be.
    points = f"sparse_file_array,{sheets.folder / 'points'}"
    wanted = KeyFilter(*features.KEYS)
    reading = osmium.FileProcessor(str(source)).with_locations(points)
    return iter(reading.with_areas(wanted).with_filter(wanted))


def _put_name(tag: features.Ask, spot: Spot, sheets: Sheets) -> None:
    found = features.name_on_map(tag)
    if found:
        shape = f'{{"type":"Point","coordinates":{_spot(spot)}}}'
        sheets.put(found.layer, found.zoom, _properties(found), shape)


def _put_line(
    way: osmium.osm.Way, sheets: Sheets, pieces: Pieces, shores: list[list[Spot]]
) -> None:
    if features.is_coast(way.tags.get):
        shores.extend(_runs(way))
        return
    found = features.line_on_map(way.tags.get)
    if found is None:
        return
    about = found.layer, found.zoom, _properties(found)
    for line in _runs(way):
        if found.names:
            pieces.add(about, line)
        else:
            sheets.put(*about, _line(line))


def _put_area(area: osmium.osm.Area, sheets: Sheets) -> None:
    found = features.area_on_map(area.tags.get)
    if found:
        shape = _SHAPES.create_multipolygon(area)
        sheets.put(found.layer, found.zoom, _properties(found), shape)
    if "name" in area.tags:
        _put_name(area.tags.get, _middle(area), sheets)


def _put_sea(shores: list[list[Spot]], box: Box | None, sheets: Sheets) -> None:
    if not box:
        return
    for rings in sea.areas_of(shores, box):
        shape = ",".join(f"[{','.join(map(_spot, ring))}]" for ring in rings)
        about = Feature("water", "sea", features.LEAST_ZOOM)
        shape = f'{{"type":"Polygon","coordinates":[{shape}]}}'
        sheets.put(about.layer, about.zoom, _properties(about), shape)


_SHAPES = GeoJSONFactory()


def _runs(way: osmium.osm.Way) -> Iterator[list[Spot]]:
    """The parts of a way that the extract holds: where it was cut off, points are missing."""
    run: list[Spot] = []
    for one in way.nodes:
        if one.location.valid():
            spot = (one.lon, one.lat)
            if not run or run[-1] != spot:
                run.append(spot)
        else:
            if len(run) > 1:
                yield run
            run = []
    if len(run) > 1:
        yield run


def _middle(area: osmium.osm.Area) -> Spot:
    spots = [(one.lon, one.lat) for ring in area.outer_rings() for one in ring]
    xs, ys = zip(*spots, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _properties(found: Feature) -> str:
    return json.dumps(found.properties(), ensure_ascii=False)


def _line(line: list[Spot]) -> str:
    return f'{{"type":"LineString","coordinates":[{",".join(map(_spot, line))}]}}'


def _spot(spot: Spot) -> str:
    return f"[{spot[0]:.6f},{spot[1]:.6f}]"
