"""What of an OpenStreetMap extract the base map shows: by its tags, the layer, kind and zoom.

The layers are named as in the schema of Protomaps, and hold what the page's own rules of painting
ask for. House numbers, and whatever else tells one home from another, are in none of them: places
with a name are shown only where their kind is public.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

LAYERS = ("water", "landuse", "buildings", "roads", "places", "pois")
MOST_ZOOM = 15
"""Of the tiles: what is looked at from nearer is drawn from these."""
LEAST_ZOOM = 5
LANGUAGES = ("en", "es")
"""In which a thing may have a name of its own, beside the one on its signs."""
Ask = Callable[[str], str | None]
"""The value of a tag, by its key."""


@dataclass(frozen=True)
class Feature:
    """One thing on the map, without its shape."""

    layer: str
    kind: str
    zoom: int
    """The first at which it is shown."""
    names: dict[str, str] = field(default_factory=dict)
    """As the tiles carry them: `name`, and `name:es` where it differs."""
    detail: str = ""
    """What the kind alone does not say: `link` for a slip road, `tunnel`."""

    def properties(self) -> dict[str, str]:
        """What a tile carries of it."""
        extra = {"detail": self.detail} if self.detail else {}
        return {"kind": self.kind, **extra, **self.names}


_ROADS = {
    "motorway": ("highway", 5), "trunk": ("highway", 6), "primary": ("major_road", 8),
    "secondary": ("major_road", 9), "tertiary": ("medium_road", 11),
    "unclassified": ("minor_road", 13), "residential": ("minor_road", 13),
    "living_street": ("minor_road", 13), "road": ("minor_road", 13), "service": ("service", 14),
    "pedestrian": ("path", 14), "track": ("path", 14), "cycleway": ("path", 14),
    "footway": ("path", 14), "bridleway": ("path", 14), "path": ("path", 14), "steps": ("path", 14),
}  # fmt: skip
"""By the value of `highway`: the kind of road, and the first zoom."""
_LINK = "_link"
_RAILS = {"rail": 10, "light_rail": 11, "subway": 12, "tram": 13}
_UNDERGROUND = ("yes", "building_passage", "culvert")
_STREAMS = {"river": 9, "canal": 11, "stream": 13}
_WATER = {
    ("natural", "water"), ("waterway", "riverbank"), ("waterway", "dock"), ("landuse", "reservoir"),
    ("landuse", "basin"),
}  # fmt: skip
_GROUND = {
    "leisure": {
        "park": ("park", 9), "garden": ("park", 13), "golf_course": ("park", 11),
        "nature_reserve": ("park", 9), "pitch": ("pitch", 13), "playground": ("park", 13),
        "recreation_ground": ("park", 11), "stadium": ("pitch", 12), "common": ("park", 11),
        "dog_park": ("park", 13),
    },
    "landuse": {
        "forest": ("wood", 9), "grass": ("grass", 12), "meadow": ("grass", 11),
        "cemetery": ("park", 11), "recreation_ground": ("park", 11), "village_green": ("park", 12),
        "allotments": ("grass", 12), "industrial": ("industry", 10), "railway": ("industry", 12),
        "commercial": ("industry", 11), "retail": ("industry", 12), "orchard": ("grass", 11),
    },
    "natural": {
        "wood": ("wood", 9), "scrub": ("grass", 11), "heath": ("grass", 11), "beach": ("sand", 11),
        "sand": ("sand", 11), "wetland": ("grass", 11), "grassland": ("grass", 11),
    },
    "amenity": {
        "school": ("public", 12), "college": ("public", 12), "university": ("public", 11),
        "hospital": ("public", 11), "grave_yard": ("park", 12), "parking": ("industry", 14),
    },
    "aeroway": {"aerodrome": ("industry", 10)},
    "highway": {"pedestrian": ("square", 13)},
}  # fmt: skip
"""By key and value, what covers the ground: its kind and the first zoom."""
_SETTLEMENTS = {
    "city": 5, "town": 7, "village": 9, "suburb": 10, "quarter": 11, "neighbourhood": 12,
    "hamlet": 11, "island": 10, "locality": 13,
}  # fmt: skip
_PUBLIC = {
    "amenity": {
        "hospital": ("health", 11), "clinic": ("health", 13), "doctors": ("health", 14),
        "pharmacy": ("health", 14), "school": ("school", 13), "college": ("school", 12),
        "university": ("school", 11), "kindergarten": ("school", 14), "library": ("public", 13),
        "courthouse": ("public", 12), "townhall": ("public", 12), "police": ("public", 13),
        "fire_station": ("public", 14), "post_office": ("public", 14),
        "community_centre": ("public", 13), "social_facility": ("public", 14),
        "place_of_worship": ("worship", 14), "bus_station": ("transit", 13),
        "ferry_terminal": ("transit", 13), "marketplace": ("shop", 14), "theatre": ("public", 14),
        "cinema": ("public", 14),
    },
    "shop": {"supermarket": ("shop", 13), "mall": ("shop", 12), "department_store": ("shop", 13)},
    "railway": {"station": ("transit", 12), "halt": ("transit", 12)},
    "aeroway": {"aerodrome": ("transit", 10)},
    "leisure": {
        "park": ("park", 12), "nature_reserve": ("park", 11), "stadium": ("public", 13),
        "sports_centre": ("public", 14), "golf_course": ("park", 13),
    },
    "landuse": {"cemetery": ("park", 13)},
    "natural": {"water": ("water", 12)},
    "tourism": {"museum": ("public", 14), "zoo": ("park", 13)},
}  # fmt: skip
"""By key and value, whose names are written: the kind and the first zoom."""
KEYS = tuple(
    sorted({"building", "place", "waterway", "railway", "natural", "highway", *_GROUND, *_PUBLIC})
)
"""A thing without any of these keys is not on the map."""


def line_on_map(tag: Ask) -> Feature | None:
    """A way as a line: a road, a railway, a stream."""
    if highway := tag("highway"):
        return _road(highway, tag)
    if railway := tag("railway"):
        is_shown = railway in _RAILS and not _is_underground(tag) and not tag("service")
        return Feature("roads", "rail", _RAILS[railway]) if is_shown else None
    waterway = tag("waterway")
    if waterway in _STREAMS and not _is_underground(tag):
        return Feature("water", waterway, _STREAMS[waterway], names_of(tag))
    return None


def is_coast(tag: Ask) -> bool:
    """Whether a way is a shore of the sea: land lies to its left."""
    return tag("natural") == "coastline"


def area_on_map(tag: Ask) -> Feature | None:
    """An area: water, a building, or what covers the ground."""
    if any(tag(key) == value for key, value in _WATER):
        return Feature("water", "water", 9)
    if tag("building") not in (None, "no"):
        return Feature("buildings", "building", MOST_ZOOM)
    found = _listed(_GROUND, tag)
    if found is None or (found[0] == "square" and not _is_meant_as_area(tag)):
        return None
    return Feature("landuse", *found)


def name_on_map(tag: Ask) -> Feature | None:
    """The name of a settlement or of a public place, at its point or in the middle of its area."""
    names = names_of(tag)
    if not names:
        return None
    place = tag("place")
    if place in _SETTLEMENTS:
        return Feature("places", place, _SETTLEMENTS[place], names)
    found = _listed(_PUBLIC, tag)
    return Feature("pois", *found, names) if found else None


def names_of(tag: Ask) -> dict[str, str]:
    """What a thing is called, as tiles carry it; empty where it has no name."""
    name = tag("name")
    if not name:
        return {}
    others = {f"name:{language}": tag(f"name:{language}") for language in LANGUAGES}
    return {"name": name, **{key: one for key, one in others.items() if one and one != name}}


def _road(highway: str, tag: Ask) -> Feature | None:
    kind = _ROADS.get(highway.removesuffix(_LINK))
    if kind is None or tag("area") == "yes":
        return None
    is_link = highway.endswith(_LINK)
    detail = "tunnel" if _is_underground(tag) else "link" if is_link else ""
    names = names_of(tag)
    if not names and (number := tag("ref")) and kind[0] == "highway":
        names = {"name": number.replace(";", " ")}
    return Feature("roads", kind[0], kind[1] + 2 * is_link, names, detail)


def _is_meant_as_area(tag: Ask) -> bool:
    """Whether a closed line is a square, and no street that leads back to its beginning."""
    return tag("area") == "yes" or tag("type") == "multipolygon"


def _is_underground(tag: Ask) -> bool:
    return tag("tunnel") in _UNDERGROUND


def _listed(table: dict[str, dict[str, tuple[str, int]]], tag: Ask) -> tuple[str, int] | None:
    for key, values in table.items():
        found = values.get(tag(key) or "")
        if found:
            return found
    return None
