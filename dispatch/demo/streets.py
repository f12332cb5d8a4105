"""The streets of Alder Bay, its river and what is green: lines and shapes on the drawing board.

All roads run along the axes of the board, so that their crossings are found by comparing numbers;
the board is bent where it is put on the ground.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from dispatch.demo.town import AREAS, BETWEEN_STREETS, HALF_STREET, Area, Km

_STEP = 0.1
"""Kilometres between the points of a road, so that it bends with the board."""
_CROSS = 0.3
"""Kilometres from the middle of an area to its cross-streets."""
_EDGE = 0.5
"""Kilometres from the middle of an area to the roads around it."""
_BANK = 0.05
"""Half of the river's width, kilometres."""

# One for each cross-street, in the order of the areas.
_TREES = (
    ("Alder Street", "Calle Aliso"), ("Ash Street", "Calle Fresno"),
    ("Aspen Street", "Calle Álamo"), ("Beech Street", "Calle Haya"),
    ("Cedar Street", "Calle Cedro"), ("Cherry Street", "Calle Cerezo"),
    ("Chestnut Street", "Calle Castaño"), ("Cypress Street", "Calle Ciprés"),
    ("Dogwood Street", "Calle Cornejo"), ("Elder Street", "Calle Saúco"),
    ("Elm Street", "Calle Olmo"), ("Fir Street", "Calle Abeto"),
    ("Hawthorn Street", "Calle Espino"), ("Hazel Street", "Calle Avellano"),
    ("Hemlock Street", "Calle Tsuga"), ("Hickory Street", "Calle Nogal Americano"),
    ("Holly Street", "Calle Acebo"), ("Juniper Street", "Calle Enebro"),
    ("Linden Street", "Calle Tilo"), ("Magnolia Street", "Calle Magnolia"),
    ("Maple Street", "Calle Arce"), ("Mulberry Street", "Calle Morera"),
    ("Oak Street", "Calle Roble"), ("Olive Street", "Calle Olivo"),
    ("Pear Street", "Calle Peral"), ("Pine Street", "Calle Pino"),
    ("Plum Street", "Calle Ciruelo"), ("Poplar Street", "Calle Chopo"),
    ("Rowan Street", "Calle Serbal"), ("Spruce Street", "Calle Pícea"),
    ("Walnut Street", "Calle Nogal"), ("Willow Street", "Calle Sauce"),
)  # fmt: skip
_ONE_WAY = ("Old Harbour", "Market Square", "Tannery")
"""Areas with narrow cross-streets: one leads in, the other out."""
_SLOW = ("Old Harbour", "Market Square")


@dataclass(frozen=True)
class Road:
    """A straight piece of a street between two places of the board."""

    name: str
    es: str
    start: Km
    end: Km
    kind: str = "residential"
    """As OpenStreetMap's `highway` says it."""
    speed: int = 30
    """Kilometres an hour."""
    one_way: bool = False
    """From `start` to `end`."""
    bridge: bool = False

    @property
    def runs_east(self) -> bool:
        """Whether it runs from west to east; else from south to north."""
        return self.start[1] == self.end[1]


