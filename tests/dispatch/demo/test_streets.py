"""The streets of the town: joined, named in two languages, with few ways over the river."""

from collections import defaultdict
from itertools import pairwise

import pytest

from dispatch.demo import streets
from dispatch.demo.streets import Network, Road
from dispatch.demo.town import AREAS


@pytest.fixture(scope="module")
def network() -> Network:
    return streets.network()


def reached(network: Network, without_bridges: bool = False) -> set:
    """The joints that can be driven to from the first street, one-way streets as they run."""
    following = defaultdict(set)
    for road, line in zip(network.roads, network.lines, strict=True):
        if road.bridge and without_bridges:
            continue
        for one, other in pairwise(line):
            following[one].add(other)
            if not road.one_way:
                following[other].add(one)
    seen, waiting = set(), [network.lines[0][0]]
    while waiting:
        joint = waiting.pop()
        if joint not in seen:
            seen.add(joint)
            waiting += following[joint]
    return seen


def test_every_street_can_be_driven_to(network):
    assert reached(network) == {joint for line in network.lines for joint in line}


def test_without_the_bridges_one_bank_is_cut_off(network):
    missing = reached(network) - reached(network, without_bridges=True)
    assert len(missing) > 100
    assert sum(road.bridge for road in network.roads) == 2


def test_no_road_but_a_bridge_crosses_the_river(network):
    for road, line in zip(network.roads, network.lines, strict=True):
        crosses = any(
            _cross(a, b, c, d) for a, b in pairwise(line) for c, d in pairwise(streets.RIVER)
        )
        assert crosses == road.bridge, road.name


def test_two_roads_that_cross_share_a_point(network):
    level = Road("One", "Uno", (0.0, 0.0), (1.0, 0.0))
    upright = Road("Two", "Dos", (0.37, -1.0), (0.37, 1.0))
    lines = Network([level, upright]).lines
    assert set(lines[0]) & set(lines[1]) == {(0.37, 0.0)}
    assert lines[0] == sorted(lines[0])
    assert set(Network([level, Road("Far", "Lejos", (2.0, -1.0), (2.0, 1.0))]).lines[0]) == {
        (round(at / 10, 4), 0.0) for at in range(11)
    }


def test_every_street_has_a_name_in_both_languages(network):
    names = {(road.name, road.es) for road in network.roads}
    assert all(name and es and name != es for name, es in names)
    assert len({name for name, _es in names}) == len(names) == len({es for _name, es in names})


def test_some_streets_are_one_way_and_speeds_differ(network):
    assert sum(road.one_way for road in network.roads) == 6
    assert {road.speed for road in network.roads} == {20, 30, 40, 50, 60, 80}


def test_every_area_has_an_avenue(network):
    names = {road.name for road in network.roads}
    assert {streets.avenue_of(area)[0] for area in AREAS} <= names


def _cross(a, b, c, d) -> bool:
    def side(one, other, point):
        east, north = other[0] - one[0], other[1] - one[1]
        return east * (point[1] - one[1]) - north * (point[0] - one[0]) > 0

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)
