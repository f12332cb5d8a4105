"""Cuts over sets of rows: of three rows, rides or shifts, at most one route may hold two or more.

Every plan keeps them, the linear program does not; with them its bound is nearer to the best plan
and its solution nearer to a plan. In general: of an odd set of rows every route holds some half of
which, rounded down, is counted, and all together hold at most half the set, rounded down (subset
rows, Jepsen, Petersen, Spoorendonk and Pisinger 2008, doi:10.1287/opre.1070.0449, a kind of
{0, 1/2}-cuts, Caprara and Fischetti 1996, doi:10.1007/BF02592196). That shifts may be in the set
matters here, where every shift has a home and limits of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.solo.columns import Column
from matching.solo.network import Floats

BROKEN = 0.02
"""A cut is worth a row from so much over its limit."""
OF_A_ROW = 4
"""Most new cuts of one round that hold the same row, so that they do not say the same."""
MOST_ROWS = 9
"""So many rows has the largest cut."""
EXCHANGED = 30_000
"""Rows times sets of three rows that are made better by exchanging rows."""


class Rows(NamedTuple):
    """An odd set of rows."""

    rides: tuple[int, ...]
    shifts: tuple[int, ...]

    def limit(self) -> int:
        """Of half the rows that routes hold, each rounded down, no plan has more."""
        return (len(self.rides) + len(self.shifts)) // 2


class CutSet:
    """Cuts by number, and which of them a route crosses; a class because it grows."""

    def __init__(self, rows: Iterable[Rows] = ()) -> None:
        self.rows: list[Rows] = []
        self._of_ride: dict[int, list[int]] = defaultdict(list)
        self._of_shift: dict[int, list[int]] = defaultdict(list)
        for one in rows:
            self.add(one)

    def add(self, rows: Rows) -> None:
        """Take one more cut in."""
        for ride in rows.rides:
            self._of_ride[ride].append(len(self.rows))
        for shift in rows.shifts:
            self._of_shift[shift].append(len(self.rows))
        self.rows.append(rows)

    def crossed(self, column: Column) -> dict[int, int]:
        """Cuts of which the column holds two rows or more, and half of how many it holds."""
        if not self.rows:
            return {}
        count = Counter(self._of_shift.get(column.shift, ()))
        for ride in column.rides:
            count.update(self._of_ride.get(ride, ()))
        return {cut: rows // 2 for cut, rows in count.items() if rows > 1}


class Cuts(NamedTuple):
    """Priced cuts as label setting reads them, as bits in words of 64."""

    of_ride: NDArray[np.uint64]
    """(n, words): the cuts that hold each ride."""
    of_shift: NDArray[np.uint64]
    """(m, words): the cuts that hold each shift, of which an empty route has one row already."""
    price: Floats
    """(64 * words): what a route pays with every second row of the cut; not negative."""


def priced(rides: int, shifts: int, rows: Sequence[Rows], duals: Floats) -> Cuts:
    """Those of the cuts that have a price at `duals` (one each, not positive), of n rides and
    m shifts."""
    dear = np.flatnonzero(duals < -1e-7)
    words = (len(dear) + 63) // 64
    cuts = Cuts(
        np.zeros((rides, words), np.uint64), np.zeros((shifts, words), np.uint64),
        np.zeros(64 * words),
    )  # fmt: skip
    for number, cut in enumerate(dear):
        cuts.price[number] = -duals[cut]
        bit = np.uint64(1) << np.uint64(number & 63)
        cuts.of_ride[list(rows[cut].rides), number >> 6] |= bit
        cuts.of_shift[list(rows[cut].shifts), number >> 6] |= bit
    return cuts


def no_cuts(rides: int, shifts: int) -> Cuts:
    """None, for n rides and m shifts."""
    return priced(rides, shifts, (), np.zeros(0))


def paid(cuts: Cuts, shift: int, rides: Iterable[int]) -> float:
    """What a route of that shift with these rides pays."""
    if not len(cuts.price):
        return 0.0
    total, odd = 0.0, cuts.of_shift[shift].copy()
    for ride in rides:
        second = odd & cuts.of_ride[ride]
        if second.any():
            bits = np.unpackbits(second.view(np.uint8), bitorder="little")
            total += float(cuts.price[bits == 1].sum())
        odd ^= cuts.of_ride[ride]
    return total


def broken(
    rides: int, shifts: int, fractions: Iterable[tuple[float, Column]], most: int
) -> list[Rows]:
    """Up to `most` cuts that a solution in shares of columns breaks, the most broken first.

    Rows that no share fills, rides left out and idle shifts, are held by columns of their own.
    """
    holds, share = _table(rides, shifts, fractions)
    found = _exchanged(holds, share, _threes(holds, share))
    count = np.zeros(rides + shifts, np.int64)
    chosen: list[Rows] = []
    for rows, _ in sorted(found.items(), key=lambda entry: (-entry[1], entry[0])):
        if len(chosen) == most:
            break
        if (count[list(rows)] < OF_A_ROW).all():
            chosen.append(
                Rows(
                    tuple(row for row in rows if row < rides),
                    tuple(row - rides for row in rows if row >= rides),
                )
            )
            count[list(rows)] += 1
    return chosen


def _table(
    rides: int, shifts: int, fractions: Iterable[tuple[float, Column]]
) -> tuple[Floats, Floats]:
    """(c, rides + shifts) which column holds which row, as 0 and 1, and (c) their shares.

    Columns that are whole are left out; their rows count as rides left out do, and are in no
    broken cut.
    """
    columns = [(share, column) for share, column in fractions if share < 1.0 - 1e-6]
    holds = np.zeros((len(columns), rides + shifts))
    for number, (_, column) in enumerate(columns):
        holds[number, list(column.rides)] = 1.0
        holds[number, rides + column.shift] = 1.0
    share = np.array([share for share, _ in columns])
    rest = 1.0 - share @ holds if len(columns) else np.ones(rides + shifts)
    missing = np.flatnonzero(rest > 1e-7)
    alone = np.zeros((len(missing), rides + shifts))
    alone[np.arange(len(missing)), missing] = 1.0
    return np.vstack([holds, alone]), np.append(share, rest[missing])


def _threes(holds: Floats, share: Floats) -> dict[tuple[int, ...], float]:
    """Sets of three rows and how much their cuts are broken, also those that nearly are."""
    together = (holds.T * share) @ holds
    np.fill_diagonal(together, 0.0)
    found: dict[tuple[int, ...], float] = {}
    for i, j in zip(*np.nonzero(np.triu(together)), strict=True):
        pairs = together[i] + together[j] + together[i, j] - 1.0
        pairs[[i, j]] = -1.0
        for k in np.flatnonzero(pairs > -0.3):
            rows = tuple(sorted((int(i), int(j), int(k))))
            if rows not in found:
                all_three = holds[:, i] * holds[:, j] * holds[:, k]
                found[rows] = float(pairs[k] - 2.0 * (all_three @ share))
    return found


def _exchanged(
    holds: Floats, share: Floats, found: dict[tuple[int, ...], float]
) -> dict[tuple[int, ...], float]:
    """Broken cuts: those found, and better ones by taking two rows in or out at a time.

    A cut is broken by half of what the shares of routes with an odd number of its rows lack to one.
    """
    together = (holds.T * share) @ holds
    single = share @ holds
    best = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[
        : EXCHANGED // holds.shape[1]
    ]
    for rows, over in best:
        while len(rows) < MOST_ROWS:
            odd = (holds[:, list(rows)].sum(axis=1) % 2) * share
            apart = single - 2.0 * (odd @ holds)
            few = np.flatnonzero(odd)
            both = (holds[few].T * odd[few]) @ holds[few]
            weight = apart[:, None] + apart[None, :] - 2.0 * together + 4.0 * both
            np.fill_diagonal(weight, 0.0)
            a, b = np.unravel_index(np.argmin(weight), weight.shape)
            if weight[a, b] > -1e-3:
                break
            rows = tuple(sorted(set(rows) ^ {int(a), int(b)}))
            over -= float(weight[a, b]) / 2.0
            if rows in found:
                break
            found[rows] = over
    return {rows: over for rows, over in found.items() if over > BROKEN and len(rows) > 1}
