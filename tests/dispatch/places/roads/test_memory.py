"""Matrices that were asked for lately."""

import gc

import pytest

from dispatch.places.roads.matrix import Basis, Matrix
from dispatch.places.roads.memory import KEPT, Memory

A, B, C, D = ((49.0 + index / 100, -123.0) for index in range(4))
MATRIX = Matrix([[0, 1, -1], [2, 0, -1], [-1, -1, 0]], Basis.ROAD_MAP, frozenset({2}))


class Clock:
    """Shows what a test says."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def memory(clock):
    kept = Memory(most=20, clock=clock)
    kept.keep("1", [A, B, C], MATRIX)
    return kept


def test_what_was_kept_is_found(memory):
    assert memory.find("1", [A, B, C]) == MATRIX


def test_some_of_its_points_in_another_order_are_found_too(memory):
    assert memory.find("1", [B, A]) == Matrix([[0, 2], [1, 0]], Basis.ROAD_MAP)
    assert memory.find("1", [C, B]) == Matrix([[0, -1], [-1, 0]], Basis.ROAD_MAP, frozenset({0}))


def test_a_point_more_is_not_found(memory):
    assert memory.find("1", [A, D]) is None


def test_another_map_has_times_of_its_own(memory):
    assert memory.find("2", [A, B]) is None


def test_after_a_while_it_is_forgotten(memory, clock):
    clock.at = KEPT - 1
    assert memory.find("1", [A])
    clock.at = KEPT
    assert memory.find("1", [A]) is None


def test_what_was_used_longest_ago_gives_way(memory):
    pair = Matrix([[0, 3], [3, 0]], Basis.ROAD_MAP)
    memory.keep("1", [A, D], pair)
    memory.keep("1", [B, D], pair)
    assert memory.find("1", [A, B, C])
    memory.keep("1", [C, D], pair)
    assert memory.find("1", [A, D]) is None
    assert memory.find("1", [A, B, C])
    assert memory.find("1", [C, D])


def test_what_is_larger_than_all_room_is_not_kept(memory):
    large = Matrix([[0] * 5 for _ in range(5)], Basis.ROAD_MAP)
    memory.keep("1", [A, B, C, D, (0.0, 0.0)], large)
    assert memory.find("1", [A, D]) is None


def test_it_holds_no_coordinates(memory):
    reached, waiting = set(), [memory]
    while waiting:
        one = waiting.pop()
        if id(one) in reached or isinstance(one, type):
            continue
        reached.add(id(one))
        assert not isinstance(one, float) or one not in {*A, *B, *C}
        waiting += gc.get_referents(one)
    assert len(reached) > 20
