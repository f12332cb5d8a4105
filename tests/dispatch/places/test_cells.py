"""The grid: the same point always shows the same, and nothing private names it."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String, select, type_coerce

from dispatch import i18n
from dispatch.db.transactions import vault_of
from dispatch.places.cells import (
    block_of,
    cell_for,
    centre_of,
    code_of,
    middle_of,
    name_the_nameless,
    outlines_of,
    square_of,
    squares_in,
)
from dispatch.places.models import Cell, Place, PlaceKind
from dispatch.places.roads import metres_between
from dispatch.places.sealed import Address, seal_into
from tests.build import a_group, a_public_place

POINTS = st.tuples(st.floats(-85, 85), st.floats(-180, 180))


@given(POINTS)
def test_a_cell_is_about_a_kilometre_wide_and_holds_its_point(point):
    code = code_of(point)
    ((south_west, north_west, north_east, south_east),) = outlines_of(code)
    assert south_west[0] - 1e-9 <= point[0] <= north_west[0] + 1e-9
    assert south_west[1] - 1e-9 <= point[1] <= south_east[1] + 1e-9
    assert 900 < metres_between(south_west, north_west) < 1100
    middle = [(south_west[0] + north_west[0]) / 2, south_west[1]]
    assert 900 < metres_between(tuple(middle), (middle[0], north_east[1])) < 1100


@given(POINTS)
def test_the_centre_of_a_cell_lies_in_it(point):
    assert code_of(centre_of(code_of(point))) == code_of(point)


def shown(place: Place) -> tuple:
    """Everything about a private place that a page may show or a list may hold."""
    return place.shown_as, place.coarse_point, place.cell.code, place.cell_id, place.kind


PART = st.floats(0.001, 0.999)


@given(POINTS, PART, PART)
def test_every_point_within_the_outline_falls_into_the_cell(point, up, right):
    code = code_of(point)
    (((south, west), _nw, (north, east), _se),) = outlines_of(code)
    assert code_of((south + up * (north - south), west + right * (east - west))) == code


def test_two_homes_in_one_cell_show_the_same(session):
    group = a_group(session)
    homes = []
    for line, point in (("48 Larch Row", (49.271, -123.112)), ("3 Elm Ct", (49.2711, -123.1118))):
        place = Place(
            group_id=group.id,
            kind=PlaceKind.HOME,
            owner_uid=group.uid,
            cell=cell_for(session, group, point),
        )
        seal_into(place, Address(line=line), point, vault_of(session))
        session.add(place)
        homes.append(place)
    session.flush()
    assert shown(homes[0]) == shown(homes[1])
    assert homes[0].coarse_point not in ((49.271, -123.112), (49.2711, -123.1118))


def test_a_cell_is_made_once(any_session):
    group = a_group(any_session)
    first = cell_for(any_session, group, (49.2710, -123.1120))
    assert cell_for(any_session, group, (49.2711, -123.1119)) is first
    assert len(any_session.scalars(select(Cell)).all()) == 1


def test_each_group_has_cells_of_its_own(session):
    one, other = a_group(session), a_group(session)
    cells = [cell_for(session, group, (49.271, -123.112)) for group in (one, other)]
    assert cells[0].code == cells[1].code
    assert cells[0].id != cells[1].id


def test_a_cell_is_named_after_the_public_place_in_it(session):
    group = a_group(session)
    a_public_place(session, group, "Lakeview Clinic", (49.2601, -123.1201))
    assert cell_for(session, group, (49.2603, -123.1203)).name == "Lakeview Clinic"


def test_a_cell_further_out_says_how_far_from_the_nearest_public_place(session):
    group = a_group(session)
    a_public_place(session, group, "Lakeview Clinic", (49.2601, -123.1201))
    a_public_place(session, group, "Far Court", (49.40, -123.1201))
    assert cell_for(session, group, (49.2801, -123.1201)).name == "Lakeview Clinic, 1 km N"
    assert cell_for(session, group, (49.2511, -123.136)).name == "Lakeview Clinic, 1 km S 1 km W"


def test_a_cell_is_read_in_the_language_of_the_page_and_stored_in_one(session):
    group = a_group(session)
    a_public_place(session, group, "Lakeview Clinic", (49.2601, -123.1201))
    cell = cell_for(session, group, (49.2511, -123.136))
    session.flush()
    named, stored = (
        select(column).where(Cell.id == cell.id)
        for column in (Cell.name, type_coerce(Cell.name, String))
    )
    session.expire(cell)
    with i18n.speaking("es"):
        assert cell.name == "Lakeview Clinic, 1 km S 1 km O"
        assert session.scalar(named) == "Lakeview Clinic, 1 km S 1 km O"
    assert session.scalar(stored) == "Lakeview Clinic, 1 km S 1 km W"


def test_a_cell_far_from_anything_public_shows_its_code(session):
    group = a_group(session)
    a_public_place(session, group, "Lakeview Clinic", (49.2601, -123.1201))
    cell = cell_for(session, group, (49.40, -123.12))
    assert cell.name == cell.code == block_of((49.40, -123.12))


def test_a_cell_without_a_name_gets_one_with_the_first_public_place(session):
    group = a_group(session)
    cell = cell_for(session, group, (49.2601, -123.1201))
    assert cell.name == cell.code
    a_public_place(session, group, "Lakeview Clinic", (49.2603, -123.1203))
    name_the_nameless(session, group)
    assert cell.name == "Lakeview Clinic"


def test_the_place_of_another_group_names_nothing(session):
    group, other = a_group(session), a_group(session)
    a_public_place(session, other, "Lakeview Clinic", (49.2601, -123.1201))
    assert cell_for(session, group, (49.2601, -123.1201)).name == block_of((49.2601, -123.1201))


def test_the_longest_name_of_a_place_still_fits(session):
    group = a_group(session)
    a_public_place(session, group, "Ω" * 120, (49.2601, -123.1201))
    name = cell_for(session, group, (49.2801, -123.1201)).name
    assert len(name) == 80
    assert name.endswith("Ω, 1 km N")


@given(st.floats(-60, 70), st.floats(-179, 179))
def test_every_point_lies_in_its_block_and_a_block_is_two_squares_wide(latitude, longitude):
    point = (latitude, longitude)
    squares = squares_in(block_of(point))
    assert square_of(point) in squares
    assert {row for row, _column in squares} == {square_of(point)[0] // 2 * 2 + up for up in (0, 1)}
    assert 2 <= len(squares) <= 6


@given(st.floats(-60, 70), st.floats(-179, 179))
def test_every_square_of_a_block_says_that_it_is_in_it(latitude, longitude):
    code = block_of((latitude, longitude))
    assert {block_of(middle_of(square)) for square in squares_in(code)} == {code}
