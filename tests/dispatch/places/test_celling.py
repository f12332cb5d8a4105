"""Places in the cells of a new map."""

import pytest

from dispatch.db.transactions import vault_of
from dispatch.places import cells
from dispatch.places.celling import put_into_cells
from dispatch.places.cells import GRID
from dispatch.places.models import Place, PlaceKind
from dispatch.places.sealed import Address, point_of, seal_into
from tests.build import a_group

POINT = (49.271, -123.112)


class AllOne:
    """Cells of a map on which two squares are one cell."""

    def code_at(self, point):
        own = cells.square_of(point)
        return cells.code_for([own, (own[0], own[1] + 1)])


@pytest.fixture
def home(any_session, now):
    group = a_group(any_session)
    place = Place(
        group_id=group.id,
        kind=PlaceKind.HOME,
        owner_uid=group.uid,
        cell=cells.cell_for(any_session, group, POINT),
    )
    seal_into(place, Address(line="48 Larch Row"), POINT, vault_of(any_session))
    any_session.add(place)
    any_session.flush()
    return place


def test_every_place_moves_into_the_cell_of_the_map_and_its_point_stays(
    any_session, home, monkeypatch
):
    monkeypatch.setitem(any_session.info, GRID, AllOne())
    assert put_into_cells(any_session) == 1
    assert len(cells.squares_in(home.cell.code)) == 2
    assert point_of(home, vault_of(any_session)) == POINT
    assert put_into_cells(any_session) == 0


def test_a_place_that_was_given_up_keeps_its_cell(any_session, home, now, monkeypatch):
    home.retired_at = now
    monkeypatch.setitem(any_session.info, GRID, AllOne())
    assert put_into_cells(any_session) == 0


def test_a_place_whose_key_is_gone_is_left_as_it_is(any_session, home, monkeypatch):
    vault_of(any_session).keys.destroy(home.owner_uid)
    monkeypatch.setitem(any_session.info, GRID, AllOne())
    assert put_into_cells(any_session) == 0
