"""Cells of enough known addresses: none too empty, the same for everybody."""

import math
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.places import cells, editions, grid
from dispatch.places.gazetteer.store import path_in
from dispatch.places.grid import CellsOfMap
from dispatch.places.importing import import_file
from dispatch.places.roads import metres_between
from tests.dispatch.places.gazetteer.conftest import silent
from tests.dispatch.places.gazetteer.town import Town

LAT, LON = 49.27, -123.11
SQUARES = st.dictionaries(
    st.tuples(st.integers(5470, 5482), st.integers(-8920, -8908)), st.integers(1, 9), min_size=1
)


def at(north: float, east: float) -> tuple[float, float]:
    """A point so many kilometres away from the middle of a square."""
    middle = cells.middle_of(cells.square_of((LAT, LON)))
    return middle[0] + north * cells.ROW_DEGREES, middle[1] + east * cells.ROW_DEGREES / math.cos(
        math.radians(LAT)
    )


@pytest.fixture
def known(tmp_path):
    """A function: the cells of a map that knows so many addresses at points."""

    def carry_out(*places, least=5):
        rows = ["number,street,lon,lat"]
        for street, (point, count) in enumerate(places):
            rows += [f"{n},{street}th Street,{point[1]},{point[0]}" for n in range(1, count + 1)]
        (tmp_path / "county.csv").write_text("\n".join(rows))
        import_file(tmp_path / "county.csv", tmp_path, silent, {}, least=least)
        return CellsOfMap(path_in(tmp_path))

    return carry_out


@given(SQUARES, st.integers(1, 12))
def test_every_cell_has_enough_addresses_unless_there_are_too_few_at_all(squares, least):
    codes = grid.joined(squares, least)
    assert set(codes) == set(squares)
    in_cell = Counter()
    for square, code in codes.items():
        in_cell[code] += squares[square]
    if sum(squares.values()) >= least:
        assert min(in_cell.values()) >= least
    else:
        assert len(in_cell) == 1


@given(SQUARES, st.integers(1, 12))
def test_a_code_names_the_squares_that_are_in_the_cell(squares, least):
    codes = grid.joined(squares, least)
    for code in set(codes.values()):
        assert {square for square, its in codes.items() if its == code} == set(
            cells.squares_in(code)
        )


@given(SQUARES, st.randoms(use_true_random=False))
def test_the_same_map_gives_the_same_cells_in_whatever_sequence_it_is_read(squares, chance):
    mixed = list(squares.items())
    chance.shuffle(mixed)
    assert grid.joined(dict(mixed), 5) == grid.joined(squares, 5)


def test_squares_with_enough_addresses_are_joined_until_the_cell_is_wide():
    squares = {(5474, -8914): 5, (5474, -8913): 7, (5474, -8912): 8}
    assert len(set(grid.joined(squares, 5).values())) == 1
    wide = {(5474 + row, -8914 + column): 9 for row in range(8) for column in range(8)}
    sizes = Counter(grid.joined(wide, 5).values()).values()
    assert grid.LEAST_SQUARES <= min(sizes) <= max(sizes) <= 2 * grid.LEAST_SQUARES


def test_a_sparse_cell_is_joined_with_the_nearest_and_no_other():
    near = {(5474, -8914 + east): 1 for east in range(4)}
    full = {(5474, -8908 + east): 9 for east in range(4)}
    far = {(5474, -8880 + east): 9 for east in range(4)}
    codes = grid.joined({**near, **full, **far}, 5)
    assert codes[5474, -8914] == codes[5474, -8908] != codes[5474, -8880]


def test_two_full_squares_far_from_each_other_stay_two():
    villages = {(5474, -8914): 9, (5474, -8908): 9}
    assert grid.joined(villages, 5) == {one: cells.code_for([one]) for one in villages}


def test_a_cell_does_not_grow_without_end():
    squares = {(5400 + row, -8914): 1 for row in range(100)}
    codes = grid.joined(squares, 10_000)
    sizes = Counter(codes.values()).values()
    assert max(sizes) == grid.MOST_SQUARES
    assert sum(sizes) == 100


def test_a_point_falls_into_the_joined_cell_of_the_map(known):
    few, many = at(0, 0), at(0, 1)
    cells_of_map = known((few, 2), (many, 8))
    code = cells_of_map.code_at(few)
    assert code == cells_of_map.code_at(many)
    assert len(cells.squares_in(code)) == 2


def test_where_no_address_is_known_the_nearest_cell_is_shown(known):
    cells_of_map = known((at(0, 0), 8), (at(0, 6), 8))
    for north, east in ((0, 1), (1, 2), (-2, 0)):
        assert cells_of_map.code_at(at(north, east)) == cells.code_of(at(0, 0))
    assert cells_of_map.code_at(at(0, 5)) == cells.code_of(at(0, 6))


def test_far_from_every_known_address_a_block_is_a_cell(known):
    far = (LAT + 20, LON)
    assert known((at(0, 0), 8)).code_at(far) == cells.block_of(far)


def test_without_a_map_every_block_is_a_cell(tmp_path):
    assert CellsOfMap(path_in(tmp_path)).code_at((LAT, LON)) == cells.block_of((LAT, LON))


def test_a_newer_map_is_used_at_once(known):
    cells_of_map = known((at(0, 0), 8), (at(0, 1), 2))
    before = cells_of_map.code_at(at(0, 0))
    known((at(0, 3), 8))
    assert before != cells_of_map.code_at(at(0, 0)) == cells_of_map.code_at(at(0, 3))


def test_several_threads_may_ask(known):
    cells_of_map, found = known((at(0, 0), 8)), []
    threads = [
        threading.Thread(target=lambda: found.append(cells_of_map.code_at(at(0, 0))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [cells.code_of(at(0, 0))] * 8


def test_the_middle_of_a_cell_is_the_middle_of_one_of_its_squares():
    code = "5474:-8914,5475:-8916,5480:-8914"
    middles = [cells.middle_of(square) for square in cells.squares_in(code)]
    assert cells.centre_of(code) in middles
    assert metres_between(cells.centre_of(code), middles[2]) > 1_000


def test_an_import_says_how_many_cells_there_are(tmp_path, known):
    known((at(0, 0), 8), (at(0, 3), 2))
    said = import_file(tmp_path / "county.csv", tmp_path, silent, {}, least=2)
    assert "2 cells, each with 2 known addresses or more." in said
    assert editions.current(tmp_path).exists()


def test_a_map_with_hardly_an_address_leaves_the_blocks_as_they_are(tmp_path):
    town = Town()
    for street in range(40):
        north = LAT + street * 0.001
        town.road((north, LON), (north, LON + 0.01), name=f"{street}th Street")
    town.house(LAT, LON, "1", "1th Street")
    said = import_file(town.write(tmp_path / "town.osm.pbf"), tmp_path, silent, {})
    assert any("Only 1 of 40 streets have a known address" in line for line in said)
    point = (LAT + 0.03, LON)
    assert CellsOfMap(path_in(tmp_path)).code_at(point) == cells.block_of(point)
