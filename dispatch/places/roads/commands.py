"""The command about driving times: points in a file, seconds between them out."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from typing import TextIO

import click

from dispatch import config
from dispatch.places.roads.by_road import ByRoad
from dispatch.places.roads.matrix import NO_ROAD, Matrix
from dispatch.places.roads.words import basis_sentence
from dispatch.places.sealed import Point

_LATITUDE = ("lat", "latitude")
_LONGITUDE = ("lon", "lng", "long", "longitude")
_MOST_TOLD = 10
"""Rows that are named one by one."""


class _BadRow(click.ClickException):
    """A row that is no point; ends like any other misuse."""

    exit_code = 2


@click.command()
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="Where the data live; DISPATCH_DATA if not given, else .data/main beside the program.",
)
@click.argument("file", type=click.File(encoding="utf-8-sig", errors="replace"))
def times(data_dir: str | None, file: TextIO) -> None:
    """Say how many seconds driving takes between the points of FILE, a CSV of lat,lon rows.

    A first row with the names of the columns may be there. The matrix is JSON on standard output,
    a row for each point; null where no road leads. What the times stand on, and which points are
    on no road, is said on standard error. With - for FILE, the rows come from standard input.
    """
    points = list(_points(file))
    settings = config.load(data_dir)
    engine = ByRoad(settings)
    try:
        with redirect_stdout(sys.stderr):  # what is logged meanwhile is not part of the answer
            matrix = engine.matrix(points)
    finally:
        engine.end()
    for line in _notes(matrix, settings.snap_metres):
        click.echo(line, err=True)
    rows = [[None if one == NO_ROAD else one for one in row] for row in matrix.seconds]
    click.echo(json.dumps(rows))


def _points(rows: Iterable[str]) -> Iterator[Point]:
    """The points of the rows.

    Raises
        _BadRow: one of them holds none.
    """
    columns = 0, 1
    for number, row in enumerate(csv.reader(rows), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if number == 1 and (named := _columns(cells)):
            columns = named
            continue
        yield _point(cells, columns, number)


def _columns(head: list[str]) -> tuple[int, int] | None:
    """Which columns hold latitude and longitude, if `head` names them."""
    names = [name.lower() for name in head]
    latitude = next((names.index(name) for name in _LATITUDE if name in names), None)
    longitude = next((names.index(name) for name in _LONGITUDE if name in names), None)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _point(cells: list[str], columns: tuple[int, int], number: int) -> Point:
    try:
        latitude, longitude = (float(cells[column]) for column in columns)
    except (ValueError, IndexError):
        raise _BadRow(f"Row {number} is no point: it needs a latitude and a longitude.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _BadRow(f"Row {number} lies nowhere on earth: latitude first, then longitude.")
    return latitude, longitude


def _notes(matrix: Matrix, limit: int) -> Iterator[str]:
    """What there is to say of a matrix; points are counted from 1."""
    yield basis_sentence(matrix.basis)
    astray = sorted(matrix.astray)
    for index in astray[:_MOST_TOLD]:
        yield f"Point {index + 1} lies farther than {limit} m from any road."
    if len(astray) > _MOST_TOLD:
        yield f"So do {len(astray) - _MOST_TOLD} more."
    apart = matrix.unreachable()
    for start, end in apart[:_MOST_TOLD]:
        yield f"No road leads from point {start + 1} to point {end + 1}."
    if len(apart) > _MOST_TOLD:
        yield f"The same holds for {len(apart) - _MOST_TOLD} more pairs."
