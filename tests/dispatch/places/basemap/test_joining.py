"""Pieces of a street become as long a line as there is."""

import random
from itertools import pairwise

from dispatch.places.basemap.joining import Pieces, join

A, B, C, D = (0.0, 0.0), (0.001, 0.0), (0.002, 0.0), (0.003, 0.0)
NORTH = (0.001, 0.001)


def spots(lines):
    return sorted(min(line, line[::-1]) for line in lines)


def test_pieces_join_whichever_way_they_were_drawn():
    assert spots(join([[A, B], [C, B], [C, D]])) == [[A, B, C, D]]


def test_what_does_not_touch_stays_apart():
    assert spots(join([[A, B], [C, D]])) == [[A, B], [C, D]]


def test_at_a_fork_a_street_goes_straight_on():
    assert spots(join([[B, NORTH], [A, B], [B, C]])) == [[A, B, C], [B, NORTH]]


def test_a_street_that_turns_back_is_not_joined():
    back = (0.0, 0.0001)
    assert len(join([[A, B], [B, back]])) == 2


def test_a_street_round_a_block_ends_where_it_began():
    ring = [(0.001, 0.0), (0.002, 0.0), (0.0025, 0.001), (0.0015, 0.002), (0.0005, 0.001)]
    pieces = [[one, other] for one, other in zip(ring, [*ring[1:], ring[0]], strict=True)]
    (joined,) = join(pieces)
    assert joined[0] == joined[-1]
    assert len(joined) == 6


def test_streets_of_different_names_stay_apart():
    pieces = Pieces()
    pieces.add("First", [A, B])
    pieces.add("Second", [B, C])
    assert sorted(pieces.joined()) == [("First", [A, B]), ("Second", [B, C])]


def test_no_stretch_is_lost_or_doubled():
    chance = random.Random(7)  # noqa: S311 -- a seeded test
    spots_of_town = [(chance.random() / 100, chance.random() / 100) for _ in range(60)]
    pieces = [chance.sample(spots_of_town, 2) for _ in range(200)]
    before = sorted(tuple(sorted(piece)) for piece in pieces)
    after = sorted(tuple(sorted(ends)) for line in join(pieces) for ends in pairwise(line))
    assert after == before
    assert len(join(pieces)) < len(pieces)
