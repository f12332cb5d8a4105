"""One line out of the pieces that a map cuts a street into."""

from collections.abc import Sequence
from itertools import pairwise

from dispatch.places.gazetteer.ground import metres
from dispatch.places.sealed import Point

_TOUCHES = 1.0
"""Metres between two ends that are one point."""


def longest_line(pieces: Sequence[Sequence[Point]]) -> list[Point]:
    """The longest line that the pieces make, end to end; empty for no pieces.

    Pieces that touch it nowhere (the other carriageway, a service road) are left out.
    """
    lines = _joined([list(piece) for piece in pieces])
    return max(lines, key=_length, default=[])


def _joined(pieces: list[list[Point]]) -> list[list[Point]]:
    left = sorted(pieces, key=_length, reverse=True)
    lines = []
    while left:
        line = left.pop(0)
        while (found := _next(line, left)) is not None:
            line = _put_together(line, left.pop(found))
        lines.append(line)
    return lines


def _next(line: list[Point], left: list[list[Point]]) -> int | None:
    ends = (line[0], line[-1])
    touching = (
        index
        for index, piece in enumerate(left)
        if any(metres(end, other) < _TOUCHES for end in ends for other in (piece[0], piece[-1]))
    )
    return next(touching, None)


def _put_together(line: list[Point], piece: list[Point]) -> list[Point]:
    if metres(line[-1], piece[0]) < _TOUCHES:
        return line + piece[1:]
    if metres(line[-1], piece[-1]) < _TOUCHES:
        return line + piece[-2::-1]
    if metres(line[0], piece[-1]) < _TOUCHES:
        return piece[:-1] + line
    return piece[:0:-1] + line


def _length(line: Sequence[Point]) -> float:
    return sum(metres(one, other) for one, other in pairwise(line))