# The roads between the areas: name in both languages, where they run, and over which bridge.
_MAIN = (
    Road("Shore Road", "Camino de la Costa", (-2.45, -0.5), (2.9, -0.5), "secondary", 50),
    Road("Marsh Road", "Camino del Pantano", (3.9, -0.5), (5.3, -0.5), "secondary", 50),
    Road("Harbour Boulevard", "Bulevar del Puerto", (-4.1, 0.5), (3.25, 0.5), "primary", 60),
    Road("Harbour Bridge", "Puente del Puerto", (3.25, 0.5), (3.45, 0.5), "primary", 40,
         bridge=True),
    Road("Harbour Boulevard", "Bulevar del Puerto", (3.45, 0.5), (5.3, 0.5), "primary", 60),
    Road("Ferry Avenue", "Avenida del Transbordador", (-4.1, 1.5), (2.8, 1.5), "secondary", 50),
    Road("Landing Road", "Camino del Desembarcadero", (3.6, 1.5), (4.6, 1.5), "secondary", 50),
    Road("Mill Road", "Camino del Molino", (-5.6, 2.5), (2.1, 2.5), "secondary", 50),
    Road("Lakeside Road", "Camino del Lago", (-5.6, 3.5), (2.1, 3.5), "secondary", 50),
    Road("Quarry Road", "Camino de la Cantera", (-3.4, 4.5), (1.4, 4.5), "primary", 60),
    Road("Quarry Bridge", "Puente de la Cantera", (1.4, 4.5), (1.6, 4.5), "primary", 40,
         bridge=True),
    Road("Quarry Road", "Camino de la Cantera", (1.6, 4.5), (3.9, 4.5), "primary", 60),
    Road("North Road", "Camino del Norte", (-2.45, 5.5), (0.8, 5.5), "secondary", 50),
    Road("Birch Road", "Camino de los Abedules", (1.8, 5.5), (3.9, 5.5), "secondary", 50),
    Road("Highway 7", "Carretera 7", (-2.45, -0.5), (-2.45, 5.5), "trunk", 80),
    Road("East Bank Road", "Camino de la Orilla Este", (3.9, -0.5), (3.9, 5.5), "secondary", 60),
)  # fmt: skip

RIVER: tuple[Km, ...] = (
    (1.1, 6.1), (1.3, 5.2), (1.5, 4.5), (2.0, 4.15), (2.6, 3.9), (2.9, 3.0), (2.85, 2.0),
    (3.15, 1.0), (3.35, 0.5), (3.4, -0.2), (3.5, -0.9),
)  # fmt: skip
"""Down to the sea."""
LAKE: Km = (0.35, 3.0)
SEA: tuple[Km, ...] = (
    (-4.5, -0.75), (-2.6, -0.68), (-1.2, -0.64), (0.4, -0.62), (1.6, -0.66), (2.7, -0.64),
    (3.4, -0.72), (4.4, -0.66), (5.4, -0.6), (6.0, 0.2), (6.4, 1.4), (7.5, 2.6), (8.1, 4.4),
    (10.5, 6.0), (12.0, 9.5), (30.0, 14.0), (30.0, -30.0), (-30.0, -30.0), (-30.0, -4.0),
    (-13.0, -2.1), (-8.0, -0.9),
)  # fmt: skip
"""The coast from west to east, and far out around it."""
PARKS: tuple[tuple[str, str, str, tuple[Km, ...]], ...] = (
    ("Harbour Park", "Parque del Puerto", "leisure=park",
     ((0.75, 0.05), (1.35, 0.0), (1.4, 0.4), (0.8, 0.42))),
    ("Mill Meadow", "Pradera del Molino", "leisure=park",
     ((-3.4, 1.7), (-2.6, 1.65), (-2.62, 2.3), (-3.3, 2.35))),
    ("Lake Park", "Parque del Lago", "leisure=park",
     ((-0.45, 2.6), (1.05, 2.58), (1.1, 3.42), (-0.4, 3.4))),
    ("Alder Wood", "Bosque de Alisos", "landuse=forest",
     ((-5.6, 3.8), (-3.8, 3.7), (-3.7, 5.2), (-4.6, 5.6), (-5.7, 5.0))),
    ("Birch Wood", "Bosque de Abedules", "landuse=forest",
     ((4.1, 2.2), (5.4, 2.4), (5.5, 4.6), (4.15, 4.8))),
)  # fmt: skip


def roads() -> list[Road]:
    """Every road of the town."""
    return [*_MAIN, *(road for order, area in enumerate(AREAS) for road in _inside(order, area))]


def avenue_of(area: Area) -> tuple[str, str]:
    """The road that leads through an area from south to north, in English and Spanish."""
    if area.runs_east:
        return f"{area.name} Avenue", f"Avenida {area.es}"
    return area.streets[1]


