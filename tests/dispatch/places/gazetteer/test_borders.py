"""Which border a point lies within."""

import random

import pytest

from dispatch.places.gazetteer.areas import BorderKind
from dispatch.places.gazetteer.borders import Border, Borders
from dispatch.places.gazetteer.ground import SQUARE, area_holds, column_of, row_of
from dispatch.places.gazetteer.staging import Staging

HERE = (42.96, -85.66)


def a_ring(chance: random.Random) -> list[tuple[float, float]]:
    """A closed line of many corners around some place near here."""
    middle = HERE[0] + chance.uniform(-0.02, 0.02), HERE[1] + chance.uniform(-0.02, 0.02)
    corners = [
        (middle[0] + chance.uniform(-0.03, 0.03), middle[1] + chance.uniform(-0.03, 0.03))
        for _ in range(12)
    ]
    return [*corners, corners[0]]


def a_border(rings) -> Border:
    border = Border(1, BorderKind.TOWN, is_known=True)
    for ring in rings:
        border.add(ring)
    return border


def test_a_border_holds_what_its_rings_hold():
    chance = random.Random(7)  # noqa: S311 -- seeded made-up borders
    held = 0
    for _ in range(40):
        rings = [a_ring(chance) for _ in range(chance.randrange(1, 3))]
        border = a_border(rings)
        for _ in range(40):
            point = HERE[0] + chance.uniform(-0.06, 0.06), HERE[1] + chance.uniform(-0.06, 0.06)
            assert border.holds(point) is area_holds(rings, point)
            held += border.holds(point)
    assert held > 50


def test_a_square_that_no_border_cuts_lies_on_one_side():
    chance = random.Random(7)  # noqa: S311 -- seeded made-up borders
    whole = 0
    for _ in range(40):
        border = a_border([a_ring(chance)])
        row = row_of(HERE[0]) + chance.randrange(-8, 8)
        column = column_of(HERE[1]) + chance.randrange(-8, 8)
        corner = row * SQUARE - 90, column * SQUARE - 180
        inner = [
            (share * SQUARE, other * SQUARE) for share in (0.01, 0.99) for other in (0.01, 0.99)
        ]
        sides = {border.holds((corner[0] + lat, corner[1] + lon)) for lat, lon in inner}
        if not border.cuts(row, column):
            whole += 1
            assert len(sides) == 1
    assert whole > 10


@pytest.fixture
def staging(tmp_path):
    opened = Staging(tmp_path / "staged.db")
    yield opened
    opened.close()


def test_a_border_across_many_squares_is_found_everywhere_within(staging):
    corners = [(42.0, -86.0), (42.0, -85.0), (44.0, -85.0), (44.0, -86.0), (42.0, -86.0)]
    staging.border("Kent", BorderKind.TOWN, [corners])
    staging.settle()
    borders = Borders(staging.database, lambda _name, _kind: (5, True))
    assert borders.towns == {5}
    for point in ((42.001, -85.999), (43.999, -85.001), (43.0, -85.5)):
        assert borders.around(point, quarters=False) == 5
        assert borders.around(point, quarters=True) is None
    assert borders.around((44.001, -85.5), quarters=False) is None
    assert borders.cut((42.001, -85.5))
    assert not borders.cut((43.0, -85.5))


def test_what_is_no_town_is_left_out(staging):
    staging.border("Kent", BorderKind.REGION, [[HERE, (43, -85.66), (43, -85.6), HERE]])
    staging.settle()
    borders = Borders(staging.database, lambda _name, _kind: None)
    assert borders.towns == frozenset()
    assert borders.around((42.99, -85.65), quarters=False) is None
