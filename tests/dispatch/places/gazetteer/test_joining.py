"""One line out of the pieces of a street."""

from itertools import permutations

from dispatch.places.gazetteer.joining import longest_line

WHOLE = [(0.0, 0.00), (0.0, 0.01), (0.0, 0.02), (0.0, 0.03), (0.0, 0.04)]
PIECES = [WHOLE[:2], WHOLE[1:4], WHOLE[3:]]


def test_pieces_make_one_line_however_they_lie():
    for pieces in permutations(PIECES):
        for turned in range(3):
            some = [piece[::-1] if at == turned else piece for at, piece in enumerate(pieces)]
            assert longest_line(some) in (WHOLE, WHOLE[::-1])


def test_what_does_not_touch_is_left_out():
    assert longest_line([*PIECES, [(1.0, 0.0), (1.0, 0.01)]]) in (WHOLE, WHOLE[::-1])


def test_no_pieces_make_no_line():
    assert longest_line([]) == []