def _inside(order: int, area: Area) -> Iterator[Road]:
    speed = 20 if area.name in _SLOW else 30
    for lane, (name, es) in enumerate(area.streets):
        across = (lane - 1) * BETWEEN_STREETS
        reach = _EDGE if lane == 1 and not area.runs_east else HALF_STREET
        yield Road(name, es, area.at(-reach, across), area.at(reach, across), speed=speed)
    one_way = area.name in _ONE_WAY
    for (name, es), along in zip(_TREES[2 * order :], (-_CROSS, _CROSS), strict=False):
        ends = (-BETWEEN_STREETS, BETWEEN_STREETS)
        start, end = (area.at(along, across) for across in (ends if along < 0 else ends[::-1]))
        yield Road(name, es, start, end, speed=speed, one_way=one_way)
    if area.runs_east:
        name, es = avenue_of(area)
        yield Road(name, es, area.at(0, -_EDGE), area.at(0, _EDGE), "tertiary", 40)


@dataclass
class Network:
    """Roads with the points that they share where they meet."""

    roads: list[Road]
    lines: list[list[Km]] = field(default_factory=list)
    """The points of each road, from its start to its end."""

    def __post_init__(self) -> None:
        stops: dict[int, set[Km]] = defaultdict(set)
        for one, road in enumerate(self.roads):
            stops[one] |= {road.start, road.end, *_along(road)}
            for other in range(one):
                meeting = _meeting(road, self.roads[other])
                if meeting is not None:
                    stops[one].add(meeting)
                    stops[other].add(meeting)
        self.lines = [_from_start(road, stops[one]) for one, road in enumerate(self.roads)]


def network() -> Network:
    """The roads of the town, joined."""
    return Network(roads())


def banks() -> list[Km]:
    """The outline of the river."""
    left, right = [], []
    for index, place in enumerate(RIVER):
        before, after = RIVER[max(index - 1, 0)], RIVER[min(index + 1, len(RIVER) - 1)]
        angle = math.atan2(after[1] - before[1], after[0] - before[0])
        aside = (-math.sin(angle) * _BANK, math.cos(angle) * _BANK)
        left.append((place[0] + aside[0], place[1] + aside[1]))
        right.append((place[0] - aside[0], place[1] - aside[1]))
    return [*left, *reversed(right)]


def round_shape(middle: Km, east: float, north: float, corners: int = 28) -> list[Km]:
    """An egg around `middle`, so many kilometres wide and high to each side."""
    angles = (2 * math.pi * corner / corners for corner in range(corners))
    return [
        (
            middle[0] + east * math.cos(angle) * (1 + 0.1 * math.sin(3 * angle)),
            middle[1] + north * math.sin(angle),
        )
        for angle in angles
    ]


def _along(road: Road) -> Iterator[Km]:
    (east, north), (end_east, end_north) = road.start, road.end
    pieces = max(1, round((abs(end_east - east) + abs(end_north - north)) / _STEP))
    for piece in range(1, pieces):
        share = piece / pieces
        yield _exact((east + share * (end_east - east), north + share * (end_north - north)))


def _meeting(one: Road, other: Road) -> Km | None:
    """Where two roads meet; None where they do not. Roads in one line meet at their ends."""
    if one.runs_east == other.runs_east:
        shared = {_exact(one.start), _exact(one.end)} & {_exact(other.start), _exact(other.end)}
        return shared.pop() if shared else None
    level, upright = (one, other) if one.runs_east else (other, one)
    east, north = upright.start[0], level.start[1]
    if _is_between(east, level.start[0], level.end[0]) and _is_between(
        north, upright.start[1], upright.end[1]
    ):
        return _exact((east, north))
    return None


def _is_between(value: float, one: float, other: float) -> bool:
    return min(one, other) - 1e-9 <= value <= max(one, other) + 1e-9


def _from_start(road: Road, stops: set[Km]) -> list[Km]:
    exact = {_exact(stop) for stop in stops}
    return sorted(exact, reverse=road.start > road.end)


def _exact(place: Km) -> Km:
    """To ten centimetres: the same crossing has the same numbers on both roads."""
    return round(place[0], 4), round(place[1], 4)
