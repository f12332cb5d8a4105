"""Which points can be meant, and how long an address is open."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.places import rules
from dispatch.places.rules import PointTrouble, grant_window, say_trouble, trouble_with
from tests.build import a_group

VANCOUVER = [(49.26, -123.12)]
LONDON = [(51.5, -0.12)]


@pytest.mark.parametrize("point", [(49.3, -123.0), (49.26, -123.12), (51.0, -121.0)])
def test_a_point_near_the_others_is_fine(point):
    assert trouble_with(point, VANCOUVER) is None


def test_the_first_point_of_a_group_may_lie_anywhere_on_earth():
    assert trouble_with((-33.9, 151.2), []) is None


@pytest.mark.parametrize(
    ("point", "usual"),
    [((-123.12, 49.26), VANCOUVER), ((-0.12, 51.5), LONDON), ((-123.12, 49.26), [])],
)
def test_latitude_and_longitude_in_the_wrong_order_are_noticed(point, usual):
    assert trouble_with(point, usual) is PointTrouble.SWAPPED


@pytest.mark.parametrize("point", [(91, 0), (0, 181), (500, -500), (-123.12, 120.0)])
def test_what_is_not_on_the_earth_is_out_of_range(point):
    assert trouble_with(point, LONDON) is PointTrouble.OUT_OF_RANGE


def test_a_point_far_from_all_others_has_to_be_confirmed():
    assert trouble_with((45.5, -73.6), VANCOUVER) is PointTrouble.FAR
    assert trouble_with((45.5, -73.6), [*VANCOUVER, (45.0, -74.0)]) is None


def test_an_address_is_open_from_before_the_pickup_until_after_the_drop_off(session):
    group = a_group(session, grant_before_minutes=90, grant_after_minutes=15)
    pickup = datetime(2027, 3, 9, 18, 0, tzinfo=UTC)
    dropoff = pickup + timedelta(minutes=20)
    assert grant_window(group, pickup_at=pickup, dropoff_at=dropoff) == (
        pickup - timedelta(minutes=90),
        dropoff + timedelta(minutes=15),
    )


@pytest.mark.parametrize("point", [(90, 180), (-90, -180), (0, 0)])
def test_the_edges_of_the_earth_are_on_it(point):
    assert trouble_with(point, []) is None


def test_what_lies_just_as_far_as_may_be_is_near(monkeypatch):
    monkeypatch.setattr(rules, "metres_between", lambda _one, _other: 300_000)
    assert trouble_with((45.5, -73.6), VANCOUVER) is None


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (
            PointTrouble.OUT_OF_RANGE,
            "Latitude goes from -90 to 90, longitude from -180 to 180.",
        ),
        (PointTrouble.SWAPPED, "Latitude and longitude look swapped."),
        (
            PointTrouble.FAR,
            "This is more than 300 km from every other place of the group. "
            "Confirm that it is meant, or move the pin.",
        ),
    ],
)
def test_each_trouble_is_said(trouble: PointTrouble, said: str):
    assert say_trouble(trouble) == said
