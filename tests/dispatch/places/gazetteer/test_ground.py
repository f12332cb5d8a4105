"""Small arithmetic on the ground."""

import pytest

from dispatch.places.gazetteer import ground
from dispatch.places.roads import metres_between

LINE = [(42.0, -85.0), (42.0, -84.99), (42.01, -84.99)]


def test_metres_are_those_of_the_great_circle():
    one, other = (42.0, -85.0), (42.003, -85.004)
    assert ground.metres(one, other) == pytest.approx(metres_between(one, other), rel=1e-3)


def test_a_line_is_stored_and_read_again():
    assert ground.unpack(ground.pack(LINE)) == LINE


def test_half_way_along_a_line_is_half_its_metres():
    middle = ground.along(LINE, 0.5)
    first = ground.foot(LINE, middle)[0]
    whole = ground.metres(*LINE[:2]) + ground.metres(*LINE[1:])
    assert first == pytest.approx(whole / 2, abs=1)
    assert ground.along(LINE, 0.0) == LINE[0]
    assert ground.along(LINE, 1.0) == pytest.approx(LINE[-1])


def test_the_foot_of_a_point_says_how_far_off_it_stands():
    metre, off = ground.foot(LINE, (42.0009, -84.995))
    assert metre == pytest.approx(ground.metres((42.0, -85.0), (42.0, -84.995)), abs=1)
    assert off == pytest.approx(100, abs=1)


def test_neighbouring_squares_are_around_each_other():
    here = ground.square_of((42.0001, -85.0001))
    near = ground.square_of((42.0001 + ground.SQUARE, -85.0001 - ground.SQUARE))
    far = ground.square_of((42.0001 + 3 * ground.SQUARE, -85.0001))
    assert near in ground.squares_around(here)
    assert far not in ground.squares_around(here)
    assert far in ground.squares_around(here, 3)


def test_a_straight_line_passes_through_every_square_on_its_way():
    squares = {ground.square_of(one) for one in ground.steps([(42.0, -85.0), (42.0, -84.9)])}
    assert len(squares) >= 25


def test_a_closed_line_holds_what_lies_inside():
    shore = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0), (0.0, 0.0)]
    assert ground.holds(shore, (1.0, 1.0))
    assert not ground.holds(shore, (1.0, 3.0))
