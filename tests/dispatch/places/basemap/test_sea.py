"""The sea is on the right of every shore, as far as the extract goes."""

from itertools import pairwise

import pytest

from dispatch.places.basemap.sea import Box, areas_of, chained

BOX = Box(0.0, 0.0, 10.0, 10.0)
WHOLE = 100.0
EASTWARD = [(-1.0, 4.0), (5.0, 4.0), (11.0, 4.0)]
"""Land in the north, water in the south."""
ISLAND = [(4.0, 1.0), (6.0, 1.0), (6.0, 3.0), (4.0, 3.0), (4.0, 1.0)]
"""Against the clock: land inside."""
BAY = [(8.0, 11.0), (8.0, 6.0), (2.0, 6.0), (2.0, 11.0)]
"""Land south of it, water towards the north."""
CORNER = [(7.0, -1.0), (7.0, 2.0), (11.0, 2.0)]
"""Water in the south-east."""


def backwards(line):
    return line[::-1]


def area_of(ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def water_of(shores) -> float:
    return sum(
        area_of(outer) - sum(map(area_of, islands)) for outer, *islands in areas_of(shores, BOX)
    )


def test_water_lies_to_the_right():
    assert water_of([EASTWARD]) == pytest.approx(40)
    assert water_of([backwards(EASTWARD)]) == pytest.approx(60)


def test_an_island_is_a_hole_in_the_sea():
    assert water_of([EASTWARD, ISLAND]) == pytest.approx(36)
    assert water_of([ISLAND]) == pytest.approx(96)


def test_a_closed_shore_round_water_is_a_sea():
    assert water_of([backwards(ISLAND)]) == pytest.approx(4)


def test_two_shores_make_a_strait():
    north = [(11.0, 7.0), (-1.0, 7.0)]
    assert water_of([backwards(EASTWARD), backwards(north)]) == pytest.approx(30)


def test_two_shores_make_two_seas():
    assert len(areas_of([EASTWARD, BAY], BOX)) == 2
    assert water_of([EASTWARD, BAY]) == pytest.approx(40 + 24)


@pytest.mark.parametrize(
    "shores",
    [[EASTWARD], [BAY], [CORNER], [EASTWARD, BAY], [BAY, CORNER], [EASTWARD, ISLAND]],
)
def test_what_is_no_land_is_water(shores):
    assert water_of(shores) + water_of([*map(backwards, shores)]) == pytest.approx(WHOLE)


def test_a_shore_that_was_cut_off_near_the_edge_goes_on_to_it():
    assert water_of([[(0.3, 4.0), (9.8, 4.0)]]) == pytest.approx(40)


def test_behind_a_shore_that_ends_in_the_middle_nothing_is_known():
    assert areas_of([[(-1.0, 4.0), (5.0, 4.0)]], BOX) == []
    assert areas_of([EASTWARD, [(5.0, 6.0), (6.0, 6.0)]], BOX) == []


def test_a_missing_shore_is_noticed():
    """Two shores one behind the other, both with water to the south: between them lies what?"""
    assert areas_of([EASTWARD, [(-1.0, 7.0), (11.0, 7.0)]], BOX) == []


def test_no_shore_is_no_sea():
    assert areas_of([], BOX) == []


def test_a_shore_that_leaves_and_comes_back_is_cut():
    out_and_in = [(-1.0, 4.0), (5.0, 4.0), (5.0, -3.0), (8.0, -3.0), (8.0, 4.0), (11.0, 4.0)]
    assert water_of([out_and_in]) == pytest.approx(40 - 12)


def test_an_island_across_the_edge_is_cut():
    across = [(9.0, 5.0), (12.0, 5.0), (12.0, 7.0), (9.0, 7.0), (9.0, 5.0)]
    assert water_of([across]) == pytest.approx(98)


def test_pieces_of_a_shore_are_chained_in_their_direction():
    a, b, c, d = (0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (0.0, 1.0)
    assert chained([[b, c], [a, b]]) == [[a, b, c]]
    assert chained([[a, b], [b, d], [d, a]]) == [[a, b, d, a]]
    assert chained([[a, b], [c, b]]) == [[a, b], [c, b]]
