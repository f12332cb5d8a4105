"""What an engine answers."""

import pytest

from dispatch.places.roads.matrix import Basis, Matrix


def test_a_pair_is_unreachable_where_both_ends_lie_on_roads_and_none_joins_them():
    matrix = Matrix([[0, 5, -1], [7, 0, -1], [-1, -1, 0]], Basis.ROAD_MAP)
    assert matrix.unreachable() == [(0, 2), (1, 2), (2, 0), (2, 1)]


def test_a_point_off_the_road_is_told_as_such_and_not_again_by_its_pairs():
    matrix = Matrix([[0, -1, -1], [-1, 0, -1], [-1, -1, 0]], Basis.ROAD_MAP, frozenset({2}))
    assert matrix.unreachable() == [(0, 1), (1, 0)]


@pytest.mark.parametrize("basis", Basis)
def test_only_a_look_at_roads_is_no_estimate(basis):
    assert Matrix([], basis).is_estimate == (basis not in (Basis.ROAD_MAP, Basis.ROAD_SERVER))
