"""What the map tells about a dropped pin."""

import pytest

from dispatch.places.gazetteer.pins import PinTrouble, nearest, trouble_with
from tests.dispatch.places.gazetteer.town import SOUTH, WEST


def test_the_nearest_address_is_offered(edition):
    found = nearest(edition, (SOUTH + 0.0003, WEST + 0.0011))
    assert found.label == "1201 Wealthy Street Southeast, Grand Bend 49506"


def test_no_address_is_offered_from_far_away(edition):
    assert nearest(edition, (SOUTH + 0.05, WEST)) is None


@pytest.mark.parametrize(
    ("point", "trouble"),
    [
        ((SOUTH + 0.001, WEST), None),
        ((SOUTH + 0.021, WEST + 0.001), PinTrouble.WATER),
        ((SOUTH + 1, WEST), PinTrouble.OUTSIDE),
        ((WEST, SOUTH + 0.001), PinTrouble.SWAPPED),
    ],
)
def test_a_pin_where_nobody_lives_is_noticed(edition, point, trouble):
    assert trouble_with(edition, point) is trouble
