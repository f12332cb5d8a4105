"""Where on earth a group is, before it has any place."""

import pytest

from dispatch.people import forms
from dispatch.people.middle import HALF_HEIGHT, area_of, middle_of
from dispatch.people.models import Group


def a_group_in(time_zone: str, **values: float) -> Group:
    """A group that is not stored."""
    return Group(name="Alder Bay Rides", time_zone=time_zone, **values)


def test_what_a_steward_chose_is_the_middle():
    assert middle_of(a_group_in("America/Vancouver", latitude=49.5, longitude=-122.5)) == (
        49.5,
        -122.5,
    )


@pytest.mark.parametrize(
    ("zone", "near"),
    [
        ("America/Vancouver", (49.3, -123.1)),
        ("Australia/Sydney", (-33.9, 151.2)),
        ("America/Argentina/Buenos_Aires", (-34.6, -58.5)),
    ],
)
def test_else_it_is_the_city_of_the_time_zone(zone: str, near: tuple[float, float]):
    assert middle_of(a_group_in(zone)) == pytest.approx(near, abs=0.1)


def test_the_area_is_twenty_kilometres_wide_and_called_after_the_group():
    middle = (60.0, 10.0)
    [square] = area_of(a_group_in("Europe/Oslo", latitude=60.0, longitude=10.0))["cells"]
    north, east = (max(point[axis] for point in square["squares"][0]) for axis in (0, 1))
    assert square["name"] == "Alder Bay Rides"
    assert north - middle[0] == pytest.approx(HALF_HEIGHT)
    assert east - middle[1] == pytest.approx(2 * HALF_HEIGHT, rel=0.01)


def test_a_zone_without_a_city_draws_nothing():
    assert area_of(a_group_in("Etc/UTC"))["cells"] == []


def test_most_zones_that_can_be_chosen_have_a_city():
    zones = [zone for one in forms.time_zones() for zone, _said in one["options"]]
    known = [zone for zone in zones if middle_of(a_group_in(zone))]
    assert len(known) > 0.8 * len(zones)
