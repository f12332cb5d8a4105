"""The estimate of driving times."""

from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from dispatch.places.roads import Estimate, metres_between

POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(POINTS, POINTS)
def test_distances_agree_with_another_implementation(one, other):
    expected = great_circle(one, other).meters
    assert abs(metres_between(one, other) - expected) <= 1 + expected * 1e-5


def test_nearby_points_are_told_apart_to_the_metre():
    assert 0.9 < metres_between((49.26, -123.12), (49.260009, -123.12)) < 1.1


def test_a_matrix_holds_whole_seconds_and_says_that_it_is_an_estimate():
    points = [(49.26, -123.12), (49.26, -123.12), (49.35, -123.12)]
    matrix = Estimate().matrix(points)
    assert matrix.is_estimate
    assert matrix.seconds[0][1] == matrix.seconds[2][2] == 0
    # 10.0 km as the crow flies: 13.5 km of road at 27 km/h is half an hour.
    assert matrix.seconds[0][2] == matrix.seconds[2][0] == matrix.seconds[1][2]
    assert 1780 < matrix.seconds[0][2] < 1820
    assert all(isinstance(seconds, int) for row in matrix.seconds for seconds in row)


def test_an_empty_matrix_is_a_matrix():
    assert Estimate().matrix([]).seconds == []


def test_minutes_are_rounded_up():
    assert Estimate().minutes_between((49.26, -123.12), (49.26, -123.12)) == 0
    assert Estimate().minutes_between((49.26, -123.12), (49.2601, -123.12)) == 1
    assert Estimate().minutes_between((49.26, -123.12), (49.35, -123.12)) in (30, 31)
