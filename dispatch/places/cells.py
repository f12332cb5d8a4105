"""The grid of cells: the coarse areas that may be shown where an address may not.

The grid is fixed: rows of about one kilometre of latitude, and in each row columns of about one
kilometre of longitude. A cell is made of several squares: alone, the middle of a square would be
400 m from most doors in it. Without a map that is a block two squares wide and high, with one
whatever holds enough addresses (`grid.py`). With the same map a point always falls into the same
cell, whoever asks and how often, so looking many times tells nothing more than looking once.

A cell takes its name from the nearest public place of its group ("Lakeview Clinic" for the cell
that the clinic lies in, "Lakeview Clinic, 2 km N 1 km E" further out), or failing that shows its
code. Nothing private has a part in a name.
"""

import math
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.people.models import Group
from dispatch.places.models import Cell, Place
from dispatch.places.roads import metres_between
from dispatch.places.sealed import Point

ROW_DEGREES = 0.009
"""Height of a row, degrees of latitude: 1.0 km."""
_LEAST_COSINE = 0.01
"""Columns do not widen any more close to the poles."""
_FARTHEST_NAME = 6
"""A public place more rows or columns away than this does not name a cell."""
_LONGEST_NAME = 80
GRID = "grid"
"""Under this name a session knows the `Grid` of its installation, if it has one."""

Square = tuple[int, int]
"""Row and column of the grid."""


class Grid(Protocol):
    """Says which cell a point falls into."""

    def code_at(self, point: Point) -> str:
        """The code of the cell."""
        ...


def column_degrees(row: int) -> float:
    """Width of the columns of a row, degrees of longitude: 1.0 km.

    From the row and not from a point, so that all points of a row share its columns.
    """
    cosine = math.cos(math.radians((row + 0.5) * ROW_DEGREES))
    return ROW_DEGREES / max(cosine, _LEAST_COSINE)


def square_of(point: Point) -> Square:
    """The square of the grid that `point` falls into."""
    row = math.floor(point[0] / ROW_DEGREES)
    return row, math.floor(point[1] / column_degrees(row))


def code_of(point: Point) -> str:
    """The code of the square that `point` falls into: "5474:-8914"."""
    return code_for([square_of(point)])


def block_of(point: Point) -> str:
    """The code of the block that `point` falls into: two rows, and columns about as wide.

    Columns of two rows do not stand exactly above each other: a square belongs to the block that
    its middle lies in.
    """
    row, column = square_of(point)
    south = row // 2 * 2
    wide = 2 * column_degrees(south)
    block = math.floor(middle_of((row, column))[1] / wide)
    found = []
    for one in (south, south + 1):
        first = math.floor(block * wide / column_degrees(one)) - 1
        found += [
            (one, candidate)
            for candidate in range(first, first + 5)
            if math.floor(middle_of((one, candidate))[1] / wide) == block
        ]
    return code_for(found)


def code_for(squares: Iterable[Square]) -> str:
    """The code of the cell that these squares make: "5474:-8914,5475:-8916"."""
    return ",".join(f"{row}:{column}" for row, column in squares)


def squares_in(code: str) -> list[Square]:
    """The squares that make a cell."""
    return [(int(row), int(column)) for row, column in (one.split(":") for one in code.split(","))]


def middle_of(square: Square) -> Point:
    """The middle of one square, degrees."""
    row, column = square
    return (row + 0.5) * ROW_DEGREES, (column + 0.5) * column_degrees(row)


def centre_of(code: str) -> Point:
    """The middle of the square of a cell that lies most in its middle, degrees."""
    middles = [middle_of(square) for square in squares_in(code)]
    mean = tuple(sum(degrees) / len(middles) for degrees in zip(*middles, strict=True))
    return min(middles, key=lambda middle: (metres_between(middle, mean), middle))


def outlines_of(code: str) -> list[list[Point]]:
    """The corners of each square of a cell, degrees, for drawing it."""
    return [_outline(square) for square in squares_in(code)]


def cell_for(
    session: Session, group: Group, point: Point, *, public_name: str | None = None
) -> Cell:
    """The cell of `group` that holds `point`; its row is made at its first use.

    `public_name` is that of the public place at `point` which is about to be stored, if it is one:
    a cell that is made for it is called after it.
    """
    grid: Grid | None = session.info.get(GRID)
    code = grid.code_at(point) if grid else block_of(point)
    found = _find(session, group, code)
    if found is not None:
        return found
    latitude, longitude = centre_of(code)
    name = (public_name or "")[:_LONGEST_NAME] or _name_for(session, group.id, code)
    cell = Cell(group_id=group.id, code=code, name=name, latitude=latitude, longitude=longitude)
    try:
        with session.begin_nested():
            session.add(cell)
    except IntegrityError:
        # Somebody else made it between our look and our insert: theirs is the one.
        theirs = _find(session, group, code)
        if theirs is None:
            raise
        return theirs
    return cell


def name_the_nameless(session: Session, group: Group) -> None:
    """Give cells that show their code a name, now that there is another public place."""
    for cell in session.scalars(
        select(Cell).where(Cell.group_id == group.id, Cell.name == Cell.code)
    ):
        cell.name = _name_for(session, group.id, cell.code)


def _find(session: Session, group: Group, code: str) -> Cell | None:
    return session.scalars(
        select(Cell).where(Cell.group_id == group.id, Cell.code == code)
    ).one_or_none()


def _outline(square: Square) -> list[Point]:
    row, column = square
    south, north = row * ROW_DEGREES, (row + 1) * ROW_DEGREES
    west, east = (edge * column_degrees(row) for edge in (column, column + 1))
    return [(south, west), (north, west), (north, east), (south, east)]


def _name_for(session: Session, group_id: int, code: str) -> str:
    public = session.execute(
        select(Place.name, Place.latitude, Place.longitude).where(
            Place.group_id == group_id, Place.owner_uid.is_(None), Place.retired_at.is_(None)
        )
    )
    centre = centre_of(code)
    nearest = min(
        (
            (metres_between(centre, (latitude, longitude)), name, (latitude, longitude))
            for name, latitude, longitude in public
        ),
        default=None,
    )
    if nearest is None:
        return code
    _metres, name, point = nearest
    offset = _offset(code, point)
    return code if offset is None else f"{name[: _LONGEST_NAME - len(offset)]}{offset}"


def _offset(code: str, point: Point) -> str | None:
    """How far the cell lies from the cell of `point`, in cells; None when that is too far."""
    if square_of(point) in squares_in(code):
        return ""
    row, column = square_of(centre_of(code))
    north = row - square_of(point)[0]
    east = column - math.floor(point[1] / column_degrees(row))
    if max(abs(north), abs(east)) > _FARTHEST_NAME:
        return None
    parts = [
        f"{abs(steps)} km {letters[steps < 0]}"
        for steps, letters in ((north, "NS"), (east, "EW"))
        if steps
    ]
    return f", {' '.join(parts)}" if parts else ""
