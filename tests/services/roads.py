"""The road engine: there with its package, on Pythons that have one; and a small town's roads.

N1 ---> N2          one way only, northwards from W1 and southwards to W2
|        |
W0 - W1 - W2 - W3   Water Street, 500 m from point to point
                    (the sea)
S0 - S1             an island without a bridge
"""

import sys
from pathlib import Path

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from dispatch.places.roads import building, programs
from tests import gaps

HAS_WHEEL = sys.version_info >= (3, 12)


def is_installed() -> bool:
    """Whether this Python has the engine's programs."""
    return programs.find(None) is not None


GROUP = gaps.declare(
    "road engine",
    gaps.Group(
        "road engine",
        is_installed,
        "install osrm-bindings, which Python 3.11 cannot have: take 3.12 or newer",
        is_ours=HAS_WHEEL,
    ),
)

STEP = 0.00687
"""Degrees of longitude: 500 m at this latitude."""
LAT, LON = 49.26, -123.12
W0, W1, W2, W3 = ((LAT, LON + index * STEP) for index in range(4))
N1, N2 = (LAT + 0.0045, W1[1]), (LAT + 0.0045, W2[1])
S0, S1 = (LAT - 0.03, W0[1]), (LAT - 0.03, W1[1])
IN_THE_SEA = LAT - 0.015, LON
"""1.7 km from any road."""
_POINTS = dict(enumerate((W0, W1, W2, W3, N1, N2, S0, S1), start=1))
_WAYS = (
    ((1, 2, 3, 4), "residential", {}),
    ((2, 5, 6, 3), "residential", {"oneway": "yes"}),
    ((7, 8), "residential", {}),
)


def write_town(path: Path, *, highway: str | None = None, lines_first: bool = False) -> Path:
    """The town as an extract; with `highway`, that is what every street is."""
    points = [
        Node(id=number, version=1, location=(longitude, latitude))
        for number, (latitude, longitude) in _POINTS.items()
    ]
    lines = [
        Way(id=number, version=1, nodes=nodes, tags={"highway": highway or kind, **tags})
        for number, (nodes, kind, tags) in enumerate(_WAYS, start=1)
    ]
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        if lines_first:
            for line in lines:
                writer.add_way(line)
        for point in points:
            writer.add_node(point)
        if not lines_first:
            for line in lines:
                writer.add_way(line)
    return path


@pytest.fixture(scope="session")
def town_roads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine's files of the town: to be copied or linked, never changed."""
    gaps.require(GROUP)
    folder = tmp_path_factory.mktemp("town")
    extract = write_town(folder / "town.osm.pbf")
    building.build(extract, folder / "roads", lambda step, share: None)
    return folder / "roads"
